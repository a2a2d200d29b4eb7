import pytest
from playwright.sync_api import Page, expect

from tests.widgets.browser_model import ROOT, open_widget
from tests.widgets.test_dialogue import TALK
from widgets import talk

pytestmark = pytest.mark.browser
AXE = ROOT / "node_modules/axe-core/axe.min.js"


def test_one_says_something_and_sees_what_comes_of_it(page: Page) -> None:
    open_widget(page, talk(TALK))
    log = page.get_by_role("log", name="老李不肯走")
    expect(log).to_contain_text("从没塌过。")
    page.get_by_role("button", name="裂缝宽了一指").click()
    expect(log).to_contain_text("老李去摸雨衣了。")
    expect(log).to_contain_text("到了祠堂。")
    expect(page.get_by_role("group", name="带走这几句").get_by_role("listitem")).to_have_text(
        ["人到了，打电话说人数。", "先说看见的。"]
    )


def test_nothing_is_sent_whatever_one_says(page: Page) -> None:
    sent = open_widget(page, talk(TALK))
    for words in ("必须走！", "退回一步", "算了。", "换一种说法试试"):
        page.get_by_role("button", name=words).click()
    assert sent == []


def test_one_may_go_back_and_try_another_way(page: Page) -> None:
    open_widget(page, talk(TALK))
    log = page.get_by_role("log")
    before = log.inner_text()
    expect(page.get_by_role("button", name="退回一步")).to_be_hidden()
    page.get_by_role("button", name="必须走！").click()
    expect(log).to_contain_text("门关上了。")
    page.get_by_role("button", name="退回一步").click()
    expect(log).to_have_text(before, use_inner_text=True)
    expect(page.get_by_role("button", name="必须走！ 试过")).to_be_focused()


def test_from_the_end_one_may_start_again(page: Page) -> None:
    open_widget(page, talk(TALK))
    log = page.get_by_role("log")
    before = log.inner_text()
    page.get_by_role("button", name="必须走！").click()
    page.get_by_role("button", name="算了。").click()
    page.get_by_role("button", name="从头再来").click()
    expect(log).to_have_text(before, use_inner_text=True)


def test_keys_alone_lead_through(page: Page) -> None:
    open_widget(page, talk(TALK))
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("门关上了。")
    expect(page.get_by_text("您怎么说？")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="带走这几句")).to_be_focused()


def test_the_page_translates_what_is_ours(page: Page) -> None:
    open_widget(page, talk(TALK))
    page.evaluate(
        """() => {
        const table = document.createElement("script");
        table.type = "application/json";
        table.id = "banyan-widget-words";
        table.textContent = '{"换一种说法试试": "Try another way"}';
        document.body.appendChild(table);
    }"""
    )
    page.get_by_role("button", name="算了。").click()
    expect(page.get_by_role("button", name="Try another way")).to_be_visible()


def test_on_paper_the_whole_script_stands_as_numbered_scenes(page: Page) -> None:
    open_widget(page, talk(TALK))
    page.emulate_media(media="print")
    expect(page.get_by_role("button")).to_have_count(0)
    paper = page.locator(".banyan-talk").inner_text()
    for words in (
        "第1幕",
        "老李：",
        "□ 裂缝宽了一指，我扶您走。（老李去摸雨衣了。接第2幕）",
        "□ 算了。（到此结束）",
        "先说看见的。",
    ):
        assert words in paper


@pytest.mark.parametrize("size", [17, 22], ids=["usual", "elder"])
def test_it_fits_a_small_phone_and_is_accessible(page: Page, size: int) -> None:
    open_widget(page, talk(TALK))
    page.add_style_tag(content=f"html {{ font-size: {size}px; }} body {{ margin: 16px; }}")
    page.add_script_tag(path=str(AXE))
    for words in ("", "必须走！", "算了。"):
        if words:
            page.get_by_role("button", name=words).tap()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        for each in page.get_by_role("button").all():
            box = each.bounding_box()
            assert box is not None
            assert box["height"] >= 48
        found = page.evaluate("axe.run(document.querySelector('main'), {resultTypes: ['violations']})")
        assert [each["id"] for each in found["violations"]] == []
