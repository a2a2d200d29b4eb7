"""The lessons as a kernel would run them and a reader takes them: every cell runs, a story comes first, no step is long."""

from collections import Counter
from datetime import date

import pytest

from banyan.courseware.cell import asked
from banyan.courseware.lesson import Lesson, read_lesson, roles
from banyan.courseware.lesson_check import LONGEST_STEP, step_minutes
from tests.courses.pools import CONTENT, COURSE, load, pool
from tests.courses.test_bank import LAW
from widgets.panel import PanelWidget

NAMES = load(COURSE / "course.yaml")["lessons"]
TITLES = ["法律义务", "四类事件", "首报、续报、终报", "聚集性信号", "保密与谣言", "演练"]
EVERY = [pytest.param(name, id=name) for name in NAMES]


def lesson(name: str) -> Lesson:
    found = read_lesson(COURSE / f"lessons/{name}.md", f"{name}.md", [])
    assert found is not None
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_that_asks_nothing_runs(name: str, models: None) -> None:
    for block in lesson(name).code():
        if asked(block) is None:
            exec(block.text, {})


def test_the_cluster_lesson_carries_the_panel(models: None) -> None:
    (cell,) = [block for block in lesson("cluster").code() if asked(block) is None]
    body, _, last = cell.text.strip().rpartition("\n")
    names: dict[str, object] = {}
    exec(body, names)
    panel = eval(last, names)
    assert isinstance(panel, PanelWidget)
    panel.value = 7
    assert panel.note == "教学模型，不是预测"
    assert "72人" in panel.view["sentence"]


def test_every_practice_question_is_asked_once() -> None:
    names = Counter(asked(block) for name in NAMES for block in lesson(name).code())
    del names[None]
    assert names == Counter(pool("practice").keys())


def test_every_fact_is_used_somewhere() -> None:
    cited = {fact for name in NAMES for fact in lesson(name).facts}
    cited |= {fact for name in ("practice", "exam") for entry in pool(name).values() for fact in entry.get("facts", [])}
    assert cited == load(CONTENT / "facts.yaml").keys()


def text_of(about: Lesson, step: str) -> str:
    return "\n".join(block.text for block in about.prose() if block.step == step)


def test_the_six_lessons_are_the_six_topics_of_the_course() -> None:
    assert [lesson(name).head.title.zh for name in NAMES] == TITLES


@pytest.mark.parametrize("name", EVERY)
def test_a_lesson_opens_with_a_story_and_cites_the_law(name: str) -> None:
    about = lesson(name)
    first = about.steps[0].name
    assert "网格员" in text_of(about, first)
    assert "人名地名是编的" in text_of(about, first)
    assert not [block for block in about.code() if block.step == first], "nobody is asked before the story is told"
    assert "F33" in about.facts


@pytest.mark.parametrize("name", EVERY)
def test_a_lesson_ends_with_one_thing_to_do_today(name: str) -> None:
    about = lesson(name)
    assert "今天就做的一件事" in about.steps[-1].title + text_of(about, about.steps[-1].name)


@pytest.mark.parametrize("name", EVERY)
def test_no_step_is_longer_than_a_slow_reader_has_patience_for(name: str) -> None:
    about = lesson(name)
    assert max(step_minutes(about, step) for step in about.steps) <= LONGEST_STEP * 0.85


@pytest.mark.parametrize("name", EVERY)
def test_a_lesson_takes_about_as_long_as_it_says(name: str) -> None:
    about = lesson(name)
    measured = sum(step_minutes(about, step) for step in about.steps)
    assert measured <= about.head.minutes <= 1.5 * measured


def test_all_lessons_together_fit_into_the_hours_of_the_course() -> None:
    online = load(COURSE / "course.yaml")["hours"]["online"]
    assert sum(lesson(name).head.minutes for name in NAMES) <= 60 * online


def test_what_a_lesson_states_has_a_source_and_a_day_it_was_looked_at() -> None:
    facts = load(CONTENT / "facts.yaml")
    for each in {fact for name in NAMES for fact in lesson(name).facts}:
        assert facts[each]["mark"] in ("V", "W"), each
        assert facts[each]["source"], each
        assert isinstance(facts[each]["reviewed_on"], date), each


@pytest.mark.parametrize("name", EVERY)
def test_a_step_that_cites_nothing_names_no_law(name: str) -> None:
    about = lesson(name)
    assert about.head.own
    assert [step for step in about.head.own if LAW.search(text_of(about, step))] == []


def test_the_county_is_asked_for_what_the_lessons_say_and_for_nothing_else() -> None:
    said = [role for name in NAMES for block in lesson(name).prose() for role, _ in roles(block) if role["name"] == "county"]
    assert {role["content"] for role in said} == set(load(COURSE / "course.yaml")["needs"])
