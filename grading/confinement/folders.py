"""Folders in which a program did as it liked: seen and removed however deep, wide or locked it made them.

A tree may go deeper than Python recurses or opens files, and a path in it be longer than Linux takes. So what is seen has a
limit, and what is removed is gone through by handles, a step down and a step up at a time.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class UnseenError(Exception):
    """Folders go deeper than one looks, or one cannot be looked into."""


def entries(folder: Path, deepest: int) -> Iterator[os.stat_result]:
    """Yield what is known of each file and folder below one; UnseenError where there may be more than is seen."""
    waiting = [(str(folder), 0)]
    while waiting:
        place, depth = waiting.pop()
        if depth > deepest:
            raise UnseenError(f"more than {deepest} folders within each other")
        try:
            with os.scandir(place) as found:
                for each in found:
                    if each.is_dir(follow_symlinks=False):
                        waiting.append((each.path, depth + 1))
                    with suppress(FileNotFoundError):  # gone while we looked
                        yield each.stat(follow_symlinks=False)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as fault:
            raise UnseenError(str(fault)) from fault


def remove(folder: Path) -> None:
    """Remove a folder with all in it; nothing is raised, what cannot be removed stays, and no link is followed."""
    with suppress(OSError):
        way = _Way(folder)
        try:
            while way.left:
                way.step()
        finally:
            os.close(way.here)


class _Way:
    """Where one is, and of each folder on the way there what it was and which folders in it are still to go."""

    def __init__(self, folder: Path) -> None:
        self.here = os.open(folder.parent, FOLDER)
        self.left = [(os.fstat(self.here), [folder.name])]

    def step(self) -> None:
        """Go down into the next folder or, where none is left, up again."""
        names = self.left[-1][1]
        if not names:
            self._up()
        elif (below := _opened(names[-1], self.here)) is None:
            names.pop()
        else:
            self._go(below)
            self.left.append((os.fstat(below), _emptied(below)))

    def _up(self) -> None:
        """Remove the folder one comes from; stop if it was moved meanwhile, for what is there is none of ours."""
        self.left.pop()
        if self.left:
            self._go(os.open("..", FOLDER, dir_fd=self.here))
            known, names = self.left[-1]
            if not os.path.samestat(os.fstat(self.here), known):
                self.left.clear()
            else:
                with suppress(OSError):
                    os.rmdir(names.pop(), dir_fd=self.here)

    def _go(self, there: int) -> None:
        os.close(self.here)
        self.here = there


def _opened(name: str, here: int) -> int | None:
    """Return a handle to a folder that something can be removed from; None if it is gone, or stays."""
    with suppress(OSError):
        os.rmdir(name, dir_fd=here)  # an empty one needs no look
        return None
    with suppress(OSError):
        try:
            below = os.open(name, FOLDER, dir_fd=here)
        except PermissionError:
            os.chmod(name, 0o700, dir_fd=here)
            below = os.open(name, FOLDER, dir_fd=here)
        with suppress(OSError):
            os.fchmod(below, 0o700)
        return below
    return None


def _emptied(here: int) -> list[str]:
    """Remove all that is no folder and return the folders' names."""
    left: list[str] = []
    with suppress(OSError), os.scandir(here) as found:
        for each in list(found):
            with suppress(OSError):
                if each.is_dir(follow_symlinks=False):
                    left.append(each.name)
                else:
                    os.unlink(each.name, dir_fd=here)
    return left
