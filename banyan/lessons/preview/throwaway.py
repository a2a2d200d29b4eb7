"""The home of a preview: one reader in the demo's county, filled in as the demo fills it in, and nothing of anybody."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.domain.county import BY_KEY
from banyan.domain.county_values import parse
from banyan.domain.organisation import UnitLevel, path_of
from banyan.records import migrate
from banyan.records.county import CountySetting
from banyan.records.engine import open_engine, sessions, writing
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, Person
from banyan.settings import CONTENT, Home
from banyan.tracker.demo.plan import Plan, read_plan

AUTHOR = "author"
NAME = "写课的人"


def throwaway_home(root: Path, now: datetime) -> Home:
    """Make a home for the author alone."""
    home = Home.create(root, demo=True)
    engine = open_engine(home.records_url)
    migrate.upgrade(engine)
    with writing(sessions(engine)) as session:
        _furnish(session, read_plan(CONTENT / "demo" / "county.yaml"), now)
    engine.dispose()
    return home


def _furnish(session: Session, plan: Plan, now: datetime) -> None:
    """Let the author work in the last of the demo's townships, which has all its numbers."""
    county = _unit(session, plan.county.name, plan.county.code, UnitLevel.COUNTY, "/")
    town = _unit(session, plan.towns[-1].name, plan.towns[-1].code, UnitLevel.TOWN, county.path)
    author = Person(staff_number=AUTHOR, handle=AUTHOR, name=NAME, created_at=now, must_change_password=False)
    session.add(author)
    session.flush()
    today = county_day(now)
    session.add(Appointment(person_id=author.id, unit_id=town.id, role="CW", post=NAME, starts_on=today))
    at, told = {county.name: county, town.name: town}, plan.settings_from
    for each in plan.settings:
        if each.at in at:
            row = CountySetting(key=each.key, unit_id=at[each.at].id, value=parse(BY_KEY[each.key], each.value))
            row.source, row.dated_on, row.owner, row.set_by, row.set_at = told.source, told.dated_on, told.owner, author.id, now
            session.add(row)


def _unit(session: Session, name: str, code: str, level: UnitLevel, above: str) -> Unit:
    unit = Unit(name=name, code=code, level=level, path=path_of(above, code))
    session.add(unit)
    session.flush()
    return unit
