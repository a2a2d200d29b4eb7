"""Programmes asked of a role under a unit for as long as the rule stands: who comes later is asked too.

A rule only ever asks who was never asked; a day already given is never moved, and whoever moves out stays asked.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, exists, insert, or_, select
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.domain.permission import Action, Target
from banyan.errors import BadInputError, NotFoundError
from banyan.records import audit
from banyan.records.learning import Assignment, AssignmentRule, Withdrawal
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, Person
from banyan.tracker.enrolment import Order
from banyan.tracker.people import NOT_HERE, Me, hold, holds_on, require, under
from banyan.tracker.rulebook import Rulebook

Standing = dict[int, tuple[AssignmentRule, str]]
"""A rule and the path of its unit, by the rule's number."""
Due = dict[tuple[int, str], tuple[date, int]]
"""Person and programme → by when, and which rule asks it."""

LONGEST = 365  # days a newcomer may be given
MANY = 1000  # people, beyond which everybody is looked at rather than each named to the records
AT_ONCE = 5000  # rows written at once
BY_A_RULE = "rules"
"""Who asks on a rule's behalf, in the audit log."""


@dataclass(frozen=True)
class RuleLine:
    """A rule that stands, where, and who made it."""

    row: AssignmentRule
    unit: Unit
    by: str


def make_rule(session: Session, order: Order, days: int, by: Me, rulebook: Rulebook, now: datetime) -> AssignmentRule:
    """Let an order hold for newcomers too, with so many days each; made again it replaces the one that stood."""
    require(by.actor, Action.ASSIGN, Target(frozenset({order.unit_path})))
    one_by_one = select(Unit).where(Unit.path == order.unit_path).with_for_update(key_share=True)
    unit = session.scalars(one_by_one).one()
    programme = rulebook.open_programme(order.programme)
    said = {"unit": unit.path, "role": order.role, "due_on": order.due_on.isoformat(), "days": checked_days(days)}
    before = _standing_like(session, programme.code, unit, order.role)
    if before and (before.due_on, before.days) == (order.due_on, days):
        return before
    if before:
        before.ended_at = now
    row = AssignmentRule(programme=programme.code, unit_id=unit.id, role=order.role, due_on=order.due_on, days=days)
    row.made_by, row.made_at = by.person.id, now
    session.add(row)
    session.flush()
    audit.append(session, now, by.person.staff_number, "rule.make", programme.code, **said)
    return row


def checked_days(days: int) -> int:
    """Return how many days a newcomer is given, or raise BadInputError."""
    if not 1 <= days <= LONGEST:
        raise BadInputError("给新来的人的天数要在 1 到 {most} 之间", most=LONGEST)
    return days


def end_rule(session: Session, rule_id: int, by: Me, now: datetime) -> AssignmentRule:
    """Let a rule ask nobody any more; who was asked stays asked. Ended twice it is ended once."""
    found = session.execute(
        select(AssignmentRule, Unit).join(Unit, AssignmentRule.unit_id == Unit.id).where(AssignmentRule.id == rule_id)
    ).one_or_none()
    if found is None:
        raise NotFoundError(NOT_HERE)
    row, unit = found
    require(by.actor, Action.ASSIGN, Target(frozenset({unit.path})))
    if row.ended_at is None:
        row.ended_at = now
        session.flush()
        audit.append(session, now, by.person.staff_number, "rule.end", row.programme, unit=unit.path, role=row.role)
    return row


def rules(session: Session, paths: Iterable[str]) -> list[RuleLine]:
    """Return the rules that stand in the subtrees, the latest first."""
    query = (
        select(AssignmentRule, Unit, Person.name)
        .join(Unit, AssignmentRule.unit_id == Unit.id)
        .outerjoin(Person, AssignmentRule.made_by == Person.id)
        .where(AssignmentRule.ended_at.is_(None), under(paths))
        .order_by(AssignmentRule.made_at.desc(), AssignmentRule.id.desc())
    )
    return [RuleLine(row, unit, name or "") for row, unit, name in session.execute(query)]


