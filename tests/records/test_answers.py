"""An answer is kept where it is newer, on either database, whoever comes first."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from banyan.records.answers import keep_newest
from banyan.records.engine import Sessions, reading, sessions, writing
from banyan.records.examinations import Answer, Attempt
from banyan.records.people import Person

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
def make(blank: Engine) -> Sessions:
    return sessions(blank)


@pytest.fixture
def attempt(make: Sessions) -> int:
    with writing(make) as session:
        person = Person(staff_number="10001", handle="h1", name="林秀英", created_at=NOW)
        session.add(person)
        session.flush()
        sat = Attempt(person_id=person.id, course="x", release=1, number=1, form={}, started_at=NOW, deadline_at=NOW)
        session.add(sat)
        session.flush()
        return sat.id


def keep(make: Sessions, attempt: int, seq: int, value: Any, after: int = 0) -> tuple[int, datetime]:
    with writing(make) as session:
        row = {"attempt_id": attempt, "slot": "s01", "seq": seq, "value": value, "saved_at": NOW + timedelta(seconds=after)}
        kept = keep_newest(session, row)
        return kept.seq, kept.saved_at


def test_the_newest_stays_and_each_is_told_what_is_kept(make: Sessions, attempt: int) -> None:
    assert keep(make, attempt, 5, "first") == (5, NOW)
    assert keep(make, attempt, 7, ["second", None], after=1) == (7, NOW + timedelta(seconds=1))
    for late in (5, 7):
        assert keep(make, attempt, late, "late", after=2) == (7, NOW + timedelta(seconds=1))
    with reading(make) as session:
        (row,) = session.scalars(select(Answer))
        assert (row.attempt_id, row.slot, row.seq, row.value) == (attempt, "s01", 7, ["second", None])


def test_an_answer_taken_back_is_kept_as_nothing(make: Sessions, attempt: int) -> None:
    keep(make, attempt, 1, "something")
    keep(make, attempt, 2**53 - 1, None)
    with reading(make) as session:
        assert session.scalars(select(Answer)).one().value is None
