"""Who of a trainer's learners stands still, and where: in a lesson, before the exam, waiting for the practical.

Nobody stands still on their first days: only who was asked, or began, and gave no sign of life for more than a week.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import starmap

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.domain.certification import Programme
from banyan.domain.permission import Duty, subtrees
from banyan.domain.readiness import Halt
from banyan.records.examinations import Attempt
from banyan.records.learning import Assignment, StepDone, Withdrawal
from banyan.records.people import Person
from banyan.tracker.advance import UNTROD, Way, ways
from banyan.tracker.people import CONTACT, Contact, Me, people_under
from banyan.tracker.registers import whereabouts
from banyan.tracker.rulebook import Rulebook

PATIENCE = timedelta(days=7)
OFTEN = 2  # failed attempts after which somebody needs a trainer


@dataclass(frozen=True)
class Learner:
    person: Contact
    place: tuple[str, ...]
    way: Way

    @property
    def town(self) -> str:
        return self.place[0] if self.place else ""


@dataclass(frozen=True)
class Spot:
    """A step of a lesson, both counted from 1, and who has stood there for more than a week."""

    lesson: int
    step: int
    learners: tuple[Learner, ...]


@dataclass(frozen=True)
class Standstill:
    """One course's learners of a trainer who need somebody; each is named once, where they stand now."""

    course: str
    programme: Programme
    failed: tuple[Learner, ...]
    spots: tuple[Spot, ...]
    not_begun: tuple[Learner, ...]
    practical: tuple[Learner, ...]

    @property
    def towns(self) -> list[tuple[str, int]]:
        """Return how many wait for the practical in each town, most first."""
        return sorted(Counter(each.town for each in self.practical).items(), key=lambda each: (-each[1], each[0]))

    @property
    def stuck(self) -> int:
        return len(self.failed) + sum(len(each.learners) for each in self.spots) + len(self.not_begun)


def standstills(session: Session, me: Me, rulebook: Rulebook, now: datetime) -> list[Standstill]:
    """Return every course a trainer is trusted with that belongs to a programme; so many queries a course, whoever learns it."""
    mine = {each.course for each in me.actor.charges if each.duty is Duty.TRAINER}
    taught = [(course, each) for each in rulebook.offered for course in each.courses if course in mine]
    return [_of_course(session, me, course, programme, rulebook, county_day(now)) for course, programme in taught]


def _of_course(session: Session, me: Me, course: str, programme: Programme, rulebook: Rulebook, today: date) -> Standstill:
    paths = subtrees(me.actor, Duty.TRAINER, course)
    scope = _on_the_way(paths, course, programme, today)
    found = ways(session, scope, programme, rulebook, today)
    asked = {person_id: county_day(at) for person_id, at in session.execute(_asked(scope, programme))}
    released_from = set(session.scalars(select(Withdrawal.person_id).where(Withdrawal.programme == programme.code)))
    where = whereabouts(session, paths, today)
    people = starmap(Contact, session.execute(scope.with_only_columns(*CONTACT).order_by(Person.staff_number)))
    learners = [
        Learner(person, where.get(person.id, ()), found.get(person.id, UNTROD)) for person in people if person.id != me.person.id
    ]
    owed = [each for each in learners if each.person.id not in released_from]
    late = [each for each in owed if _still(each.way, asked.get(each.person.id), today)]
    return Standstill(
        course,
        programme,
        failed=tuple(each for each in owed if _failed_often(each.way)),
        spots=_spots(each for each in late if each.way.halt is Halt.LEARNING),
        not_begun=tuple(each for each in late if each.way.halt is Halt.NEW),
        practical=tuple(each for each in learners if each.way.halt is Halt.PRACTICAL),
    )


def _on_the_way(paths: Sequence[str], course: str, programme: Programme, today: date) -> Select[int]:
    """Select who of the subtrees was asked the programme, or began its course unasked."""
    begun = or_(
        exists().where(Assignment.person_id == Person.id, Assignment.programme == programme.code),
        exists().where(StepDone.person_id == Person.id, StepDone.course == course),
        exists().where(Attempt.person_id == Person.id, Attempt.course == course),
    )
    return people_under(paths, today).with_only_columns(Person.id).where(begun)


def _asked(scope: Select[int], programme: Programme) -> Select[int, datetime]:
    return select(Assignment.person_id, Assignment.assigned_at).where(
        Assignment.programme == programme.code, Assignment.person_id.in_(scope)
    )


def _still(way: Way, asked_on: date | None, today: date) -> bool:
    last = max((each for each in (way.since, asked_on) if each), default=None)
    return last is not None and today - last > PATIENCE


def _failed_often(way: Way) -> bool:
    return way.halt is Halt.ASK or (way.halt is Halt.RETRY and way.failed >= OFTEN)


def _spots(learners: Iterable[Learner]) -> tuple[Spot, ...]:
    """Return the places where people stand, the fullest first."""
    found: dict[tuple[int, int], list[Learner]] = defaultdict(list)
    for each in learners:
        found[each.way.lesson, each.way.step].append(each)
    places = [Spot(lesson, step, tuple(theirs)) for (lesson, step), theirs in found.items()]
    return tuple(sorted(places, key=lambda each: (-len(each.learners), each.lesson, each.step)))
