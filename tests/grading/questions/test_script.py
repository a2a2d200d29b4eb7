"""What the script adds to a question, in a real browser: reading, restoring, moving, counting, practising."""

import json
from pathlib import Path

import pytest

from grading import questions
from grading.questions import (
    cloze,
    first_report,
    hotspot,
    match,
    multiple,
    numeric,
    open,
    order,
    short_text,
    single,
    true_false,
)
from grading.questions.render import html
from tests.grading.questions.samples import CODE, options

SCRIPT = Path(__file__).parents[3] / "banyan" / "portal" / "assets" / "questions.js"
pytestmark = pytest.mark.browser

SAID = {"A": "甲说", "B": "乙说", "C": "丙说"}
PICK = single.Item(id="q", stem="题", options=options("ABC"), key="B", feedback=SAID, indicators=CODE)
SEVERAL = multiple.Item(id="q", stem="题", options=options("ABC"), key=("A", "C"), feedback=SAID, indicators=CODE)
STEPS = order.Item(id="q", stem="题", items=options("ABC"), key=("C", "A", "B"), indicators=CODE)
PEOPLE = numeric.Item(id="q", stem="题", key=numeric.Key(value=24), indicators=CODE)
NOTE = open.Item(
    id="q", stem="题", rubric=(open.Row(row="行", points=4, indicator=CODE[0]),), min_chars=3, max_chars=20, indicators=CODE
)
ELEMENT = first_report.Element(label="项", choices=options("ab"), key="a")
TRUE = true_false.Item(id="q", stem="题", key=True, indicators=CODE)
WORD = short_text.Item(id="q", stem="题", accept=("待核",), indicators=CODE)
PAIRS = match.Item(
    id="q", stem="题", items={"x": "甲", "y": "乙"}, options=options("ABC"), key={"x": "A", "y": "B"}, indicators=CODE
)
GAPS = cloze.Item(
    id="q",
    stem="题",
    text="我在[[x]]，[[y]]。",
    gaps={"x": cloze.Gap(choices=options("AB"), key="A"), "y": cloze.Gap(accept=("待核",))},
    indicators=CODE,
)
PLACES = {"A": hotspot.Region(label="地方A", box=(0, 0, 40, 40)), "B": hotspot.Region(label="地方B", box=(60, 60, 40, 40))}
SPOTS = hotspot.Item(id="q", stem="题", picture="a.svg", alt="图", regions=PLACES, key=("A", "B"), indicators=CODE)
SPOT = SPOTS.model_copy(update={"key": ("B",)})
REPORT = first_report.Item(id="q", stem="题", elements=dict.fromkeys(first_report.ELEMENTS, ELEMENT), indicators=CODE)


@pytest.fixture
def page(chromium):
    page = chromium.new_page()
    faults = []
    page.on("pageerror", lambda fault: faults.append(fault))
    yield page
    page.close()
    assert faults == []


def show(page, item):
    page.set_content(html(questions.public(item), "s01-"))
    page.add_script_tag(content=SCRIPT.read_text(encoding="utf-8"))
    page.evaluate("""() => {
        window.el = document.querySelector("[data-question]"); window.told = [];
        document.addEventListener("banyan:answer", (event) => told.push(event.detail.value));
        BanyanQuestions.enhance(document.body);
    }""")


def value(page):
    return page.evaluate("BanyanQuestions.value(el)")


@pytest.mark.parametrize(
    ("item", "answer"),
    [
        pytest.param(PICK, "B", id="single"),
        pytest.param(SEVERAL, ["A", "C"], id="multiple"),
        pytest.param(STEPS, ["C", "A", "B"], id="order"),
        pytest.param(PEOPLE, "２４", id="numeric"),
        pytest.param(NOTE, "三个字", id="open"),
        pytest.param(REPORT, {"when": "a", "done": "b"}, id="first_report"),
        pytest.param(TRUE, "false", id="true_false"),
        pytest.param(WORD, "待　核", id="short_text"),
        pytest.param(PAIRS, {"y": "C"}, id="match"),
        pytest.param(GAPS, {"x": "B", "y": "待核"}, id="cloze"),
        pytest.param(SPOTS, ["A", "B"], id="hotspot, several"),
        pytest.param(SPOT, ["A"], id="hotspot, one"),
    ],
)
def test_an_answer_put_back_reads_as_it_was_and_blank_is_null(page, item, answer):
    show(page, item)
    assert value(page) is None
    page.evaluate("(given) => BanyanQuestions.fill(el, given)", answer)
    assert value(page) == answer
    page.evaluate("BanyanQuestions.fill(el, null)")
    assert value(page) is None


def test_choosing_tells_the_page_the_new_answer(page):
    show(page, SEVERAL)
    page.get_by_label("选项C").check()
    page.get_by_label("选项A").check()
    assert page.evaluate("told") == [["C"], ["A", "C"]]


