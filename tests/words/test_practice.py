"""A practice question: the words around it in the reader's language, its own as the course wrote them."""

import json

import pytest

from banyan.words.language import CHINESE, ENGLISH, TRADITIONAL, language
from banyan.words.practice import as_read, told
from grading.questions import multiple

ITEM = multiple.Item(
    id="two",
    stem="先做哪两样？",
    options={"A": "打电话", "B": "发朋友圈", "C": "请人来接"},
    key=("A", "C"),
    feedback={"A": "对，先打。", "B": "别发。", "C": "对，要人来。"},
    indicators=("C5.2.a",),
)


@pytest.mark.parametrize(
    ("code", "around", "own", "missed"),
    [
        pytest.param(CHINESE, "可以选几个。", "先做哪两样？", "打电话：对，先打。\n还漏了：\n请人来接：对，要人来。", id="简体"),
        pytest.param(
            TRADITIONAL, "可以選幾個。", "先做哪兩樣？", "打電話：對，先打。\n還漏了：\n請人來接：對，要人來。", id="繁體"
        ),
        pytest.param(
            ENGLISH,
            "Choose one or more.",
            "先做哪两样？",
            "打电话：对，先打。\nStill missing:\n请人来接：对，要人来。",
            id="English",
        ),
    ],
)
def test_each_language_gets_its_own_words(code: str, around: str, own: str, missed: str) -> None:
    read = as_read(ITEM, language(code))
    assert own in read["html"]
    assert around in read["html"]
    assert read["answers"][json.dumps(["A"])]["text"] == missed
    assert told(ITEM, ("A",), language(code)).text == missed
