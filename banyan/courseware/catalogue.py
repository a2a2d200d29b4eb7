"""Which releases the home holds. A release never changes, so what was opened once is kept open."""

import os
import re
import time
from pathlib import Path

from banyan.courseware.release import Release
from banyan.errors import NotFoundError

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
NUMBER = re.compile(r"[1-9]\d{0,5}", re.ASCII)
SETTLED = 2_000_000_000  # ns after which another change of a folder has another time


def numbers(releases: Path, course: str) -> list[int]:
    """Return the numbers of a course's whole releases, oldest first; a folder still being built has no number."""
    if not NAME.fullmatch(course):
        return []
    try:
        return sorted(int(each) for each in os.listdir(releases / course) if NUMBER.fullmatch(each))
    except (FileNotFoundError, NotADirectoryError):
        return []


class Catalogue:
    def __init__(self, releases: Path) -> None:
        self.releases = releases
        self._open: dict[tuple[str, int], Release] = {}
        self._listed: dict[str, tuple[int, list[int]]] = {}  # when a course's folder last changed, and what was in it

    def courses(self) -> list[str]:
        """Return the names of all courses that have a release."""
        if not self.releases.is_dir():
            return []
        return sorted(each.name for each in self.releases.iterdir() if self._numbers(each.name))

    def has(self, course: str) -> bool:
        """Say whether a course was ever published."""
        return bool(self._numbers(course))

    def newest(self, course: str) -> Release:
        """Return a course's newest release, or raise NotFoundError."""
        found = self._numbers(course)
        if not found:
            raise NotFoundError("没有这门课程，或者它还没有开放")
        return self.open(course, found[-1])

    def all(self) -> list[Release]:
        """Return the newest release of every course."""
        return [self.newest(each) for each in self.courses()]

    def open(self, course: str, number: int) -> Release:
        """Return one release of a course, or raise NotFoundError."""
        if (course, number) not in self._open:
            if number not in self._numbers(course):
                raise NotFoundError("没有这个课程版本")
            self._open[course, number] = Release.open(self.releases / course / str(number))
        return self._open[course, number]

    def _numbers(self, course: str) -> list[int]:
        """Return the numbers of a course's releases; a page asks often, and the folder is only listed when it has changed."""
        try:
            changed = os.stat(f"{self.releases}/{course}").st_mtime_ns if NAME.fullmatch(course) else 0
        except OSError:
            return []
        known = self._listed.get(course)
        if known and known[0] == changed:
            return known[1]
        found = numbers(self.releases, course)
        if time.time_ns() - changed > SETTLED:
            self._listed[course] = changed, found
        return found
