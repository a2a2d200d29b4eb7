"""From a course's files to the release that is shown: built anew whenever a file changes, kept when the files have faults."""

import asyncio
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from banyan.courseware.build import build_course, digest_of
from banyan.courseware.catalogue import Catalogue, numbers
from banyan.courseware.release import Release
from banyan.errors import CourseError, NotFoundError

EACH = 0.5  # seconds between two looks at the files
KEPT = 3  # releases; a page still open may be of an earlier one

Stamp = frozenset[tuple[str, int, int]]


@dataclass(frozen=True)
class Source:
    """One course in a folder of courses, and what courses share."""

    courses: Path
    course: str
    content: Path

    @property
    def label(self) -> str:
        """How faults name the course's folder."""
        return f"{self.courses.name}/{self.course}/"

    def stamp(self) -> Stamp:
        """Return what changes when a file is saved, added or taken away."""
        roots = (self.courses / self.course, self.content)
        return frozenset(each for root in roots for each in _stamps(root))


def _stamps(root: Path) -> Iterator[tuple[str, int, int]]:
    for folder, _, files in os.walk(root):
        for name in files:
            with suppress(OSError):  # gone since it was listed
                seen = os.stat(os.path.join(folder, name))
                yield f"{folder}/{name}", seen.st_mtime_ns, seen.st_size


@dataclass
class Workshop:
    """`release` is the last that could be built, `faults` what is wrong with the files now; `tell` hears of every change."""

    source: Source
    releases: Path
    tell: Callable[["Workshop"], None] = lambda _: None
    release: Release | None = None
    faults: tuple[str, ...] = ()
    run: str = field(default_factory=lambda: secrets.token_hex(4))
    _seen: Stamp = frozenset()
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def built(self) -> str:
        """Name what is shown; no two builds have the same name, of whatever run of the preview."""
        return f"{self.run}-{self.release.number if self.release else 0}"

    def build(self) -> None:
        """Bring release and faults to what the files say now."""
        self._seen, faults = self.source.stamp(), list[str]()
        built = self.release
        try:
            built = self._build()
        except CourseError as fault:
            faults = fault.faults
        except OSError:  # a file went away while it was read: most likely it is being saved
            self._seen = frozenset()
            return
        if (tuple(faults), built) != (self.faults, self.release):
            self.faults, self.release = tuple(faults), built
            self.tell(self)
        self._forget_older()

    def _build(self) -> Release:
        """Return a release of the files at one moment: one that was made while they changed is taken back."""
        source = self.source
        while True:
            before = digest_of(source.courses, source.course, source.content)
            built = build_course(source.courses, source.course, source.content, self.releases, datetime.now(UTC))
            if self.release and built.number == self.release.number:
                return self.release
            if built.digest == before:
                return built
            shutil.rmtree(built.path)

    def _forget_older(self) -> None:
        for each in numbers(self.releases, self.source.course)[:-KEPT]:
            shutil.rmtree(self.releases / self.source.course / str(each), ignore_errors=True)

    async def watch(self) -> None:
        """Build after every change, for ever; whoever waits for news is woken."""
        while True:
            await asyncio.sleep(EACH)
            if await asyncio.to_thread(self.source.stamp) != self._seen:
                before = (self.built, self.faults)
                await asyncio.to_thread(self.build)
                if (self.built, self.faults) != before:
                    self._changed.set()
                    self._changed = asyncio.Event()

    async def news(self, patience: float) -> None:
        """Return when something changed, or after so many seconds."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), patience)


class Shelf(Catalogue):
    """Holds what the workshop has built last and nothing else."""

    def __init__(self, workshop: Workshop) -> None:
        super().__init__(workshop.releases)
        self.workshop = workshop

    def newest(self, course: str) -> Release:
        if self.workshop.release is None or course != self.workshop.source.course:
            raise NotFoundError("没有这门课程，或者它还没有开放")
        return self.workshop.release
