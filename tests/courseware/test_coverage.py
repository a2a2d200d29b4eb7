"""What an author is told of a course's questions: how many there are, which slots may ask them, what is thin."""

import pytest

from banyan.courseware.coverage import CoverageRow, Thin, coverage
from banyan.courseware.manifest import Exam
from grading.questions import numeric


def item(name: str, *indicators: str, **notes: str) -> numeric.Item:
    return numeric.Item(id=name, stem=name, key=numeric.Key(value=1), indicators=indicators, **notes)


BANK = {
    "easy-a": item("easy-a", "C.a", difficulty="easy"),
    "hard-a": item("hard-a", "C.a", difficulty="hard"),
    "both": item("both", "C.a", "C.b"),
    **{f"b{number}": item(f"b{number}", "C.b", difficulty="medium") for number in range(5)},
    "named": item("named", "C.c"),
}
EXAM = Exam.model_validate(
    {
        "minutes": 10, "pass": 80, "attempts": 1, "cooldown_hours": 0,
        "slots": (
            {"indicator": "C.a", "points": 20}, {"indicator": "C.a", "difficulty": "easy", "points": 20},
            {"indicator": "C.b", "points": 20, "count": 2}, {"question": "named", "points": 20},
        ),
    }
)  # fmt: skip
PRACTICE = {"p": item("p", "C.a"), "q": item("q", "C.b", "C.c")}


def row(indicator: str) -> CoverageRow:
    return next(each for each in coverage(EXAM, BANK, PRACTICE, ["C.a", "C.b", "C.c", "C.d"]) if each.indicator == indicator)


def test_an_indicator_is_counted_by_difficulty_and_by_the_slots_that_ask_it() -> None:
    a = row("C.a")
    assert (a.practice, a.exam) == (("p",), ("easy-a", "hard-a", "both"))
    assert [a.of(each) for each in ("easy", "medium", "hard", "")] == [1, 0, 1, 1]
    assert (a.asking, a.possible) == (2, 4), "a slot for another indicator may ask it too, by a question of both"


@pytest.mark.parametrize(
    ("indicator", "thin"),
    [
        pytest.param("C.a", (Thin.FEW,), id="three questions for two slots"),
        pytest.param("C.b", (), id="six for two"),
        pytest.param("C.c", (), id="asked by name"),
        pytest.param("C.d", (Thin.UNPRACTISED, Thin.UNASKED), id="nothing at all"),
    ],
)
def test_what_is_thin_is_said(indicator: str, thin: tuple[Thin, ...]) -> None:
    assert row(indicator).thin == thin


def test_one_slot_that_asks_for_what_there_is_little_of_is_thin_by_itself() -> None:
    slots = ({"indicator": "C.b", "points": 50}, {"indicator": "C.b", "difficulty": "hard", "points": 50})
    exam = Exam.model_validate({"minutes": 10, "pass": 80, "attempts": 1, "cooldown_hours": 0, "slots": slots})
    bank = BANK | {"hard-b": item("hard-b", "C.b", difficulty="hard")}
    (found,) = coverage(exam, bank, PRACTICE, ["C.b"])
    assert found.thin == (Thin.FEW,)
