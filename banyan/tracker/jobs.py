"""The queue that wakes a grader, and the grader that empties it.

The queue is only a wake-up call: what is to be graded stands in the submission rows. Whatever a killed worker, portal
or queue lost, the sweeper finds there again, closing on the way the attempts whose time is up.
"""

import gc
import logging
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from huey import SqliteHuey
from huey.consumer import Consumer, Scheduler
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from banyan.domain.calendar import county_day
from banyan.domain.examination import State
from banyan.domain.task import TaskState
from banyan.records.bundles import Bundles
from banyan.records.engine import Sessions, reading, writing
from banyan.records.examinations import Submission
from banyan.records.tasks import TaskSubmission
from banyan.tracker import answer_files, erasure_sweep, parity, printing
from banyan.tracker.erasure_sweep import Grounds
from banyan.tracker.exams import close_overdue
from banyan.tracker.grade import ensure_assignment_of, grade
from banyan.tracker.grade_task import TaskRoom, grade_task
from banyan.tracker.notices import notice
from banyan.tracker.printing import PrintShop, make_order
from banyan.tracker.regrading import regrade, unfinished
from banyan.tracker.retention import clear, clear_people
from banyan.tracker.roster import uploads
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.standing import lapse
from banyan.tracker.standing_orders import apply_rules
from banyan.tracker.steady import SteadyClock, note_jump
from banyan.tracker.withheld import issue_withheld

NAME = "banyan"
EXAM, TASK, PRINT = "grade_submission", "grade_task", "print_certificates"
FORGOTTEN = timedelta(seconds=20)  # a submission that waits longer than this was lost on the way
SWEEP = 10  # seconds between sweeps
POLL, SLOWEST_POLL = 0.05, 0.1  # seconds between two looks at an empty queue
MOST_WOKEN = 500  # by one sweep; the next one goes on
log = logging.getLogger(__name__)
_now = SteadyClock()


class Queue:
    """Where the portal leaves word that a submission waits; it is opened by a path and holds nothing else."""

    def __init__(
        self,
        path: Path,
        work: Callable[[int], Any] | None = None,
        task_work: Callable[[int], Any] | None = None,
        print_work: Callable[[int], Any] | None = None,
    ) -> None:
        self.huey = SqliteHuey(NAME, filename=str(path), results=False, timeout=10)
        self._wake = self.huey.task(name=EXAM)(_at_work(work or _not_here))
        self._wake_for_task = self.huey.task(name=TASK)(_at_work(task_work or _not_here))
        self._wake_for_print = self.huey.task(name=PRINT)(_at_work(print_work or _not_here))

    def wake(self, submission_id: int) -> None:
        """Wake a grader; called once the submission is committed. Waking twice grades once.

        Whoever handed in is never told of a queue that does not answer: the sweeper will find the submission.
        """
        self._leave_word(self._wake, submission_id)

    def wake_for_task(self, work_id: int) -> None:
        """Wake a grader for a notebook task, in the same way."""
        self._leave_word(self._wake_for_task, work_id)

    def wake_for_print(self, order_id: int) -> None:
        """Wake a grader to make a file of certificates, in the same way."""
        self._leave_word(self._wake_for_print, order_id)

    @staticmethod
    def _leave_word(wake: Callable[[int], Any], number: int) -> None:
        try:
            wake(number)
        except sqlite3.Error as fault:
            log.warning("submission %s waits for the sweeper: %s", number, fault)

    @property
    def idle(self) -> bool:
        return self.huey.pending_count() == 0


@dataclass(frozen=True)
class GradingRoom:
    """What a grader works with."""

    make: Sessions
    rulebook: Rulebook
    gradebooks: Path
    queue: Path
    workers: int = 2
    uploads: Path | None = None  # where rosters lie for a day
    answer_files: Path | None = None  # where photos lie that answers speak of
    works: Path | None = None  # where notebook tasks lie that were handed in
    shop: PrintShop | None = None  # what certificates are printed with
    grounds: Grounds | None = None  # where files of whoever is erased lie

    @property
    def tasks(self) -> TaskRoom:
        return TaskRoom(self.rulebook.catalogue, self.gradebooks, Bundles(self.works or self.gradebooks.parent / "works"))


def run(room: GradingRoom) -> None:
    """Grade until told to stop: SIGTERM ends after the submission at hand, SIGINT at once."""
    serving = consumer(room)
    gc.collect()
    gc.freeze()  # a worker's collector would copy into it all that it shares with the process it was forked from
    serving.run()


def consumer(room: GradingRoom) -> Consumer:
    """Return the consumer with its tasks: one process a worker, one that tells the time of sweeps."""
    queue = Queue(
        room.queue,
        lambda submission_id: _grade(room, submission_id),
        lambda work_id: grade_task(room.make, work_id, room.tasks, _now()),
        lambda order_id: room.shop and make_order(room.make, order_id, room.shop, _now),
    )
    today = _Today()
    queue.huey.periodic_task(lambda _moment: True, name="sweep")(lambda: _sweep(queue, room, today))
    queue.huey.periodic_task(lambda moment: moment.minute % 10 == 0, name="rules")(lambda: _every_ten_minutes(room))
    queue.huey.periodic_task(lambda moment: moment.minute % 10 == 5, name="parity")(lambda: check_parity(queue, room))
    queue.huey.on_startup("own connections")(lambda: room.make.kw["bind"].dispose(close=False))
    queue.huey.on_startup("first assignments")(lambda: prepare(room))
    patience = {"initial_delay": POLL, "max_delay": SLOWEST_POLL, "health_check_interval": 1, "shutdown_timeout": 4}
    return _Consumer(queue.huey, workers=room.workers, worker_type="process", graceful_signal="TERM", **patience)


