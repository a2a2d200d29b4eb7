"""The same search as in test_served, over an exam that asks one question of every type: photos and simulations too."""

from pathlib import Path
from typing import Any

import pytest

from banyan.courseware.build import build_course
from banyan.courseware.exam import Form
from banyan.domain.examination import State
from banyan.records.engine import Sessions, reading, writing
from banyan.records.examinations import Attempt, Submission
from banyan.records.organisation import Unit
from banyan.records.people import Person
from banyan.settings import CONTENT
from banyan.tracker.marking import MarkSheet, mark
from banyan.tracker.marks import Spot
from banyan.tracker.outcome import SlotResult
from banyan.tracker.people import find_me
from banyan.tracker.rulebook import Rulebook
from grading import questions
from grading.questions import case, file
from tests import every_type
from tests import house as houses
from tests.county import NOW, TODAY, County
from tests.every_type import COURSE
from tests.portal.canary import with_canaries
from tests.portal.conftest import World
from tests.portal.test_photos import photo, send
from tests.portal.test_served import CANARY, Learner
from tests.tracker.hall import Hall, open_hall, right

Canaries = tuple[Rulebook, dict[str, str]]


@pytest.fixture(scope="module")
def canaries(tmp_path_factory: pytest.TempPathFactory) -> Canaries:
    root = tmp_path_factory.mktemp("types")
    courses = every_type.write_course(root / "courses")
    sitting = with_canaries(courses / COURSE)
    rules = houses.rulebook(root / "releases")
    build_course(courses, COURSE, CONTENT, rules.catalogue.releases, NOW)
    return rules, sitting


@pytest.fixture
def hall(make: Sessions, canaries: Canaries, tmp_path: Path) -> Hall:
    opened = open_hall(make, canaries[0], tmp_path / "gradebooks")
    every_type.learn(opened)
    with writing(make) as session:
        person, unit = session.get_one(Person, opened.trainer.person.id), session.get_one(Unit, opened.trainer.units[0].id)
        County(session).trust(person, "trainer", unit, COURSE)
    return opened


def asked(hall: Hall) -> dict[str, questions.Item | case.Item]:
    """Return what the attempt asks: slot → question."""
    with reading(hall.make) as session:
        form = Form.from_json(session.query(Attempt).one().form)
    items = hall.rulebook.catalogue.newest(COURSE).exam.items
    return {slot.name: items[slot.question] for slot in form.slots}


def sit(learner: Learner, well: bool) -> None:
    learner.everywhere(f"/courses/{COURSE}/exam")
    learner.post(f"/courses/{COURSE}/exam")
    learner.everywhere("/exams/1")
    for slot, item in asked(learner.world.hall).items():
        if item.type in questions.STEPPED:
            walk(learner, slot, item, well)
        elif isinstance(item, file.Item):
            learner.served.keep(send(learner.visit, b"no photo", 1, slot))
            learner.served.keep(send(learner.visit, photo(), 2, slot))
            learner.get(f"/exams/1/files/{slot}")
        else:
            learner.send("PUT", f"/exams/1/answers/{slot}", {"seq": 1, "value": {"x": 1}})
            learner.send("PUT", f"/exams/1/answers/{slot}", {"seq": 2, "value": right(item) if well else None})
        learner.send("POST", "/exams/1/concerns", {"slot": slot, "kind": "wrong", "words": "看不懂"})
    learner.everywhere("/exams/1")
    learner.send("POST", "/exams/1/submit", {})
    learner.everywhere("/exams/1/receipt")
    learner.everywhere("/exams/1/result")


def walk(learner: Learner, slot: str, item: Any, well: bool) -> None:
    """Go as well as one can, or always by what stands last."""
    kind, path = questions.stepped_type_of(item), ()
    while not kind.ended(item, path):
        learner.send("POST", "/exams/1/steps", {"slot": slot, "number": len(path) + 1, "choice": "Z"})
        chosen = kind.key(item)[len(path)] if well else kind.public(item, None, path)["choices"][-1]["id"]
        learner.send("POST", "/exams/1/steps", {"slot": slot, "number": len(path) + 1, "choice": chosen})
        path = (*path, chosen)
    learner.get("/exams/1")


def marked(hall: Hall) -> None:
    """Let the paper be graded, and what waits for a person marked."""
    with reading(hall.make) as session:
        submission = session.query(Submission).one()
    assert hall.grade(submission) is State.UNMARKED
    with reading(hall.make) as session:
        waits = [each for each in SlotResult.read(session.get_one(Submission, submission.id).scores) if each.needs_mark]
    for each in waits:
        rubric = hall.rulebook.catalogue.newest(COURSE).exam.items[each.question].rubric  # type: ignore[union-attr]
        with writing(hall.make) as session:
            sheet = MarkSheet(Spot(submission.id, each.slot), tuple(0 for _ in rubric), "再练练")
            mark(session, sheet, find_me(session, hall.trainer.person.staff_number, TODAY), hall.bench, NOW)


@pytest.mark.parametrize("well", [True, False], ids=["well", "badly"])
def test_no_canary_of_any_type_sings_in_what_a_learner_is_served(world: World, canaries: Canaries, well: bool) -> None:
    learner, sitting = Learner(world, ("zh-Hans", "en") if well else ("zh-Hant",)), canaries[1]
    sit(learner, well)
    assert {item.type for item in asked(world.hall).values()} == {each.name for each in questions.TYPES} | {"case"}
    assert learner.served.sung() == {}, "not one before the result"
    marked(world.hall)
    for path in ("/exams/1/result", "/exams/1/receipt", "/learning", f"/courses/{COURSE}", f"/courses/{COURSE}/exam"):
        learner.everywhere(path)
    sung = learner.served.sung()
    lost = {name for name, where in sitting.items() if where == "night: 等证据" and not well}
    assert set(sung) <= lost, {name: (sitting[name], places) for name, places in sung.items()}


@pytest.mark.parametrize("text", ["号码看得清", "没有拍到人脸和别的文件", "先报告，再转移", "水泵救不了没走的人。"])
def test_photos_and_simulations_carry_canaries(canaries: Canaries, text: str) -> None:
    assert any(where.endswith(text) and CANARY.fullmatch(name) for name, where in canaries[1].items())
