"""What has outlived its period: whose, which rows of theirs, and what becomes of them."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, exists, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from banyan.domain.calendar import COUNTY_TIME
from banyan.domain.examination import State
from banyan.domain.retention import Keep, Retention
from banyan.records.base import Base
from banyan.records.competence import Certificate
from banyan.records.corrections import CertificateDoubt, CorrectedResult
from banyan.records.entry import Device, Slip
from banyan.records.examinations import Answer, AnswerFile, Attempt, CaseStep, Submission
from banyan.records.invigilation import WrongCode
from banyan.records.marking import Appeal
from banyan.records.people import Appointment, Person
from banyan.records.pieces import Piece, PieceDecision, PieceFile
from banyan.tracker.own_data import PARTS

DAY = timedelta(days=1)
Among = Collection[int] | None
Whose = Callable[[Among], Select[Any]]
"""Selects owners whose period is over, among some, or among all for None."""


@dataclass(frozen=True)
class Rows:
    """Rows of a table by the column that names their owner: they go, or are emptied in some columns."""

    column: Any
    emptied: Mapping[str, object] = field(default_factory=dict)
    wanted: tuple[ColumnElement[bool], ...] = ()


@dataclass(frozen=True)
class Matter:
    """Rows of a kind with the same owners: attempts, pieces, people, or each its own."""

    keep: Keep
    whose: Whose
    of: tuple[Rows, ...]

    def rows(self) -> Iterator[Select[Any]]:
        owners = self.whose(None).correlate(None)
        yield from (select(each.column).where(each.column.in_(owners), *each.wanted) for each in self.of)

    def owners(self) -> Iterator[Select[Any]]:
        yield from (query.distinct() for query in self.rows())

    def deeds(self, owners: Collection[int]) -> Iterator[Any]:
        """Yield the statements that take away what some owners have, if it is still to go."""
        still = self.whose(owners).correlate(None)
        for each in self.of:
            mine = (each.column.in_(still), *each.wanted)
            table = each.column.table
            yield update(table).where(*mine).values(**each.emptied) if each.emptied else delete(table).where(*mine)


def matters(retention: Retention, today: date) -> Iterator[Matter]:
    """Yield what is over today, kind by kind."""
    for keep, made in ((Keep.LEARNING, _learning), (Keep.ACCESS, _access), (Keep.ANSWERS, _answers), (Keep.PHOTOS, _photos)):
        since = retention.of(keep).over_since(today)
        if since is not None:
            yield from (Matter(keep, whose, of) for whose, of in made(since, today))


def has_left(since: date) -> ColumnElement[bool]:
    """Return the condition that a person's last day was by a day: the end of the last post where nobody wrote one down.

    Whoever stands in a post today, or will, has not left, whatever was written down before.
    """
    posts = Appointment.person_id == Person.id
    later = exists().where(posts, or_(Appointment.ends_on.is_(None), Appointment.ends_on > since))
    return and_(or_(Person.left_on <= since, and_(Person.left_on.is_(None), exists().where(posts))), ~later)


def holds(person: InstrumentedAttribute[int], today: date) -> ColumnElement[bool]:
    return exists().where(Certificate.person_id == person, Certificate.revoked_at.is_(None), Certificate.expires_on >= today)


def _learning(since: date, _today: date) -> Iterator[tuple[Whose, tuple[Rows, ...]]]:
    tables = [Base.metadata.tables[part.table] for part in PARTS if part.keep is Keep.LEARNING]
    gone = partial(_among, select(Person.id).where(has_left(since)), Person.id)
    yield gone, tuple(Rows(each.c.person_id) for each in tables)


def _access(since: date, _today: date) -> Iterator[tuple[Whose, tuple[Rows, ...]]]:
    end = _end_of(since)
    used = or_(Slip.used_at < end, Slip.voided_at < end, Slip.expires_at < end)
    for model, over in ((Device, Device.ended_at < end), (Slip, used), (WrongCode, WrongCode.tried_at < end)):
        column = model.__table__.c.id
        query = select(column).where(over)
        yield partial(_among, query, column), (Rows(column),)


def _answers(since: date, today: date) -> Iterator[tuple[Whose, tuple[Rows, ...]]]:
    """Answers as they were given go, and the paper they were frozen into; points, result and receipt stay."""
    paper = Submission.__table__.c
    frozen = Rows(paper.attempt_id, {"frozen": ""}, (paper.frozen != "",))
    answers, steps = Rows(Answer.__table__.c.attempt_id), Rows(CaseStep.__table__.c.attempt_id)
    yield _old_papers(_end_of(since), today), (answers, steps, frozen)


def _photos(since: date, today: date) -> Iterator[tuple[Whose, tuple[Rows, ...]]]:
    """Rows go here; files no row speaks of any more are taken away as those nobody handed in (banyan.tracker.answer_files)."""
    end = _end_of(since)
    decided = exists().where(PieceDecision.piece_id == Piece.id)
    pieces = select(Piece.id).where(Piece.handed_in_at < end, decided, ~holds(Piece.person_id, today))
    yield _old_papers(end, today), (Rows(AnswerFile.__table__.c.attempt_id),)
    yield partial(_among, pieces, Piece.id), (Rows(PieceFile.__table__.c.piece_id),)


def _old_papers(end: datetime, today: date) -> Whose:
    """Select attempts handed in before a moment of which nothing is open, of people who hold no certificate today."""
    appealed = exists().where(Appeal.submission_id == Submission.id, Appeal.answered_at.is_(None))
    corrected = exists().where(CorrectedResult.submission_id == Submission.id, CorrectedResult.done_at.is_(None))
    query = select(Submission.attempt_id).join(Attempt, Submission.attempt_id == Attempt.id)
    final = (Submission.submitted_at < end, Submission.state == State.GRADED)
    old = query.where(*final, ~appealed, ~corrected, ~holds(Attempt.person_id, today), ~_doubted(Attempt.person_id))
    return partial(_among, old, Submission.attempt_id)


def _doubted(person: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    of_theirs = (CertificateDoubt.certificate_id == Certificate.id, Certificate.person_id == person)
    return exists().where(*of_theirs, CertificateDoubt.kept_at.is_(None), Certificate.revoked_at.is_(None))


def _among(query: Select[Any], column: Any, among: Among) -> Select[Any]:
    return query if among is None else query.where(column.in_(among))


def _end_of(day: date) -> datetime:
    """Return the moment a day of the county is over."""
    return datetime.combine(day + DAY, time(), COUNTY_TIME)
