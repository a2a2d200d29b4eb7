import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.domain.county import BY_KEY
from banyan.domain.county_values import COLOURS, EVERYBODYS, PARSERS, Kind, parse, tel
from banyan.errors import BadInputError

RAIN = {colour: (f"{mm}毫米", "转移") for colour, mm in zip(COLOURS, (50, 60, 80, 100), strict=True)}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=200) | st.binary(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)


@pytest.mark.parametrize(
    ("typed", "kept", "dialled"),
    [
        pytest.param("0591-1234567", "0591-1234567", "05911234567", id="as on paper"),
        pytest.param(" ０５９１－１２３４５６７ ", "0591-1234567", "05911234567", id="full width"),
        pytest.param("（0591）1234567", "0591-1234567", "05911234567", id="brackets"),
        pytest.param("0591—1234567转801", "0591-1234567转801", "05911234567,801", id="an extension"),
        pytest.param("值班电话：138 0000 1234", "13800001234", "13800001234", id="a label and blanks"),
        pytest.param("6212345", "6212345", "6212345", id="local"),
        pytest.param(13800001234, "13800001234", "13800001234", id="a number from a sheet"),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: Any, kept: str, dialled: str) -> None:
    assert parse(BY_KEY["duty_phone"], typed) == kept
    assert tel(kept) == dialled


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("", id="nothing"),
        pytest.param("1380000123", id="a digit short"),
        pytest.param("0591-123", id="an area code and too little"),
        pytest.param("0591-1234567、0591-1234568", id="two"),
        pytest.param("问老王", id="words"),
        pytest.param("12", id="two digits"),
        pytest.param("javascript:alert(1)", id="a script"),
        pytest.param("９" * 5000, id="endless"),
        pytest.param(True, id="no text"),
        *(pytest.param(each, id=f"everybody's {each}") for each in EVERYBODYS),
    ],
)
def test_what_is_no_duty_desk_is_refused(typed: Any) -> None:
    with pytest.raises(BadInputError):
        parse(BY_KEY["duty_phone"], typed)


@given(st.sampled_from([each for each in BY_KEY.values() if each.kind is not Kind.PICTURE]), ANYTHING)
def test_whatever_is_given_is_taken_or_refused_in_words(setting: Any, given: Any) -> None:
    with contextlib.suppress(BadInputError):
        parse(setting, given)


@given(st.text(max_size=80))
def test_what_was_kept_is_kept_again(typed: str) -> None:
    try:
        kept = parse(BY_KEY["clinic_phone"], typed)
    except BadInputError:
        return
    assert parse(BY_KEY["clinic_phone"], kept) == kept
    assert set(tel(kept)) <= set("+0123456789,")


def test_the_chain_points_to_what_each_township_has_of_its_own() -> None:
    told = parse(BY_KEY["reporting_chain"], [("镇值班室", "镇值班"), ("村支书", ""), ("县应急局", "0591-1234567"), ("", "")])
    assert told == [
        {"who": "镇值班室", "of": "duty_phone"},
        {"who": "村支书", "phone": ""},
        {"who": "县应急局", "phone": "0591-1234567"},
    ]


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param([("村支书", "")], id="nobody to ring"),
        pytest.param([("", "0591-1234567")], id="a number without a name"),
        pytest.param([("甲", "0591-1234567")] * 9, id="nine"),
        pytest.param("甲 0591-1234567", id="no lines"),
    ],
)
def test_a_chain_that_reaches_nobody_is_refused(typed: Any) -> None:
    with pytest.raises(BadInputError):
        parse(BY_KEY["reporting_chain"], typed)


def test_warnings_rise_from_blue_to_red_however_they_were_given() -> None:
    told = parse(BY_KEY["warning_table"], dict(reversed(RAIN.items())))
    assert [each["colour"] for each in told] == list(COLOURS)


@pytest.mark.parametrize("colour", COLOURS)
def test_a_table_without_one_of_its_colours_is_refused(colour: str) -> None:
    with pytest.raises(BadInputError, match="四种颜色"):
        parse(BY_KEY["warning_table"], {each: row for each, row in RAIN.items() if each != colour})


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (("5", "30"), {"oral": 5, "written": 30}),
        (("５分钟", "３０"), {"oral": 5, "written": 30}),
        ((5, 30), {"oral": 5, "written": 30}),
    ],
    ids=["digits", "full width", "numbers"],
)
def test_clocks_are_minutes(typed: Any, told: dict[str, int]) -> None:
    assert parse(BY_KEY["drill_clocks"], typed) == told


@pytest.mark.parametrize("typed", [("30", "5"), ("0", "5"), ("五", "30"), ("5", ""), ("5", "500"), "5/30"])
def test_clocks_that_cannot_be_are_refused(typed: Any) -> None:
    with pytest.raises(BadInputError):
        parse(BY_KEY["drill_clocks"], typed)


def test_a_title_may_claim_no_state() -> None:
    with pytest.raises(BadInputError, match="国家"):
        parse(BY_KEY["certificate_title"], "国\u200b家 合格证书")


def test_a_title_is_one_line_of_what_can_be_seen() -> None:
    assert parse(BY_KEY["certificate_title"], " 培训\u202e考核\n合格证明 ") == "培训 考核 合格证明"


def test_every_kind_but_a_picture_has_its_parser() -> None:
    assert set(PARSERS) == set(Kind) - {Kind.PICTURE}
