"""What each type says of given answers."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from banyan.errors import InvalidAnswerError
from grading.questions import case, first_report, multiple, numeric, open, order, single
from tests.grading.questions.samples import CODE, choice, options

PICK = single.Item(id="q", stem="题", options=options("ABC"), key="B", hard_fail=("C",), indicators=CODE)
TWO = multiple.Item(id="q", stem="题", options=options("ABCD"), key=("A", "C"), hard_fail=("D",), indicators=CODE)
STEPS = order.Item(id="q", stem="题", items=options("ABCD"), key=("A", "B", "C", "D"), indicators=CODE)
PEOPLE = numeric.Item(id="q", stem="题", key=numeric.Key(value=24, tolerance=0.5, unit="人"), indicators=CODE)


def report(unknown=("casualties",)):
    elements = {
        each: first_report.Element(
            label=each, choices={"a": "对", "b": "错", "c": "瞎说"}, key="a", unknown=each in unknown, hard_fail=("c",)
        )
        for each in first_report.ELEMENTS
    }
    return first_report.Item(id="q", stem="题", elements=elements, indicators=CODE)


@pytest.mark.parametrize(
    ("chosen", "fraction"),
    [
        pytest.param(["A", "C"], 1, id="both right"),
        pytest.param(["C"], 0.5, id="one of two"),
        pytest.param(["A", "B"], 0, id="a wrong one takes a right one away"),
        pytest.param(["A", "B", "C"], 0.5, id="both right, one wrong"),
        pytest.param(["A", "B", "C", "D"], 0, id="everything is worth nothing"),
        pytest.param(["B", "D"], 0, id="never below nothing"),
    ],
)
def test_several_choices_earn_right_minus_wrong_over_right(chosen, fraction):
    assert multiple.score(TWO, multiple.parse(TWO, chosen)).fraction == fraction


@pytest.mark.parametrize(
    ("given", "fraction"),
    [
        pytest.param("ABCD", 1, id="right"),
        pytest.param("BCDA", 2 / 3, id="first step last"),
        pytest.param("ACBD", 0, id="the middle swapped leaves no pair"),
        pytest.param("CDAB", 2 / 3, id="halves swapped"),
        pytest.param("DCBA", 0, id="backwards"),
    ],
)
def test_steps_earn_the_share_of_pairs_that_follow_each_other(given, fraction):
    assert order.score(STEPS, order.parse(STEPS, list(given))).fraction == pytest.approx(fraction)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        pytest.param("24", "24", id="plain"),
        pytest.param("２４．５", "24.5", id="full width"),
        pytest.param(" 2 4 ", "24", id="spaces"),
        pytest.param("24人", "24", id="unit behind"),
        pytest.param("２４ 人", "24", id="unit, wide and apart"),
        pytest.param("1,024", "1024", id="thousands"),
        pytest.param("−3", "-3", id="a real minus"),
        pytest.param(24, "24", id="a number"),
        pytest.param(24.5, "24.5", id="a fraction"),
    ],
)
def test_a_number_is_read_however_it_is_typed(typed, value):
    assert numeric.parse(PEOPLE, typed) == Decimal(value)


@pytest.mark.parametrize("typed", ["二十四", "1e3", "24 or 25", "1,02", "0x10", "½", True, "nan", "²4", "24个"])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(InvalidAnswerError, match="数字"):
        numeric.parse(PEOPLE, typed)


@pytest.mark.parametrize(("typed", "right"), [("23.5", 1), ("24.5", 1), ("23.49", 0), ("24.51", 0)])
def test_both_ends_of_the_tolerance_are_right(typed, right):
    assert numeric.score(PEOPLE, numeric.parse(PEOPLE, typed)).fraction == right


def test_an_unforgivable_choice_loses_the_exam_and_says_what_it_was():
    assert single.score(PICK, "C").hard_fail == "选项C"
    assert single.score(PICK, "A").hard_fail is None
    assert multiple.score(TWO, ("A", "C", "D")).hard_fail == "选项D"
    assert first_report.score(report(), {"casualties": "c"}).hard_fail == "瞎说"


def test_each_element_of_a_report_earns_its_part_and_one_left_out_earns_nothing():
    given = first_report.parse(report(), {"when": "a", "where": "b", "casualties": "a"})
    score = first_report.score(report(), given)
    assert score.fraction == pytest.approx(2 / 6)
    assert score.parts == {"when": 1, "where": 0, "what": 0, "casualties": 1, "done": 0, "callback": 0}


def test_feedback_on_a_report_names_what_is_missing_and_what_is_not_known_yet():
    said = first_report.feedback(report(), {"when": "a", "where": "a", "what": "a", "casualties": "b", "done": "a"})
    assert not said.right
    assert said.text.split("\n") == [
        "六项里报了 5 项。",
        "casualties：应当是“对”。还不知道的，就说待核。",
        "callback：没有报。",
    ]


def test_how_complete_a_report_is_is_said_rightly_or_wrongly_as_it_was_filled_in():
    own = report().model_copy(update={"feedback": {"callback": "留个电话，别人才找得到您。"}})
    said = first_report.feedback(own, {"when": "a", "where": "b"}).text
    assert said.startswith("六项里报了 2 项。")
    assert "留个电话" in said
    assert "六项里" not in first_report.feedback(own, dict.fromkeys(first_report.ELEMENTS, "b")).text


def test_a_written_answer_waits_for_a_person_whatever_its_length():
    item = open.Item(
        id="q", stem="题", rubric=(open.Row(row="行", points=4, indicator=CODE[0]),), min_chars=5, max_chars=10, indicators=CODE
    )
    assert open.score(item, open.parse(item, "短")).needs_mark
    assert open.too_short(item, "短")
    assert open.parse(item, " a\r\nb\x00\u200b ") == "a\nb\u200b"
    with pytest.raises(InvalidAnswerError, match="最多 10 个字"):
        open.parse(item, "字" * 11)


NIGHT = case.Item(
    id="night",
    title="雨夜",
    start="crack",
    injects={
        "crack": case.Inject(
            at="0",
            text="坡裂了",
            choices={
                "A": choice(
                    "count", effects={"timeliness": 25, "completeness": 25, "accuracy": 30, "routing": 15}, indicators=CODE
                ),
                "B": choice("count", effects={"timeliness": -5, "routing": 5}),
                "C": choice(None, hard_fail="等证据", indicators=CODE),
            },
        ),
        "count": case.Inject(at="+60", text="点人", choices={"A": choice("end", effects={"closure": 10, "privacy": 5})}),
    },
)


def test_a_case_is_walked_step_by_step_to_its_end():
    path = case.start(NIGHT)
    assert case.public(NIGHT, path=path)["stem"] == "坡裂了"
    path = case.step(NIGHT, path, "A")
    assert case.public(NIGHT, path=path)["at"] == "+60"
    path = case.step(NIGHT, path, "A")
    assert case.ended(NIGHT, path)
    assert case.public(NIGHT, path=path) == {"id": "night", "type": "case", "title": "雨夜", "step": 2, "ended": True}


@pytest.mark.parametrize(
    ("path", "fraction", "hard_fail"),
    [
        pytest.param(("A", "A"), 1, None, id="best; no dimension counts beyond its maximum"),
        pytest.param(("A",), 0.85, None, id="broken off: what was done counts"),
        pytest.param(("B", "A"), 0.2, None, id="no dimension falls below nothing"),
        pytest.param(("C",), 0, "等证据", id="unforgivable"),
    ],
)
def test_a_path_earns_the_sum_of_its_effects(path, fraction, hard_fail):
    score = case.score(NIGHT, case.parse(NIGHT, list(path)))
    assert score.fraction == pytest.approx(fraction)
    assert score.hard_fail == hard_fail


def test_what_is_unforgivable_shows_no_indicator():
    assert case.indicators_shown(NIGHT, ("A", "A")) == {"C5.2.a"}
    assert case.indicators_shown(NIGHT, ("C",)) == frozenset()


@pytest.mark.parametrize(("path", "tapped"), [((), "Z"), (("A",), "B"), (("A", "A"), "A"), ((), ["A"]), ((), None)])
def test_a_choice_that_is_not_offered_there_is_refused(path, tapped):
    with pytest.raises(InvalidAnswerError):
        case.step(NIGHT, path, tapped)


def wired(**nodes):
    """A case whose wiring is given as node → next nodes; A is worth everything."""
    full = {name: float(top) for name, top in case.MAXIMA.items()}
    injects = {
        node: case.Inject(
            at="0", text="情景", choices={f"c{n}": choice(target, effects=full) for n, target in enumerate(targets)}
        )
        for node, targets in nodes.items()
    }
    return {"id": "q", "title": "演练", "start": "a", "injects": injects}


@pytest.mark.parametrize(
    ("nodes", "fault"),
    [
        pytest.param({"b": ["end"]}, '"start" 写了情景 "a"', id="no start"),
        pytest.param({"a": ["z"]}, '"next" 写了情景 "z"', id="leads nowhere"),
        pytest.param({"a": ["end"], "b": ["end"]}, '情景 "b" 走不到', id="out of reach"),
        pytest.param({"a": ["b", "end"], "b": ["a"]}, "绕回它自己", id="a circle"),
        pytest.param({"a": ["a", "end"]}, "绕回它自己", id="a small circle"),
    ],
)
def test_a_case_that_cannot_be_walked_is_refused(nodes, fault):
    with pytest.raises(ValidationError) as error:
        case.Item(**wired(**nodes))
    said = [each.fault for found in error.value.errors() for each in found["ctx"]["misfits"]]
    assert any(fault in each for each in said), said


def test_a_case_whose_best_way_does_not_earn_everything_is_refused():
    item = wired(a=["end"])
    item["injects"]["a"] = case.Inject(
        at="0",
        text="情景",
        choices={
            "A": choice("end", effects={"timeliness": 25, "privacy": 4}),
            "B": choice("end", effects=dict(case.MAXIMA), hard_fail="不行"),
        },
    )
    with pytest.raises(ValidationError) as error:
        case.Item(**item)
    said = [each.fault for found in error.value.errors() for each in found["ctx"]["misfits"]]
    assert '最好的走法在 "privacy" 上只得 4 分，满分是 5' in said


def test_the_best_way_is_found_in_a_case_with_very_many_ways():
    """Forty situations with three choices each: 3⁴⁰ ways."""
    full = {name: top / 40 for name, top in case.MAXIMA.items()}
    swap = full | {"timeliness": full["timeliness"] * 2, "completeness": 0.0}
    injects = {}
    for number in range(40):
        target = f"n{number + 1}" if number < 39 else "end"
        choices = {"A": choice(target, effects=swap), "B": choice(target, effects=full), "C": choice(target)}
        injects[f"n{number}"] = case.Inject(at="0", text="情景", choices=choices)
    item = case.Item(id="q", title="长夜", start="n0", injects=injects)
    assert case.score(item, case.key(item)).fraction == pytest.approx(1)
