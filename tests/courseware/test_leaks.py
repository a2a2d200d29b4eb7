"""Short answers of the exam, typed: found where their question is asked beside them, not wherever they are said."""

import json
from pathlib import Path
from typing import Any

import pytest

from banyan.courseware.leaks import leaks
from grading import questions

ABOUT: dict[str, Any] = {"indicators": ["C5.2.a"], "own": "skill"}
BANK = {
    each["id"]: questions.load({**each, **ABOUT})
    for each in (
        {"id": "whom", "type": "short_text", "stem": "发现险情先打给谁？请写出部门。", "accept": ["镇应急值班室", "村*值班电话"]},
        {"id": "soon", "type": "numeric", "stem": "多少分钟内首报？请写数字。", "key": {"value": 15, "unit": "分钟"}},
        {
            "id": "gaps",
            "type": "cloze",
            "stem": "把这一句报告填完整",
            "text": "已[[act]]2户。",
            "gaps": {"act": {"accept": ["转移"]}},
        },
    )
}


def found(folder: Path, text: str) -> list[tuple[str, str]]:
    (folder / "lessons").mkdir()
    (folder / "private").mkdir()
    (folder / "private" / "exam.json").write_text("发现险情先打给谁？镇应急值班室", encoding="utf-8")
    (folder / "lessons" / "practice.json").write_text(text, encoding="utf-8")
    return [(each.question, each.text) for each in leaks(folder, BANK)]


@pytest.mark.parametrize(
    ("text", "leak"),
    [
        pytest.param("发现险情先打给谁？\n打给镇应急 值班室。", ("whom", "镇应急值班室"), id="words"),
        pytest.param("发现险情先打给谁？村里的值班电话。", ("whom", "村里的值班电话"), id="words with anything within"),
        pytest.param("问：多少分钟内首报？答：15 分钟。", ("soon", "15分钟"), id="a number with its unit"),
        pytest.param("把这一句报告填完整：已转移。", ("gaps", "转移"), id="a gap"),
        pytest.param(json.dumps({"q": "多少分钟内首报", "a": "15分钟"}), ("soon", "15分钟"), id="escaped in JSON"),
    ],
)
def test_a_short_answer_beside_its_question_is_given_away(tmp_path: Path, text: str, leak: tuple[str, str]) -> None:
    assert found(tmp_path, text) == [leak]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("险情打给镇应急值班室，15分钟内首报，先转移。", id="answers alone are said everywhere"),
        pytest.param("请写数字。15分钟。请写出部门。镇应急值班室。", id="what every question says asks nothing"),
        pytest.param("发现险情先打给谁？先打给网格员。", id="the question without its answer"),
        pytest.param("多少分钟内首报？115分钟、15.5分钟都不对。", id="a part of another number"),
    ],
)
def test_a_common_word_raises_no_alarm(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text) == []
