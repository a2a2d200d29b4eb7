"""What a page may tell and ask: only about its own reader, only of what the release holds."""

from typing import Any

import pytest

from banyan.records.engine import Sessions, reading
from banyan.records.learning import Concern
from tests.lessons.conftest import LESSONS, Reader


def test_a_step_read_to_its_end_stays_done(chen: Reader) -> None:
    assert chen.tell("steps", lesson="first", step="one-night").json() == {"step": "one-night", "saved": True}
    assert chen.tell("steps", lesson="first", step="one-night").status_code == 200
    assert chen.state("first").json()["steps"] == ["one-night"]


def test_an_answer_is_scored_here_and_kept(lin: Reader) -> None:
    assert lin.tell("practice", question="try-it", value="A").json() == {"right": False, "text": "照片救不了人。"}
    assert lin.tell("practice", question="try-it", value="B").json() == {"right": True, "text": "对。"}
    assert lin.state().json()["answers"] == {"try-it": "B"}


def test_what_is_unclear_is_told_to_the_trainer(lin: Reader, records: Sessions) -> None:
    assert lin.tell("concerns", question="try-it", kind="unclear", words="人数怎么算").json() == {"told": True}
    assert lin.tell("concerns", step="read", kind="wrong").status_code == 200
    with reading(records) as session:
        found = {(row.part, row.kind, row.words) for row in session.query(Concern)}
    assert found == {("try-it", "unclear", "人数怎么算"), ("#read", "wrong", "")}
    assert lin.state().json()["steps"] == [], "to ask about a step is not to have read it"


def test_nobody_reads_what_another_answered(lin: Reader, chen: Reader) -> None:
    lin.tell("practice", question="try-it", value="B")
    assert chen.state().json()["answers"] == {}


@pytest.mark.parametrize(
    ("what", "said", "status"),
    [
        pytest.param("steps", {"step": "no-such-step"}, 404, id="no such step"),
        pytest.param("steps", {"step": "read", "lesson": "none"}, 404, id="no such lesson"),
        pytest.param("steps", {"step": "read", "course": "../keys"}, 404, id="no such course"),
        pytest.param("steps", {"step": ["read"]}, 400, id="a list for a name"),
        pytest.param("steps", {}, 400, id="no step"),
        pytest.param("practice", {"question": "crack", "value": "A"}, 404, id="a question of the exam"),
        pytest.param("practice", {"question": "try-it", "lesson": "trial", "value": "A"}, 404, id="a question of another lesson"),
        pytest.param("practice/steps", {"question": "try-it", "path": []}, 404, id="a step in what is not walked"),
        pytest.param("practice/steps", {"question": "crack"}, 404, id="a step in a question of the exam"),
        pytest.param("practice", {"question": "try-it", "value": "Z"}, 422, id="no such option"),
        pytest.param("practice", {"question": "try-it", "value": {"$": 1}}, 422, id="a mapping for a letter"),
        pytest.param("concerns", {"question": "crack", "kind": "wrong"}, 404, id="a concern about a question of the exam"),
        pytest.param("concerns", {"kind": "wrong"}, 404, id="a concern about nothing"),
        pytest.param("concerns", {"question": "try-it", "kind": "rude"}, 422, id="a concern of no kind"),
        pytest.param("concerns", {"question": "try-it", "kind": "wrong", "words": "字" * 501}, 422, id="too many words"),
        pytest.param("concerns", {"question": ["try-it"], "kind": "wrong"}, 400, id="a list for a question"),
        pytest.param("practice", {"question": "try-it", "value": "B" * 70_000}, 413, id="a flood"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(lin: Reader, what: str, said: dict[str, Any], status: int) -> None:
    reply = lin.tell(what, **said)
    assert reply.status_code == status
    assert any("一" <= letter <= "鿿" for letter in reply.json()["error"])


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff", b"[" * 60_000])
def test_what_is_no_mapping_is_refused(lin: Reader, body: bytes) -> None:
    assert lin.post(f"{LESSONS}api/steps", content=body, headers=lin.xsrf()).status_code == 400


def test_a_form_of_another_site_changes_nothing(chen: Reader) -> None:
    headers = {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "cross-site"}
    body = {"course": "x-1", "lesson": "quiet", "step": "read"}
    assert chen.post(f"{LESSONS}api/steps", json=body, headers=headers).status_code in (401, 403)
    assert chen.state().json()["steps"] == []


def test_who_is_not_signed_in_is_told_so(stranger: Reader) -> None:
    reply = stranger.get(f"{LESSONS}api/state", params={"course": "x-1", "lesson": "quiet"})
    assert reply.status_code == 401
    assert "登录" in reply.json()["error"]


@pytest.mark.parametrize("what", ["steps", "practice", "concerns"])
def test_telling_is_not_asking(lin: Reader, what: str) -> None:
    assert lin.get(f"{LESSONS}api/{what}", headers=lin.xsrf()).status_code == 405
