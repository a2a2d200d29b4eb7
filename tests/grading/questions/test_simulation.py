"""A simulation: formulas that can do nothing but reckon, every way walked before anybody walks one, the way there scored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from banyan.errors import InvalidAnswerError
from grading import questions
from grading.questions import simulation
from grading.questions.formula import LARGEST, FormulaError, formula
from grading.scoring import score

PARTS = {
    "id": "water",
    "type": "simulation",
    "stem": "水在涨。",
    "moments": ["一", "二", "三"],
    "start": {"water": 10, "people": 4, "told": 0},
    "given": {"rain": [10, 20, 20]},
    "gauges": {"water": {"label": "水", "unit": "厘米", "top": 80, "limit": 45, "over": "漫了"}, "people": {"label": "没走的"}},
    "actions": {
        "report": {"text": "报告", "when": "told == 0"},
        "move": {"text": "转移"},
        "pump": {"text": "开泵"},
    },
    "next": {"water": "water + rain - 20 * pump", "people": "max(people - 4 * move, 0)", "told": "max(told, report)"},
    "news": [{"when": "water >= 45", "says": "水漫了"}, {"says": "还在下"}],
    "goals": {
        "first": {"wants": "先报告", "missed": "要先报告", "points": 5, "always": "not move or told"},
        "away": {"wants": "人走了", "missed": "人没走", "points": 3, "ever": "people == 0"},
        "low": {"wants": "水不高", "missed": "水高了", "points": 2, "ends": "water < 45"},
    },
    "hard_fail": {"left": {"when": "water >= 60 and people > 0", "says": "水到了，人还在"}},
    "indicators": ["C5.2.a"],
}


def item(**changes):
    return questions.load(PARTS | changes)


def fault(**changes):
    """Return what an author is told of the first thing that does not fit."""
    with pytest.raises(ValidationError) as told:
        item(**changes)
    return told.value.errors()[0]["ctx"]["misfits"][0]


NAMES = ("water", "rain", "pump")
PLAIN = (st.integers(0, 50).map(str) | st.sampled_from(NAMES)).map(lambda each: (each, each))
RECKONED = [
    "({} + {})",
    "({} - {})",
    "({} * {})",
    "({} // {})",
    "({} % {})",
    "({} < {})",
    "({} == {})",
    "min({}, {})",
    "max({}, {})",
]


def written(how, parts):
    """A formula as an author writes it, and as Python gives the same whole number."""
    return how.format(*(each[0] for each in parts)), f"int({how.format(*(each[1] for each in parts))})"


def asked(how, parts):
    """The same of what asks whether its parts hold."""
    return how.format(*(each[0] for each in parts)), f"int({how.format(*(f'bool({each[1]})' for each in parts))})"


def longer(part):
    two = st.tuples(part, part)
    return (
        st.builds(written, st.sampled_from(RECKONED), two)
        | st.builds(asked, st.sampled_from(["({} and {})", "({} or {})"]), two)
        | st.builds(asked, st.just("(not {})"), st.tuples(part))
        | st.builds(written, st.just("(-{})"), st.tuples(part))
        | st.builds(written, st.just("({} if {} else {})"), st.tuples(part, part, part))
    )


@given(st.recursive(PLAIN, longer, max_leaves=8))
def test_a_formula_comes_to_what_python_says_and_to_a_whole_number(texts):
    ours, pythons = texts
    values = {"water": 7, "rain": -3, "pump": 1}
    try:
        found = formula(ours)(values)
    except FormulaError:
        return
    assert type(found) is int
    assert found == eval(pythons, {"min": min, "max": max}, values)
    assert formula(ours).names <= set(NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')", "water.real", "water[0]", "[water]", "'a'", "1.5", "True", "water ** 9", "water << 9", "lambda: 1",
        "(x := 1)", "f'{water}'", "min(water)", "max(*water)", "abs(water)", "1 < water < 3", "water in (1,)", "~water", "",
        "water water", "10000000000", "(" * 250 + "1" + ")" * 250, "a; b", "\x00",
    ],
)  # fmt: skip
def test_nothing_but_a_formula_is_a_formula(text):
    with pytest.raises(FormulaError):
        formula(text)


@pytest.mark.parametrize("text", ["water // 0", "water % 0", f"{LARGEST} * {LARGEST}"])
def test_a_formula_that_comes_to_nothing_says_so(text):
    with pytest.raises(FormulaError):
        formula(text)({"water": 1})


@pytest.mark.parametrize(
    ("path", "fraction", "lost"),
    [
        pytest.param(["report", "move", "pump"], 1.0, False, id="in the right order"),
        pytest.param(["move", "report", "pump"], 0.5, False, id="the same end, but not the way there"),
        pytest.param(["report", "pump", "move"], 1.0, False, id="another way"),
        pytest.param(["report", "report", "move"], None, False, id="what is not offered any more"),
        pytest.param(["pump", "pump", "pump"], 0.7, False, id="nothing done for people"),
        pytest.param(["report", "move"], 0.3, False, id="broken off: what happened counts, what was to last does not"),
        pytest.param(["report"], 0.0, False, id="broken off before anything happened"),
        pytest.param(["move"], 0.3, False, id="a wrong beginning"),
        pytest.param(["report", "pump", "pump", "move"], None, False, id="longer than it lasts"),
    ],
)  # fmt: skip
def test_the_way_is_what_counts(path, fraction, lost):
    found = score(item(), path)
    assert found.fraction == pytest.approx(0 if fraction is None else fraction)
    assert bool(found.hard_fail) == lost


def test_what_is_unforgivable_loses_the_exam_and_shows_nothing():
    lasting = item(hard_fail={"late": {"when": "turn > 1 and told == 0", "says": "没有报告"}})
    path = ("move", "move", "pump")
    assert simulation.score(lasting, path).hard_fail == "没有报告"
    assert simulation.indicators_shown(lasting, path) == frozenset()
    assert simulation.indicators_shown(lasting, ("report", "move", "pump")) == {"C5.2.a"}
    assert "没有报告" in simulation.feedback(lasting, path).text


def test_what_a_phone_says_of_its_end_never_counts():
    for raw in ({"water": 0, "people": 0}, [["report"]], ["report", {"people": 0}, "move"], "report,move,pump"):
        assert score(item(), raw) == questions.Score(0.0)


def test_a_learner_sees_gauges_and_what_can_be_done_and_nothing_of_the_model():
    shown = simulation.public(item(), None, ("report", "move"))
    assert [(each["value"], each["over"]) for each in shown["gauges"]] == [(40, ""), (0, "")]
    assert [each["share"] for each in shown["gauges"][0]["bars"]] == [12, 25, 50]
    assert [(each.get("limit"), each.get("warns")) for each in shown["gauges"]] == [(45, "漫了"), (None, None)]
    assert (shown["step"], shown["moment"], shown["news"]) == (2, "三", "还在下")
    assert [each["id"] for each in shown["choices"]] == ["move", "pump"]
    assert not {"told", "rain"} & set(str(shown).replace("'", " ").split())
    ended = simulation.public(item(), None, ("pump", "pump", "move"))
    assert (ended["ended"], ended["choices"]) == (True, [])
    over = simulation.public(item(), None, ("report", "move", "move"))["gauges"][0]
    assert (over["value"], over["over"], over["bars"][-1]["over"]) == (60, "漫了", True)


def test_a_step_that_is_not_offered_is_refused():
    for path, choice in ((("report",), "report"), ((), "hide"), ((), None), ((), ["report"]), (("pump",) * 3, "move")):
        with pytest.raises(InvalidAnswerError):
            simulation.step(item(), path, choice)


@pytest.mark.parametrize(
    ("changes", "place", "said"),
    [
        pytest.param({"next": {"water": "water + snow"}}, ("next", "water"), '"snow" 不知道是什么', id="an unknown name"),
        pytest.param({"next": {"water": "water +"}}, ("next", "water"), "读不懂", id="no formula"),
        pytest.param({"next": {"flood": "1"}}, ("next", "flood"), '"start" 里没有 "flood"', id="a value without a beginning"),
        pytest.param({"next": {"water": "water // (people - 4)"}}, ("next",), "除以了 0", id="a division by nothing"),
        pytest.param({"next": {"water": "water * 1000 * 1000"}}, ("next",), "超过了", id="a number without end"),
        pytest.param({"given": {"rain": [1, 2]}}, ("given", "rain"), '有 2 个数，可是 "moments" 有 3 步', id="a short list"),
        pytest.param({"start": PARTS["start"] | {"turn": 0}}, ("start", "turn"), "已经有别的意思", id="a name that is taken"),
        pytest.param(
            {"actions": {each: part | {"when": "turn < 3"} for each, part in PARTS["actions"].items()}},
            ("next",),
            "一个能做的都没有",
            id="a dead end",
        ),
        pytest.param(
            {"goals": PARTS["goals"] | {"dry": {"wants": "干", "missed": "湿", "points": 1, "always": "water < 5"}}},
            ("goals",),
            "没有一种走法",
            id="a goal nobody reaches",
        ),
        pytest.param(
            {
                "moments": [str(each) for each in range(12)],
                "given": {"rain": [0] * 12},
                "next": {"water": "(water * 7 + 3 * report + 5 * move + 11 * pump) % 999983"},
            },
            ("next",),
            "走法太多",
            id="more ways than can be walked",
        ),
    ],
)  # fmt: skip
def test_what_does_not_hold_together_is_told_at_its_place(changes, place, said):
    found = fault(**changes)
    assert found.place == place
    assert said in found.fault


@given(st.lists(st.sampled_from(["report", "move", "pump", "hide", "", "\ud800"]), max_size=5))
def test_a_path_scores_the_same_however_often_it_is_replayed(path):
    assert score(item(), path) == score(questions.load(questions.dump(item())), path)
