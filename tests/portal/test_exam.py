"""Sitting an exam through the portal: what is kept, what is refused, what never leaves the server."""

import json
from datetime import timedelta
from typing import Any

import pytest

from banyan.courseware.exam import Form
from banyan.portal.learner.exam_api import milliseconds
from banyan.records.engine import reading
from banyan.records.examinations import Answer, Attempt
from grading import questions
from grading.questions import case
from tests.county import COURSE
from tests.portal.conftest import PORTAL, Visit, World
from tests.tracker.hall import right

START = f"/courses/{COURSE}/exam"


def begun(world: World) -> tuple[Visit, Attempt]:
    world.hall.learn()
    visit = world.as_(world.hall.learner.person)
    visit.get(START)
    assert visit.post(START).status_code == 303
    with reading(world.hall.make) as session:
        attempt = session.query(Attempt).one()
    visit.get(f"/exams/{attempt.id}")
    return visit, attempt


def slot_of(world: World, attempt: Attempt, *kinds: str) -> tuple[str, Any]:
    """Return a slot that asks one of these types of question, and its right answer."""
    for seat in Form.from_json(attempt.form).slots:
        item = world.hall.exam.items[seat.question]
        if item.type in kinds:
            return seat.name, right(item)
    raise AssertionError(kinds)


def kept(world: World, attempt: Attempt) -> dict[str, Any]:
    with reading(world.hall.make) as session:
        return {row.slot: row.value for row in session.query(Answer).filter_by(attempt_id=attempt.id)}


def test_the_rules_say_time_attempts_and_what_happens_without_a_line(world: World) -> None:
    world.hall.learn()
    page = world.as_(world.hall.learner.person).get(START).text
    for words in ("40分钟", "80分算过", "演练满分20，至少要16分", "还有3次", "没有网", "别关、别刷新答题的那一页", "换手机"):
        assert words in page


def test_beginning_twice_is_one_attempt(world: World) -> None:
    visit, attempt = begun(world)
    again = visit.post(START)
    assert again.headers["location"] == f"{PORTAL}/exams/{attempt.id}"
    assert "接着答" in visit.get(START).text


def test_the_exam_page_holds_every_question_and_no_key(world: World) -> None:
    visit, attempt = begun(world)
    page = visit.get(f"/exams/{attempt.id}").text
    seats = Form.from_json(attempt.form).slots
    assert page.count("data-slot=") == len(seats)
    for seat in seats:
        item = world.hall.exam.items[seat.question]
        secret = json.dumps(questions.dump(item), ensure_ascii=False)
        assert not isinstance(item, case.Item) or item.injects[item.start].choices["A"].says not in page
        if getattr(item, "why", None):
            assert item.why not in page, secret
        for text in getattr(item, "feedback", {}).values():
            assert text not in page
    assert '"key"' not in page
    assert "hard_fail" not in page


def test_an_answer_is_kept_and_acknowledged_with_the_server_s_time(world: World) -> None:
    visit, attempt = begun(world)
    slot, value = slot_of(world, attempt, "single", "multiple", "order")
    reply = visit.send("PUT", f"/exams/{attempt.id}/answers/{slot}", {"seq": 5, "value": value})
    assert reply.status_code == 200
    assert reply.json()["seq"] == 5
    assert reply.json()["now"] == round(world.clock.now.timestamp() * 1000)
    assert reply.json()["deadline_at"] == attempt.deadline_at.isoformat()
    assert kept(world, attempt) == {slot: value}