def sweep(session: Session, rulebook: Rulebook, now: datetime) -> list[int]:
    """Close what is overdue, let lapse what ran out, and return the submissions that have waited too long, oldest first,
    then those a correction still asks something of.
    """
    while close_overdue(session, rulebook, now):
        continue
    lapse(session, rulebook.framework, county_day(now))
    query = select(Submission.id).where(Submission.state == State.SUBMITTED, _is_lost(Submission.submitted_at, now))
    lost = session.scalars(query.order_by(Submission.submitted_at, Submission.id).limit(MOST_WOKEN))
    return list(dict.fromkeys((*lost, *unfinished(session, MOST_WOKEN))))


def waiting_tasks(session: Session, now: datetime) -> list[int]:
    """Return the notebook tasks that have waited too long, oldest first."""
    lost = _is_lost(TaskSubmission.submitted_at, now)
    query = select(TaskSubmission.id).where(TaskSubmission.state == TaskState.SUBMITTED, lost)
    return list(session.scalars(query.order_by(TaskSubmission.submitted_at, TaskSubmission.id).limit(MOST_WOKEN)))


def _is_lost(since: InstrumentedAttribute[datetime], now: datetime) -> ColumnElement[bool]:
    """Say what has waited too long; of what came later than now nobody knows, since the clock was set back."""
    return or_(since < now - FORGOTTEN, since > now + FORGOTTEN)


class _Today:
    """The last day a worker looked at; each worker has its own."""

    seen: date | None = None

    def begins(self, day: date) -> bool:
        """Say whether a day is new, once."""
        new, self.seen = day != self.seen, day
        return new


def _sweep(queue: Queue, room: GradingRoom, today: _Today) -> None:
    """Wake the graders for what was lost; while they still have work, nothing counts as lost.

    After a start, when certificates may have become possible, and once a day, what was withheld is issued and what has
    outlived its period is cleared.
    """
    if today.begins(county_day(_now())):
        issue_withheld(room.make, room.rulebook, _now())
        clear(room.make, room.rulebook, room.gradebooks, _now())
        if room.grounds:  # at once after a start: a backup may have brought somebody back
            erasure_sweep.sweep(room.make, room.grounds, room.rulebook, _now())
    with writing(room.make) as session:
        now = _now()
        note_jump(session, _now, now)
        lost, lost_tasks = sweep(session, room.rulebook, now), waiting_tasks(session, now)
        orders = printing.waiting_orders(session, now)
    if not queue.idle:
        return
    for submission_id in lost:
        log.warning("submission %s waits and is queued again", submission_id)
        queue.wake(submission_id)
    for work_id in lost_tasks:
        log.warning("task %s waited too long and is queued again", work_id)
        queue.wake_for_task(work_id)
    for order_id in orders:
        queue.wake_for_print(order_id)


def _grade(room: GradingRoom, submission_id: int) -> None:
    """Grade what was handed in; then see whether a correction asks something of it."""
    grade(room.make, submission_id, room.rulebook, room.gradebooks, _now())
    regrade(room.make, submission_id, room.rulebook, room.gradebooks, _now())


def _every_ten_minutes(room: GradingRoom) -> None:
    """Ask those who came since, by a roster, by hand, or on a day set before; notice which certificates run out; take away
    rosters that lay for a day, photos that were not handed in, what is left of who was erased, a few of who left long ago."""
    if room.uploads:
        uploads.sweep(room.uploads)
    with writing(room.make) as session:
        apply_rules(session, None, room.rulebook, _now())
        notice(session, _now())
        if room.answer_files:
            answer_files.forget(session, room.answer_files, _now())
        if room.shop:
            printing.forget(session, room.shop.folder, _now())
    if room.grounds:
        erasure_sweep.sweep(room.make, room.grounds, room.rulebook, _now())
    clear_people(room.make, room.rulebook, _now())


def check_parity(queue: Queue, room: GradingRoom) -> None:
    """Once a day, when nothing waits, hold a few of our scores to nbgrader's own command."""
    with reading(room.make) as session:
        due = queue.idle and parity.is_due(session, _now())
    if due:
        found = parity.check(room.make, room.rulebook, room.gradebooks, _now())
        for name, cells in found.differing.items():
            log.error("%s is scored differently by nbgrader itself: %s", name, cells)


def prepare(room: GradingRoom) -> None:
    """Make the assignments of first attempts beforehand, so that nobody's result waits for them."""
    for release in room.rulebook.catalogue.all():
        ensure_assignment_of(release, 1, room.gradebooks)


class _Scheduler(Scheduler):
    periodic_task_seconds = SWEEP


class _Consumer(Consumer):
    scheduler_class = _Scheduler


def _at_work(work: Callable[[int], Any]) -> Callable[[int], None]:
    """Return the task; portal and grader name it alike, since it is always defined here."""

    def grade_submission(submission_id: int) -> None:
        work(submission_id)

    return grade_submission


def _not_here(submission_id: int) -> None:
    raise RuntimeError("this process only wakes graders, it is none")
