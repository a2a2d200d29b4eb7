"""What every page is given: the records, the rules, the clock. Made once by the composition root."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from banyan.certificates.press import Press
from banyan.domain.calendar import county_day
from banyan.keeping.finding import Finding
from banyan.records.bundles import Bundles
from banyan.records.engine import Sessions
from banyan.tracker.publishing import Workshop
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.steady import JUMP

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


def nobody_to_wake(_submission: int) -> None:
    """The sweeper finds what was handed in; waking a worker only makes it sooner."""


def nothing_found(_now: datetime) -> list[Finding]:
    """There is no home to look over, only its records."""
    return []


@dataclass(frozen=True)
class House:
    """`secret` seals cookies and forms; `press` sets certificates and is opened when first asked for; `wake` tells the
    grader that a submission waits.

    `workshop` says where courses are written and published; in `uploads` rosters lie for a day while they are looked at,
    in `answer_files` photos that answers speak of, in `works` notebook tasks that were handed in; `wake_for_task` tells the
    grader of one. In `labs` everybody who has JupyterLab has a folder, in
    `prints` lie files of many certificates that somebody asked for; `wake_for_print` tells the grader of one.
    `examine` looks the whole home over; `entry_key` seals slips and devices;
    running exams go by `exam_clock`, where it is another (banyan.tracker.steady);
    `origin` is the address slips print, without a slash at the end; empty where the county has none yet.
    """

    make: Sessions
    rulebook: Rulebook
    secret: bytes
    county: str
    press: Callable[[], Press]
    gradebooks: Path
    workshop: Workshop = field(kw_only=True)
    uploads: Path = field(kw_only=True)
    answer_files: Path = field(kw_only=True)
    works: Path = field(kw_only=True)
    labs: Path = field(kw_only=True)
    prints: Path = field(kw_only=True)
    entry_key: bytes = field(kw_only=True)
    origin: str = field(kw_only=True)
    demo: bool = False
    wake: Callable[[int], None] = nobody_to_wake
    wake_for_task: Callable[[int], None] = nobody_to_wake
    wake_for_print: Callable[[int], None] = nobody_to_wake
    examine: Callable[[datetime], list[Finding]] = nothing_found
    clock: Clock = utc_now
    exam_clock: Clock | None = None

    @property
    def bundles(self) -> Bundles:
        return Bundles(self.works)

    @property
    def now(self) -> datetime:
        return self.clock()

    @property
    def exam_now(self) -> datetime:
        return (self.exam_clock or self.clock)()

    @property
    def doubts_clock(self) -> bool:
        """Say whether the server's clock has jumped ahead and is not believed yet."""
        return self.now - self.exam_now > JUMP

    @property
    def today(self) -> date:
        """The county's day, whatever day it is where the server stands."""
        return county_day(self.now)
