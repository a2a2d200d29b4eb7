"""From an empty county to its first certificates: what its administrator does once, in this order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from banyan.domain.organisation import UnitLevel
from banyan.domain.permission import Action, Duty, Target, may
from banyan.records.entry import Slip
from banyan.records.learning import Assignment, AssignmentRule
from banyan.records.organisation import Unit
from banyan.records.people import ChargeRow, Person
from banyan.tracker.county import county_unit, gaps
from banyan.tracker.people import Me, holds_on
from banyan.tracker.publishing import Workshop, needed_by, shelf


class Task(StrEnum):
    ROSTER = "roster"
    SETTINGS = "settings"
    COURSE = "course"
    TRAINER = "trainer"
    ASSIGNMENT = "assignment"
    SLIPS = "slips"


@dataclass(frozen=True)
class Opening:
    """Each task, and whether it is done."""

    done: Mapping[Task, bool]

    @property
    def next(self) -> Task | None:
        return next((task for task, done in self.done.items() if not done), None)


def opening(session: Session, me: Me, workshop: Workshop, today: date) -> Opening | None:
    """Return how far a county has opened; None for who does not administer all of it, and once it is open."""
    root = Target(frozenset({county_unit(session).path}))
    if not may(me.actor, Action.PUBLISH, root):
        return None
    done = {
        Task.ROSTER: _any(session, select(Unit.id).where(Unit.level == UnitLevel.GRID)),
        Task.TRAINER: _any(session, select(ChargeRow.id).where(ChargeRow.duty == Duty.TRAINER, holds_on(ChargeRow, today))),
        Task.ASSIGNMENT: _any(session, select(Assignment.id)) or _any(session, select(AssignmentRule.id)),
        Task.SLIPS: _any(session, select(Slip.id).where(Slip.person_id != me.person.id)) or _others_came_in(session, me),
    }
    if all(done.values()):  # nothing was asked of anybody before a course was published
        return None
    settled = not gaps(session, needed_by(workshop))
    done |= {Task.SETTINGS: settled, Task.COURSE: any(each.release for each in shelf(session, workshop))}
    return Opening({task: done[task] for task in Task})


def _others_came_in(session: Session, me: Me) -> bool:
    return _any(session, select(Person.id).where(Person.id != me.person.id, Person.password_hash.is_not(None)))


def _any(session: Session, query: Select[Any]) -> bool:
    return bool(session.scalar(select(exists(query))))
