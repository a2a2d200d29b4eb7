"""Whatever is sent as an answer, to any type of question: refused in words or kept harmlessly, graded, shown as text."""

import json
from contextlib import suppress
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser

from banyan.certificates.public_key import canonical
from banyan.courseware.exam import Form
from banyan.domain.examination import State
from banyan.errors import InvalidAnswerError
from banyan.records.engine import reading, writing
from banyan.records.examinations import Answer, Attempt, Submission
from banyan.records.organisation import Unit
from banyan.records.people import Person
from banyan.tracker.rulebook import Rulebook
from grading import questions
from tests import every_type
from tests import house as houses
from tests.county import County
from tests.every_type import COURSE
from tests.portal.conftest import PORTAL, Visit, World
from tests.portal.exam_desk import served
from tests.tracker.hall import Hall, open_hall, right

EVIL = "</textarea></script><script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\">"
SHORT = "<script>document.title='ran'</script>"
TEXTS = {
    "markup": EVIL,
    "a template": "{{ 7 * 7 }} ${7*7} {% raw %}",
    "fences": f"````\n~~~\n```python\n{EVIL}\n```",
    "control characters": "a\x00b\x1b[31mc\x08\x7f",
    "half a character": "\ud800 and \udc00",
    "turned round": "\u202e\u2066abc\u2069",
    "a formula": '=HYPERLINK("http://x")',
}
DEEP = "[" * 10_000 + "]" * 10_000
DEEP_MAP = '{"a":' * 10_000 + "1" + "}" * 10_000
VALUES = {
    "not a number": "NaN",
    "endless": "-Infinity",
    "beyond a double": "1e999",
    "five thousand digits": "9" * 5_000,
    "past exactness": str(2**60),
    "true": "true",
    "nothing in lists": "[[[]]]",
    "foreign names": '{"__proto__": {"x": 1}, "constructor": 1}',
    "ten thousand lists deep": DEEP,
    "ten thousand maps deep": DEEP_MAP,
    "a hundred thousand choices": json.dumps(["A"] * 100_000),
    "ten thousand parts": json.dumps({str(each): "A" for each in range(10_000)}),
    "another's photo": json.dumps({"digest": "0a" * 32, "media": "image/jpeg", "bytes": 9, "width": 9, "height": 9}),
    "a path": json.dumps({"digest": "../../keys/portal", "media": "image/jpeg", "bytes": 9, "width": 9, "height": 9}),
    "a photo that stayed": '"here"',
}
BODIES = {
    "no JSON": b"{",
    "nothing": b"",
    "no text": b'{"seq": 1, "value": "\xff\xfe"}',
    "a list": b"[1]",
    "null": b"null",
    "further names": b'{"seq": 1, "value": null, "score": 100}',
    "no count": b'{"value": "A"}',
    "a count in words": b'{"seq": "1", "value": null}',
    "a count without end": b'{"seq": 1e999, "value": null}',
    "a count too large": b'{"seq": 99999999999999999999, "value": null}',
}
TEN_MEGABYTES = json.dumps("长" * 3_400_000, ensure_ascii=False)
OURS = "这是我们的错"


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    rules = houses.rulebook(tmp_path_factory.mktemp("releases"))
    every_type.build(rules, tmp_path_factory.mktemp("courses"))
    return rules


@pytest.fixture
def hall(make: Any, rulebook: Rulebook, tmp_path: Path) -> Hall:
    """The hall, its learner ready for this exam, its trainer trusted with it."""
    opened = open_hall(make, rulebook, tmp_path / "gradebooks")
    every_type.learn(opened)
    with writing(make) as session:
        trainer = session.get_one(Person, opened.trainer.person.id)
        County(session).trust(trainer, "trainer", session.get_one(Unit, opened.trainer.units[0].id), COURSE)
    return opened


@pytest.fixture
def sitting(world: World) -> tuple[Visit, Attempt]:
    visit = world.as_(world.hall.learner.person)
    visit.get(f"/courses/{COURSE}/exam")
    assert visit.post(f"/courses/{COURSE}/exam").status_code == 303
    with reading(world.hall.make) as session:
        attempt = session.query(Attempt).one()
    visit.get(f"/exams/{attempt.id}")
    return visit, attempt


