"""A key corrected after the exam: by the new key, by both, or full points for all; nobody loses by two keys or a void."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading import questions
from grading.questions import case, single
from grading.questions import open as written
from grading.rulings import Ruling, marked_by, replays, share
from grading.scoring import counted, ruled, score, slot_score

OPTIONS = {"A": "先打电话", "B": "先拍照", "C": "先发群"}
OLD = single.Item(id="q", stem="先做什么？", options=OPTIONS, key="A", hard_fail=("C",), indicators=("C5.2.a",))
NEW = single.Item(id="q", stem="先做什么？", options=OPTIONS, key="B", hard_fail=("C",), indicators=("C5.2.a",))
KIND = single.Item(id="q", stem="先做什么？", options=OPTIONS, key="C", indicators=("C5.2.a",))
BY_NEW, BOTH, VOID = Ruling(keys=(NEW,)), Ruling(keys=(OLD, NEW)), Ruling(void=True)
answers = st.sampled_from(["A", "B", "C", None, "Z", 7])


@pytest.mark.parametrize(
    ("answer", "by_new", "both"), [("A", 0, 1), ("B", 1, 1), ("C", 0, 0), (None, 0, 0)], ids=["old", "new", "wrong", "blank"]
)
def test_the_new_key_counts_alone_or_beside_the_old_one(answer: Any, by_new: int, both: int) -> None:
    assert ruled(OLD, answer, BY_NEW).fraction == by_new
    assert ruled(OLD, answer, BOTH).fraction == both


@given(answers)
def test_nobody_loses_by_a_second_key_or_by_a_void_question(answer: Any) -> None:
    before, both, void = score(OLD, answer), ruled(OLD, answer, BOTH), ruled(OLD, answer, VOID)
    assert both.fraction >= before.fraction
    assert (void.fraction, void.hard_fail) == (1.0, None)


def test_what_lost_the_exam_by_the_old_key_alone_no_longer_does_by_both() -> None:
    assert ruled(OLD, "C", Ruling(keys=(OLD, KIND))).hard_fail is None
    assert ruled(OLD, "C", BOTH).hard_fail


@given(answers)
def test_without_a_ruling_a_slot_scores_as_ever(answer: Any) -> None:
    assert slot_score("s01", OLD, answer, 3, None) == slot_score("s01", OLD, answer, 3)


@pytest.mark.parametrize("ruling", [BY_NEW, BOTH, VOID], ids=["key", "both", "void"])
def test_a_ruling_is_read_back_as_it_was_written(ruling: Ruling) -> None:
    read = Ruling.from_json(ruling.to_json())
    assert (read.void, [questions.dump(each) for each in read.keys]) == (
        ruling.void,
        [questions.dump(each) for each in ruling.keys],
    )


def note(*points: float) -> written.Item:
    rows = tuple(written.Row(row=f"第{n}行", points=each, indicator="C5.2.a") for n, each in enumerate(points, start=1))
    return written.Item(id="n", stem="写一写", rubric=rows, indicators=("C5.2.a",))


def test_a_persons_marks_keep_their_share_of_each_row_when_its_points_change() -> None:
    old, new = note(4, 6), note(5, 5)
    assert share(old, None, (2, 6)) == 0.8
    assert share(old, Ruling(keys=(new,)), (2, 6)) == 0.75
    assert share(old, VOID, (0, 0)) == 1.0
    assert ruled(old, "写了", Ruling(keys=(new,))).needs_mark


def test_what_is_marked_again_is_marked_by_the_first_key_and_counts_by_the_last() -> None:
    old, new, later = note(4, 6), note(4, 6, 2), note(4, 6, 10)
    again = Ruling(keys=(new,), again=True)
    assert Ruling.from_json(again.to_json()) == again
    assert marked_by(old, None) == old
    assert marked_by(old, again).rubric == new.rubric
    assert share(old, again, (2, 3, 1)) == 0.5
    assert share(old, Ruling(keys=(new, later), again=True), (0, 0, 1)) == 0.25


def walk(*injects: tuple[str, dict[str, tuple[str, int]]]) -> case.Item:
    """Return a case whose choices lead somewhere and earn so many percent of everything."""
    data: dict[str, Any] = {
        name: {
            "at": "+0分",
            "text": name,
            "choices": {
                each: {"text": each, "next": to, "effects": {part: top * worth / 100 for part, top in case.MAXIMA.items()}}
                for each, (to, worth) in choices.items()
            },
        }
        for name, choices in injects
    }
    return case.Item.model_validate({"id": "c", "title": "演练", "start": injects[0][0], "injects": data})


FIRST = walk(("n", {"A": ("end", 100), "B": ("end", 0), "C": ("end", 50)}))
MENDED = walk(("n", {"A": ("end", 100), "B": ("m", 50)}), ("m", {"A": ("end", 0)}))


@pytest.mark.parametrize(
    ("path", "walkable", "fraction"),
    [
        pytest.param(["A"], True, 1.0, id="walked again"),
        pytest.param(["B"], False, 0.0, id="an end that is none any more"),
        pytest.param(["C"], False, 0.5, id="a choice that is gone"),
        pytest.param([], True, 0.0, id="never begun"),
        pytest.param(None, True, 0.0, id="blank"),
    ],
)
def test_a_way_is_walked_again_or_else_keeps_what_it_earned(path: Any, walkable: bool, fraction: float) -> None:
    ruling = Ruling(keys=(MENDED,))
    assert replays(FIRST, MENDED, path) is walkable
    assert ruled(FIRST, path, ruling).fraction == fraction
    assert counted(FIRST, path, ruling) == (MENDED if walkable else FIRST)
