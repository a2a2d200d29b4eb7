"""Letting the demo county have lived a little: lessons read, exams passed, practicals held, certificates earned and run out."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.orm import Session

from banyan.courseware.release import Release
from banyan.domain.calendar import county_day
from banyan.domain.certification import Programme
from banyan.domain.framework import Competency, Framework, Kind
from banyan.records.learning import Assignment, StepDone
from banyan.records.people import Person
from banyan.tracker.demo.county import SEED, DemoCounty
from banyan.tracker.intake import Claim, take_in
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.standing import lapse

Progress = Literal["fresh", "learning", "learnt", "examined", "certified", "ending", "expired"]

SHARES: dict[Progress, int] = {  # in percent
    "certified": 48,
    "ending": 6,
    "expired": 8,
    "examined": 10,
    "learnt": 8,
    "learning": 8,
    "fresh": 12,
}
DAYS_AGO: dict[Progress, tuple[int, int]] = {  # when the exam was; a certificate lasts 365 days from the practical
    "examined": (3, 40),
    "certified": (20, 240),
    "ending": (290, 350),
    "expired": (380, 420),
}
DUE_IN = timedelta(days=17)


TOGETHER = timedelta(days=30)
"""How long ago some of one town earned their certificates, all at one class."""
TOGETHER_AT, TOGETHER_MOST = "青石镇", 8


def live(session: Session, county: DemoCounty, programme: Programme, rulebook: Rulebook, now: datetime) -> list[Person]:
    """Ask the programme of everybody in a grid and let each come as far as chance or the plan says.

    Return who came as far as a certificate in one class.
    """
    chance = random.Random(SEED + 1)  # noqa: S311 - the same county everywhere is the point
    planned = {person.id: account.progress for account, person in county.accounts}
    staff = [(at, person) for at, people in county.staff.items() if at.count("/") == 2 for person in people]
    together: list[Person] = []
    for at, person in staff:
        drawn = chance.choices(list(SHARES), weights=list(SHARES.values()))[0]
        progress = planned.get(person.id) or drawn
        _ask(session, person, programme, now)
        ago = timedelta(days=chance.randint(*DAYS_AGO.get(progress, (1, 1))))
        if progress == "certified" and at.startswith(TOGETHER_AT) and person.id not in planned and len(together) < TOGETHER_MOST:
            together.append(person)
            ago = TOGETHER
        _come(session, _Life(person, progress, now - ago), programme, rulebook)
    lapse(session, rulebook.framework, county_day(now))
    return together


def _ask(session: Session, person: Person, programme: Programme, now: datetime) -> None:
    due = county_day(now) + DUE_IN
    session.add(Assignment(person_id=person.id, programme=programme.code, due_on=due, assigned_at=now - timedelta(days=14)))
    session.flush()


@dataclass(frozen=True)
class _Life:
    """A person who has come so far by a moment."""

    person: Person
    progress: Progress
    then: datetime


def _come(session: Session, life: _Life, programme: Programme, rulebook: Rulebook) -> None:
    person, progress, then = life.person, life.progress, life.then
    release = rulebook.catalogue.newest(programme.courses[0])
    lessons = {"fresh": 0, "learning": 1}.get(progress, len(release.lessons))
    for lesson in release.lessons[:lessons]:
        for step in lesson.steps:
            session.add(StepDone(person_id=person.id, course=release.course, lesson=lesson.name, step=step.name, done_at=then))
    if progress in DAYS_AGO:
        take_in(session, _exam(life, programme, rulebook.framework), rulebook, then)
    if progress in ("certified", "ending", "expired"):
        take_in(session, _practical(life, release, rulebook.framework), rulebook, then)


def _exam(life: _Life, programme: Programme, framework: Framework) -> Iterator[Claim]:
    """What passing the exam with its drill shows."""
    for code, level in programme.targets.items():
        yield _claim(life, framework.competency(code), Kind.OA, level)
        if level > 1:
            yield _claim(life, framework.competency(code), Kind.SIM, level)


def _practical(life: _Life, release: Release, framework: Framework) -> Iterator[Claim]:
    if release.practical:
        yield _claim(life, framework.competency(release.practical.competency), Kind.OS, release.practical.level)


def _claim(life: _Life, competency: Competency, kind: Kind, level: int) -> Claim:
    source = f"demo:{life.person.staff_number}:{kind}:{competency.code}"
    shown, day = competency.indicator_codes, county_day(life.then)
    return Claim(life.person.id, competency.code, shown, kind, level, day, source)
