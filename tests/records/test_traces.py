"""Traces: what a page knows not to be there it does not ask for; what is there it reads all the same."""

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from banyan.domain.county import INVIGILATION
from banyan.domain.organisation import UnitLevel
from banyan.records.county import CountySetting
from banyan.records.engine import Sessions, reading, sessions, writing
from banyan.records.learning import Concern
from banyan.records.people import Person
from banyan.records.traces import INVIGILATED, TABLES, TRACES, all_exams_invigilated, keep, only_with
from tests.county import NOW, County

SAID = {"course": "x-1-reporter", "release": 1, "lesson": "duty", "part": "#where", "kind": "unclear", "raised_at": NOW}


@only_with(Concern, list)
def said(session: Session, person_id: int) -> list[str]:
    return list(session.scalars(select(Concern.words).where(Concern.person_id == person_id)))


@pytest.fixture
def people(blank: Engine) -> tuple[Sessions, int, int]:
    """Two people, of whom the first has said something."""
    make = sessions(blank)
    with writing(make) as session:
        county = County(session)
        one, other = county.person("陈桂兰"), county.person("李阿水")
        session.add(Concern(person_id=one.id, **SAID, words="听不清"))
        session.flush()
        ids = one.id, other.id
    return make, *ids


def trace(session: Session, person_id: int) -> None:
    query = select(INVIGILATED.scalar_subquery(), *TRACES).where(Person.id == person_id)
    watched, *found = session.execute(query).one()
    keep(session, person_id, watched, found)


def test_a_table_that_knows_nothing_of_somebody_is_not_asked(people: tuple[Sessions, int, int]) -> None:
    make, one, other = people
    asked: list[str] = []
    event.listen(make.kw["bind"], "before_cursor_execute", lambda *told: asked.append(told[2]))
    with reading(make) as session:
        trace(session, one)
        trace(session, other)
        asked.clear()
        assert said(session, other) == []
        assert not asked
        assert said(session, one) == ["听不清"]
        assert len(asked) == 1


def test_without_traces_and_for_whoever_writes_the_table_is_asked(people: tuple[Sessions, int, int]) -> None:
    make, one, other = people
    with reading(make) as session:
        trace(session, other)
        assert said(session, one) == ["听不清"]
    with writing(make) as session:
        trace(session, other)
        session.add(Concern(person_id=other, **SAID, words="太长"))
        session.flush()
        assert said(session, other) == ["太长"]


def test_what_the_county_says_of_exams_is_found_with_who_asks(people: tuple[Sessions, int, int]) -> None:
    make, one, _ = people
    asked: list[str] = []
    with writing(make) as session:
        unit = County(session).unit("榕溪县", UnitLevel.COUNTY)
        for value in (False, True):
            row = CountySetting(key=INVIGILATION, unit_id=unit.id, value=value, source="x", owner="y", dated_on=NOW.date())
            row.set_at = NOW
            session.add(row)
            session.flush()
            trace(session, one)
            assert all_exams_invigilated(session) is value
    with reading(make) as session:
        assert all_exams_invigilated(session)
        trace(session, one)
        event.listen(make.kw["bind"], "before_cursor_execute", lambda *told: asked.append(told[2]))
        assert all_exams_invigilated(session)
        assert not asked


def test_each_table_is_looked_up_by_the_person_first() -> None:
    """So that looking for traces costs the same however many rows others have."""
    for each in TABLES:
        table = each.__table__
        starts = [next(iter(index.columns)).name for index in table.indexes]
        starts += [next(iter(key.columns)).name for key in table.constraints if getattr(key, "columns", None)]
        assert "person_id" in starts, table.name
