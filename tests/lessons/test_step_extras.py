"""What a step offers beside its text: words explained on tap, a recording or a voice, paper, and the way by keyboard."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.visitor import AXE, RULES
from tests.chromium import PATIENCE
from tests.lessons.conftest import LIN
from tests.lessons.reading import PHONE, House, reading_house, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PLAYING = "() => { const el = document.querySelector('audio'); return !el.paused && el.currentTime > 0; }"
VOICES = """
    window.spoken = [];
    const voices = [{lang: "en-GB", localService: true}, {lang: "zh-CN", localService: %s, name: "local"}];
    window.SpeechSynthesisUtterance = function (text) { this.text = text; };
    Object.defineProperty(window, "speechSynthesis", {value: {
        getVoices: () => voices, speak: said => window.spoken.push(said), cancel: () => { window.cancelled = true; },
        addEventListener: () => null
    }});
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with reading_house(tmp_path_factory.mktemp("s")) as it:
        yield it


@pytest.fixture
def phone(chromium: Browser, house: House) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport=PHONE, has_touch=True, locale="zh-CN", service_workers="block")
    context.set_default_timeout(PATIENCE)
    sign_in(context, house, LIN)
    yield context
    context.close()


@pytest.fixture
def page(phone: BrowserContext, house: House) -> Page:
    page = phone.new_page()
    page.goto(f"{house.lesson()}#sums")
    expect(page.locator("#sums")).to_be_visible()
    return page


def test_a_word_is_explained_below_its_lines_and_esc_puts_it_away(page: Page) -> None:
    word = page.locator("#sums a.term", has_text="待核")
    line = page.locator("#sums .prose p", has_text="待核").first
    before = line.evaluate("el => el.getBoundingClientRect().height")
    word.click()
    note = page.locator(".term-said")
    expect(note).to_contain_text("待核 还没弄清，正请人去查。")
    expect(note).to_be_focused()
    expect(word).to_have_attribute("aria-expanded", "true")
    assert word.get_attribute("aria-controls") == note.get_attribute("id")
    assert line.evaluate("el => el.nextElementSibling.className") == "term-said"
    assert line.evaluate("el => el.getBoundingClientRect().height") == before
    page.keyboard.press("Escape")
    expect(note).to_have_count(0)
    expect(word).to_be_focused()
    assert "#sums" in page.url, "a word explained is no way to another place"


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_word_is_explained_by_keyboard_too(page: Page, key: str) -> None:
    word = page.locator("#sums a.term", has_text="险情").first
    word.focus()
    page.keyboard.press(key)
    expect(page.locator(".term-said")).to_contain_text("出处：《突发事件应对法》第六十条")
    page.locator(".term-said button").click()
    expect(word).to_be_focused()


def test_one_word_at_a_time_and_none_in_the_next_step(page: Page) -> None:
    page.locator("#sums a.term", has_text="待核").click()
    page.locator("#sums a.term", has_text="险情").first.click()
    expect(page.locator(".term-said")).to_have_count(1)
    page.click("#previous")
    expect(page.locator(".term-said")).to_have_count(0)


def test_a_word_is_as_tall_to_the_thumb_as_a_button_and_moves_no_line(page: Page) -> None:
    word = page.locator("#sums a.term", has_text="待核")
    tall = word.evaluate(
        """el => {
            const box = el.getBoundingClientRect(), x = box.x + box.width / 2, middle = box.y + box.height / 2;
            const mine = y => el.contains(document.elementFromPoint(x, y));
            let top = middle, bottom = middle;
            while (mine(top - 1)) top -= 1;
            while (mine(bottom + 1)) bottom += 1;
            return bottom - top;
        }"""
    )
    assert tall >= 44
    assert page.evaluate("getComputedStyle(document.querySelector('#sums .prose p')).lineHeight") == "28.9px"


