import re
from xml.etree import ElementTree

import pytest

from widgets.chart import Bar, bars, number

ROWS = [Bar("第7天应对", 71.8), Bar("第14天应对", 196.1, chosen=True), Bar("一直没人管", 4463.96)]
SVG = "{http://www.w3.org/2000/svg}"


def drawn(rows: list[Bar]) -> ElementTree.Element:
    return ElementTree.fromstring(bars(rows, "人", "最后一共多少人得过病"))


def test_every_number_is_written_out() -> None:
    texts = [each.text for each in drawn(ROWS).iter(f"{SVG}text")]
    assert texts == ["第7天应对", "72人", "▶ 第14天应对", "196人", "一直没人管", "4,464人"]


def test_the_picture_says_in_words_what_it_shows() -> None:
    assert drawn(ROWS).get("aria-label") == "最后一共多少人得过病：第7天应对，72人；第14天应对，196人；一直没人管，4,464人。"


def test_bars_are_on_one_scale_from_zero() -> None:
    widths = [float(str(each.get("width")).rstrip("%")) for each in drawn(ROWS).iter(f"{SVG}rect")]
    assert widths[2] == pytest.approx(99, abs=0.1)
    assert widths[1] / widths[2] == pytest.approx(196.1 / 4463.96, abs=0.001)


def test_the_chosen_bar_differs_by_more_than_colour() -> None:
    bold = [each.text for each in drawn(ROWS).iter(f"{SVG}text") if each.get("font-weight") == "700"]
    assert bold == ["▶ 第14天应对", "196人"]


def test_text_grows_with_the_readers_size() -> None:
    assert "viewBox" not in bars(ROWS, "人", "图")
    assert not re.search(r'(y|height)="[\d.]+"', bars(ROWS, "人", "图"))


def test_a_label_cannot_break_out_of_the_picture() -> None:
    svg = ElementTree.fromstring(bars([Bar('<script>"', 1)], "<b>", '"><i>'))
    assert {each.tag for each in svg.iter()} == {f"{SVG}svg", f"{SVG}text", f"{SVG}rect"}


@pytest.mark.parametrize("rows", [pytest.param([], id="none"), pytest.param([Bar("无", 0)], id="only zero")])
def test_nothing_to_show_is_no_fault(rows: list[Bar]) -> None:
    assert drawn(rows).get("role") == "img"


def test_large_numbers_are_grouped_and_people_are_whole() -> None:
    assert number(4463.957) == "4,464"
