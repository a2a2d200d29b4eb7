"""The lessons as a kernel would run them: every cell runs, every practice question is asked once, facts are cited."""

from collections import Counter

import pytest

from banyan.courseware.cell import asked
from banyan.courseware.lesson import Lesson, read_lesson
from tests.courses.pools import CONTENT, COURSE, load, pool
from widgets.panel import PanelWidget

NAMES = load(COURSE / "course.yaml")["lessons"]


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


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_opens_with_a_story_and_cites_the_law(name: str) -> None:
    steps = lesson(name).steps
    first = next(block for block in lesson(name).prose() if block.step == steps[0].name)
    assert "网格员" in first.text
    assert "F33" in lesson(name).facts