def paper(world: World, attempt: Attempt) -> dict[str, questions.Item]:
    exam = world.hall.rulebook.catalogue.newest(COURSE).exam
    return {each.name: exam.items[each.question] for each in Form.from_json(attempt.form).slots}


def put(visit: Visit, path: str, body: bytes, kind: str = "application/json") -> Any:
    headers = {"accept": "application/json", "x-csrf-token": visit.seal, "content-type": kind}
    return visit.client.put(PORTAL + path, content=body, headers=headers)


def assert_told(reply: Any, what: str) -> None:
    """Taken, or refused with a sentence; never our own fault, never a silence."""
    assert reply.status_code in (200, 404, 410, 413, 422), f"{what}: {reply.status_code} {reply.text[:200]}"
    if reply.status_code != 200:
        said = reply.json()["message"]
        assert len(said) >= 6, what
        assert OURS not in said, f"{what}: {said}"


def kept(world: World) -> dict[str, Any]:
    with reading(world.hall.make) as session:
        return {row.slot: row.value for row in session.query(Answer)}


def filled(shape: Any, text: str) -> Any:
    """Return an answer of the right shape that says this everywhere."""
    if isinstance(shape, dict):
        return {name: filled(each, text) for name, each in shape.items()}
    return [filled(each, text) for each in shape] if isinstance(shape, list) else text


def test_the_exam_asks_every_type_there_is(world: World, sitting: tuple[Visit, Attempt]) -> None:
    assert {each.type for each in paper(world, sitting[1]).values()} == set(questions.REGISTRY)


def test_no_value_breaks_any_type_and_what_is_kept_can_be_frozen(world: World, sitting: tuple[Visit, Attempt]) -> None:
    visit, attempt = sitting
    for slot, item in paper(world, attempt).items():
        texts = {name: json.dumps(filled(right(item), text)) for name, text in TEXTS.items()}
        bare = {f"{name}, bare": json.dumps(text) for name, text in TEXTS.items()}
        for seq, (name, value) in enumerate((texts | bare | VALUES).items(), start=1):
            body = f'{{"seq": {seq}, "value": {value}}}'.encode("utf-8", "surrogatepass")
            assert_told(put(visit, f"/exams/{attempt.id}/answers/{slot}", body), f"{item.type}, {name}")
            assert canonical({"value": kept(world).get(slot)}), f"{item.type}, {name}"
    for slot in ("s01", "s05"):  # what each type does with so much, the laws of scoring say
        assert_told(put(visit, f"/exams/{attempt.id}/answers/{slot}", f'{{"seq": 99, "value": {TEN_MEGABYTES}}}'.encode()), slot)


def test_a_body_that_is_no_answer_is_refused_in_words_and_changes_nothing(world: World, sitting: tuple[Visit, Attempt]) -> None:
    visit, attempt = sitting
    for name, body in BODIES.items():
        reply = put(visit, f"/exams/{attempt.id}/answers/s01", body)
        assert reply.status_code == 422, name
        assert_told(reply, name)
    assert kept(world) == {}


def test_of_a_name_said_twice_the_last_one_counts_and_nothing_else(world: World, sitting: tuple[Visit, Attempt]) -> None:
    visit, attempt = sitting
    slot = next(slot for slot, item in paper(world, attempt).items() if item.type == "single")
    twice = b'{"seq": 1, "value": "Z", "seq": 2, "value": "A"}'
    assert put(visit, f"/exams/{attempt.id}/answers/{slot}", twice).status_code == 200
    assert kept(world) == {slot: "A"}


def test_an_answer_to_a_slot_that_is_not_there_or_another_ones_attempt_is_refused(
    world: World, sitting: tuple[Visit, Attempt]
) -> None:
    visit, attempt = sitting
    nowhere = [(attempt.id, each) for each in ("s99", "..%2f..", "s01%00", "%3Cscript%3E", "s" * 3000)]
    for number, slot in (*nowhere, (attempt.id + 1, "s01"), (2**62, "s01")):
        for path in (f"/exams/{number}/answers/{slot}", f"/exams/{number}/files/{slot}?seq=1"):
            reply = put(visit, path, b'{"seq": 1, "value": "A"}')
            assert reply.status_code == 404, path
    neighbour = world.as_(world.hall.neighbour.person)
    neighbour.get(f"/courses/{COURSE}/exam")
    neighbour.seal = neighbour.seal or visit.seal
    assert put(neighbour, f"/exams/{attempt.id}/answers/s01", b'{"seq": 1, "value": "A"}').status_code in (403, 404)
    assert kept(world) == {}


