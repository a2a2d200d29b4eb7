import pytest

from widgets import Panel, Slider, show

SLIDER = Slider("从哪一天开始", lowest=1, highest=9, start=3, said="第{}天", less="早一天", more="晚一天")
PANEL = Panel(
    "教学模型，不是预测",
    SLIDER,
    picture="多少人",
    unit="人",
    rows=lambda day: [("您选的", day * 10, True), ("最多", 90, False)],
    sentence=lambda day: f"第{day}天，{day * 10}人。",
)


def test_it_is_complete_before_anything_is_touched() -> None:
    widget = show(PANEL)
    assert widget.value == 3
    assert widget.view["sentence"] == "第3天，30人。"
    (picture,) = widget.view["pictures"]
    assert '<th scope="row">您选的</th><td>30人</td>' in picture
    assert 'aria-label="多少人：您选的，30人；最多，90人。"' in picture


def test_it_says_what_kind_of_model_it_is() -> None:
    assert show(PANEL).note == "教学模型，不是预测"


def test_the_view_follows_the_value() -> None:
    widget = show(PANEL)
    widget.value = 5
    assert (widget.view["values"], widget.view["sentence"]) == ({"value": 5}, "第5天，50人。")


@pytest.mark.parametrize(("asked", "taken"), [(0, 1), (-7, 1), (10, 9), (10**9, 9)])
def test_a_value_from_a_browser_stays_on_the_slider(asked: int, taken: int) -> None:
    widget = show(PANEL)
    widget.value = asked
    assert (widget.value, widget.view["values"]["value"]) == (taken, taken)


def test_two_panels_of_a_page_are_independent() -> None:
    first, second = show(PANEL), show(PANEL)
    first.value = 8
    assert second.view["values"] == {"value": 3}
