"""The records can be brought to the present shape and back, and that shape is the one in code."""

from sqlalchemy import Engine, inspect

from banyan.records import migrate
from banyan.records.tables import metadata


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
