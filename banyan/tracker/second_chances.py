"""Another attempt for who has used theirs up: a trainer gives it, with a reason, to learners of their own course and subtree.

One at a time: while an attempt is left, none is added. The cool-down holds for it as for every other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import case, func, select, tuple_
from sqlalchemy.orm import Session, joinedload

from banyan.domain.calendar import county_day
from banyan.domain.examination import Refusal, Terms, refusal
from banyan.domain.permission import Action, Duty, subtrees
from banyan.errors import BadInputError, NotYetError
from banyan.records import audit
from banyan.records.examinations import Attempt, SecondChance, Submission
from banyan.records.people import Person
from banyan.tracker.admission import Admission, admission
from banyan.tracker.attempts import entrusted, sitting
from banyan.tracker.people import Me, places, require, target_of, units_of
from banyan.tracker.registers import whereabouts
from banyan.tracker.rulebook import Rulebook

REASON_LENGTH = 200


@dataclass(frozen=True)
class Who:
    """A learner and the course whose exam they sit."""

    person_id: int
    course: str


@dataclass(frozen=True)
class Standing:
    """A learner before their exam, as a trainer of theirs sees them; `latest` is the chance given last."""

    person: Person
    place: tuple[str, ...]
    door: Admission
    latest: SecondChance | None

    @property
    def used_up(self) -> bool:
        return self.door.refusal is Refusal.USED_UP


def standing_of(session: Session, who: Who, by: Me, rulebook: Rulebook, now: datetime) -> Standing:
    """Return how a learner stands to whoever may give them another attempt; to others they are not there."""
    today = county_day(now)
    require(by.actor, Action.MARK, target_of(session, who.person_id, today, who.course))
    door = admission(session, who.person_id, rulebook.catalogue.newest(who.course), rulebook, now)
    units = units_of(session, who.person_id, today)[:1]
    place = places(session, units)[units[0].id] if units else ()
    return Standing(session.get_one(Person, who.person_id), place, door, _latest(session, who))


def allow_another(session: Session, who: Who, reason: str, by: Me, rulebook: Rulebook, now: datetime) -> SecondChance:
    """Give one attempt more to who has none left; while the one given last is unused, that is the one returned."""
    require(by.actor, Action.MARK, target_of(session, who.person_id, county_day(now), who.course))
    learner = session.scalars(select(Person).where(Person.id == who.person_id).with_for_update()).one()
    door = admission(session, who.person_id, rulebook.catalogue.newest(who.course), rulebook, now)
    known = _latest(session, who)
    if known and door.given:
        return known
    if door.refusal is not Refusal.USED_UP:
        raise NotYetError("{name}的考试次数还没有用完，现在不用再给机会", name=learner.name)
    row = SecondChance(person_id=learner.id, course=who.course, given_by=by.person.id, given_at=now, reason=_reason(reason))
    session.add(row)
    session.flush()
    detail = {"course": who.course, "attempt": len(door.sittings) + 1, "reason": row.reason}
    audit.append(session, now, by.person.staff_number, "exam.allow", learner.staff_number, **detail)
    return row


@dataclass(frozen=True)
class UsedUp:
    """A learner with no attempt left, and how many they had."""

    person: Person
    place: tuple[str, ...]
    course: str
    attempts: int
    last: Submission

    @property
    def last_on(self) -> date:
        return county_day(self.last.submitted_at)


def used_up_under(session: Session, me: Me, rulebook: Rulebook, now: datetime) -> list[UsedUp]:
    """Return the learners a trainer is trusted with who have no attempt left, who waits longest first; at most six queries."""
    terms = {each.course: each.exam.terms for each in rulebook.catalogue.all()}
    rows = _failed_often(session, me, terms, now)
    extra = _extra(session, {row.person_id for row in rows})
    where = whereabouts(session, subtrees(me.actor, Duty.TRAINER), county_day(now)) if rows else {}
    found = []
    for (person_id, course), group in groupby(rows, key=lambda row: (row.person_id, row.course)):
        sat = list(group)
        allowed = terms[course].with_extra(extra.get((person_id, course), 0))
        last = sat[-1].submission
        if last and refusal([sitting(each) for each in sat], allowed, now, learnt=True) is Refusal.USED_UP:
            found.append(UsedUp(sat[-1].person, where.get(person_id, ()), course, len(sat), last))
    return sorted(found, key=lambda each: (each.last.submitted_at, each.last.id))


def _failed_often(session: Session, me: Me, terms: dict[str, Terms], now: datetime) -> list[Attempt]:
    """Return all attempts of those who have had as many as some exam allows and passed none, by person and course."""
    passed = func.count(case((Submission.passed.is_(True), 1)))
    often = (
        select(Attempt.person_id, Attempt.course)
        .join(Submission, Submission.attempt_id == Attempt.id)
        .where(entrusted(me, county_day(now)), Attempt.course.in_(terms))
        .group_by(Attempt.person_id, Attempt.course)
        .having(func.count() >= min((each.attempts for each in terms.values()), default=0), passed == 0)
    )
    query = select(Attempt).where(tuple_(Attempt.person_id, Attempt.course).in_(often))
    loaded = query.options(joinedload(Attempt.submission), joinedload(Attempt.person))
    return list(session.scalars(loaded.order_by(Attempt.person_id, Attempt.course, Attempt.number)))


def _extra(session: Session, people: Iterable[int]) -> dict[tuple[int, str], int]:
    """Return how many attempts more each of these people was given, by person and course."""
    query = select(SecondChance.person_id, SecondChance.course, func.count()).where(SecondChance.person_id.in_(people))
    rows = session.execute(query.group_by(SecondChance.person_id, SecondChance.course))
    return {(person_id, course): count for person_id, course, count in rows}


def _latest(session: Session, who: Who) -> SecondChance | None:
    query = select(SecondChance).where(SecondChance.person_id == who.person_id, SecondChance.course == who.course)
    return session.scalars(query.options(joinedload(SecondChance.giver)).order_by(SecondChance.id.desc()).limit(1)).first()


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not reason:
        raise BadInputError("请写明为什么再给一次机会")
    if len(reason) > REASON_LENGTH:
        raise BadInputError("原因最多 {most} 个字，现在有 {count} 个", most=REASON_LENGTH, count=len(reason))
    return reason
