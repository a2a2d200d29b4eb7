"""The course of examples, built and served as any lesson, on a small phone: everything fits, answers, and is accessible."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.chromium import PATIENCE
from tests.grading.test_pictures import camera
from tests.widgets.browser_model import ROOT
from tests.widgets.house import open_step, sign_in, teaching

pytestmark = [pytest.mark.browser, pytest.mark.served, pytest.mark.timeout(600)]

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
QUESTIONS = ["choose", "judge", "write", "words", "point", "photo", "walk"]
STEPS = [*QUESTIONS, "dialogue", "short-talk", "lines", "bars", "panel", "simulation", "redraw", "plain"]
TARGETS = "button, select, summary, input[type=text], input[type=range], .banyan-panel-option, .noUi-handle, .widget-readout"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with teaching(tmp_path_factory.mktemp("examples")) as address:
        yield address


@pytest.fixture(scope="module")
def phone(chromium: Browser, house: str) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=house, viewport={"width": 360, "height": 740}, has_touch=True, locale="zh-CN")
    context.set_default_timeout(PATIENCE)
    sign_in(context)
    yield context
    context.close()


@pytest.fixture(scope="module")
def page(phone: BrowserContext) -> Page:
    return phone.new_page()


ASKED = ".option, select, input[type=text], .practice-check, .photo-pick, .walk-take"
"""What a question is answered with."""


def slot(page: Page, step: str) -> Locator:
    return page.locator(f"#{step} .slot")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(("size", "least"), [("usual", 44), ("elder", 48)])
def test_each_fits_a_small_phone_and_is_accessible(page: Page, step: str, size: str, least: int) -> None:
    open_step(page, step)
    page.evaluate("size => document.documentElement.classList.toggle('elder', size === 'elder')", size)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    small = [each.inner_text() for each in slot(page, step).locator(TARGETS).all() if each.is_visible() and low(each, least)]
    assert small == []
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document.querySelector('main'), {resultTypes: ['violations']})")
    assert {each["id"] for each in found["violations"]} == set()


@pytest.mark.parametrize("step", QUESTIONS)
def test_what_a_question_is_answered_with_is_large_enough_for_a_thumb(page: Page, step: str) -> None:
    open_step(page, step)
    for size, least in (("usual", 44), ("elder", 48)):
        page.evaluate("size => document.documentElement.classList.toggle('elder', size === 'elder')", size)
        found = [each for each in page.locator(f"#{step}").locator(ASKED).all() if each.is_visible()]
        assert found
        assert [each for each in found if low(each, least)] == [], size
    page.evaluate("document.documentElement.classList.remove('elder')")


def test_a_statement_and_pairs_are_answered_by_touch_and_teach_without_a_line(page: Page, phone: BrowserContext) -> None:
    open_step(page, "judge")
    judged, pairs = question(page, "true-or-not"), question(page, "pairs")
    phone.set_offline(True)
    judged.get_by_text("对", exact=True).tap()
    judged.get_by_role("button", name="看看对不对").tap()
    expect(judged.get_by_role("status")).to_contain_text("转的人多，不等于有人看见。")
    for thing, partner in {"灶房起火": "119消防", "邻居叫不醒": "120急救", "路灯三天没亮": "119消防"}.items():
        pairs.get_by_label(thing).tap()
        pairs.get_by_label(thing).select_option(label=partner)
    pairs.get_by_role("button", name="看看对不对").tap()
    expect(pairs.get_by_role("status")).to_contain_text("路灯不亮等得到明天")
    phone.set_offline(False)


def test_gaps_and_words_are_answered_by_key_and_scored_by_the_server(page: Page) -> None:
    open_step(page, "words")
    gaps, words = question(page, "gaps"), question(page, "a-few-words")
    gaps.get_by_label("第1空").press("ArrowDown")
    gaps.get_by_label("第2空").press_sequentially("还在 待核。")
    gaps.get_by_label("第3空").press("ArrowDown")
    gaps.get_by_role("button", name="看看对不对").press("Enter")
    expect(gaps.locator(".practice-said.right")).to_be_visible()
    words.get_by_role("textbox").press_sequentially("１２０")
    words.get_by_role("button", name="看看对不对").press("Enter")
    expect(words.get_by_role("status")).to_contain_text("120是急救")
    words.get_by_role("textbox").fill(" １１９ ")
    words.get_by_role("button", name="看看对不对").press("Enter")
    expect(words.locator(".practice-said.right")).to_be_visible()


def test_places_are_pointed_at_by_touch_and_by_key(page: Page) -> None:
    open_step(page, "point")
    asked = question(page, "on-a-picture")
    asked.scroll_into_view_if_needed()
    assert page.evaluate("document.querySelector('#point .hotspot img').naturalWidth") == 640
    for name in ("crown", "toe"):
        box = asked.locator(f"[data-spot={name}] .spot-shape").bounding_box()
        assert box is not None
        page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    asked.get_by_role("checkbox", name="坡上的两棵树").press("Space")
    expect(asked.locator(".spot.chosen")).to_have_count(3)
    asked.get_by_role("button", name="看看对不对").press("Enter")
    expect(asked.locator(".practice-said.right")).to_contain_text("坡脚冒浑水")


GOOD = ["打镇值班", "带一批人", "开一台水泵", "开一台水泵", "带一批人"]


def take(asked: Locator, words: str) -> None:
    asked.locator(".option", has_text=words).tap()
    asked.locator(".walk-take").tap()


def test_a_simulation_is_walked_to_its_end_teaches_at_once_and_begins_again(page: Page) -> None:
    open_step(page, "walk")
    asked = question(page, "rising-water")
    expect(asked.locator(".drill")).to_have_text("演练·不会报给任何人")
    asked.locator(".walk-take").tap()
    expect(asked.locator(".walk-news")).to_contain_text("先选一样")
    for number, words in enumerate(GOOD, start=1):
        take(asked, words)
        expect(asked.locator(".run-at")).to_contain_text(f"第{number + 1}步" if number < len(GOOD) else "走完了")
    expect(asked.locator(".practice-said")).to_contain_text("先报告，人先走，泵早开")
    expect(asked.locator(".walk-take")).to_have_text("从头再来一次")
    asked.locator(".walk-take").tap()
    expect(asked.locator(".run-at")).to_contain_text("第1步")
    expect(asked.locator(".practice-said")).to_be_empty()


def test_without_a_line_a_step_waits_on_the_phone_and_goes_on_by_itself(page: Page, phone: BrowserContext) -> None:
    open_step(page, "walk")
    asked = question(page, "rising-water")
    phone.set_offline(True)
    take(asked, "带一批人")
    expect(asked.locator(".walk-news")).to_contain_text("这一步先记在手机上")
    phone.set_offline(False)
    expect(asked.locator(".run-at")).to_contain_text("第2步")
    page.reload()
    expect(question(page, "rising-water").locator(".run-at")).to_contain_text("第2步")


def test_a_photo_in_a_lesson_is_compared_by_who_took_it_and_sent_to_nobody(page: Page) -> None:
    open_step(page, "photo")
    asked, sent = question(page, "a-photo"), []
    page.on("request", lambda each: sent.append(each.post_data or "") if each.method in ("POST", "PUT") else None)
    asked.locator("input[type=file]").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": camera()})
    expect(asked.locator(".photo-said")).to_contain_text("没有传给任何人")
    expect(asked.locator("img")).to_be_visible()
    asked.get_by_role("button", name="看看对不对").tap()
    expect(asked.locator(".practice-said")).to_contain_text("号码拍得清楚")
    assert all(len(each) < 500 for each in sent)


def question(page: Page, name: str) -> Locator:
    return page.locator(f'[data-question="{name}"]')


def low(target: Locator, least: int) -> bool:
    box = target.bounding_box()
    return box is not None and box["height"] < least


def test_a_dialogue_of_the_course_is_walked_by_touch(page: Page) -> None:
    open_step(page, "dialogue")
    page.get_by_role("button", name="上面说了").tap()
    expect(page.get_by_role("log", name="老李不肯走")).to_contain_text("老李把门关上了。")
    page.get_by_role("button", name="退回一步").tap()
    for words in ("李伯，这回不一样", "鸡笼关好"):
        page.get_by_role("button", name=words).tap()
    expect(page.get_by_role("group", name="带走这几句")).to_contain_text("人到了，马上打电话说人数。")


def test_a_dialogue_in_a_cell_is_walked_by_key(page: Page) -> None:
    open_step(page, "short-talk")
    page.get_by_role("button", name="听见了。").press("Enter")
    expect(page.get_by_role("log", name="电话响了")).to_contain_text("邻居马上叫人去了。")


def test_a_recording_is_fetched_on_tap_plays_and_falls_silent_with_its_step(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/audio/" in request.url else None)
    open_step(page, "short-talk")
    button = page.locator("#short-talk .recording button")
    expect(button).to_have_text("听录音（5秒，约0.1兆流量）")
    assert asked == []
    button.click()
    player = page.locator("#short-talk audio")
    expect(player).to_be_visible()
    expect(player).to_have_js_property("paused", False)
    expect(player).not_to_have_js_property("currentTime", 0)
    assert len(set(asked)) == 1
    page.click("#next")
    expect(player).to_have_js_property("paused", True)


@pytest.mark.parametrize(("step", "cell"), [("lines", "192厘米"), ("bars", "15户")])
def test_a_chart_shows_its_table_on_asking(page: Page, step: str, cell: str) -> None:
    open_step(page, step)
    expect(slot(page, step).get_by_role("img")).to_be_visible()
    slot(page, step).get_by_text("用表格看").tap()
    expect(slot(page, step).get_by_role("cell", name=cell)).to_be_visible()


def test_what_is_told_of_a_simulation_moves_nothing_from_under_the_thumb(page: Page) -> None:
    page.route("**/api/kernels", lambda route: route.fulfill(status=403, content_type="application/json", body="{}"))
    open_step(page, "simulation")
    slider = slot(page, "simulation").get_by_role("slider").first
    slider.focus()
    before = slider.bounding_box()
    slider.press("ArrowRight")
    expect(page.locator("#notice")).to_be_in_viewport(ratio=1)
    after = slider.bounding_box()
    page.unroute("**/api/kernels")
    assert before
    assert after
    assert abs(after["y"] - before["y"]) <= 1


def test_a_simulation_answers_to_slider_choice_and_button(page: Page) -> None:
    open_step(page, "simulation")
    said = slot(page, "simulation").locator(".banyan-panel-sentence")
    slot(page, "simulation").get_by_role("slider").first.press("ArrowRight")
    expect(said).to_have_text("雨下5小时，水涨45厘米，沟边8户里有0户进水。")
    slot(page, "simulation").get_by_text("堵着", exact=True).first.tap()
    expect(said).to_have_text("雨下5小时，水涨80厘米，沟边8户里有8户进水。")
    page.get_by_role("button", name="多一户").tap()
    expect(said).to_have_text("雨下5小时，水涨80厘米，沟边9户里有9户进水。")


def test_a_chart_is_drawn_anew_for_another_widget(page: Page) -> None:
    open_step(page, "redraw")
    slot(page, "redraw").get_by_role("combobox").select_option("二组")
    expect(slot(page, "redraw").locator(".banyan-chart-sentence")).to_have_text("二组第三天来了9人。")
    expect(slot(page, "redraw").get_by_role("img", name="二组，三天各来了几人")).to_be_visible()


def test_plain_widgets_work_by_key_and_touch(page: Page) -> None:
    open_step(page, "plain")
    plain = slot(page, "plain")
    plain.get_by_role("slider").press("ArrowRight")
    plain.get_by_role("combobox").select_option("小学")
    plain.get_by_role("checkbox").uncheck()
    plain.get_by_role("button", name="点一次名").tap()
    expect(plain.get_by_text("第1次点名：小学13人")).to_be_visible()
    expect(plain.get_by_text("小学 13人，没有干衣服")).to_be_visible()