def test_without_a_script_a_word_leads_to_the_foot_of_the_page(chromium: Browser, house: House) -> None:
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    sign_in(context, house)
    page = context.new_page()
    page.goto(house.lesson())
    page.locator("#sums a.term", has_text="待核").click()
    expect(page.locator("#term-2:target, #term-1:target")).to_contain_text("还没弄清")
    expect(page.locator("audio")).to_be_visible()
    context.close()


def test_words_are_in_traditional_characters_for_who_reads_them(phone: BrowserContext, house: House) -> None:
    phone.add_cookies([{"name": "banyan-lang", "value": "zh-Hant", "url": house.url}])
    page = phone.new_page()
    page.goto(f"{house.lesson()}#sums")
    page.locator("#sums a.term", has_text="險情").first.click()
    expect(page.locator(".term-said")).to_contain_text("危險的情形。")


def test_a_recording_says_its_length_and_size_and_is_fetched_on_tap(phone: BrowserContext, house: House) -> None:
    page = phone.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/audio/" in request.url else None)
    page.goto(f"{house.lesson()}#one-night")
    button = page.locator("#one-night .recording button")
    expect(button).to_have_text("听录音（1分05秒，约0.5兆流量）")
    page.wait_for_timeout(500)
    assert asked == []
    button.click()
    player = page.locator("#one-night audio")
    expect(player).to_be_visible()
    page.wait_for_function(PLAYING)
    assert len({*asked}) == 1
    page.click("#next")
    assert player.evaluate("el => el.paused")


def test_a_recording_that_does_not_come_says_so_and_may_be_tried_again(page: Page, phone: BrowserContext) -> None:
    page.click("#previous")
    phone.set_offline(True)
    button = page.locator("#one-night .recording button")
    button.click()
    expect(page.locator("#one-night .recording p")).to_have_text("录音这会儿放不了，等有网再听。")
    phone.set_offline(False)
    button.click()
    page.wait_for_function(PLAYING)


@pytest.mark.parametrize(
    "speech", ["", "delete window.speechSynthesis; delete Window.prototype.speechSynthesis;"], ids=["no voice", "no speech"]
)
def test_a_phone_without_a_voice_of_its_own_offers_none_and_says_so_where_one_looks(
    phone: BrowserContext, house: House, speech: str
) -> None:
    page = phone.new_page()
    page.add_init_script(speech or "0")
    page.goto(f"{house.lesson()}#sums")
    assert page.locator(".aloud").count() == 0
    page.click(".choices summary")
    expect(page.locator("#aloud-told p")).to_have_text("这个浏览器没有中文的声音，读不了。换手机自带的浏览器打开，也许能读。")


@pytest.mark.parametrize("fails", ["said.onerror({error: 'synthesis-failed'})", "0"], ids=["it fails", "it says nothing"])
def test_a_voice_that_says_nothing_is_told_of_and_may_be_tried_again(phone: BrowserContext, house: House, fails: str) -> None:
    page = phone.new_page()
    page.add_init_script(VOICES % "true")
    page.clock.install()
    page.goto(f"{house.lesson()}#sums")
    button, said = page.locator("#sums .aloud"), page.locator("#sums .aloud-said")
    expect(page.locator("#aloud-told p")).to_contain_text("读给我听")
    button.click()
    expect(button).to_have_text("停下")
    page.evaluate(f"() => {{ const said = spoken[0]; {fails}; }}")
    page.clock.run_for(8500)
    expect(said).to_contain_text("没有读出来")
    expect(button).to_have_text("读给我听")
    button.click()
    expect(said).to_be_empty()
    page.evaluate("spoken[spoken.length - 1].onstart()")
    page.clock.run_for(8500)
    expect(button).to_have_text("停下")


