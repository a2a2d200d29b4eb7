"""The lists an administrator and a trainer work from; each takes a fixed number of queries and is scoped to a subtree."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload

from banyan.certificates.serial import read_serial
from banyan.domain.calendar import county_day
from banyan.domain.certification import Validity, validity
from banyan.domain.examination import State
from banyan.domain.organisation import UnitLevel, lies_within
from banyan.domain.permission import CARERS, Action, Duty, subtrees
from banyan.domain.readiness import SOON
from banyan.errors import NotFoundError
from banyan.records.competence import Certificate
from banyan.records.examinations import Attempt, Mark, Submission
from banyan.records.learning import Assignment
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, Person
from banyan.tracker.attempts import entrusted
from banyan.tracker.holding import SUSPENDED, suspended
from banyan.tracker.people import NOT_HERE, Me, holds_on, people_under, places, places_at, require, target_of, under, units_of


def reach(me: Me) -> tuple[str, ...]:
    """Return the subtrees somebody administers."""
    return subtrees(me.actor, Duty.ADMINISTRATOR)


def in_care(me: Me) -> tuple[str, ...]:
    """Return the subtrees whose people somebody looks after, as an administrator or as a supervisor."""
    return subtrees(me.actor, CARERS)


@dataclass(frozen=True)
class CertificateLine:
    """A certificate, where its holder is appointed today, and what it is worth today; `paused` while it is suspended.

    `resumable` is whether it is suspended, in its days or after them.
    """

    row: Certificate
    place: tuple[str, ...]
    validity: Validity
    soon: bool
    paused: bool = False
    resumable: bool = False


def certificate_lines(session: Session, paths: Iterable[str], today: date) -> list[CertificateLine]:
    """Return the certificates of everybody appointed in the subtrees, those that run out first at the top."""
    held = tuple(paths)
    holders = people_under(held, today).with_only_columns(Person.id)
    query = select(Certificate).where(Certificate.person_id.in_(holders)).options(joinedload(Certificate.person))
    where = whereabouts(session, held, today)
    rows = session.scalars(query.order_by(Certificate.expires_on, Certificate.id))
    paused = set(session.scalars(select(Certificate.id).where(Certificate.person_id.in_(holders), SUSPENDED)))
    return [_line(row, where.get(row.person_id, ()), today, paused) for row in rows]


def certificate_for(session: Session, serial: str, by: Me, action: Action, today: date) -> CertificateLine:
    """Return a certificate somebody may do something with; what they may not is not there."""
    query = select(Certificate).where(Certificate.serial == (read_serial(serial) or "")).options(joinedload(Certificate.person))
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFoundError(NOT_HERE)
    require(by.actor, action, target_of(session, row.person_id, today))
    mine = [unit for unit in units_of(session, row.person_id, today) if any(lies_within(unit.path, path) for path in reach(by))]
    where = places(session, mine[:1])
    return _line(row, where[mine[0].id] if mine else (), today, suspended(session, [row.id]))


def _line(row: Certificate, place: tuple[str, ...], today: date, paused: set[int]) -> CertificateLine:
    worth = validity(row.expires_on, row.revoked_at is not None, today)
    resumable = worth is not Validity.REVOKED and row.id in paused
    stopped = resumable and worth is Validity.VALID
    soon = worth is Validity.VALID and not stopped and row.expires_on <= today + SOON
    return CertificateLine(row, place, worth, soon, stopped, resumable)


def whereabouts(session: Session, paths: Iterable[str], today: date) -> dict[int, tuple[str, ...]]:
    """Return where people are appointed, the unit nearest the grid for who has several."""
    query = (
        select(Appointment.person_id, Unit.path)
        .join(Unit, Appointment.unit_id == Unit.id)
        .where(under(paths), holds_on(Appointment, today))
        .order_by(Unit.level, Unit.code.desc())
    )
    nearest: dict[int, str] = {holder: path for holder, path in session.execute(query)}  # noqa: C416 - rows, typed as pairs
    where = places_at(session, nearest.values())
    return {holder: where[path] for holder, path in nearest.items()}


@dataclass(frozen=True)
class AssignedLine:
    """A programme as it was asked of some people at one moment; `certified` of them hold it today."""

    programme: str
    due_on: date
    assigned_at: datetime
    by: str
    people: int
    certified: int


def assigned_lines(session: Session, paths: Iterable[str], today: date) -> list[AssignedLine]:
    """Return what was asked of people in the subtrees, the latest first."""
    asked = people_under(paths, today).with_only_columns(Person.id)
    holds = (
        select(Certificate.id)
        .where(
            Certificate.person_id == Assignment.person_id,
            Certificate.programme == Assignment.programme,
            Certificate.revoked_at.is_(None),
            Certificate.expires_on >= today,
        )
        .exists()
    )
    moment = (Assignment.programme, Assignment.due_on, Assignment.assigned_at, Person.name)
    query = (
        select(*moment, func.count(), func.sum(case((holds, 1), else_=0)))
        .outerjoin(Person, Assignment.assigned_by == Person.id)
        .where(Assignment.person_id.in_(asked))
        .group_by(*moment)
        .order_by(Assignment.assigned_at.desc(), Assignment.due_on)
    )
    return [AssignedLine(row[0], row[1], row[2], row[3] or "", row[4], row[5]) for row in session.execute(query)]


def asked_already(session: Session, programme: str, people: Iterable[Person]) -> dict[int, date]:
    """Return by when a programme was asked of those it was asked of."""
    ids = [each.id for each in people]
    query = select(Assignment).where(Assignment.programme == programme, Assignment.person_id.in_(ids))
    return {row.person_id: row.due_on for row in session.scalars(query)}


def asked_under(session: Session, paths: Iterable[str], programme: str, today: date) -> set[int]:
    """Return who of the subtrees was asked a programme."""
    everybody = people_under(paths, today).with_only_columns(Person.id)
    query = select(Assignment.person_id).where(Assignment.programme == programme, Assignment.person_id.in_(everybody))
    return set(session.scalars(query))


def units_to_choose(session: Session, paths: Iterable[str]) -> list[Unit]:
    """Return the units of the subtrees down to the community, in the order of the tree."""
    query = select(Unit).where(under(paths), Unit.level <= UnitLevel.COMMUNITY)
    return list(session.scalars(query.order_by(Unit.path)))


def unit_under(session: Session, code: str, paths: Iterable[str]) -> Unit:
    """Return a unit of the subtrees by its code; what lies outside them is not there."""
    unit = session.scalars(select(Unit).where(Unit.code == code, under(paths))).one_or_none()
    if unit is None:
        raise NotFoundError(NOT_HERE)
    return unit


def certificate_since(session: Session, person_id: int, programme: str, moment: datetime) -> Certificate | None:
    """Return the certificate a person holds that was issued on the day of a moment or later."""
    query = select(Certificate).where(
        Certificate.person_id == person_id,
        Certificate.programme == programme,
        Certificate.issued_on >= county_day(moment),
        Certificate.revoked_at.is_(None),
    )
    return session.scalars(query.order_by(Certificate.id.desc())).first()


def home_of(session: Session, paths: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the units at the head of subtrees."""
    codes = [path.strip("/").rsplit("/", 1)[-1] for path in paths]
    return tuple(session.scalars(select(Unit.name).where(Unit.code.in_(codes)).order_by(Unit.code)))


