"""Files named by the SHA-256 of what they hold: written whole and synced, they and their folders, before they are named."""

import hashlib
import os
import re
from pathlib import Path
from tempfile import mkstemp

DIGEST = re.compile(r"[0-9a-f]{64}")


def place(root: Path, digest: str) -> Path | None:
    """Return where a content of this digest lies; None for what is no digest."""
    return root / digest[:2] / digest if DIGEST.fullmatch(digest) else None


def keep(root: Path, data: bytes) -> Path:
    """Put bytes on disk, if they are not there yet, and return their file, named by their digest, once they are."""
    digest = hashlib.sha256(data).hexdigest()
    path = root / digest[:2] / digest
    if not path.exists():
        fresh = not path.parent.exists()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(path, data)
        for folder in (path.parent, root, root.parent) if fresh else (path.parent,):
            _to_disk(folder)
    return path


def _write(path: Path, data: bytes) -> None:
    handle, unfinished = mkstemp(prefix=".", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    finally:
        Path(unfinished).unlink(missing_ok=True)


def _to_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
