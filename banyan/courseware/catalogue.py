"""Which releases the home holds. A release never changes, so what was opened once is kept open."""

import os
import re
from pathlib import Path

from banyan.courseware.release import Release
from banyan.errors import NotFoundError

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
NUMBER = re.compile(r"[1-9]\d{0,5}", re.ASCII)


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

    def courses(self) -> list[str]:
        """Return the names of all courses that have a release."""
        if not self.releases.is_dir():
            return []
        return sorted(each.name for each in self.releases.iterdir() if numbers(self.releases, each.name))

    def has(self, course: str) -> bool:
        """Say whether a course was ever published."""
        return bool(numbers(self.releases, course))

    def newest(self, course: str) -> Release:
        """Return a course's newest release, or raise NotFoundError."""
        found = numbers(self.releases, course)
        if not found:
            raise NotFoundError("没有这门课程，或者它还没有开放")
        return self.open(course, found[-1])

    def all(self) -> list[Release]:
        """Return the newest release of every course."""
        return [self.newest(each) for each in self.courses()]

    def open(self, course: str, number: int) -> Release:
        """Return one release of a course, or raise NotFoundError."""
        if (course, number) not in self._open:
            if number not in numbers(self.releases, course):
                raise NotFoundError("没有这个课程版本")
            self._open[course, number] = Release.open(self.releases / course / str(number))
        return self._open[course, number]
