"""Tasks a trainer hands out from their own nbgrader, beside those of the course: to their learners, graded by them.

The house keeps and carries them and grades none: their solutions and hidden tests are on the trainer's desk alone.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.courseware.catalogue import NAME, Catalogue
from banyan.domain.permission import Duty, subtrees
from banyan.errors import BadInputError, NotFoundError, NotYetError
from banyan.records import audit
from banyan.records.tasks import HandOut
from banyan.tracker.people import NOT_HERE, Me
from banyan.tracker.tasks import Kept

SECRET = re.compile(rb"###\s*(BEGIN|END)\s+(SOLUTION|HIDDEN TESTS|MARK SCHEME)", re.IGNORECASE)


@dataclass(frozen=True)
class Order:
    """A folder to hand out as a task of a course; `force` replaces the one of that name that was handed out before."""

    course: str
    task: str
    kept: Kept
    force: bool = False


def look_through(files: dict[str, bytes]) -> None:
    """Raise BadInputError for a folder with solutions in it: most likely the source, taken for what learners get."""
    if not any(name.endswith(".ipynb") for name in files):
        raise BadInputError("这个文件夹里没有作业本（.ipynb）")
    told = next((name for name, content in files.items() if SECRET.search(content)), None)
    if told:
        raise BadInputError("{name} 里还有答案或隐藏的检查，不能发给学员；请先运行 nbgrader generate_assignment", name=told)


def hand_out(session: Session, me: Me, order: Order, catalogue: Catalogue, now: datetime) -> list[HandOut]:
    """Hand out a task to all learners a trainer is trusted with in the course."""
    paths = _trusted(me, order.course)
    if not NAME.fullmatch(order.task):
        raise BadInputError("作业名 “{task}” 不能用，只用字母、数字、- 和 _", task=order.task[:60])
    if catalogue.has(order.course) and order.task in {each.name for each in catalogue.newest(order.course).tasks}:
        raise NotYetError("这门课自己有一份作业叫 “{task}”，请换一个名字", task=order.task)
    standing = _standing(session, me, order.course, order.task)
    if standing and not order.force:
        raise NotYetError("“{task}” 已经发过了；要换成新的，请加 --force", task=order.task)
    for row in standing:
        row.withdrawn_at = now
    rows = [_row(me, order, path, now) for path in paths]
    session.add_all(rows)
    session.flush()
    detail = {"paths": paths, "digest": order.kept.digest}
    audit.append(session, now, me.person.staff_number, "task.hand_out", f"{order.course}:{order.task}", **detail)
    return rows


def withdraw(session: Session, me: Me, course: str, task: str, now: datetime) -> None:
    """Give a task to nobody any more; what was handed in stays."""
    _trusted(me, course)
    standing = _standing(session, me, course, task)
    if not standing:
        raise NotFoundError(NOT_HERE)
    for row in standing:
        row.withdrawn_at = now
    session.flush()
    audit.append(session, now, me.person.staff_number, "task.withdraw", f"{course}:{task}")


def handed_out_by(session: Session, me: Me, course: str = "") -> list[HandOut]:
    """Return what was handed out in the courses and subtrees a trainer is trusted with, and not withdrawn."""
    charges = {(each.course, each.path) for each in me.actor.charges if each.duty is Duty.TRAINER}
    rows = session.scalars(select(HandOut).where(HandOut.withdrawn_at.is_(None)).order_by(HandOut.course, HandOut.task))
    return [
        row for row in rows if course in ("", row.course) and any(row.course == c and row.path.startswith(p) for c, p in charges)
    ]


def _trusted(me: Me, course: str) -> list[str]:
    paths = list(subtrees(me.actor, Duty.TRAINER, course)) if course else []
    if not paths:
        raise NotFoundError(NOT_HERE)
    return paths


def _standing(session: Session, me: Me, course: str, task: str) -> list[HandOut]:
    query = select(HandOut).where(HandOut.course == course, HandOut.task == task, HandOut.withdrawn_at.is_(None))
    return list(session.scalars(query.where(HandOut.path.in_(subtrees(me.actor, Duty.TRAINER, course)))))


def _row(me: Me, order: Order, path: str, now: datetime) -> HandOut:
    kept = order.kept
    row = HandOut(course=order.course, task=order.task, path=path, digest=kept.digest, notebooks=list(kept.notebooks))
    row.handed_by, row.handed_at = me.person.id, now
    return row
