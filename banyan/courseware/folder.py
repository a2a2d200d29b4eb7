"""A folder that is there as a whole or not at all, and does not change afterwards.

It is written beside its place under another name, brought to the disk, made read-only, and moved into place in one step:
whoever looks sees the folder complete or does not see it.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

BUILDING = ".building-"


@contextmanager
def unfinished(parent: Path) -> Iterator[Path]:
    """Give a folder to write into; whatever is not moved away from it in time is removed."""
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(mkdtemp(prefix=BUILDING, dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(folder: Path, place: Path, private: str) -> bool:
    """Move a finished folder into place for good; False if the place was taken meanwhile.

    What lies under `private` may be read by the owner alone.
    """
    for path in sorted(folder.rglob("*"), reverse=True):
        secret = path.relative_to(folder).parts[0] == private
        path.chmod((0o700 if secret else 0o755) if path.is_dir() else (0o400 if secret else 0o444))
        _to_disk(path)
    folder.chmod(0o755)
    _to_disk(folder)
    try:
        folder.rename(place)
    except OSError:
        if place.is_dir():
            return False
        raise
    _to_disk(place.parent)
    return True


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
