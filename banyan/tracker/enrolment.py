"""Who is asked to learn what by when, how far they have come, and the one thing they do next."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from banyan.courseware.release import Release
from banyan.domain.calendar import county_day
from banyan.domain.certification import Need, Programme, missing
from banyan.domain.enrolment import Progress, Step, next_step
from banyan.domain.examination import Refusal, Sitting
from banyan.domain.permission import Action, Target
from banyan.domain.renewal import judged_on, last_revoked, paused
from banyan.errors import BadInputError, NotYetError
from banyan.records import audit
from banyan.records.competence import Certificate
from banyan.records.engine import columns, read_once
from banyan.records.learning import Assignment, Withdrawal
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, Person
from banyan.records.traces import only_with
from banyan.tracker.admission import Admission, admission
from banyan.tracker.attempts import all_sittings
from banyan.tracker.exam_rooms import Room, rooms_ahead
from banyan.tracker.holding import chain, evidence_for
from banyan.tracker.people import Me, hold, holds_on, require, under, units_of
from banyan.tracker.practical_sessions import Waiting, waiting
from banyan.tracker.progress import LessonProgress, steps_done, unfinished
from banyan.tracker.proposing import waits_for_grant
from banyan.tracker.rulebook import Rulebook

ASSIGNED = (
    select(Assignment.programme, Assignment.due_on)
    .where(Assignment.person_id == bindparam("person"))
    .order_by(Assignment.due_on, Assignment.programme)
)
TAKEN_BACK = select(Withdrawal.programme).where(Withdrawal.person_id == bindparam("person"))
BEFORE_THE_EXAM = frozenset({Step.SIT, Step.WAIT_TO_RETRY, Step.WAIT_TO_OPEN})


@dataclass(frozen=True)
class Enrolment:
    """Where a person stands in a programme; `due_on` is None when nobody asked it of them.

    `release` is the course at hand, `left` how many attempts there are left at its exam; `practical` is for whom only a
    practical is missing; `withdrawn` says that it was asked and taken back. `invigilated` says that the exam is begun in
    an exam room only, `room` is the next one for this person while the exam lies before them. `renewing` says that they hold
    the certificate and that `needs` is all that is asked of them to renew it, `paused` that theirs is suspended; `revoked_on` is
    when the last they had was revoked, from the day after which all is asked anew.
    """

    programme: Programme
    release: Release
    due_on: date | None
    lessons: tuple[LessonProgress, ...]
    sittings: tuple[Sitting, ...]
    refusal: Refusal | None
    needs: tuple[Need, ...]
    step: Step
    certificate: Certificate | None
    free_again: datetime | None
    left: int = 0
    practical: Waiting | None = None
    withdrawn: bool = False
    factor: float = 1.0
    invigilated: bool = False
    room: Room | None = None
    renewing: bool = False
    paused: bool = False
    revoked_on: date | None = None

    @property
    def minutes(self) -> int:
        """Return how long this person has for the exam."""
        return self.release.exam.terms.minutes_at(self.factor)

    @property
    def next_lesson(self) -> LessonProgress | None:
        return unfinished(self.lessons)


@dataclass(frozen=True)
class Order:
    """A programme asked of everybody appointed under a unit, in one role or in any ("" for any)."""

    programme: str
    unit_path: str
    role: str
    due_on: date


def addressed(session: Session, order: Order, by: Me, today: date) -> list[Person]:
    """Return whom an order would reach, changing nothing."""
    require(by.actor, Action.ASSIGN, Target(frozenset({order.unit_path})))
    appointed = (
        select(Appointment.person_id)
        .join(Unit, Appointment.unit_id == Unit.id)
        .where(under([order.unit_path]), holds_on(Appointment, today))
    )
    if order.role:
        appointed = appointed.where(Appointment.role == order.role)
    query = select(Person).where(Person.id.in_(appointed), Person.left_on.is_(None) | (Person.left_on >= today))
    return list(session.scalars(query.order_by(Person.staff_number)))


def assign(session: Session, order: Order, by: Me, rulebook: Rulebook, now: datetime) -> int:
    """Ask a programme of everybody an order reaches; return to how many. Asking again moves the day."""
    today = county_day(now)
    programme = rulebook.open_programme(order.programme)
    if order.due_on < today:
        raise BadInputError("完成日期不能早于今天，请改好再布置")
    if today < programme.effective_from:
        raise NotYetError("这个培训从 {day} 起才能布置", day=programme.effective_from)
    people = addressed(session, order, by, today)
    ids = [each.id for each in people]
    hold(session, ids)
    asked = select(Assignment).where(Assignment.programme == programme.code, Assignment.person_id.in_(ids))
    known = {row.person_id: row for row in session.scalars(asked)}
    session.execute(delete(Withdrawal).where(Withdrawal.programme == programme.code, Withdrawal.person_id.in_(ids)))
    for person in people:
        row = known.get(person.id) or Assignment(person_id=person.id, programme=programme.code)
        row.due_on, row.assigned_by, row.assigned_at = order.due_on, by.person.id, now
        session.add(row)
    session.flush()
    detail = {"unit": order.unit_path, "role": order.role, "due_on": order.due_on.isoformat(), "people": len(people)}
    audit.append(session, now, by.person.staff_number, "programme.assign", programme.code, **detail)
    return len(people)


def enrolments(session: Session, person_id: int, rulebook: Rulebook, now: datetime) -> list[Enrolment]:
    """Return the programmes asked of a person whose courses are open, those due first at the head, then what they began."""
    asked: list[tuple[Programme, date | None]] = [*_asked(session, person_id, rulebook)]
    known = {course for each, _ in asked for course in each.courses}
    begun = [rulebook.programme_with(course) for course in sorted(_begun(session, person_id) - known)]
    asked += [(each, None) for each in {each.code: each for each in begun if each is not None}.values()]
    found = [(enrolment(session, person_id, each, rulebook, now), due_on) for each, due_on in asked if rulebook.is_open(each)]
    back = _taken_back(session, person_id)
    return [replace(each, due_on=due_on, withdrawn=each.programme.code in back) for each, due_on in found]


@only_with(Withdrawal, set)
def _taken_back(session: Session, person_id: int) -> set[str]:
    return set(columns(session, TAKEN_BACK, {"person": person_id}).scalars())


def unopened(session: Session, person_id: int, rulebook: Rulebook) -> list[Programme]:
    """Return the programmes asked of a person whose courses nobody has published yet."""
    return [programme for programme, _ in _asked(session, person_id, rulebook) if not rulebook.is_open(programme)]


def _asked(session: Session, person_id: int, rulebook: Rulebook) -> list[tuple[Programme, date]]:
    return [(rulebook.programme(code), due_on) for code, due_on in _assigned(session, person_id)]


@read_once
def _assigned(session: Session, person_id: int) -> tuple[tuple[str, date], ...]:
    return tuple((code, due_on) for code, due_on in columns(session, ASSIGNED, {"person": person_id}))


def _begun(session: Session, person_id: int) -> set[str]:
    """Return the courses somebody has read or been examined in."""
    read = {each.course for each in steps_done(session, person_id)}
    return read.union(course for course, _ in all_sittings(session, person_id))


def enrolment(session: Session, person_id: int, programme: Programme, rulebook: Rulebook, now: datetime) -> Enrolment:
    """Return where a person stands in a programme, asked of them or not: in its first course whose exam is not passed."""
    today = county_day(now)
    given = chain(session, person_id, programme.code)
    past = [each.past for each in given]
    certified = any(each.holds(today) for each in past)
    judged = judged_on(programme, past, today)
    evidence = evidence_for(session, person_id, programme, past, today) if judged else ()
    gaps = missing(programme, rulebook.framework, evidence, judged) if judged else ()
    needs = tuple(dict.fromkeys(gap.need for gap in gaps))
    release, door = _at_hand(session, person_id, programme, rulebook, now)
    proposed = programme.second_pair_of_eyes and waits_for_grant(session, person_id, programme.code)
    step = next_step(Progress([each.finished for each in door.lessons], needs, certified, door.refusal, proposed))
    return Enrolment(
        programme,
        release,
        None,
        door.lessons,
        door.sittings,
        door.refusal,
        needs,
        step,
        given[-1].row if given else None,
        door.free_again,
        door.left,
        waiting(session, person_id, release.course, _passed_on(door.sittings), now) if step is Step.PRACTICAL else None,
        factor=door.factor,
        invigilated=door.terms.invigilated,
        renewing=certified and bool(needs),
        paused=paused(past, today),
        revoked_on=None if certified else last_revoked(past[-1:], today),
        room=_room(session, person_id, release.course, now) if step in BEFORE_THE_EXAM else None,
    )


def _room(session: Session, person_id: int, course: str, now: datetime) -> Room | None:
    """Return the exam room that is open or comes next where somebody works."""
    paths = [unit.path for unit in units_of(session, person_id, county_day(now))]
    return next(iter(rooms_ahead(session, course, paths, now)), None)


def _passed_on(sittings: Iterable[Sitting]) -> date | None:
    """Return on which day the exam was handed in that was passed."""
    moments = [each.ended_at for each in sittings if each.passed and each.ended_at]
    return county_day(max(moments)) if moments else None


def _at_hand(
    session: Session, person_id: int, programme: Programme, rulebook: Rulebook, now: datetime
) -> tuple[Release, Admission]:
    """Return the course a person is at, and how they stand before its exam; the first with a practical once all are passed."""
    doors = []
    for course in programme.courses:
        release = rulebook.catalogue.newest(course)
        doors.append((release, admission(session, person_id, release, rulebook, now)))
        if doors[-1][1].refusal is not Refusal.PASSED:
            return doors[-1]
    return next((each for each in doors if each[0].practical), doors[0])
