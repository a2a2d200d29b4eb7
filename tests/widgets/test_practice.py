import json
from pathlib import Path

import pytest

from banyan.errors import NotFoundError, TryLaterError
from widgets import ask

ENTRY = {"type": "single", "html": "<div>题</div>", "answers": {'"A"': {"right": True, "text": "对"}}}
UNLISTED = {"type": "numeric", "html": "<div>数</div>", "answers": None}


@pytest.fixture
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as a kernel of a lesson finds it."""
    (tmp_path / "practice.json").write_text(json.dumps({"one": ENTRY, "number": UNLISTED}), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_question_comes_with_its_table_of_answers(lesson: Path) -> None:
    shown = ask("one")
    assert (shown.question, shown.html, shown.answers) == ("one", ENTRY["html"], ENTRY["answers"])


def test_answers_that_cannot_be_listed_are_left_to_the_server(lesson: Path) -> None:
    assert ask("number").answers is None


def test_an_unknown_name_is_said_by_name(lesson: Path) -> None:
    with pytest.raises(NotFoundError, match="“two”"):
        ask("two")


@pytest.mark.parametrize("content", [None, "", "{", "[1", "\ufeff{"])
def test_a_lesson_without_its_table_says_what_to_do(lesson: Path, content: str | None) -> None:
    table = lesson / "practice.json"
    table.unlink()
    if content is not None:
        table.write_text(content, encoding="utf-8")
    with pytest.raises(TryLaterError, match="重新生成课程"):
        ask("one")


def test_the_state_sent_to_a_browser_names_nobody(lesson: Path) -> None:
    sent = {name for name in ask("one").keys if not name.startswith("_")}
    assert sent - {"question", "html", "answers", "elsewhere"} <= {"layout", "comm", "tabbable", "tooltip"}
