"""Whoever comes second reads that somebody was first, not that something broke; a script sends it again."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from banyan.portal.desks import duties
from banyan.records.people import Person
from banyan.words.choice import LANGUAGE
from tests.county import NOW
from tests.portal.conftest import World


def _a_second(session: Session, *_asked: Any) -> None:
    session.add(Person(staff_number="twice", handle="one", name="甲", created_at=NOW))
    session.flush()
    session.add(Person(staff_number="twice", handle="other", name="乙", created_at=NOW))
    session.flush()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        pytest.param("zh", "刚才有人先做了", id="in Chinese"),
        pytest.param("en", "Somebody else was first", id="in English"),
    ],
)
def test_who_comes_second_reads_that_somebody_was_first(
    world: World, monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    monkeypatch.setattr(duties, "call_back", _a_second)
    visit = world.as_(world.hall.trainer.person, **{LANGUAGE: language})
    visit.get("/duties")
    reply = visit.post("/duties/call-back", {"loan": "1"})
    assert reply.status_code == 409
    assert words in reply.text
    script = visit.post("/duties/call-back", {"loan": "1"}, headers={"accept": "application/json"})
    assert (script.status_code, bool(script.headers["retry-after"])) == (503, True)
    assert words in script.json()["message"]
