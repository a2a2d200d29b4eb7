"""A sentence kept for any reader: said in each language, also where it was no sentence or is an old one."""

from pathlib import Path

import pytest

from banyan.errors import CourseError, HomeError, TaskFaultError
from banyan.words.kept import Kept
from banyan.words.language import language

FULL = TaskFaultError("整本作业运行超过 {seconds} 秒，已经停下", seconds=60)
CELLS = Kept("作业本里有重复的格子（{cells}），只算最后一个", {"cells": ["第1处", "第2处"]})


def again(kept: Kept) -> Kept:
    return Kept.read(kept.text)


def test_it_is_said_in_the_readers_language() -> None:
    assert again(Kept.of(FULL)).said(language("zh-Hans")) == "整本作业运行超过 60 秒，已经停下"
    assert "60" in again(Kept.of(FULL)).said(language("en"))
    assert "整本" not in again(Kept.of(FULL)).said(language("en"))
    assert str(again(Kept.of(FULL))) == str(FULL)


def test_a_list_is_said_as_one() -> None:
    assert "（第1处、第2处）" in Kept.read(CELLS.json).said(language("zh-Hans"))
    assert "(第1处, 第2处)" in Kept.read(CELLS.json).said(language("en"))


@pytest.mark.parametrize(
    "fault", [OSError(28, "full {disk}"), HomeError("{path} 不见了", path=Path("x")), CourseError(["a:1: b"])]
)
def test_what_was_not_made_to_be_read_is_the_platforms(fault: Exception) -> None:
    said = again(Kept.of(fault)).said(language("en"))
    assert said.startswith("Something is wrong with the platform")
    assert said.endswith(str(fault))


@pytest.mark.parametrize("old", ["成绩册打不开", "[Errno 2] {x}", "{", "[]", "7", '{"message": "a"}'])
def test_a_sentence_that_was_kept_whole_is_read_as_it_stands(old: str) -> None:
    assert Kept.read(old).said(language("en")) == str(Kept.read(old)) == old


def test_values_of_any_kind_can_be_kept() -> None:
    kept = Kept("{path}", {"path": Path("a")})
    assert str(again(kept)) == str(Kept.read(kept.json)) == "a"
