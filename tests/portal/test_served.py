"""Nothing a learner's session is served tells a key of the exam: every body is kept and searched, from the first lesson
to the result and the next day's three.

Two proofs. The course is built with a canary in everything only the server may know: none may sing in any body. And with
every key turned round the page of an exam and all replies to it stay the same to the letter: they cannot tell a key.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from banyan.courseware.build import build_course
from banyan.courseware.exam import Form
from banyan.domain.examination import State
from banyan.records.engine import Sessions, reading, writing
from banyan.records.examinations import Attempt, Submission
from banyan.records.learning import StepDone
from banyan.serve.ports import free_ports
from banyan.settings import Home
from banyan.tracker.rulebook import Rulebook
from banyan.words.language import LANGUAGES
from grading.questions import case, single
from tests import house as houses
from tests.county import COURSE, NOW
from tests.courseware.sample import Sample
from tests.lessons.conftest import BORN, LESSONS, LIN, _people
from tests.lessons.reading import House as ReadingHouse
from tests.portal.canary import SONG, copied, with_canaries, with_other_keys
from tests.portal.conftest import World
from tests.tracker.hall import Hall, open_hall, right

VARYING = re.compile(r'(name="csrf" value="|data-csrf=")[0-9a-f.]+|content-length: \d+')
CANARY = re.compile(rf"{SONG}\d+")


@dataclass
class Served:
    """All that a learner's browser was ever given: address → body."""

    bodies: list[tuple[str, str]] = field(default_factory=list)

    def keep(self, reply: httpx.Response) -> httpx.Response:
        told = " ".join(f"{name}: {value}" for name, value in reply.headers.items())
        body = reply.content.decode("utf-8", errors="replace")
        self.bodies.append((f"{reply.request.method} {reply.request.url.path}", f"{told}\n{body}"))
        return reply

    def sung(self) -> dict[str, set[str]]:
        """Return the canaries that sang, and where."""
        found: dict[str, set[str]] = {}
        for address, body in self.bodies:
            for name in CANARY.findall(body):
                found.setdefault(name, set()).add(address)
        return found


def rulebook_over(courses: Path, releases: Path) -> Rulebook:
    return houses.rulebook(releases, courses)


@pytest.fixture(scope="module")
def canaries(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Rulebook, dict[str, str]]:
    root = tmp_path_factory.mktemp("canaries")
    sitting = with_canaries(copied(root / "courses"))
    home = Home.create(root / "home", demo=True)
    return home, rulebook_over(root / "courses", home.releases), sitting


@pytest.fixture
def hall(make: Sessions, canaries: tuple[Home, Rulebook, dict[str, str]], tmp_path: Path) -> Hall:
    return open_hall(make, canaries[1], tmp_path / "gradebooks")


@dataclass
class Learner:
    """A learner in a world, everything they are served kept."""

    world: World
    languages: tuple[str, ...] = tuple(LANGUAGES)
    served: Served = field(default_factory=Served)

    def __post_init__(self) -> None:
        self.visit = self.world.as_(self.world.hall.learner.person)
        self.visit.client.follow_redirects = True

    def get(self, path: str, **how: Any) -> httpx.Response:
        return self.served.keep(self.visit.get(path, **how))

    def everywhere(self, path: str) -> None:
        """See a page in each language."""
        for language in self.languages:
            self.get(f"{path}?lang={language}")

    def post(self, path: str, **form: str) -> httpx.Response:
        return self.served.keep(self.visit.post(path, form))

    def send(self, method: str, path: str, body: Any) -> httpx.Response:
        return self.served.keep(self.visit.send(method, path, body))


def form_of(learner: Learner) -> Form:
    with reading(learner.world.hall.make) as session:
        return Form.from_json(session.query(Attempt).one().form)


def sit(learner: Learner, rightly: bool) -> None:
    """Sit the whole exam as a phone does: rules, begin, every slot, reload, the drill, a concern, hand in, receipt."""
    learner.everywhere(f"/courses/{COURSE}/exam")
    learner.post(f"/courses/{COURSE}/exam")
    learner.everywhere("/exams/1")
    exam = learner.world.hall.exam
    for slot in form_of(learner).slots:
        item = exam.items[slot.question]
        if isinstance(item, case.Item):
            walk(learner, slot.name, item, well=rightly)
            continue
        learner.send("PUT", f"/exams/1/answers/{slot.name}", {"seq": 1, "value": "没有这样的答案" * 20})
        learner.send("PUT", f"/exams/1/answers/{slot.name}", {"seq": 2, "value": right(item) if rightly else None})
        learner.send("POST", "/exams/1/concerns", {"slot": slot.name, "kind": "unclear", "words": "看不懂"})
    learner.everywhere("/exams/1")
    learner.send("POST", "/exams/1/submit", {})
    learner.everywhere("/exams/1/receipt")
    learner.get("/exams/1/receipt/picture.png")
    learner.everywhere("/exams/1/result")
    learner.get("/exams/1/place")


