from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.widgets.browser_model import ROOT, open_widget
from tests.widgets.test_panel import PANEL, SIMULATION
from widgets import show

pytestmark = pytest.mark.browser
AXE = ROOT / "node_modules/axe-core/axe.min.js"
LET_GO = "(el, value) => { el.value = value; el.dispatchEvent(new Event('input')); el.dispatchEvent(new Event('change')); }"
MOVING = "(el, value) => { el.value = value; el.dispatchEvent(new Event('input')); }"


def test_letting_go_asks_once_and_shows_what_python_says(page: Page) -> None:
    sent = open_widget(page, show(PANEL))
    slider = page.get_by_role("slider", name="从哪一天开始")
    for value in ("4", "5", "6"):
        slider.evaluate(MOVING, value)
    expect(page.locator("output")).to_have_text("第6天")
    assert sent == []
    slider.evaluate(LET_GO, "6")
    expect(page.get_by_role("status").filter(has_text="60人")).to_have_text("第6天，60人。")
    expect(page.get_by_role("img")).to_have_attribute("aria-label", "多少人：您选的，60人；最多，90人。")
    assert [each["value"] for each in sent] == [6]


def test_buttons_step_and_do_not_flood_the_line(page: Page) -> None:
    sent = open_widget(page, show(PANEL))
    page.get_by_role("button", name="晚一天").evaluate("(button) => { for (let n = 0; n < 4; n += 1) button.click(); }")
    expect(page.locator(".banyan-panel-sentence")).to_have_text("第7天，70人。")
    assert [each["value"] for each in sent] == [7]


def test_a_button_that_leads_nowhere_is_off(page: Page) -> None:
    open_widget(page, show(PANEL))
    page.get_by_role("slider").evaluate(LET_GO, "9")
    expect(page.get_by_role("button", name="晚一天")).to_be_disabled()
    expect(page.get_by_role("button", name="早一天")).to_be_enabled()


def test_keys_move_the_slider(page: Page) -> None:
    open_widget(page, show(PANEL))
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".banyan-panel-sentence")).to_have_text("第4天，40人。")


def test_the_same_numbers_stand_in_a_table(page: Page) -> None:
    open_widget(page, show(PANEL))
    page.get_by_text("用表格看").click()
    expect(page.get_by_role("row").first).to_have_text("您选的30人")


@pytest.mark.parametrize("size", [17, 22], ids=["usual", "elder"])
def test_it_fits_a_small_phone_and_is_accessible(page: Page, size: int) -> None:
    open_widget(page, show(PANEL))
    page.add_style_tag(content=f"html {{ font-size: {size}px; }} body {{ margin: 16px; }}")
    page.add_script_tag(path=str(AXE))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for role in ("slider", "button"):
        for each in page.get_by_role(role).all():
            box = each.bounding_box()
            assert box is not None
            assert box["height"] >= 48
    found = page.evaluate("axe.run(document.querySelector('main'), {resultTypes: ['violations']})")
    assert [each["id"] for each in found["violations"]] == []


def test_leaving_the_page_leaves_nothing_running(page: Page) -> None:
    sent = open_widget(page, show(PANEL))
    page.get_by_role("button", name="晚一天").evaluate("(button) => { button.click(); window.leave(); }")
    page.wait_for_timeout(400)
    assert sent == []


def test_a_simulation_is_set_by_slider_button_and_choice(page: Page) -> None:
    sent = open_widget(page, show(SIMULATION))
    page.get_by_text("都戴").click()
    expect(page.locator(".banyan-panel-sentence")).to_have_text("第3天，戴。")
    page.get_by_role("button", name="晚一天").click()
    expect(page.locator(".banyan-panel-sentence")).to_have_text("第4天，戴。")
    assert [(each["day"], each["masks"]) for each in sent] == [(3, "yes"), (4, "yes")]


def test_a_table_that_is_open_stays_open(page: Page) -> None:
    open_widget(page, show(SIMULATION))
    page.get_by_text("用表格看").last.click()
    page.get_by_role("button", name="晚一天").click()
    expect(page.get_by_role("cell", name="4人")).to_be_visible()
    expect(page.get_by_role("table")).to_have_count(1)


def test_choices_are_made_by_key(page: Page) -> None:
    open_widget(page, show(SIMULATION))
    page.get_by_role("radio", name="不戴").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".banyan-panel-sentence")).to_have_text("第3天，戴。")


@pytest.mark.parametrize("script", ["chart.js", "dialogue.js", "panel.js", "practice.js"])
def test_scripts_stay_within_what_old_phones_know(script: str) -> None:
    text = (Path(ROOT) / "widgets" / script).read_text(encoding="utf-8")
    for newer in ("?.", "??", "replaceChildren", "=>", "`", ".at("):
        assert newer not in text.replace("...", "")
