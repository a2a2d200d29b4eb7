"""Empty records, and a few people to put in them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from banyan.accounts.passwords import hash_password
from banyan.records.engine import Sessions, sessions, writing
from banyan.records.people import Person
from tests.blank import blank_records
from tests.county import County, places


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Sessions]:
    engine = blank_records(tmp_path / "records.sqlite")
    yield sessions(engine)
    engine.dispose()


@pytest.fixture
def lin(records: Sessions) -> Person:
    """林秀英, with an initial password, and 吴美玲, whose last day was 31 October."""
    born = datetime(2026, 1, 1, tzinfo=UTC)
    lin = Person(staff_number="YX0001", handle="h1", name="林秀英", password_hash=hash_password("initial-1"), created_at=born)
    wu = Person(staff_number="YX0002", handle="h2", name="吴美玲", password_hash=hash_password("initial-2"), created_at=born)
    wu.left_on = date(2026, 10, 31)
    with writing(records) as session:
        session.add_all([lin, wu])
    return lin


@pytest.fixture
def town(records: Sessions) -> tuple[Person, Person]:
    """陈晓明, who learns at a grid and has the password secret-1, and 郑国平, who administers the town above."""
    with writing(records) as session:
        county = County(session)
        at = places(county)
        chen, boss = county.person("陈晓明", at.xikou_1), county.person("郑国平", at.qingshi)
        county.trust(boss, "administrator", at.qingshi)
        chen.password_hash = hash_password("secret-1")
    return chen, boss