def test_a_late_resend_undoes_nothing(world: World) -> None:
    visit, attempt = begun(world)
    slot, value = slot_of(world, attempt, "open")
    visit.send("PUT", f"/exams/{attempt.id}/answers/{slot}", {"seq": 9, "value": value})
    reply = visit.send("PUT", f"/exams/{attempt.id}/answers/{slot}", {"seq": 3, "value": "旧的"})
    assert reply.json()["seq"] == 9
    assert kept(world, attempt) == {slot: value}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"seq": 0, "value": "A"}, id="no number"),
        pytest.param({"seq": "1", "value": "A"}, id="a number as text"),
        pytest.param({"seq": True, "value": "A"}, id="a truth for a number"),
        pytest.param({"seq": 1, "value": "Z"}, id="an option that is none"),
        pytest.param({"seq": 1, "value": {"$ne": 1}}, id="another shape"),
        pytest.param({"seq": 1, "value": "A", "points": 100}, id="a field too many"),
        pytest.param(["A"], id="no object"),
    ],
)
def test_an_answer_that_cannot_be_read_changes_nothing(world: World, body: Any) -> None:
    visit, attempt = begun(world)
    slot, _value = slot_of(world, attempt, "single", "multiple", "order")
    reply = visit.send("PUT", f"/exams/{attempt.id}/answers/{slot}", body)
    assert reply.status_code == 422
    assert reply.json()["message"]
    assert kept(world, attempt) == {}


def test_an_answer_without_the_seal_is_refused(world: World) -> None:
    visit, attempt = begun(world)
    slot, value = slot_of(world, attempt, "open")
    visit.seal = ""
    assert visit.send("PUT", f"/exams/{attempt.id}/answers/{slot}", {"seq": 1, "value": value}).status_code == 403
    assert kept(world, attempt) == {}


def test_a_signed_out_phone_keeps_its_queue_and_is_told(world: World) -> None:
    visit, attempt = begun(world)
    visit.client.cookies.clear()
    reply = visit.send("PUT", f"/exams/{attempt.id}/answers/s01", {"seq": 1, "value": "A"})
    assert (reply.status_code, reply.json()["error"]) == (401, 401)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("PUT", "/answers/s01", {"seq": 1, "value": "A"}),
        ("POST", "/steps", {"slot": "s19", "number": 1, "choice": "B"}),
        ("POST", "/submit", {}),
        ("POST", "/submit?by_clock=true", {}),
        ("GET", "/receipt", None),
        ("GET", "/result", None),
    ],
)
def test_somebody_else_s_attempt_does_not_exist(world: World, method: str, path: str, body: Any) -> None:
    _visit, attempt = begun(world)
    other = world.as_(world.hall.neighbour.person)
    other.get("/courses")
    assert other.send(method, f"/exams/{attempt.id}{path}", body).status_code == 404
    assert kept(world, attempt) == {}


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/answers/s01"), ("PUT", "/steps"), ("GET", "/steps"), ("GET", "/submit"), ("DELETE", "")]
)
def test_the_wrong_method_is_refused(world: World, method: str, path: str) -> None:
    visit, attempt = begun(world)
    assert visit.send(method, f"/exams/{attempt.id}{path}", {}).status_code == 405


def test_after_the_deadline_an_answer_is_refused_and_the_page_leads_to_the_result(world: World) -> None:
    visit, attempt = begun(world)
    world.clock.now = attempt.deadline_at + timedelta(minutes=1)
    reply = visit.send("PUT", f"/exams/{attempt.id}/answers/s01", {"seq": 1, "value": "A"})
    assert reply.status_code == 410
    assert reply.json()["message"] == "考试 10:40:00 结束，现在是 10:41:00，这一题没有存上；之前存好的答案会自动交卷"
    assert visit.get(f"/exams/{attempt.id}").headers["location"] == f"{PORTAL}/exams/{attempt.id}/result"


def test_the_drill_goes_one_step_at_a_time_and_never_back(world: World) -> None:
    visit, attempt = begun(world)
    slot = world.hall.slot_of("case")
    item = world.hall.drill_of(attempt)
    first, other = case.key(item)[0], next(each for each in item.injects[item.start].choices if each != case.key(item)[0])
    assert f">{item.title}</h2>" in visit.get(f"/exams/{attempt.id}").text
    path = f"/exams/{attempt.id}/steps"
    reply = visit.send("POST", path, {"slot": slot, "number": 1, "choice": first})
    assert (reply.status_code, reply.json()["number"], reply.json()["ended"]) == (200, 2, False)
    assert item.injects[item.start].choices[first].says not in reply.text
    assert visit.send("POST", path, {"slot": slot, "number": 1, "choice": first}).status_code == 200
    assert visit.send("POST", path, {"slot": slot, "number": 1, "choice": other}).status_code == 403
    assert visit.send("POST", path, {"slot": slot, "number": 5, "choice": first}).status_code == 422
    assert "您已经走了1步" in visit.get(f"/exams/{attempt.id}").text


