"""Moments come back as they went in, in UTC; a moment without a zone is refused."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import StatementError

from banyan.records import migrate
from banyan.records.engine import reading, sessions, writing
from banyan.records.people import Person

IN_THE_COUNTY = datetime(2026, 11, 23, 16, 30, 0, 250000, tzinfo=timezone(timedelta(hours=8)))


def person(created_at: datetime) -> Person:
    return Person(staff_number="10010001", handle="p1", name="𠮷小燕", created_at=created_at)


def test_a_moment_keeps_its_instant(engine: Engine) -> None:
    migrate.upgrade(engine)
    make = sessions(engine)
    with writing(make) as session:
        session.add(person(IN_THE_COUNTY))
    with reading(make) as session:
        found = session.scalars(select(Person)).one()
    assert found.created_at == IN_THE_COUNTY
    assert found.created_at.tzinfo is UTC
    assert found.name == "𠮷小燕"


def test_a_moment_without_a_zone_is_refused(engine: Engine) -> None:
    migrate.upgrade(engine)
    with pytest.raises(StatementError), writing(sessions(engine)) as session:
        session.add(person(datetime(2026, 11, 23)))
