"""Folders people sent in, each a file named by the SHA-256 of what it holds: written once, on disk before it is named.

Rows are written after their files, so a row never names what is not there; a file no row names is a leftover of a
moment in which something failed, and does no harm.
"""

import hashlib
import os
import re
from pathlib import Path
from tempfile import mkstemp

from banyan.errors import HomeError, TamperedError

DIGEST = re.compile(r"[0-9a-f]{64}")


class Bundles:
    """`root` is a folder of the home, made when the first file comes."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def keep(self, data: bytes) -> str:
        """Put bytes on disk, if they are not there yet, and return their digest once they are."""
        digest = hashlib.sha256(data).hexdigest()
        path = self._path(digest)
        if not path.exists():
            self._write(path, data)
        return digest

    def read(self, digest: str) -> bytes:
        """Return what was kept; HomeError if it is gone, TamperedError if it is not what it was."""
        try:
            data = self._path(digest).read_bytes()
        except FileNotFoundError as fault:
            raise HomeError("交上来的文件 {digest} 不见了；请从备份恢复", digest=digest) from fault
        if hashlib.sha256(data).hexdigest() != digest:
            raise TamperedError("交上来的文件和当时的对不上，请联系平台管理员")
        return data

    def _path(self, digest: str) -> Path:
        if not DIGEST.fullmatch(digest):
            raise ValueError(digest)
        return self.root / digest[:2] / digest

    def _write(self, path: Path, data: bytes) -> None:
        fresh = not path.parent.exists()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, unfinished = mkstemp(prefix=".", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(unfinished, path)
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise
        for folder in (path.parent, self.root, self.root.parent) if fresh else (path.parent,):
            _to_disk(folder)


def _to_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
