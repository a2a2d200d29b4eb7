"""Building the demo county: units, people, posts and duties, always the same ones."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from banyan.domain.organisation import UnitLevel, path_of
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, ChargeRow, Person
from banyan.tracker.demo.plan import AccountPlan, Plan, PostPlan

SEED = 20261123
COURSE = "x-1-reporter"


@dataclass
class DemoCounty:
    """What was built: units by their names from the town down, people by grid, and the accounts one signs in with."""

    units: dict[str, Unit] = field(default_factory=dict)
    staff: dict[str, list[Person]] = field(default_factory=dict)
    accounts: list[tuple[AccountPlan, Person]] = field(default_factory=list)


class Builder:
    """Adds the county to a session; chance is seeded, so that it is the same county everywhere."""

    def __init__(self, session: Session, plan: Plan, starts_on: date, now: datetime) -> None:
        self.session, self.plan, self.starts_on, self.now = session, plan, starts_on, now
        self.chance = random.Random(SEED)  # noqa: S311 - the same county everywhere is the point
        self.names = self._names()
        self.number = 0
        self.county = DemoCounty()

    def build(self) -> DemoCounty:
        self._units()
        taken = {each.at for each in self.plan.accounts}
        for account in self.plan.accounts:
            self._account(account)
        self._towns_and_communities()
        self._grids([path for path in self.county.units if path.count("/") == 2 and path not in taken])
        self.session.flush()
        return self.county

    def _units(self) -> None:
        plan, add = self.plan, self._unit
        top = add(plan.county.name, plan.county.name, UnitLevel.COUNTY, None, plan.county.code)
        for town in plan.towns:
            street = add(town.name, town.name, UnitLevel.TOWN, top, town.code)
            for place, name in enumerate(town.communities, start=1):
                code = f"{town.code[:9]}{(0 if name.endswith('社区') else 200) + place:03d}"
                community = add(f"{town.name}/{name}", name, UnitLevel.COMMUNITY, street, code)
                for number, grid in enumerate(plan.grids, start=1):
                    add(f"{town.name}/{name}/{grid}", grid, UnitLevel.GRID, community, f"{code}{number:03d}")

    def _unit(self, key: str, name: str, level: UnitLevel, parent: Unit | None, code: str) -> Unit:
        path = path_of(parent.path if parent else "/", code)
        unit = Unit(name=name, code=code, level=level, parent_id=parent.id if parent else None, path=path)
        self.session.add(unit)
        self.session.flush()
        self.county.units[key] = unit
        return unit

    def _account(self, account: AccountPlan) -> None:
        post = PostPlan(post=account.post, role=account.role, count=1, full_time=account.full_time)
        person = self._person(account.name, account.at, post)
        if account.duty:
            course = COURSE if account.duty == "trainer" else ""
            unit = self.county.units[account.over]
            charge = ChargeRow(person_id=person.id, unit_id=unit.id, duty=account.duty, course=course, starts_on=self.starts_on)
            self.session.add(charge)
        self.county.accounts.append((account, person))

    def _towns_and_communities(self) -> None:
        for at in self.county.units:
            depth = at.count("/")
            posts = self.plan.posts.community if depth == 1 else self.plan.posts.town if depth == 0 else ()
            for post in posts if at != self.plan.county.name else ():
                for _ in range(post.count):
                    self._person(next(self.names), at, post)

    def _grids(self, free: list[str]) -> None:
        self.chance.shuffle(free)
        staffed = free[self.plan.empty_grids :]
        full, part = self.plan.posts.grid
        for at in staffed:
            self._person(next(self.names), at, full)
        for at in staffed[: self.plan.doubled_grids]:
            self._person(next(self.names), at, part)

    def _person(self, name: str, at: str, post: PostPlan) -> Person:
        self.number += 1
        person = Person(
            staff_number=f"{10010000 + self.number}",
            handle=f"p{self.chance.getrandbits(64):016x}",
            name=name,
            phone=f"1380000{self.number:04d}",
            created_at=self.now,
        )
        self.session.add(person)
        self.session.flush()
        grade = self.chance.randint(8, 18) if post.role == "CW" else None
        unit, since = self.county.units[at], self.starts_on
        job = {"role": post.role, "post": post.post, "grade": grade, "full_time": post.full_time, "starts_on": since}
        self.session.add(Appointment(person_id=person.id, unit_id=unit.id, **job))
        self.county.staff.setdefault(at, []).append(person)
        return person

    def _names(self) -> Iterator[str]:
        """Yield invented names, each once."""
        taken = {each.name for each in self.plan.accounts}
        every = [last + first for last in self.plan.surnames for first in self.plan.given if last + first not in taken]
        self.chance.shuffle(every)
        yield from every