def test_a_list_and_a_line_each_tell_the_page_what_they_hold(page):
    show(page, GAPS)
    page.get_by_label("第1空，接在“我在”后面").select_option(label="选项B")
    page.get_by_label("第2空").press_sequentially("待")
    page.get_by_label("第1空，接在“我在”后面").select_option(label="请选")
    assert page.evaluate("told") == [{"x": "B"}, {"x": "B", "y": "待"}, {"y": "待"}]


def test_a_list_is_chosen_from_with_the_keyboard(page):
    show(page, PAIRS)
    page.get_by_label("乙").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("told") == [{"y": "A"}, {"y": "B"}]


def spot(page, name):
    box = page.locator(f'[data-spot="{name}"] .spot-shape').bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def widen(page):
    """Give the picture the house's look, and room: here it has no file."""
    page.add_style_tag(path=SCRIPT.parent / "css" / "question.css")
    page.add_style_tag(content=".hotspot { width: 300px; height: 200px; }")


def test_a_tap_on_the_picture_is_a_tap_on_the_choice_of_the_same_name(page):
    show(page, SPOTS)
    widen(page)
    page.mouse.click(*spot(page, "B"))
    assert page.get_by_label("地方B").is_checked()
    page.locator('[data-spot="B"].chosen.looked-at').wait_for(state="attached")
    page.get_by_label("地方A").check()
    page.mouse.click(*spot(page, "B"))
    assert page.evaluate("told") == [["B"], ["A", "B"], ["A"]]


def test_where_one_place_is_asked_a_second_tap_moves_the_choice(page):
    show(page, SPOT)
    widen(page)
    page.mouse.click(*spot(page, "A"))
    page.mouse.click(*spot(page, "B"))
    assert page.evaluate("told") == [["A"], ["B"]]
    assert page.locator(".spot.chosen").count() == 1


def test_a_place_is_reached_with_the_keyboard_and_shown_in_the_picture(page):
    show(page, SPOTS)
    page.get_by_label("地方A").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.evaluate("told") == [["B"]]
    page.locator('[data-spot="B"].looked-at.chosen').wait_for(state="attached")


def test_steps_move_with_the_keyboard_and_the_move_is_announced(page):
    show(page, STEPS)
    assert page.locator("#s01-q-A-up").is_disabled()
    page.locator("#s01-q-A-down").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert page.evaluate("told") == [["B", "A", "C"], ["B", "C", "A"]]
    assert page.locator(".order-news").inner_text() == "现在是第3步：选项A"
    assert page.evaluate("document.activeElement.id") == "s01-q-A-up", "the focus stays on the step that moved"


def test_an_order_left_as_it_came_counts_only_once_it_is_confirmed(page):
    show(page, STEPS)
    assert value(page) is None
    page.get_by_label("就按这个顺序").check()
    assert page.evaluate("told") == [["A", "B", "C"]]


def test_characters_are_counted_as_a_reader_counts_them(page):
    show(page, NOTE)
    page.locator("textarea").fill("𠮷𠮷")
    assert page.locator(".open-count").inner_text() == "写了2个字，至少3个"
    page.locator("textarea").fill("𠮷𠮷𠮷")
    assert page.locator(".open-count").inner_text() == "写了3个字，最多20个"


def practise(page, item, post="null"):
    show(page, item)
    table = json.dumps(questions.tabulated(item))
    page.evaluate(f"BanyanQuestions.practise(el, {table}, {post})")


def test_practice_teaches_without_a_line(page):
    practise(page, SEVERAL, "() => Promise.reject(new Error('offline'))")
    page.get_by_role("button", name="看看对不对").click()
    assert page.get_by_role("status").inner_text() == "先作答，再来看。"
    page.get_by_label("选项C").check()
    page.get_by_label("选项A").check()
    page.get_by_role("button", name="看看对不对").click()
    assert page.locator(".practice-said.right").inner_text().split() == ["答对了", "选项A：甲说", "选项C：丙说"]
    page.get_by_label("选项A").uncheck()
    assert page.locator(".practice-said").inner_text() == "", "what was said belongs to the answer before"


def test_practice_that_cannot_be_listed_asks_the_server(page):
    practise(page, PEOPLE, "(given) => Promise.resolve({right: given === '24', text: '一\\n二<b>'})")
    page.locator("input").fill("24")
    page.get_by_role("button", name="看看对不对").click()
    page.locator(".practice-said.right").wait_for()
    assert page.locator(".practice-said").inner_text().split() == ["答对了", "一", "二<b>"]


def test_practice_that_needs_the_server_says_so_when_it_does_not_answer(page):
    practise(page, PEOPLE, "() => { throw new Error('broken'); }")
    page.locator("input").fill("24")
    page.get_by_role("button", name="看看对不对").click()
    page.wait_for_function("document.querySelector('.practice-said').textContent !== ''")
    assert page.locator(".practice-said").inner_text() == "这次没看成，请再试一次。"
