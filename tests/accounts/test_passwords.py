"""Passwords: how they are compared, and what a new one must be."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from banyan.accounts.passwords import change_password, fits, hash_password, normalise_staff_number
from banyan.errors import BadInputError, NotAllowedError
from banyan.records.audit import AuditRow
from banyan.records.engine import Sessions, writing
from banyan.records.people import Person

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture
def session(records: Sessions, lin: Person):
    with writing(records) as session:
        yield session


def test_full_width_letters_and_digits_are_the_same_password():
    assert fits("ａｂｃｄ１２３４", hash_password("abcd1234"))


def test_nothing_fits_where_no_password_was_set():
    assert not fits("", None)
    assert not fits("nobody's", None)


def test_a_damaged_hash_fits_nothing():
    assert not fits("abcd1234", "$argon2id$broken")


@pytest.mark.parametrize("typed", ["yx0001", "ＹＸ０００１", " YX 0001 "])
def test_a_staff_number_is_read_however_it_is_typed(typed: str):
    assert normalise_staff_number(typed) == "YX0001"


def test_a_changed_password_replaces_the_initial_one(session: Session):
    lin = session.get_one(Person, 1)
    change_password(session, lin, "initial-1", "my own words", NOW)
    assert fits("my own words", lin.password_hash)
    assert not fits("initial-1", lin.password_hash)
    assert not lin.must_change_password
    assert session.query(AuditRow.action).all() == [("password.changed",)]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        pytest.param("wrong", "my own words", NotAllowedError, id="the old one is wrong"),
        pytest.param("initial-1", "1234567", BadInputError, id="too short"),
        pytest.param("initial-1", "a" * 201, BadInputError, id="too long"),
        pytest.param("initial-1", "ｙｘ00000001", BadInputError, id="the staff number"),
        pytest.param("initial-1", "initial-1", BadInputError, id="the initial one again"),
    ],
)
def test_a_refused_password_changes_nothing(session: Session, old: str, new: str, fault: type[Exception]):
    lin = session.get_one(Person, 1)
    lin.staff_number = "YX00000001"
    before = lin.password_hash
    with pytest.raises(fault):
        change_password(session, lin, old, new, NOW)
    assert lin.password_hash == before
    assert lin.must_change_password
