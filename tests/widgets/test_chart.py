import re
from xml.etree import ElementTree

import pytest

from banyan.errors import BadInputError
from widgets import show
from widgets.chart import Bar, Chart, Series, bars, figure, number, redraw
from widgets.line_chart import line_chart, ticks

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


LINES = Chart(
    "雨下几小时，水涨多少",
    "沟堵着涨得快。",
    [f"{each}小时" for each in range(7)],
    [Series("沟堵着", [each * 16 for each in range(7)], chosen=True), Series("沟清过", [each * 9 for each in range(7)])],
    "厘米",
)
BARS = Chart("四个组", "三组先去。", ["一组", "三组"], [Series("报了", [12, 7]), Series("没人应", [0, 4])], "户", "bar", "三组")


def parsed(html: str) -> ElementTree.Element:
    return ElementTree.fromstring(html)


def texts(svg: ElementTree.Element) -> list[str]:
    return [str(each.text) for each in svg.iter(f"{SVG}text")]


def test_a_line_bears_its_own_name_so_that_no_legend_is_needed() -> None:
    svg, named = line_chart(LINES)
    assert named
    assert {"沟堵着", "沟清过"} <= set(texts(parsed(svg)))
    assert "banyan-chart-legend" not in figure(LINES)


def test_lines_too_close_for_names_get_a_legend() -> None:
    tangled = [Series(f"很长很长的名字{each}", [each, 40 - each, each, 40 - each, each]) for each in range(4)]
    html = figure(Chart("图", "话。", list("一二三四五"), tangled))
    assert html.count("<li>") == 4
    assert "很长很长的名字0" not in texts(parsed(line_chart(Chart("图", "话。", list("一二三四五"), tangled))[0]))


def test_lines_differ_by_more_than_colour() -> None:
    curves = [each for each in parsed(line_chart(LINES)[0]).iter(f"{SVG}path") if each.get("vector-effect")]
    assert [each.get("stroke-dasharray") for each in curves] == [None, "7 4"]


def test_a_chart_has_a_name_and_tells_its_numbers() -> None:
    svg = parsed(line_chart(LINES)[0])
    assert svg.get("aria-label") == "雨下几小时，水涨多少。沟堵着涨得快。"
    assert svg.findtext(f"{SVG}desc") == "沟堵着：0小时0厘米，最高6小时96厘米；沟清过：0小时0厘米，最高6小时54厘米。"


def test_a_number_that_is_not_known_leaves_a_gap_and_a_dash() -> None:
    chart = Chart("图", "话。", list("一二三四"), [Series("数", [1, None, 3, 4])])
    curves = [each.get("d") for each in parsed(line_chart(chart)[0]).iter(f"{SVG}path") if each.get("vector-effect")]
    assert len(curves) == 2
    assert "<td>—</td>" in figure(chart)


@pytest.mark.parametrize(
    ("values", "marks"),
    [
        pytest.param([0, 96], [0, 50, 100], id="usual"),
        pytest.param([0, 0], [0, 1], id="nothing at all"),
        pytest.param([4463.96], [0, 2000, 4000, 6000], id="one large number"),
        pytest.param([-30, 60], [-50, 0, 50, 100], id="below zero"),
    ],
)
def test_grid_lines_stand_at_round_numbers_around_all_values(values: list[float], marks: list[float]) -> None:
    assert ticks(Chart("图", "话。", ["甲"] * len(values), [Series("数", values)])) == marks


def test_bars_of_several_series_stand_in_named_groups() -> None:
    (svg,) = parsed(figure(BARS)).iter(f"{SVG}svg")
    assert texts(svg) == ["一组", "报了", "12户", "没人应", "0户", "▶ 三组", "报了", "7户", "没人应", "4户"]
    assert len(list(svg.iter(f"{SVG}rect"))) == 3


def test_the_table_has_a_column_for_each_series() -> None:
    rows = [["".join(cell.itertext()) for cell in row] for row in parsed(figure(BARS)).iter("tr")]
    assert rows == [["", "报了", "没人应"], ["一组", "12户", "0户"], ["三组", "7户", "4户"]]


def test_a_chart_is_plain_html_that_needs_no_kernel() -> None:
    html = show(LINES)._repr_html_()
    assert "沟堵着涨得快。" in html
    assert "<script" not in html


def test_drawing_anew_sends_picture_and_sentence() -> None:
    widget = redraw(LINES)
    widget.chart = BARS
    assert (widget.html, widget.sentence) == (figure(BARS), "三组先去。")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"title": " "}, "title 和 sentence 都要写", id="no title"),
        pytest.param({"series": []}, "有 0 组数", id="no series"),
        pytest.param({"series": [Series(str(n), [1, 2]) for n in range(5)]}, "有 5 组数", id="too many"),
        pytest.param({"across": []}, "across 是空的", id="no labels"),
        pytest.param({"series": [Series("数", [1])]}, "有 1 个数，across 有 2 个", id="too few numbers"),
        pytest.param({"series": [Series("数", [1, float("nan")])]}, "不是数的东西", id="no number"),
        pytest.param({"series": [Series("数", [1, "2"])]}, "不是数的东西", id="a text"),
        pytest.param({"series": [Series("数", [None, None])]}, "一个数也没有", id="nothing known"),
        pytest.param({"series": [Series("数", [1, 2])] * 2}, "同一个名字", id="two of a name"),
        pytest.param({"series": [Series("数", [1, -2])]}, "有负数", id="a negative bar"),
        pytest.param({"chosen": "五组"}, "across 里没有", id="chosen is not there"),
        pytest.param({"kind": "pie"}, "只能是 line 或 bar", id="another kind"),
    ],
)
def test_an_author_is_told_what_is_wrong_with_a_chart(changes: dict[str, object], said: str) -> None:
    given = {"title": "图", "sentence": "话。", "across": ["一组", "三组"], "series": [Series("数", [1, 2])], "kind": "bar"}
    with pytest.raises(BadInputError, match=said):
        Chart(**(given | changes))  # type: ignore[arg-type]
