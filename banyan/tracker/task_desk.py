"""Notebook tasks on a trainer's desk: what their learners handed in, taking it along, releasing what is said of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from banyan.courseware.catalogue import Catalogue
from banyan.domain.calendar import county_day
from banyan.domain.permission import Action, Duty, subtrees
from banyan.domain.task import TaskState
from banyan.errors import BadInputError, NotFoundError
from banyan.records import audit
from banyan.records.tasks import TaskSubmission
from banyan.tracker.attempts import entrusted
from banyan.tracker.people import NOT_HERE, Me, require, target_of
from banyan.tracker.registers import whereabouts
from banyan.words.kept import Kept

FINAL = (TaskState.GRADED, TaskState.HANDED_ON)


@dataclass(frozen=True)
class Tally:
    """One task of a course as a trainer sees it: how many people handed in, and what waits for whom."""

    course: str
    task: str
    people: int
    late: int
    unmarked: tuple[TaskSubmission, ...]
    graded: int
    unreleased: int


@dataclass(frozen=True)
class StuckTask:
    """A task that could not be graded, and whose it is."""

    row: TaskSubmission
    place: tuple[str, ...]


@dataclass(frozen=True)
class Pages:
    """Feedback pages that lie on disk: the digest of all, and each one's by its name."""

    digest: str
    files: Mapping[str, str]


def handed_in(session: Session, me: Me, today: date, course: str = "", task: str = "") -> list[TaskSubmission]:
    """Return what the learners a trainer is trusted with handed in, the oldest first."""
    query = select(TaskSubmission).where(entrusted(me, today, TaskSubmission)).options(joinedload(TaskSubmission.person))
    query = query.where(TaskSubmission.course == course) if course else query
    query = query.where(TaskSubmission.task == task) if task else query
    return list(session.scalars(query.order_by(TaskSubmission.id)))


def reach(session: Session, work_id: int, me: Me, today: date) -> TaskSubmission:
    """Return what a learner of this trainer handed in, held until the transaction ends; to others it is not there."""
    row = session.scalars(select(TaskSubmission).where(TaskSubmission.id == work_id).with_for_update(of=TaskSubmission)).first()
    if row is None:
        raise NotFoundError(NOT_HERE)
    require(me.actor, Action.MARK, target_of(session, row.person_id, today, row.course))
    return row


def tallies(session: Session, me: Me, catalogue: Catalogue, today: date) -> list[Tally]:
    """Return every task of the courses somebody teaches, and every other their learners handed in."""
    rows = handed_in(session, me, today)
    taught = sorted({each.course for each in me.actor.charges if each.duty is Duty.TRAINER and catalogue.has(each.course)})
    named = [(course, task.name) for course in taught for task in catalogue.newest(course).tasks]
    named += sorted({(each.course, each.task) for each in rows} - set(named))
    return [_tally(course, task, [each for each in rows if (each.course, each.task) == (course, task)]) for course, task in named]


def stuck_tasks(session: Session, me: Me, today: date) -> list[StuckTask]:
    """Return what could not be graded among the learners a trainer is trusted with, the oldest first."""
    rows = [each for each in handed_in(session, me, today) if each.state == TaskState.FAILED_TO_GRADE]
    where = whereabouts(session, subtrees(me.actor, Duty.TRAINER), today) if rows else {}
    return [StuckTask(row, where.get(row.person_id, ())) for row in rows]


def release_feedback(session: Session, me: Me, course: str, task: str, now: datetime) -> int:
    """Show the learners what nbgrader's pages say of a task; return to how many people that is new."""
    today = county_day(now)
    waiting = [each for each in handed_in(session, me, today, course, task) if each.feedback and each.feedback_at is None]
    for row in waiting:
        row.feedback_at = now
    session.flush()
    if waiting:
        detail = {"works": [each.id for each in waiting]}
        audit.append(session, now, me.person.staff_number, "task.feedback", f"{course}:{task}", **detail)
    return len({each.person_id for each in waiting})


def keep_feedback(session: Session, work_id: int, me: Me, pages: Pages, now: datetime) -> TaskSubmission:
    """Take in what a trainer's own nbgrader says of somebody's work, and show it to them."""
    row = reach(session, work_id, me, county_day(now))
    if not pages.files or any(not name.endswith(".html") or "/" in name for name in pages.files):
        raise BadInputError("批语应当是 nbgrader generate_feedback 生成的 .html")
    if row.state not in FINAL:
        raise BadInputError("这份作业还没有批完，批语请等批完再发")
    row.feedback, row.feedback_files, row.feedback_at = pages.digest, dict(pages.files), now
    if row.state == TaskState.HANDED_ON:
        row.state, row.graded_at = TaskState.GRADED, now
    session.flush()
    audit.append(session, now, me.person.staff_number, "task.feedback", f"{row.course}:{row.task}", works=[row.id])
    return row


def put_back(session: Session, work_id: int, by: Me, now: datetime) -> TaskSubmission:
    """Let a stuck task be graded again, once what was in its way is mended; any other stays as it is."""
    row = reach(session, work_id, by, county_day(now))
    if row.state == TaskState.FAILED_TO_GRADE:
        fault = row.fault and str(Kept.read(row.fault))
        row.state, row.tries, row.fault = TaskState.SUBMITTED, 0, None
        session.flush()
        audit.append(session, now, by.person.staff_number, "task.put_back", f"task:{row.id}", fault=fault)
    return row


def _tally(course: str, task: str, rows: list[TaskSubmission]) -> Tally:
    last = {each.person_id: each for each in rows}.values()
    return Tally(
        course=course,
        task=task,
        people=len(last),
        late=sum(each.late for each in last),
        unmarked=tuple(each for each in last if each.state == TaskState.UNMARKED),
        graded=sum(each.state == TaskState.GRADED for each in last),
        unreleased=sum(bool(each.feedback) and each.feedback_at is None for each in last),
    )