def test_a_step_that_is_no_choice_is_refused_and_taken_nowhere(world: World, sitting: tuple[Visit, Attempt]) -> None:
    visit, attempt = sitting
    asked = paper(world, attempt).items()
    for (slot, item), choice in product(asked, (EVIL, "", "\x00", "A" * 100_000, "__proto__")):
        reply = visit.send("POST", f"/exams/{attempt.id}/steps", {"slot": slot, "number": 1, "choice": choice})
        assert reply.status_code == (422 if item.type in questions.STEPPED else 404)
        assert_told(reply, item.type)


def worst(item: questions.Item) -> Any:
    """Return the worst answer that an item takes: markup wherever something is typed, else a right answer."""
    for each in (f"{EVIL}\n````\n{EVIL}", filled(right(item), SHORT)):
        with suppress(InvalidAnswerError):
            questions.type_of(item).parse(item, each)
            return each
    return right(item)


def photo() -> bytes:
    made = BytesIO()
    Image.new("RGB", (60, 40), "green").save(made, "JPEG", comment=EVIL.encode())
    return made.getvalue() + EVIL.encode()


@pytest.fixture
def handed_in(world: World, sitting: tuple[Visit, Attempt]) -> Submission:
    """The worst of every type, handed in and graded."""
    visit, attempt = sitting
    for slot, item in paper(world, attempt).items():
        kind = questions.stepped_type_of(item)
        if kind:
            for number, choice in enumerate(kind.key(item), start=1):
                step = {"slot": slot, "number": number, "choice": choice}
                assert visit.send("POST", f"/exams/{attempt.id}/steps", step).status_code == 200
        elif item.type == "file":
            assert put(visit, f"/exams/{attempt.id}/files/{slot}?seq=1", photo(), "image/svg+xml").status_code == 200
        else:
            body = {"seq": 1, "value": worst(item)}
            assert visit.send("PUT", f"/exams/{attempt.id}/answers/{slot}", body).status_code == 200, item.type
    assert visit.send("POST", f"/exams/{attempt.id}/submit", {}).status_code == 200
    with reading(world.hall.make) as session:
        submission = session.query(Submission).one()
    assert world.hall.grade(submission) is State.UNMARKED
    return world.hall.row(submission)


@pytest.mark.browser
def test_the_worst_answers_are_graded_and_shown_and_run_nowhere(world: World, handed_in: Submission, chromium: Browser) -> None:
    """The result, the receipt, the marking desk and every answer on it, in a real browser."""
    slots = [slot for slot, each in (handed_in.scores or {}).items() if each["needs_mark"]]
    assert len(slots) == len([each for each in questions.TYPES if each.by_hand])
    assert handed_in.frozen.encode() == canonical(json.loads(handed_in.frozen))
    own = [f"/exams/{handed_in.attempt_id}/{each}" for each in ("result", "receipt")]
    desk = ["/marking", *(f"/marking/{handed_in.id}/{slot}" for slot in slots)]
    seen = []
    with served(world.app) as url:
        for me, paths in ((world.hall.learner, own), (world.hall.trainer, desk)):
            context = chromium.new_context(locale="zh-CN")
            context.add_cookies([{"name": "who", "value": me.person.staff_number, "url": url}])
            page = context.new_page()
            for path in paths:
                reply = page.goto(f"{url}{PORTAL}{path}")
                assert reply is not None
                assert reply.status == 200, path
                assert page.title() != "ran", path
                assert page.locator("main script, main [onerror], main img[src=x]").count() == 0, path
                seen.append(page.locator("main").inner_text())
            context.close()
    assert any("onerror" in each for each in seen), "what was written is there to be read, as text"