def walk(learner: Learner, slot: str, item: case.Item, well: bool) -> None:
    """Go through a drill, as well as one can or by what loses it; at each step also try what is not there."""
    path: tuple[str, ...] = ()
    while (here := case.situation(item, path)) is not None:
        learner.send("POST", "/exams/1/steps", {"slot": slot, "number": len(path) + 1, "choice": "Z"})
        lost = next((each for each, choice in here.choices.items() if choice.hard_fail), next(iter(here.choices)))
        chosen = case.key(item)[len(path)] if well else lost
        learner.send("POST", "/exams/1/steps", {"slot": slot, "number": len(path) + 1, "choice": chosen})
        path = (*path, chosen)
    learner.get("/exams/1")


def outcome(learner: Learner) -> None:
    """Let the paper be graded and marked, then see what a learner sees of it, then and the day after."""
    hall = learner.world.hall
    with reading(hall.make) as session:
        submission = session.query(Submission).one()
    if hall.grade(submission) is State.UNMARKED:
        learner.everywhere("/exams/1/result")
        hall.mark(submission, 4, 3, 2, 1, comment="写得清楚")
    for path in ("/exams/1/result", "/exams/1/receipt", "/learning", "/courses", f"/courses/{COURSE}", f"/courses/{COURSE}/exam"):
        learner.everywhere(path)
    learner.world.clock.now = NOW + timedelta(days=1)
    with writing(hall.make) as session:
        session.execute(update(StepDone).values(done_at=NOW))
    learner.everywhere("/daily")
    asked = hall.rulebook.catalogue.newest(COURSE)
    for name, (lesson, _) in asked.asked_at.items():
        given = {"course": COURSE, "lesson": lesson, "question": name, "day": "2026-11-24", "value": right(asked.practice[name])}
        learner.send("POST", "/daily/answers", given)
    learner.everywhere("/daily")
    learner.everywhere("/learning")


@pytest.mark.parametrize("rightly", [True, False], ids=["passed", "lost"])
def test_no_canary_sings_in_anything_a_learner_is_served(world: World, canaries: Any, rightly: bool) -> None:
    sitting = canaries[2]
    assert len(sitting) > 500
    learner = Learner(world, tuple(LANGUAGES) if rightly else ("zh-Hant",))
    learner.everywhere("/learning")
    learner.everywhere(f"/courses/{COURSE}")
    world.hall.learn()
    sit(learner, rightly)
    before = learner.served.sung()
    assert before == {}, "not one before the result"
    outcome(learner)
    sung = learner.served.sung()
    drill = world.hall.drill_of(_attempt(world))
    lost = {name for choice in case.taken(drill, _path(world)) if choice.hard_fail for name in CANARY.findall(choice.hard_fail)}
    assert set(sung) <= lost, {name: (sitting[name], places) for name, places in sung.items() if name not in lost}
    assert {address for places in sung.values() for address in places} <= {"GET /services/portal/exams/1/result"}
    assert rightly == (lost == set()), "of whoever lost the exam, the result names what lost it, and nothing else"
    assert len(learner.served.bodies) > 150
    reached = {re.sub(r"s\d\d", "{slot}", address) for address, _ in learner.served.bodies}
    assert {f"{verb} /services/portal/{path}" for verb, path in WALKED} <= reached


WALKED = (
    ("GET", "learning"), ("GET", f"courses/{COURSE}"), ("GET", f"courses/{COURSE}/exam"), ("GET", "exams/1"),
    ("PUT", "exams/1/answers/{slot}"), ("POST", "exams/1/steps"), ("POST", "exams/1/concerns"), ("POST", "exams/1/submit"),
    ("GET", "exams/1/receipt"), ("GET", "exams/1/receipt/picture.png"), ("GET", "exams/1/result"), ("GET", "daily"),
    ("POST", "daily/answers"),
)  # fmt: skip


def _attempt(world: World) -> Attempt:
    with reading(world.hall.make) as session:
        return session.query(Attempt).one()


def _path(world: World) -> tuple[str, ...]:
    with reading(world.hall.make) as session:
        frozen = json.loads(session.query(Submission).one().frozen)
    return tuple(frozen["answers"][world.hall.slot_of("case")])