def test_handing_in_wakes_a_grader_gives_a_receipt_and_is_done_once(world: World) -> None:
    visit, attempt = begun(world)
    reply = visit.send("POST", f"/exams/{attempt.id}/submit", {})
    again = visit.send("POST", f"/exams/{attempt.id}/submit", {})
    assert reply.json() == again.json()
    assert set(world.woken) == {1}
    page = visit.get(f"/exams/{attempt.id}/receipt").text
    assert "卷子交上了" in page
    assert "BYR1." in page
    assert visit.get(f"/exams/{attempt.id}").headers["location"] == f"{PORTAL}/exams/{attempt.id}/result"


def test_while_time_is_left_a_phone_s_clock_hands_nothing_in_and_is_told_the_time(world: World) -> None:
    visit, attempt = begun(world)
    by_clock = f"/exams/{attempt.id}/submit?by_clock=true"
    world.clock.now = attempt.deadline_at - timedelta(seconds=1)
    reply = visit.send("POST", by_clock, {})
    told = {"now": milliseconds(world.clock.now), "deadline": milliseconds(attempt.deadline_at)}
    assert (reply.status_code, reply.json()) == (409, {"message": "这部手机的钟快了，时间还没到，请接着答", **told})
    assert world.woken == []
    slot, value = slot_of(world, attempt, "single", "multiple", "order")
    assert visit.send("PUT", f"/exams/{attempt.id}/answers/{slot}", {"seq": 5, "value": value}).status_code == 200
    world.clock.now = attempt.deadline_at
    assert visit.send("POST", by_clock, {}).status_code == 200
    assert visit.send("POST", by_clock, {}).status_code == 200
    assert set(world.woken) == {1}


def test_a_form_hands_in_without_a_script(world: World) -> None:
    visit, attempt = begun(world)
    assert visit.post(f"/exams/{attempt.id}/submit").headers["location"] == f"{PORTAL}/exams/{attempt.id}/receipt"


def test_a_receipt_s_picture_is_its_owner_s_and_its_code_leads_anyone_to_the_answer(world: World) -> None:
    visit, attempt = begun(world)
    address = f"/exams/{attempt.id}/receipt/picture.png"
    assert visit.get(address).status_code == 404  # nothing is handed in yet
    visit.post(f"/exams/{attempt.id}/submit")
    picture = visit.get(address)
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    assert picture.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert "attachment" in picture.headers["content-disposition"]
    assert world.as_(world.hall.neighbour.person).get(address).status_code == 404
    with reading(world.hall.make) as session:
        receipt = session.get_one(Attempt, attempt.id).submission.receipt
    anyone = world.as_(None)
    assert "没有改动过" in anyone.get(f"/receipt?text={receipt}").text
    assert "没有改动过" in anyone.post("/receipt", {"text": f"http://xuexi.example{PORTAL}/receipt?text={receipt}"}).text
    assert anyone.get(f"/receipt?text={receipt[:-4]}").status_code == 422


def test_a_receipt_is_checked_by_anyone_and_a_forged_one_refused(world: World) -> None:
    visit, attempt = begun(world)
    visit.post(f"/exams/{attempt.id}/submit")
    with reading(world.hall.make) as session:
        receipt = session.get_one(Attempt, attempt.id).submission.receipt
    anyone = world.as_(None)
    assert "没有改动过" in anyone.post("/receipt", {"text": receipt}).text
    forged = anyone.post("/receipt", {"text": receipt[:-3] + ("AAA" if receipt[-3:] != "AAA" else "BBB")})
    assert forged.status_code == 422
    assert "核对不上" in forged.text
    assert anyone.post("/receipt", {"text": "x" * 5000}).status_code == 422
    assert world.hall.learner.person.name not in anyone.post("/receipt", {"text": receipt}).text
