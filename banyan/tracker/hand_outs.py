"""Tasks a trainer hands out from their own nbgrader, beside those of the course: to their learners, graded by them.

The house keeps and carries them and grades none: their solutions and hidden tests are on the trainer's desk alone.
"""

import re
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.courseware.catalogue import NAME, Catalogue
from banyan.domain.permission import Duty, subtrees
from banyan.errors import BadInputError, NotFoundError, NotYetError
from banyan.records import audit
from banyan.records.tasks import HandOut
from banyan.tracker.people import NOT_HERE, Me, under
from banyan.tracker.tasks import Kept

SECRET = re.compile(rb"###\s*(BEGIN|END)\s+(SOLUTION|HIDDEN TESTS|MARK SCHEME)", re.IGNORECASE)


def look_through(files: dict[str, bytes]) -> None:
    """Raise BadInputError for a folder with solutions in it: most likely the source, taken for what learners get."""
    if not any(name.endswith(".ipynb") for name in files):
        raise BadInputError("这个文件夹里没有作业本（.ipynb）")
    told = next((name for name, content in files.items() if SECRET.search(content)), None)
    if told:
        raise BadInputError("{name} 里还有答案或隐藏的检查，不能发给学员；请先运行 nbgrader generate_assignment", name=told)


def hand_out(
    session: Session, me: Me, named: tuple[str, str], kept: Kept, catalogue: Catalogue, force: bool, now: datetime
) -> list[HandOut]:
    """Hand out a task (course, task) to all learners a trainer is trusted with in the course; `force` replaces their last."""
    course, task = named
    paths = _trusted(me, course)
    if not NAME.fullmatch(task):
        raise BadInputError("作业名 “{task}” 不能用，只用字母、数字、- 和 _", task=task[:60])
    if catalogue.has(course) and task in {each.name for each in catalogue.newest(course).tasks}:
        raise NotYetError("这门课自己有一份作业叫 “{task}”，请换一个名字", task=task)
    standing = _standing(session, me, course, task)
    if standing and not force:
        raise NotYetError("“{task}” 已经发过了；要换成新的，请加 --force", task=task)
    for row in standing:
        row.withdrawn_at = now
    rows = [_row(me, named, path, kept, now) for path in paths]
    session.add_all(rows)
    session.flush()
    audit.append(session, now, me.person.staff_number, "task.hand_out", f"{course}:{task}", paths=paths, digest=kept.digest)
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
    return [row for row in rows if course in ("", row.course) and any(row.course == c and row.path.startswith(p) for c, p in charges)]


def _trusted(me: Me, course: str) -> list[str]:
    paths = list(subtrees(me.actor, Duty.TRAINER, course)) if course else []
    if not paths:
        raise NotFoundError(NOT_HERE)
    return paths


def _standing(session: Session, me: Me, course: str, task: str) -> list[HandOut]:
    query = select(HandOut).where(HandOut.course == course, HandOut.task == task, HandOut.withdrawn_at.is_(None))
    return list(session.scalars(query.where(HandOut.path.in_(subtrees(me.actor, Duty.TRAINER, course)))))


def _row(me: Me, named: tuple[str, str], path: str, kept: Kept, now: datetime) -> HandOut:
    row = HandOut(course=named[0], task=named[1], path=path, digest=kept.digest, notebooks=list(kept.notebooks))
    row.handed_by, row.handed_at = me.person.id, now
    return row
