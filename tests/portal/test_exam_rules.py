"""The rules before an exam say what this exam asks and what comes after it, and nothing that is not so of it."""

import shutil
from pathlib import Path

import pytest
import yaml

from banyan.courseware.build import build_course
from banyan.settings import CONTENT
from tests import every_type
from tests import house as houses
from tests.county import COURSE, NOW
from tests.portal.conftest import World
from tests.tracker.hall import Hall, open_hall
from tests.tracker.test_exam_rooms import settle

TERMS = {"minutes": 10, "pass": 50, "attempts": 2, "cooldown_hours": 0}
ASKED = {
    "no drill, and no rest between": [{"question": "true-or-not", "points": 60}, {"question": "one-answer", "points": 40}],
    "a drill before the end": [{"question": "rising-water", "points": 60}, {"question": "one-answer", "points": 40}],
    "a drill at the end": [{"question": "one-answer", "points": 40}, {"question": "rising-water", "points": 60}],
}
SAYS = {
    "no drill, and no rest between": ("大多是点选，交卷之前都能改", "没过不要紧，可以马上再考"),
    "a drill before the end": ("有的题是演练，一步一步走，选了不能退", "只有演练题一定要有网"),
    "a drill at the end": ("最后一题是演练，一步一步走，选了不能退", "只有演练题一定要有网"),
}


@pytest.fixture
def hall(request: pytest.FixtureRequest, make, tmp_path: Path) -> Hall:
    """Where a test asks for it, an exam of examples; else the shipped one."""
    asked = ASKED.get(getattr(request, "param", ""))
    if asked is None:
        return open_hall(make, houses.rulebook(tmp_path / "releases"), tmp_path / "gradebooks")
    rules = houses.rulebook(tmp_path / "releases")
    folder = every_type.write_course(tmp_path / "courses")
    exam = folder / every_type.COURSE
    shutil.rmtree(exam / "cases")
    (exam / "exam.yaml").write_text(yaml.safe_dump({**TERMS, "slots": asked}), encoding="utf-8")
    build_course(folder, every_type.COURSE, CONTENT, rules.catalogue.releases, NOW)
    return open_hall(make, rules, tmp_path / "gradebooks")


def rules_of(world: World, course: str) -> str:
    return world.as_(world.hall.learner.person).get(f"/courses/{course}/exam").text


@pytest.mark.parametrize(("hall", "says"), SAYS.items(), indirect=["hall"], ids=SAYS)
def test_they_say_what_this_exam_asks(world: World, says: tuple[str, ...]) -> None:
    every_type.learn(world.hall)
    page = rules_of(world, every_type.COURSE)
    assert [each for each in says if each not in page] == []
    assert "分再高也不算过" not in page, "nothing in it is unforgivable"
    assert ("演练" in page) is ("演练" in says[0])
    assert "0小时" not in page


def test_they_tell_of_what_loses_the_exam_and_of_the_last_chance(world: World) -> None:
    world.hall.learn()
    page = rules_of(world, COURSE)
    assert "这样的错，分再高也不算过" in page
    assert "没过不要紧，12小时以后可以再考" in page
    world.hall.fail(2)
    page = rules_of(world, COURSE)
    assert "这是最后一次；没过的话，请老师再给一次机会" in page
    assert "以后可以再考" not in page


def test_a_wrong_code_is_said_beside_its_field_and_what_was_typed_stays(world: World) -> None:
    settle(world.hall, "yes")
    world.hall.learn()
    visit = world.as_(world.hall.learner.person)
    visit.get(f"/courses/{COURSE}/exam")
    page = visit.post(f"/courses/{COURSE}/exam", {"code": "123456"})
    assert page.status_code == 422
    field = page.text[page.text.index('<div class="field exam-code">') :]
    assert field.index("这个数字开不了考") < field.index('value="123456"')
    assert 'aria-describedby="e-code h-code"' in field
    assert "autofocus" in field


@pytest.mark.parametrize("hall", ["no drill, and no rest between"], indirect=True)
def test_the_receipt_of_an_exam_that_nobody_marks_promises_no_trainer(world: World) -> None:
    every_type.learn(world.hall)
    visit = world.as_(world.hall.learner.person)
    visit.get(f"/courses/{every_type.COURSE}/exam")
    visit.post(f"/courses/{every_type.COURSE}/exam")
    visit.get("/exams/1")
    assert visit.send("POST", "/exams/1/submit", {}).status_code == 200
    page = visit.get("/exams/1/receipt").text
    assert "系统正在批，一般不到一分钟。" in page
    assert "老师" not in page
