import pytest

from banyan.errors import BadInputError
from widgets import Chart, Choice, Panel, Series, Simulation, Slider, show

SLIDER = Slider("从哪一天开始", lowest=1, highest=9, start=3, said="第{}天", less="早一天", more="晚一天")
PANEL = Panel(
    "教学模型，不是预测",
    SLIDER,
    picture="多少人",
    unit="人",
    rows=lambda day: [("您选的", day * 10, True), ("最多", 90, False)],
    sentence=lambda day: f"第{day}天，{day * 10}人。",
)


def _told(day: int, masks: str) -> str:
    return f"第{day}天，{'戴' if masks == 'yes' else '不戴'}。"


def _ill(day: int, masks: str) -> Chart:
    return Chart("多少人", _told(day, masks), ["病了", "没病"], [Series("人数", [day, 9 - day])], "人", kind="bar")


SIMULATION = Simulation(
    "教学模型，不是预测",
    {"day": SLIDER, "masks": Choice("戴口罩", {"no": "不戴", "yes": "都戴"})},
    sentence=_told,
    pictures=[_ill, _ill],
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


def test_a_simulation_has_a_trait_for_each_control_and_draws_each_picture() -> None:
    widget = show(SIMULATION)
    widget.day, widget.masks = 5, "yes"
    assert (widget.view["values"], widget.view["sentence"]) == ({"day": 5, "masks": "yes"}, "第5天，戴。")
    assert [">5人<" in each for each in widget.view["pictures"]] == [True, True]


@pytest.mark.parametrize(("asked", "taken"), [("yes", "yes"), ("maybe", "no"), (None, "no"), (["yes"], "no")])
def test_a_choice_from_a_browser_is_one_of_those_offered(asked: object, taken: str) -> None:
    widget = show(SIMULATION)
    widget.masks = asked
    assert (widget.masks, widget.view["values"]["masks"]) == (taken, taken)


@pytest.mark.parametrize("sent", [None, "three", [3], float("inf"), float("nan")])
def test_what_is_no_number_does_not_move_a_slider_off_its_start(sent: object) -> None:
    widget = show(PANEL)
    widget.value = sent
    assert widget.value == 3


@pytest.mark.parametrize(
    ("controls", "said"),
    [
        pytest.param({}, "没有可以拨的", id="nothing"),
        pytest.param({"view": SLIDER}, "不能用 view", id="a name that is taken"),
        pytest.param({"几天": SLIDER, "two words": SLIDER}, "不能用 two words", id="no name"),
        pytest.param({"masks": Choice("戴口罩", {"no": "不戴"})}, "至少要有两个", id="no choice"),
        pytest.param({"day": Slider("哪天", 1, 9, 12)}, "不在 lowest 和 highest", id="starts beyond its end"),
    ],
)
def test_an_author_is_told_what_is_wrong_with_the_controls(controls: dict[str, Slider | Choice], said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        show(Simulation("编的", controls, sentence=lambda **_: "", pictures=[]))
