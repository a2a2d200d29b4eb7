"""A photo and a simulation on a small phone whose line comes and goes; what an old browser cannot do."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from banyan.courseware.build import build_course
from banyan.records import answer_store
from banyan.records.engine import reading
from banyan.records.examinations import Answer, CaseStep, Submission
from banyan.settings import CONTENT
from banyan.tracker.rulebook import Rulebook
from tests import every_type
from tests import house as houses
from tests.county import NOW
from tests.every_type import COURSE
from tests.grading.test_documents import page as document
from tests.grading.test_documents import scripted, written
from tests.grading.test_pictures import camera
from tests.portal.conftest import PORTAL, World
from tests.portal.exam_desk import Desk, saved, served, show

pytestmark = pytest.mark.browser
PHOTO, WALK = "s07", "s08"
OLD = "CSS.supports = () => false"
SIZES = """window.sizes = [];
const send = XMLHttpRequest.prototype.send;
XMLHttpRequest.prototype.send = function (body) { sizes.push(body.size); return send.call(this, body); };"""


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    rules = houses.rulebook(tmp_path_factory.mktemp("releases"))
    build_course(CONTENT / "examples", COURSE, CONTENT, rules.catalogue.releases, NOW)
    return rules


@pytest.fixture
def desk(world: World, chromium: Browser) -> Iterator[Desk]:
    every_type.learn(world.hall)
    with served(world.app) as url:
        opened = Desk(world, chromium, url)
        yield opened
        for context in opened.open:
            context.close()


def sit(desk: Desk, page: Page) -> Page:
    page.goto(f"{desk.url}{PORTAL}/courses/{COURSE}/exam")
    page.click("form[action$='/exam'] button")
    page.wait_for_selector("[data-exam]:not([aria-busy])")
    return page


def pick(page: Page, content: bytes, kind: str = "image/jpeg") -> Locator:
    show(page, PHOTO)
    sheet = page.locator(f"[data-slot={PHOTO}]")
    sheet.locator("input[type=file]").set_input_files({"name": "IMG_1.jpg", "mimeType": kind, "buffer": content})
    return sheet


def kept(desk: Desk, slot: str = PHOTO) -> object:
    with reading(desk.world.hall.make) as session:
        row = session.get(Answer, (1, slot))
        return row.value if row else None


def folder(desk: Desk) -> Path:
    found: Path = desk.world.app.state.house.answer_files
    return found


def test_without_a_line_photo_and_step_wait_on_the_phone_and_go_when_it_is_back_even_on_another_visit(desk: Desk) -> None:
    context = desk.phone()
    page = sit(desk, context.new_page())
    context.set_offline(True)
    sheet = pick(page, camera())
    expect(sheet.locator(".photo-said")).to_have_text("照片先记在手机上，有网会自动传。")
    expect(sheet.locator("img")).to_be_visible()
    show(page, WALK)
    page.locator(f"[data-slot={WALK}] .option", has_text="打镇值班").click()
    page.click(f"[data-slot={WALK}] [data-take]")
    expect(page.locator("[data-drill-news]")).to_contain_text("先记在手机上")
    page.close()
    context.set_offline(False)
    page = sit(desk, context.new_page())
    expect(page.locator(f"[data-slot={PHOTO}] .photo-said")).to_contain_text("照片存好了")
    expect(page.locator(f"[data-slot={WALK}] [data-log] summary")).to_have_text("您已经走了1步")
    saved(page)
    value = kept(desk)
    assert isinstance(value, dict)
    assert answer_store.has(folder(desk), value["digest"])
    with reading(desk.world.hall.make) as session:
        assert [(row.number, row.node, row.choice) for row in session.query(CaseStep)] == [(1, "turn-1", "call")]


def test_a_photo_comes_back_on_another_phone_and_can_be_taken_away(desk: Desk) -> None:
    first = sit(desk, desk.phone().new_page())
    expect(pick(first, camera()).locator(".photo-said")).to_contain_text("照片存好了")
    second = sit(desk, desk.phone().new_page())
    show(second, PHOTO)
    sheet = second.locator(f"[data-slot={PHOTO}]")
    expect(sheet.locator("img")).to_have_js_property("naturalWidth", 200)
    sheet.get_by_role("button", name="不要这个").click()
    expect(sheet.locator("img")).to_be_hidden()
    saved(second)
    assert kept(desk) is None


def test_what_is_no_photo_is_said_at_once_and_the_photo_before_it_stays(desk: Desk) -> None:
    page = sit(desk, desk.phone().new_page())
    expect(pick(page, camera()).locator(".photo-said")).to_contain_text("照片存好了")
    before = kept(desk)
    sheet = pick(page, b"<html>no photo</html>")
    expect(sheet.locator(".photo-said")).to_contain_text("这个文件打不开")
    expect(sheet.locator("img")).to_be_visible()
    assert kept(desk) == before


def test_an_old_browser_sends_a_photo_taken_askew_as_it_is_and_the_server_turns_it(desk: Desk) -> None:
    page = desk.phone().new_page()
    page.add_init_script(OLD)
    page.add_init_script(SIZES)
    sit(desk, page)
    expect(pick(page, camera(lay=6)).locator(".photo-said")).to_contain_text("照片存好了")
    assert page.evaluate("sizes") == [len(camera(lay=6))]
    value = kept(desk)
    assert isinstance(value, dict)
    assert (value["width"], value["height"]) == (100, 200)
    with page.expect_response("**/files/**"):
        pick(page, camera())
    assert page.evaluate("sizes[1]") != len(camera()), "one that was taken upright is drawn anew on the phone"


def test_handing_in_waits_for_the_photo_that_is_on_its_way(desk: Desk) -> None:
    page = sit(desk, desk.phone().new_page())
    page.route("**/files/**", lambda route: (page.wait_for_timeout(800), route.continue_()))
    pick(page, camera())
    page.evaluate("location.hash = 'review'")
    page.click("[data-ask]")
    page.click("[data-hand-in]")
    page.wait_for_url("**/receipt")
    with reading(desk.world.hall.make) as session:
        frozen = session.query(Submission).one().frozen
    value = kept(desk)
    assert isinstance(value, dict)
    assert value["digest"] in frozen


def test_a_document_waits_without_a_line_is_shown_by_its_pages_and_comes_back_on_another_phone(desk: Desk) -> None:
    context = desk.phone()
    page = sit(desk, context.new_page())
    context.set_offline(True)
    sheet = pick(page, written(document(pages=2)), "application/pdf")
    expect(sheet.locator(".photo-said")).to_have_text("文件先记在手机上，有网会自动传。")
    expect(sheet.locator("[data-document-words]")).to_have_text("IMG_1.jpg")
    page.close()
    context.set_offline(False)
    page = sit(desk, context.new_page())
    show(page, PHOTO)
    expect(page.locator(f"[data-slot={PHOTO}] .photo-said")).to_contain_text("文件存好了")
    for each in (page, sit(desk, desk.phone().new_page())):
        show(each, PHOTO)
        sheet = each.locator(f"[data-slot={PHOTO}]")
        expect(sheet.locator(".photo-said")).to_have_text("文件存好了。作者和时间已经抹掉。")
        expect(sheet.locator("[data-document-words]")).to_have_text("PDF，共2页")
        expect(sheet.locator("img")).to_be_hidden()
        saved(each)
    with page.expect_download() as download:
        page.locator(f"[data-slot={PHOTO}] [data-document-link]").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    page.locator(f"[data-slot={PHOTO}]").get_by_role("button", name="不要这个").click()
    expect(page.locator(f"[data-slot={PHOTO}] [data-document]")).to_be_hidden()
    saved(page)
    assert kept(desk) is None


def test_a_document_that_acts_is_refused_in_plain_words_and_a_photo_may_take_its_place(desk: Desk) -> None:
    page = sit(desk, desk.phone().new_page())
    sheet = pick(page, written(scripted()), "application/pdf")
    expect(sheet.locator(".photo-said")).to_contain_text("里有会自己运行的东西")
    expect(sheet.locator("[data-document]")).to_be_hidden()
    assert kept(desk) is None
    expect(pick(page, camera()).locator(".photo-said")).to_contain_text("照片存好了")
    expect(sheet.locator("img")).to_be_visible()


def test_a_document_that_is_refused_leaves_the_one_before_it_where_it_was(desk: Desk) -> None:
    page = sit(desk, desk.phone().new_page())
    expect(pick(page, written(document(pages=2)), "application/pdf").locator(".photo-said")).to_contain_text("文件存好了")
    before = kept(desk)
    sheet = pick(page, written(scripted()), "application/pdf")
    expect(sheet.locator(".photo-said")).to_contain_text("里有会自己运行的东西")
    for _ in range(2):
        expect(sheet.locator("[data-document-words]")).to_have_text("PDF，共2页")
        assert kept(desk) == before, "what is shown is what would be handed in"
        page.reload()
        page.wait_for_selector("[data-exam]:not([aria-busy])")
        show(page, PHOTO)
        saved(page)