@dataclass(frozen=True)
class StuckLine:
    """A submission that could not be graded, and whose it is."""

    row: Submission
    person: Person
    place: tuple[str, ...]

    @property
    def course(self) -> str:
        return self.row.attempt.course


def stuck_under(session: Session, me: Me, today: date) -> list[StuckLine]:
    """Return what could not be graded among the learners a trainer is trusted with, the oldest first."""
    query = (
        select(Submission)
        .join(Attempt, Submission.attempt_id == Attempt.id)
        .where(Submission.state == State.FAILED_TO_GRADE, entrusted(me, today))
        .options(joinedload(Submission.attempt).joinedload(Attempt.person))
        .order_by(Submission.submitted_at)
    )
    rows = list(session.scalars(query))
    where = whereabouts(session, subtrees(me.actor, Duty.TRAINER), today) if rows else {}
    return [StuckLine(row, row.attempt.person, where.get(row.attempt.person_id, ())) for row in rows]


def latest_mark(session: Session, person_id: int) -> tuple[Mark, Submission] | None:
    """Return the mark a trainer gave last, and the submission it stands on."""
    query = select(Mark, Submission).join(Submission, Mark.submission_id == Submission.id).where(Mark.marked_by == person_id)
    found = session.execute(query.order_by(Mark.marked_at.desc(), Mark.id.desc()).limit(1)).first()
    return (found[0], found[1]) if found else None
