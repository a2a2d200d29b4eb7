"""Migrated records on a SQLite file, with a small county in them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from banyan.records.engine import Sessions, sessions
from banyan.tracker.rulebook import Rulebook
from tests import county as builder
from tests import house
from tests.blank import blank_records
from tests.tracker.hall import Hall, open_hall


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Sessions]:
    engine = blank_records(tmp_path / "records.sqlite")
    yield sessions(engine)
    engine.dispose()


@pytest.fixture
def session(make: Sessions) -> Iterator[Session]:
    """One writing transaction for the whole test, rolled back at its end."""
    with make() as opened:
        yield opened
        opened.rollback()


@pytest.fixture
def county(session: Session) -> builder.County:
    return builder.County(session)


@pytest.fixture
def places(county: builder.County) -> builder.Places:
    return builder.places(county)


@pytest.fixture(scope="session")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    return house.rulebook(tmp_path_factory.mktemp("releases"))


@pytest.fixture
def hall(make: Sessions, rulebook: Rulebook, tmp_path: Path) -> Hall:
    return open_hall(make, rulebook, house.copy_gradebooks(tmp_path / "gradebooks"))