def apply_rules(session: Session, person_ids: Collection[int] | None, rulebook: Rulebook, now: datetime) -> int:
    """Ask what standing rules ask of these people (None for everybody) and return how many were asked; applied twice
    it asks once.

    Whoever was asked before keeps their day; of several rules the one that leaves the least time counts. Who names people
    holds them already, or has just added them (banyan.tracker.people.hold).
    """
    today = county_day(now)
    known = {each.code for each in rulebook.offered if each.effective_from <= today}
    query = select(AssignmentRule, Unit.path).join(Unit, AssignmentRule.unit_id == Unit.id)
    rows = session.execute(query.where(AssignmentRule.ended_at.is_(None)))
    standing = {rule.id: (rule, path) for rule, path in rows if rule.programme in known}
    due = _due(session, standing, None if person_ids is None else frozenset(person_ids), today)
    if person_ids is None and due:
        people = frozenset(person_id for person_id, _ in due)
        hold(session, people)
        due = _due(session, standing, people, today)  # somebody else may have asked meanwhile
    _ask(session, due, standing, now)
    return len(due)


def _due(session: Session, standing: Standing, person_ids: frozenset[int] | None, today: date) -> Due:
    due: Due = {}
    for rule, path in standing.values():
        day = max(rule.due_on, today + timedelta(days=rule.days))
        for person_id in session.scalars(_unasked(rule, path, person_ids, today)):
            if person_ids is None or person_id in person_ids:
                key = (person_id, rule.programme)
                due[key] = min(due.get(key, (day, rule.id)), (day, rule.id))
    return due


def _ask(session: Session, due: Due, standing: Standing, now: datetime) -> None:
    keys = sorted(due)
    for first in range(0, len(keys), AT_ONCE):
        rows = [_row(*each, *due[each], standing, now) for each in keys[first : first + AT_ONCE]]
        session.execute(insert(Assignment), rows)
    asked = Counter(rule_id for _, rule_id in due.values())
    for rule_id, people in sorted(asked.items()):
        rule, path = standing[rule_id]
        detail = {"unit": path, "role": rule.role, "days": rule.days, "people": people}
        audit.append(session, now, BY_A_RULE, "programme.assign", rule.programme, **detail)


def _row(person_id: int, programme: str, due_on: date, rule_id: int, standing: Standing, now: datetime) -> dict[str, object]:
    by = standing[rule_id][0].made_by
    return {"person_id": person_id, "programme": programme, "due_on": due_on, "assigned_by": by, "assigned_at": now}


def _unasked(rule: AssignmentRule, path: str, person_ids: Collection[int] | None, today: date) -> Select[int]:
    """Select who a rule reaches today and nobody ever asked."""
    query = (
        select(Appointment.person_id)
        .join(Unit, Appointment.unit_id == Unit.id)
        .join(Person, Appointment.person_id == Person.id)
        .where(under([path]), holds_on(Appointment, today), or_(Person.left_on.is_(None), Person.left_on >= today))
        .where(~exists().where(Assignment.person_id == Appointment.person_id, Assignment.programme == rule.programme))
        .where(~exists().where(Withdrawal.person_id == Appointment.person_id, Withdrawal.programme == rule.programme))
        .distinct()
    )
    if rule.role:
        query = query.where(Appointment.role == rule.role)
    return query if person_ids is None or len(person_ids) > MANY else query.where(Appointment.person_id.in_(person_ids))


def _standing_like(session: Session, programme: str, unit: Unit, role: str) -> AssignmentRule | None:
    query = select(AssignmentRule).where(AssignmentRule.programme == programme, AssignmentRule.unit_id == unit.id)
    return session.scalars(query.where(AssignmentRule.role == role, AssignmentRule.ended_at.is_(None))).first()
