"""What has outlived its period goes, day by day, each kind by the table that “我的资料” is read from (banyan.domain.retention).

Nothing that is still needed: no paper with a second look, a correction or a doubt that is open, nothing of whoever holds a
certificate today, nobody something of whom waits. Done twice a day it is done once; the log says how much of what.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, delete, exists, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from banyan.domain.calendar import COUNTY_TIME, county_day
from banyan.domain.examination import State
from banyan.domain.retention import Keep, Retention
from banyan.records import audit
from banyan.records.base import Base
from banyan.records.competence import Certificate
from banyan.records.corrections import CertificateDoubt, CorrectedResult
from banyan.records.engine import Sessions, reading, writing
from banyan.records.entry import Device, Slip
from banyan.records.erasure import Erasure
from banyan.records.examinations import Answer, AnswerFile, Attempt, CaseStep, Submission
from banyan.records.invigilation import WrongCode
from banyan.records.marking import Appeal
from banyan.records.people import Person
from banyan.records.pieces import Piece, PieceDecision, PieceFile
from banyan.tracker.erasing import RETENTION, Deed, erase
from banyan.tracker.erasure_requests import hindrances
from banyan.tracker.own_data import PARTS
from banyan.tracker.rulebook import Rulebook

ACTOR = "retention"
Counts = Counter[Keep]
DAY = timedelta(days=1)


def overdue(session: Session, rulebook: Rulebook, now: datetime) -> Counts:
    """Return how much of each kind would go today; nothing is changed. People are counted for who they are, else rows."""
    today = county_day(now)
    found: Counts = Counter({Keep.IDENTITY: len(_people_to_erase(session, rulebook.retention, today))})
    for keep, over in _tasks(rulebook.retention, today):
        found[keep] += sum(session.scalar(select(func.count()).select_from(each.subquery())) or 0 for each in over.selects)
    return +found


def clear(make: Sessions, rulebook: Rulebook, now: datetime) -> Counts:
    """Take away what is overdue, each kind in a transaction of its own, and return how much of what went."""
    today = county_day(now)
    done: Counts = Counter()
    for keep, over in _tasks(rulebook.retention, today):
        with writing(make) as session:
            count = over.carry_out(session)
            if count:
                audit.append(session, now, ACTOR, "retention.clear", keep.value, rows=count)
            done[keep] += count
    with reading(make) as session:
        people = _people_to_erase(session, rulebook.retention, today)
    for person_id in people:
        with writing(make) as session:
            erase(session, person_id, rulebook, Deed(ACTOR, RETENTION, now))
    done[Keep.IDENTITY] = len(people)
    return +done


@dataclass(frozen=True)
class _Over:
    """What goes of a kind: `selects` finds it, `deeds` are the statements that take it away."""

    selects: tuple[Select[int], ...]
    deeds: tuple[object, ...]

    def carry_out(self, session: Session) -> int:
        return sum(session.execute(each).rowcount for each in self.deeds)  # type: ignore[call-overload]


def _tasks(retention: Retention, today: date) -> Iterator[tuple[Keep, _Over]]:
    for keep, made in ((Keep.LEARNING, _learning), (Keep.ACCESS, _access), (Keep.ANSWERS, _answers), (Keep.PHOTOS, _photos)):
        since = retention.of(keep).over_since(today)
        if since is not None:
            yield keep, made(since, today)


def _learning(since: date, _today: date) -> _Over:
    gone = select(Person.id).where(Person.left_on <= since).scalar_subquery()
    tables = [Base.metadata.tables[part.table] for part in PARTS if part.keep is Keep.LEARNING]
    return _Over(
        tuple(select(each.c.person_id).where(each.c.person_id.in_(gone)) for each in tables),
        tuple(delete(each).where(each.c.person_id.in_(gone)) for each in tables),
    )


def _access(since: date, _today: date) -> _Over:
    end = _end_of(since)
    used = or_(Slip.used_at < end, Slip.voided_at < end, Slip.expires_at < end)
    wanted: tuple[tuple[type[Base], ColumnElement[bool]], ...] = (
        (Device, Device.ended_at < end), (Slip, used), (WrongCode, WrongCode.tried_at < end)
    )  # fmt: skip
    return _Over(
        tuple(select(model.__table__.c.id).where(over) for model, over in wanted),
        tuple(delete(model).where(over) for model, over in wanted),
    )


def _answers(since: date, today: date) -> _Over:
    """Answers as they were given go, and the paper they were frozen into; points, result and receipt stay."""
    old = _old_papers(_end_of(since), today)
    papers = select(Submission.id).where(Submission.id.in_(old), Submission.frozen != "")
    attempts = select(Submission.attempt_id).where(Submission.id.in_(old)).scalar_subquery()
    return _Over(
        (
            papers,
            select(Answer.attempt_id).where(Answer.attempt_id.in_(attempts)),
            select(CaseStep.attempt_id).where(CaseStep.attempt_id.in_(attempts)),
        ),
        (
            update(Submission).where(Submission.id.in_(papers.scalar_subquery())).values(frozen=""),
            delete(Answer).where(Answer.attempt_id.in_(attempts)),
            delete(CaseStep).where(CaseStep.attempt_id.in_(attempts)),
        ),
    )


def _photos(since: date, today: date) -> _Over:
    """Rows go here; files no row speaks of any more are taken away as those nobody handed in (banyan.tracker.answer_files)."""
    end = _end_of(since)
    attempts = select(Submission.attempt_id).where(Submission.id.in_(_old_papers(end, today))).scalar_subquery()
    decided = exists().where(PieceDecision.piece_id == Piece.id)
    pieces = select(Piece.id).where(Piece.handed_in_at < end, decided, ~_holds(Piece.person_id, today)).scalar_subquery()
    return _Over(
        (
            select(AnswerFile.attempt_id).where(AnswerFile.attempt_id.in_(attempts)),
            select(PieceFile.piece_id).where(PieceFile.piece_id.in_(pieces)),
        ),
        (delete(AnswerFile).where(AnswerFile.attempt_id.in_(attempts)), delete(PieceFile).where(PieceFile.piece_id.in_(pieces))),
    )


def _old_papers(end: datetime, today: date) -> Select[int]:
    """Select papers handed in before a moment of which nothing is open, of people who hold no certificate today."""
    appealed = exists().where(Appeal.submission_id == Submission.id, Appeal.answered_at.is_(None))
    corrected = exists().where(CorrectedResult.submission_id == Submission.id, CorrectedResult.done_at.is_(None))
    query = select(Submission.id).join(Attempt, Submission.attempt_id == Attempt.id)
    final = (Submission.submitted_at < end, Submission.state == State.GRADED)
    return query.where(*final, ~appealed, ~corrected, ~_holds(Attempt.person_id, today), ~_doubted(Attempt.person_id))


def _holds(person: InstrumentedAttribute[int], today: date) -> ColumnElement[bool]:
    return exists().where(Certificate.person_id == person, Certificate.revoked_at.is_(None), Certificate.expires_on >= today)


def _doubted(person: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    of_theirs = (CertificateDoubt.certificate_id == Certificate.id, Certificate.person_id == person)
    return exists().where(*of_theirs, CertificateDoubt.kept_at.is_(None), Certificate.revoked_at.is_(None))


def _people_to_erase(session: Session, retention: Retention, today: date) -> list[int]:
    since = retention.of(Keep.IDENTITY).over_since(today)
    if since is None:
        return []
    erased = exists().where(Erasure.person_id == Person.id)
    query = select(Person.id).where(Person.left_on <= since, ~_holds(Person.id, today), ~erased)
    return [each for each in session.scalars(query.order_by(Person.id)) if not hindrances(session, each, today)]


def _end_of(day: date) -> datetime:
    """Return the moment a day of the county is over."""
    return datetime.combine(day + DAY, time(), COUNTY_TIME)
