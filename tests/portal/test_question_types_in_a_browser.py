"""The exam of the course of examples, sat in a real browser on a small phone: every type by touch, by keyboard, in large type."""

import threading
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
import uvicorn
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from banyan.courseware.build import build_course
from banyan.records.engine import reading, writing
from banyan.records.examinations import Answer, Submission
from banyan.serve.ports import free_ports
from banyan.settings import CONTENT, HOUSE
from banyan.tracker.progress import Place, finish_step
from banyan.tracker.rulebook import Rulebook
from tests import house as houses
from tests.chromium import PATIENCE
from tests.county import NOW
from tests.portal.conftest import PORTAL, World

pytestmark = pytest.mark.browser
COURSE = "lesson-parts"
AXE = (HOUSE / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
SLOTS = {"single": "s01", "true_false": "s02", "match": "s03", "cloze": "s04", "short_text": "s05", "hotspot": "s06"}
SLOTS |= {"file": "s07", "simulation": "s08"}
RIGHT = {
    "s01": "A",
    "s02": "false",
    "s03": {"tally": "crew", "pills": "nurse", "road": "all"},
    "s04": {"who": "溪口村报告员", "change": "b"},
    "s05": "待核",
    "s06": ["road"],
}
GOOD = ["打镇值班", "老人和孩子", "专心登记", "专心登记", "专心登记"]
TARGETS = ".option, select, input[type=text], .photo-pick, [data-take]"


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    rules = houses.rulebook(tmp_path_factory.mktemp("releases"))
    build_course(CONTENT / "examples", COURSE, CONTENT, rules.catalogue.releases, NOW)
    return rules


@pytest.fixture
def url(world: World) -> Iterator[str]:
    learn(world)
    port = free_ports(1)[0]
    server = uvicorn.Server(uvicorn.Config(world.app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


def learn(world: World) -> None:
    release = world.hall.rulebook.catalogue.newest(COURSE)
    with writing(world.hall.make) as session:
        for lesson in release.lessons:
            for step in lesson.steps:
                finish_step(session, world.hall.learner.person.id, release, Place(lesson.name, step.name), NOW)


@pytest.fixture
def sit(world: World, chromium: Browser, url: str) -> Iterator[Callable[[str], Page]]:
    opened = []

    def begin(size: str = "normal") -> Page:
        context = chromium.new_context(viewport={"width": 360, "height": 740}, has_touch=True, locale="zh-CN")
        opened.append(context)
        context.set_default_timeout(PATIENCE)
        who = world.hall.learner.person.staff_number
        context.add_cookies([{"name": "who", "value": who, "url": url}, {"name": "banyan-size", "value": size, "url": url}])
        page = context.new_page()
        page.goto(f"{url}{PORTAL}/courses/{COURSE}/exam")
        page.click("form[action$='/exam'] button")
        page.wait_for_selector("[data-exam]:not([aria-busy])")
        return page

    yield begin
    for each in opened:
        each.close()


def sheet(page: Page, kind: str) -> Locator:
    """Go to a question by its slot."""
    found = page.locator(f"[data-slot={SLOTS[kind]}]")
    page.evaluate("name => { location.hash = name }", (found.get_attribute("id") or "")[1:])
    expect(found).to_be_visible()
    return found


def kept(world: World) -> dict[str, Any]:
    with reading(world.hall.make) as session:
        return {row.slot: row.value for row in session.query(Answer)}


def saved(page: Page) -> None:
    page.wait_for_timeout(100)  # the word changes with the next turn of the page's own loop
    expect(page.locator("[data-saved]")).to_have_text("已保存")


def hand_in(page: Page, world: World) -> Submission:
    page.evaluate("location.hash = 'review'")
    expect(page.locator("[data-review-words]")).to_contain_text("都答了")
    page.click("[data-ask]")
    page.click("[data-hand-in]")
    page.wait_for_url("**/receipt")
    with reading(world.hall.make) as session:
        submission = session.query(Submission).one()
    world.hall.grade(submission)
    return world.hall.row(submission)


def test_every_type_is_answered_by_touch_kept_graded_and_full_marks(sit: Callable[..., Page], world: World) -> None:
    page = sit()
    sheet(page, "single").get_by_label("叫沟边的人离开").tap()
    sheet(page, "true_false").get_by_text("不对", exact=True).tap()
    for thing, partner in {"到了53人": "镇值班", "三号房": "来接手的医生", "村口的路": "居民群"}.items():
        choose(sheet(page, "match").get_by_label(thing), partner)
    cloze = sheet(page, "cloze")
    cloze.get_by_label("第1空").tap()
    page.keyboard.insert_text("溪口村报告员")
    choose(cloze.get_by_label("第2空"), "桥面漫水，车要绕行")
    sheet(page, "short_text").get_by_role("textbox").tap()
    page.keyboard.insert_text("待核")
    sheet(page, "hotspot")
    box = page.locator("[data-spot=road] .spot-shape").bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    photograph(page, jpeg(2400, 1800))
    for words in GOOD:
        shown = sheet(page, "simulation")
        shown.locator(".option", has_text=words).tap()
        shown.get_by_role("button", name="就这么做").tap()
        expect(shown.locator("[data-take]")).to_be_enabled()
        expect(shown.locator("input:checked")).to_have_count(0)
    expect(sheet(page, "simulation").locator(".case-end")).to_be_visible()
    saved(page)
    photo = kept(world).pop("s07")
    assert {slot: value for slot, value in kept(world).items() if slot != "s07"} == RIGHT
    assert (photo["media"], photo["width"], photo["height"]) == ("image/jpeg", 1600, 1200)
    done = hand_in(page, world)
    assert (done.score, done.total, done.state) == (90, 100, "unmarked")


def jpeg(width: int, height: int, **more: Any) -> bytes:
    """Return a photo as a camera makes it."""
    made = BytesIO()
    Image.effect_noise((width, height), 40).convert("RGB").save(made, "JPEG", **more)
    return made.getvalue()


def photograph(page: Page, content: bytes, kind: str = "image/jpeg") -> Locator:
    """Choose a photo as the phone's own picker hands it over, and wait until it has arrived."""
    shown = sheet(page, "file")
    shown.locator("input[type=file]").set_input_files({"name": "IMG_1.jpg", "mimeType": kind, "buffer": content})
    expect(shown.locator(".photo-said")).to_contain_text("照片存好了")
    return shown


def choose(field: Locator, words: str) -> None:
    """Touch a list, and take what the phone's own picker offers."""
    field.tap()
    field.select_option(label=words)


def test_every_type_is_answered_by_keyboard_alone(sit: Callable[..., Page], world: World) -> None:
    page = sit()
    keys = page.keyboard
    focus(page, "single", "input[value=A]", "Space")
    focus(page, "true_false", "input[value=true]", "ArrowDown")
    for name, wanted in RIGHT["s03"].items():
        walk(sheet(page, "match").locator(f"[data-part={name}]"), wanted)
    sheet(page, "cloze").locator("[data-part=who]").focus()
    keys.insert_text("溪口村报告员")
    keys.press("Tab")
    walk(page.locator(":focus"), "b")
    sheet(page, "short_text").get_by_role("textbox").focus()
    keys.insert_text("待核")
    focus(page, "hotspot", "input[value=road]", "Space")
    expect(page.locator("[data-spot=road].chosen.looked-at")).to_be_visible()
    walk_on(page, sheet(page, "simulation"))
    saved(page)
    assert kept(world) == RIGHT


def walk_on(page: Page, shown: Locator) -> None:
    """Take a step of the simulation with nothing but keys; its first choice is as good as any here."""
    shown.locator("input").first.focus()
    page.keyboard.press("Space")
    shown.locator("[data-take]").focus()
    page.keyboard.press("Enter")
    expect(shown.locator(".run-at")).to_contain_text("第2步，共5步")


def focus(page: Page, kind: str, selector: str, key: str) -> None:
    sheet(page, kind).locator(selector).focus()
    page.keyboard.press(key)


def walk(field: Locator, wanted: str) -> None:
    """Go down a list with the arrow key until it holds what is wanted."""
    for _ in range(field.locator("option").count()):
        if field.input_value() == wanted:
            return
        field.press("ArrowDown")
    assert field.input_value() == wanted


def test_what_was_answered_comes_back_on_another_phone(sit: Callable[..., Page], world: World) -> None:
    page = sit()
    walk(sheet(page, "match").locator("[data-part=road]"), "all")
    focus(page, "hotspot", "input[value=wall]", "Space")
    saved(page)
    other = sit()
    expect(other.locator("[data-part=road]")).to_have_value("all")
    sheet(other, "hotspot")
    expect(other.locator("[data-spot=wall]")).to_have_class("spot chosen")


@pytest.mark.parametrize(("size", "least"), [("normal", 44), ("elder", 48)])
def test_every_type_fits_a_small_phone_and_is_accessible(sit: Callable[..., Page], size: str, least: int) -> None:
    page = sit(size)
    page.evaluate(AXE)
    for kind in SLOTS:
        shown = sheet(page, kind)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, kind
        boxes = [each.bounding_box() for each in shown.locator(TARGETS).all()]
        assert [each for each in boxes if each is None or each["height"] < least] == [], kind
        found = page.evaluate("axe.run(document.querySelector('main'), {resultTypes: ['violations']})")
        assert {each["id"] for each in found["violations"]} == set(), kind


def test_the_exam_page_holds_the_picture_and_no_key(sit: Callable[..., Page]) -> None:
    page = sit()
    sheet(page, "hotspot")
    assert page.evaluate("document.querySelector('.hotspot img').naturalWidth") == 640
    content = page.content().replace("还没查清", "").replace('accept="image/', "")
    for secret in ("溪口*报告员", "待核", "hard_fail", "accept"):
        assert secret not in content, secret