@pytest.mark.parametrize("local", ["true", "false"])
def test_the_phones_own_voice_reads_a_step_and_stops_with_it(phone: BrowserContext, house: House, local: str) -> None:
    page = phone.new_page()
    page.add_init_script(VOICES % local)
    page.goto(f"{house.lesson()}#sums")
    if local == "false":
        assert page.locator(".aloud").count() == 0, "another voice would send the text away"
        return
    assert page.locator("#one-night .aloud").count() == 0, "a recorded step needs none"
    button = page.locator("#sums .aloud")
    button.click()
    said = "".join(page.evaluate("spoken.map(each => each.text)"))
    assert said.startswith("算一算再看一次")
    assert "坡上有险情" in said
    assert "应到24人" not in said
    assert not re.search(r"再看一次1", said), "footnotes are not read out"
    expect(button).to_have_text("停下")
    page.click("#previous")
    assert page.evaluate("window.cancelled")
    page.click("#next")
    expect(button).to_have_text("读给我听")


def test_on_paper_the_lesson_is_whole(page: Page) -> None:
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    for step in page.locator(".step").all():
        expect(step).to_be_visible()
    for shown in (".question .option", "#terms li", ".sources li", ".sources time"):
        expect(page.locator(shown).first).to_be_visible()
    for gone in (".lesson-top", ".step-nav", ".practice-check", ".recording", ".concern", "#notice", "#finish"):
        for each in page.locator(gone).all():
            expect(each).to_be_hidden()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert page.locator(".sources details").get_attribute("open") is None


def test_a_lesson_prints_in_large_type_on_more_paper(phone: BrowserContext, house: House) -> None:
    lengths = {}
    for size in ("normal", "elder"):
        phone.add_cookies([{"name": "banyan-size", "value": size, "url": house.url}])
        page = phone.new_page()
        page.goto(house.lesson())
        page.emulate_media(media="print")
        lengths[size] = float(page.evaluate("parseFloat(getComputedStyle(document.querySelector('.prose p')).fontSize)"))
    assert lengths["elder"] >= 1.4 * lengths["normal"]


def test_the_way_through_a_lesson_by_keyboard(page: Page) -> None:
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#one-night h2")).to_be_focused()
    page.locator("#one-night input").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#one-night")).to_be_visible()
    page.locator("#one-night h2").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#sums h2")).to_be_focused()
    expect(page.locator("#progress")).to_have_attribute("aria-valuenow", "2")


def test_another_phone_goes_on_where_this_one_was_left(chromium: Browser, phone: BrowserContext, house: House) -> None:
    here = phone.new_page()
    here.goto(f"{house.lesson()}#one-night")
    question = here.locator("[data-practice=try-it]")
    question.locator("input").last.check()
    question.locator(".practice-check").click()
    here.click("#next")
    expect(here.locator("#kept")).to_have_text("已保存")
    other = chromium.new_context(viewport=PHONE, locale="zh-CN")
    sign_in(other, house)
    there = other.new_page()
    there.goto(house.lesson())
    expect(there.locator("#sums")).to_be_visible()
    there.click("#previous")
    expect(there.locator("[data-practice=try-it] input").last).to_be_checked()
    other.close()


LOOKED_AT = """rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})
    .then(found => found.violations.map(each => each.id + ' ' + each.nodes.map(node => node.target.join(' ')).join(', ')))"""


@pytest.mark.parametrize("size", ["normal", "elder"])
@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
def test_nothing_a_step_offers_is_in_anybodys_way(phone: BrowserContext, house: House, size: str, lang: str) -> None:
    for name, value in (("banyan-size", size), ("banyan-lang", lang)):
        phone.add_cookies([{"name": name, "value": value, "url": house.url}])
    page = phone.new_page()
    page.add_init_script(VOICES % "true")
    page.goto(f"{house.lesson()}#one-night")
    page.locator("#one-night .recording button").click()
    page.evaluate(AXE)
    assert page.evaluate(LOOKED_AT, RULES) == []
    page.click("#next")
    page.locator("#sums a.term", has_text="险情").first.click()
    page.locator("#sums .aloud").click()
    assert page.evaluate(LOOKED_AT, RULES) == []
    least = 48 if size == "elder" else 44
    for each in page.locator("#sums .aloud, .term-said button").all():
        box = each.bounding_box()
        assert box
        assert box["height"] >= least
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.goto(f"{house.url}/services/lessons/away")
    page.evaluate(AXE)
    assert page.evaluate(LOOKED_AT, RULES) == []
