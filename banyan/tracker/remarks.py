"""What trainers like to say again: of a row of a question's rubric or of all of it, their own or shared within the course."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from banyan.errors import BadInputError, NotFoundError
from banyan.records.marking import Remark, RemarkUse
from banyan.tracker.people import NOT_HERE, Me
from grading.bridge.submission import readable

LONGEST = 120
MOST_OWN = 60  # of one question; nobody finds anything among more
WHOLE = -1


@dataclass(frozen=True)
class Said:
    """A remark as its trainer sees it; `by` is a colleague's name, "" for one's own."""

    id: int
    row: int
    text: str
    by: str


@dataclass(frozen=True)
class Topic:
    """A question of a course."""

    course: str
    question: str


@dataclass(frozen=True)
class Words:
    """What is to be kept: of which row, counted from 0, and whether colleagues may use it."""

    text: str
    row: int = WHOLE
    shared: bool = False


def remarks_on(session: Session, topic: Topic, me: Me) -> list[Said]:
    """Return the remarks a trainer may use on a question, the one they used or saved last first."""
    used = and_(RemarkUse.remark_id == Remark.id, RemarkUse.person_id == me.person.id)
    latest = func.coalesce(RemarkUse.used_at, Remark.saved_at)
    query = select(Remark).outerjoin(RemarkUse, used).where(_usable(me), _about(topic)).order_by(latest.desc(), Remark.id.desc())
    return [_said(row, me) for row in session.scalars(query)]


def save(session: Session, topic: Topic, said: Words, me: Me, now: datetime) -> Remark:
    """Keep a remark; one of the same words on the same row is the same, and may become shared."""
    words = readable(said.text)
    if not words:
        raise BadInputError("先在“写给学员的话”里写一句，再留着以后用")
    if len(words) > LONGEST:
        raise BadInputError("留着以后用的话最多 {most} 个字，现在有 {count} 个", most=LONGEST, count=len(words))
    own = select(Remark).where(Remark.person_id == me.person.id, _about(topic))
    mine = session.scalars(own).all()
    kept = next((each for each in mine if (each.text, each.row) == (words, said.row)), None)
    if kept is None:
        if len(mine) >= MOST_OWN:
            raise BadInputError("这道题您已经留了 {most} 句，先删掉几句再留", most=MOST_OWN)
        kept = Remark(course=topic.course, question=topic.question, row=said.row, text=words, person_id=me.person.id)
        session.add(kept)
    kept.shared, kept.saved_at = said.shared, now
    session.flush()
    return kept


def remove(session: Session, remark_id: int, me: Me) -> None:
    """Take one's own remark away; a colleague's is theirs."""
    row = session.get(Remark, remark_id)
    if row is None or row.person_id != me.person.id:
        raise NotFoundError(NOT_HERE)
    for use in session.scalars(select(RemarkUse).where(RemarkUse.remark_id == remark_id)):
        session.delete(use)
    session.flush()
    session.delete(row)
    session.flush()


def use(session: Session, remarks: Iterable[int], me: Me, now: datetime) -> None:
    """Remember which remarks went into a mark; what this trainer could not have used is passed over."""
    for row in session.scalars(select(Remark).where(Remark.id.in_(list(remarks)), _usable(me))):
        kept = session.get(RemarkUse, (row.id, me.person.id)) or RemarkUse(remark_id=row.id, person_id=me.person.id)
        kept.used_at = now
        session.add(kept)
    session.flush()


def _usable(me: Me) -> ColumnElement[bool]:
    return or_(Remark.person_id == me.person.id, Remark.shared.is_(True))


def _about(topic: Topic) -> ColumnElement[bool]:
    return and_(Remark.course == topic.course, Remark.question == topic.question)


def _said(row: Remark, me: Me) -> Said:
    return Said(row.id, row.row, row.text, "" if row.person_id == me.person.id else row.person.name)