@pytest.fixture(scope="module")
def lessons(canaries: tuple[Home, Rulebook, dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingHouse]:
    """The lessons service over the same release."""
    home = canaries[0]
    _people(home)
    house = ReadingHouse(home, Sample(tmp_path_factory.mktemp("none")), free_ports(1)[0])
    house.start()
    try:
        yield house
    finally:
        house.stop()


def test_no_canary_sings_in_a_lesson_or_its_practice(lessons: ReadingHouse, canaries: Any) -> None:
    served, release = Served(), canaries[1].catalogue.newest(COURSE)
    with httpx.Client(base_url=lessons.url, cookies={"who": LIN}, timeout=60) as phone:
        for lesson in release.lessons:
            for language in LANGUAGES:
                page = served.keep(phone.get(f"{LESSONS}{COURSE}/{lesson.name}", cookies={"banyan-lang": language}))
                assert page.status_code == 200
            token = next(each.value for each in phone.cookies.jar if each.name == "_xsrf")
            headers = {"X-XSRFToken": token or "", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}
            where = {"course": COURSE, "lesson": lesson.name}
            for name in lesson.questions:
                given = where | {"question": name, "value": right(release.practice[name])}
                assert served.keep(phone.post(f"{LESSONS}api/practice", json=given, headers=headers)).status_code == 200
            for step in lesson.steps:
                told = where | {"step": step.name}
                assert served.keep(phone.post(f"{LESSONS}api/steps", json=told, headers=headers)).status_code == 200
            served.keep(phone.get(f"{LESSONS}api/state", params=where, headers=headers))
            for name in list(release.exam.items)[:5]:
                told = where | {"question": name, "value": "A"}
                assert served.keep(phone.post(f"{LESSONS}api/practice", json=told, headers=headers)).status_code == 404
    assert served.sung() == {}
    assert sum("<html" in body for _, body in served.bodies) == 3 * len(release.lessons)


def test_a_key_that_is_served_is_heard() -> None:
    """The search itself can fail: a body that holds a canary, however it is wrapped, is found."""
    served = Served()
    request = httpx.Request("GET", "http://x/services/portal/exams/1")
    for body in (f"<p data-why='{SONG}1234'>", json.dumps({"key": f"认可{SONG}1235"})):
        served.keep(httpx.Response(200, text=body, request=request))
    served.keep(httpx.Response(200, headers={"x-key": f"{SONG}1236"}, request=request))
    assert set(served.sung()) == {f"{SONG}1234", f"{SONG}1235", f"{SONG}1236"}


@pytest.fixture(scope="module")
def turned(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    root = tmp_path_factory.mktemp("turned")
    with_other_keys(root / "courses")
    build_course(root / "courses", COURSE, houses.ROOT / "content", root / "releases", BORN)
    return rulebook_over(root / "courses", root / "releases")


def read(learner: Learner) -> list[str]:
    """Return what an attempt's page says in each language, but for what is different every time anyhow."""
    learner.served.bodies.clear()
    learner.everywhere("/exams/1")
    return told(learner)


def saved(learner: Learner, seq: int) -> list[str]:
    """Return what is replied to an answer in each slot, and to what is none."""
    learner.served.bodies.clear()
    for slot in form_of(learner).slots:
        item = learner.world.hall.exam.items[slot.question]
        if not isinstance(item, case.Item):
            learner.send("PUT", f"/exams/1/answers/{slot.name}", {"seq": seq, "value": right(item)})
            learner.send("PUT", f"/exams/1/answers/{slot.name}", {"seq": seq, "value": {"x": 1}})
    return told(learner)


def told(learner: Learner) -> list[str]:
    return [VARYING.sub("", body) for _, body in learner.served.bodies]


def test_with_every_key_turned_round_an_exam_reads_the_same(
    world: World, open_world: Callable[..., World], turned: Rulebook
) -> None:
    """Every question of the bank is asked in turn, so that each type's page is compared with its twin's."""
    world.hall.begin()
    learner, twin = Learner(world, ("zh-Hant",)), Learner(open_world(rulebook=turned), ("zh-Hant",))
    assert changed_keys(world.hall, turned) >= 95
    slots = [each for each in form_of(learner).slots if each.name != world.hall.slot_of("case")]
    bank = [name for name, item in world.hall.exam.items.items() if not isinstance(item, case.Item)]
    for start in range(0, len(bank), len(slots)):
        asked = dict(zip([each.name for each in slots], bank[start : start + len(slots)], strict=False))
        put_into_the_form(world.hall, asked)
        assert read(learner) == read(twin)
        assert saved(learner, start + 1) == saved(twin, start + 1)


def changed_keys(hall: Hall, turned: Rulebook) -> int:
    other = turned.catalogue.newest(COURSE).exam.items
    return sum(right(item) != right(other[name]) for name, item in hall.exam.items.items() if not isinstance(item, case.Item))


def put_into_the_form(hall: Hall, asked: dict[str, str]) -> None:
    with writing(hall.make) as session:
        row = session.query(Attempt).one()
        slots = [each | {"question": asked.get(each["name"], each["question"])} for each in row.form["slots"]]
        row.form = row.form | {"slots": slots}


def test_a_page_that_tells_a_key_differs(
    world: World, open_world: Callable[..., World], turned: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The comparison itself can fail: a type that marked its right option would be told apart at once."""
    honest = single.public
    monkeypatch.setattr(single, "public", lambda item, order=None: honest(item, order) | {"stem": item.stem + item.key})
    world.hall.begin()
    assert read(Learner(world, ("en",))) != read(Learner(open_world(rulebook=turned), ("en",)))
