"""What is stated survives signing to the letter, and no title claims what a county cannot give."""

import dataclasses
from typing import Any

import pytest

from banyan.certificates.statement import Statement
from banyan.domain.wording import check_words
from banyan.errors import TamperedError


def test_it_is_read_back_as_it_was(statement: Statement) -> None:
    assert Statement.parse(statement.payload()) == statement


@pytest.mark.parametrize("watched", [True, False])
def test_what_is_told_of_the_exam_is_signed_and_read_back(statement: Statement, watched: bool) -> None:
    told = dataclasses.replace(statement, invigilated=watched)
    assert Statement.parse(told.payload()) == told
    assert told.payload() != statement.payload()


def test_a_certificate_of_before_invigilation_was_told_is_still_one(statement: Statement) -> None:
    assert "w" not in statement.payload()
    assert Statement.parse(statement.payload()).invigilated is None


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"v": "R1"}, id="a receipt"),
        pytest.param({"s": "BY26-7K3M-92Q4"}, id="a serial that cannot be"),
        pytest.param({"i": "2026-11-31"}, id="no such day"),
        pytest.param({"i": "20261123"}, id="a day in another spelling"),
        pytest.param({"d": True}, id="true for 1"),
        pytest.param({"d": 2}, id="2 for 1"),
        pytest.param({"d": 0.0}, id="0.0 for 0"),
        pytest.param({"d": 1.0}, id="1.0 for 1"),
        pytest.param({"n": None}, id="no name"),
        pytest.param({"n": ["林"]}, id="a list for a name"),
        pytest.param({"a": "C5.2"}, id="no level"),
        pytest.param({"a": 3}, id="a number for levels"),
        pytest.param({"w": 2}, id="neither watched nor not"),
        pytest.param({"w": None}, id="nothing said of the exam"),
        pytest.param({"x": "more"}, id="something more"),
    ],
)
def test_anything_else_is_no_certificate(statement: Statement, changes: dict[str, Any]) -> None:
    with pytest.raises(TamperedError):
        Statement.parse(statement.payload() | changes)


@pytest.mark.parametrize("key", list("vsntcpaieokd"))
def test_nothing_of_it_may_lack(statement: Statement, key: str) -> None:
    with pytest.raises(TamperedError):
        Statement.parse({name: value for name, value in statement.payload().items() if name != key})


def test_a_persons_name_is_nobodys_claim(statement: Statement) -> None:
    check_words(statement.title, statement.programme_title, statement.issuer)
    assert dataclasses.replace(statement, name="刘国家").payload()["n"] == "刘国家"
