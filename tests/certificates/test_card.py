"""The pocket card: the county's order first, every number once, sharp on a phone and whole on A6."""

import struct
from datetime import date
from typing import Any

import pytest

from banyan.certificates.card import Card, Holder, card_of, pdf, picture
from banyan.certificates.press import Press
from banyan.domain.county import Entry, Place
from tests.certificates.test_press import characters

TODAY = date(2026, 11, 23)
RAIN = [{"colour": each, "when": "3小时50毫米", "act": "转移"} for each in ("blue", "yellow", "orange", "red")]
CHAIN = [{"who": "青石镇值班室", "of": "duty_phone"}, {"who": "村支书", "phone": ""}]


def place(**values: Any) -> Place:
    return Place({key: Entry(value, "县应急12号", date(2026, 5, 20), "老周", TODAY) for key, value in values.items()})


def card(demo: bool = False, **values: Any) -> Card:
    return card_of(place(**values), Holder("青石镇", "榕溪县", demo), TODAY)


FULL = {
    "reporting_chain": CHAIN,
    "duty_phone": "0591-1234567",
    "county_emergency": "0591-7654321",
    "other_phones": [{"who": "派出所", "phone": "0591-1112222"}],
    "warning_table": RAIN,
}


def test_the_countys_order_comes_first_and_no_number_stands_twice() -> None:
    told = [(each.who, each.phone) for each in card(**FULL).calls]
    assert told == [
        ("青石镇值班室", "0591-1234567"),
        ("村支书", ""),
        ("县应急值班", "0591-7654321"),
        ("派出所", "0591-1112222"),
    ]


def test_without_a_chain_the_townships_desk_is_called_first() -> None:
    assert [each.phone for each in card(county_cdc="0591-3", duty_phone="0591-1").calls] == ["0591-1", "0591-3"]


def test_it_says_once_where_its_numbers_come_from() -> None:
    assert card(**FULL).sources == ("县应急12号（2026年5月20日）",)


@pytest.mark.parametrize("values", [FULL, {}], ids=["everything", "nothing"])
def test_the_picture_is_a_phone_wide(press: Press, values: dict[str, Any]) -> None:
    made = picture(press, card(**values))
    assert made.startswith(b"\x89PNG")
    assert struct.unpack(">I", made[16:20]) == (1080,)
    assert len(made) < 500_000


def test_on_paper_it_has_a_front_and_a_back(press: Press) -> None:
    made = pdf(press, card(demo=True, **FULL))
    assert b"/Type/Pages/Count 2/" in made
    assert set("青石镇值班室0591-1234567待核红色") <= characters(made)


def test_the_longest_card_still_has_two_sides(press: Press) -> None:
    lines = [{"who": "很长很长的单位名称值班室", "phone": f"0591-123456{n}转{n}"} for n in range(8)]
    long = [{**row, "when": "字" * 60, "act": "字" * 60} for row in RAIN]
    made = pdf(press, card(reporting_chain=lines, duty_phone="0591-1234567", warning_table=long))
    assert b"/Type/Pages/Count" in made


def test_a_demos_card_says_that_its_numbers_ring_nowhere(press: Press) -> None:
    assert set("演示编打不通") <= characters(pdf(press, card(demo=True, **FULL)))
