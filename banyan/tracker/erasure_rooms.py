"""Taking somebody who was erased out of the gradebooks, out of trainers' copies of them, and their JupyterLab away.

What lies in a trainer's room is their doing: no database of it is opened, no lock in it taken, no link in it followed. A copy
that holds somebody goes whole; a new one is a tap away, and marks made in a copy never count.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from grading.bridge.copying import OF_ONE
from grading.bridge.forgetting import forget
from grading.bridge.gradebook import Course
from grading.confinement.folders import remove

PIECE = 1 << 20  # bytes of a copy looked at


def leave_gradebooks(gradebooks: Path, handle: str) -> None:
    for course in _folders(gradebooks):
        forget(Course(course), handle)


def leave_rooms(labs: Path, handle: str) -> None:
    for room in _folders(labs):
        if not (room / "work").is_symlink():
            for copy in _folders(room / "work" / "gradebooks"):
                if _holds(copy, handle):
                    remove(copy)
    room = labs / handle
    if room.is_dir() and not room.is_symlink():
        remove(room)
        if room.exists():
            raise OSError(f"{room} could not be removed")


def _folders(parent: Path) -> Iterator[Path]:
    """Yield the folders in a folder; no link is followed."""
    if parent.is_dir() and not parent.is_symlink():
        yield from (each for each in sorted(parent.iterdir()) if each.is_dir() and not each.is_symlink())


def _holds(copy: Path, handle: str) -> bool:
    """Say whether a copy of a gradebook holds a learner; one that cannot be looked into counts as if it did."""
    try:
        files = [each for each in copy.iterdir() if each.name.startswith("gradebook.db")]
        return any(_is_named(copy / step, handle) for step in OF_ONE) or any(_mentions(each, handle.encode()) for each in files)
    except OSError:
        return True


def _is_named(step: Path, handle: str) -> bool:
    return not step.is_symlink() and (step / handle).is_dir()


def _mentions(path: Path, word: bytes) -> bool:
    """Look for a word in a plain file; a pipe or a link is none, and is not waited for."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return False
        start = 0
        while chunk := os.pread(handle, PIECE + len(word), start):
            if word in chunk:
                return True
            start += PIECE
        return False
    finally:
        os.close(handle)
