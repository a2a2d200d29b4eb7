"""Notebook tasks for who learns: what there is to do, what one is given, handing in, what came of it.

A course's own tasks are in its release; a trainer may hand out others to their learners (banyan.tracker.hand_outs).
What is acknowledged is on disk: the files first, then the row that names them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import Session

from banyan.courseware.catalogue import Catalogue
from banyan.courseware.release import Release, TaskOutline
from banyan.domain.organisation import lies_within
from banyan.domain.task import MOST_SUBMISSIONS, TaskState, is_late
from banyan.errors import BadInputError, NotFoundError, NotYetError
from banyan.records import audit
from banyan.records.bundles import Bundles
from banyan.records.engine import columns
from banyan.records.people import Person
from banyan.records.tasks import HandOut, TaskSubmission
from banyan.records.traces import only_with
from banyan.tracker.people import Me
from grading import bundle
from grading.bridge import task as bridge

NO_TASK = "没有这份作业，或者它没有发给您"
SUFFIX = ".ipynb"
HandedOut = Row[*tuple[Any, ...]]
HANDED_IN = select(TaskSubmission).where(TaskSubmission.person_id == bindparam("person")).order_by(TaskSubmission.id)
GIVEN = (HandOut.id, HandOut.course, HandOut.task, HandOut.path, HandOut.digest, HandOut.notebooks)
HANDED_OUT = select(*GIVEN).where(HandOut.withdrawn_at.is_(None))
HANDED_OUT_IN = HANDED_OUT.where(HandOut.course == bindparam("course"))


@dataclass(frozen=True)
class Offer:
    """A task somebody may do: of a release, or handed out by a trainer (the columns GIVEN)."""

    course: str
    task: str
    release: Release | None = None
    hand_out: HandedOut | None = None

    @property
    def outline(self) -> TaskOutline | None:
        """What the course says of it; a trainer's hand-out has its name alone."""
        return self.release.task(self.task) if self.release else None

    @property
    def title(self) -> dict[str, str]:
        return self.outline.title.model_dump() if self.outline else {"zh": self.task, "en": self.task}

    @property
    def summary(self) -> dict[str, str]:
        return self.outline.summary.model_dump() if self.outline else {"zh": "", "en": ""}

    @property
    def due_at(self) -> datetime | None:
        return self.outline.due_at if self.outline else None

    @property
    def notebooks(self) -> tuple[str, ...]:
        return tuple(self.hand_out.notebooks) if self.hand_out else (self.task,)

    def files(self, bundles: Bundles) -> dict[str, bytes]:
        """Return what somebody is given."""
        if self.hand_out:
            return bundle.unpacked(bundles.read(self.hand_out.digest))
        assert self.release
        folder = self.release.task_folder(self.task)
        return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@dataclass(frozen=True)
class Kept:
    """A folder that lies on disk: its digest, and the names of the notebooks at its top."""

    digest: str
    notebooks: tuple[str, ...]


def offers(session: Session, me: Me, catalogue: Catalogue, course: str = "") -> list[Offer]:
    """Return every task somebody may do, by course; of a course alone if one is named."""
    found = [
        Offer(release.course, task.name, release=release)
        for release in catalogue.all()
        if course in ("", release.course)
        for task in release.tasks
    ]
    own = {(each.course, each.task) for each in found}
    handed = {(row.course, row.task): Offer(row.course, row.task, hand_out=row) for row in _handed_to(session, me, course)}
    return sorted(found + [each for key, each in handed.items() if key not in own], key=lambda each: each.course)


def offer(session: Session, me: Me, catalogue: Catalogue, course: str, task: str) -> Offer:
    """Return one of them, or raise NotFoundError."""
    for each in offers(session, me, catalogue, course):
        if each.task == task:
            return each
    raise NotFoundError(NO_TASK)


def keep(bundles: Bundles, files: Mapping[str, bytes]) -> Kept:
    """Put a folder on disk as what it is: plain files, packed anew."""
    return Kept(bundles.keep(bundle.packed(files)), notebooks_in(files))


