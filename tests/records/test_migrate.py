"""The records can be brought to the present shape and back, and that shape is the one in code."""

import pytest
from sqlalchemy import Engine, inspect, select
from sqlalchemy.exc import IntegrityError

from banyan.records import migrate
from banyan.records.engine import reading, sessions, writing
from banyan.records.people import Appointment
from banyan.records.tables import metadata
from tests.county import LONG_AGO, County, places


def test_up_down_and_up_again(engine: Engine) -> None:
    migrate.upgrade(engine)
    assert set(metadata.tables) <= set(inspect(engine).get_table_names())
    migrate.downgrade(engine)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    migrate.upgrade(engine)
    assert migrate.drift(engine) == []


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    migrate.upgrade(engine)
    migrate.upgrade(engine)
    assert migrate.drift(engine) == []


def test_going_back_and_forth_with_people_in_the_records_keeps_who_points_to_whom(engine: Engine) -> None:
    migrate.upgrade(engine)
    with writing(sessions(engine)) as session:
        county = County(session)
        person = county.person("林秀英", places(county).xikou_1)
    migrate.downgrade(engine, "0001")
    migrate.upgrade(engine)
    with reading(sessions(engine)) as session:
        assert session.scalars(select(Appointment.person_id)).one() == person.id
    migrate.downgrade(engine)
    assert inspect(engine).get_table_names() == ["alembic_version"]


def test_after_a_migration_rows_are_bound_again(engine: Engine) -> None:
    migrate.upgrade(engine)
    with pytest.raises(IntegrityError), writing(sessions(engine)) as session:
        session.add(Appointment(person_id=9, unit_id=9, role="GS", post="网格员", starts_on=LONG_AGO))