def notebooks_in(files: Mapping[str, bytes]) -> tuple[str, ...]:
    return tuple(sorted(name.removesuffix(SUFFIX) for name in files if name.endswith(SUFFIX) and "/" not in name))


def unwrapped(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return files without the one folder that people zip around them."""
    tops = {name.partition("/")[0] for name in files}
    wrapped = len(tops) == 1 and all("/" in name for name in files)
    return {name.partition("/")[2] if wrapped else name: content for name, content in files.items()}


def look_through(wanted: Offer, files: Mapping[str, bytes]) -> None:
    """Raise BadInputError unless these files can be somebody's work on a task; nothing is kept yet."""
    if not notebooks_in(files):
        raise BadInputError("交上来的东西里没有作业本（{name}.ipynb），请交做好的那一份", name=wanted.task)
    if wanted.release:
        bridge.check(bridge.Task(wanted.task, wanted.release.number), files)


def hand_in(session: Session, me: Me, wanted: Offer, kept: Kept, now: datetime) -> TaskSubmission:
    """Write down that somebody handed in a task; what they handed in before and still waited is graded no more."""
    session.execute(select(Person.id).where(Person.id == me.person.id).with_for_update())
    mine = (TaskSubmission.person_id == me.person.id, TaskSubmission.course == wanted.course, TaskSubmission.task == wanted.task)
    number = (session.scalar(select(func.max(TaskSubmission.number)).where(*mine)) or 0) + 1
    if number > MOST_SUBMISSIONS:
        raise NotYetError("这份作业已经交了 {most} 次，不能再交；请找老师", most=MOST_SUBMISSIONS)
    for earlier in session.scalars(select(TaskSubmission).where(*mine, TaskSubmission.state == TaskState.SUBMITTED)):
        earlier.state = TaskState.REPLACED
    row = TaskSubmission(person_id=me.person.id, course=wanted.course, task=wanted.task, number=number, remarks=[])
    row.release = wanted.release.number if wanted.release else None
    row.hand_out_id = wanted.hand_out.id if wanted.hand_out else None
    row.digest, row.notebooks, row.submitted_at = kept.digest, list(kept.notebooks), now
    row.late, row.tries = is_late(now, wanted.due_at), 0
    row.state = TaskState.SUBMITTED if wanted.release else TaskState.HANDED_ON
    session.add(row)
    session.flush()
    detail = {"course": row.course, "task": row.task, "number": number, "digest": row.digest, "late": row.late}
    audit.append(session, now, me.person.staff_number, "task.submit", f"task:{row.id}", **detail)
    return row


def submissions_of(session: Session, me: Me, course: str = "", task: str = "") -> list[TaskSubmission]:
    """Return what somebody handed in, the oldest first."""
    found = _handed_in(session, me.person.id)
    return [each for each in found if course in ("", each.course) and task in ("", each.task)]


@only_with(TaskSubmission, list)
def _handed_in(session: Session, person_id: int) -> list[TaskSubmission]:
    return list(session.scalars(HANDED_IN, {"person": person_id}))


def latest_of(rows: list[TaskSubmission]) -> dict[tuple[str, str], TaskSubmission]:
    """Return the last submission of each task."""
    return {(each.course, each.task): each for each in rows}


def feedback_of(session: Session, me: Me, work_id: int, bundles: Bundles) -> dict[str, bytes]:
    """Return nbgrader's pages about one's own work, once a trainer released them; before that there are none."""
    row = session.get(TaskSubmission, work_id)
    if row is None or row.person_id != me.person.id or row.feedback is None or row.feedback_at is None:
        raise NotFoundError("这份作业还没有批语，或者没有找到")
    return bundle.unpacked(bundles.read(row.feedback))


def _handed_to(session: Session, me: Me, course: str) -> list[HandedOut]:
    """Return what trainers handed out to somebody; what was handed out nearer to them, then later, comes last and counts."""
    rows = columns(session, HANDED_OUT_IN, {"course": course}) if course else columns(session, HANDED_OUT)
    mine = [row for row in rows if any(lies_within(unit.path, row.path) for unit in me.units)]
    return sorted(mine, key=lambda row: (row.course, row.task, len(row.path), row.id))
