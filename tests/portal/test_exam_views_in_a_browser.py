"""The exam page as one likes it, one question or all of them, and the result as soon as it is there."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from banyan.records.engine import writing
from tests.portal.conftest import PORTAL, World
from tests.portal.exam_desk import Desk, open_desk, saved
from tests.portal.learners import graded

pytestmark = pytest.mark.browser
UNDER_THE_HEADER = """slot => Math.abs(document.querySelector('[data-slot=' + slot + ']').getBoundingClientRect().top
  - document.querySelector('.exam-top').getBoundingClientRect().bottom) < 2"""


@pytest.fixture
def desk(world: World, chromium: Browser) -> Iterator[Desk]:
    with open_desk(world, chromium) as opened:
        yield opened


def all_together(page: Page) -> None:
    page.click("[data-view=all]")
    expect(page.locator("[data-slot]:visible")).to_have_count(page.locator("[data-slot]").count())


def test_all_questions_stand_on_one_page_where_one_likes_it_and_the_phone_remembers(desk: Desk) -> None:
    page = desk.sit(desk.phone())
    expect(page.locator("[data-slot]:visible")).to_have_count(1)
    all_together(page)
    slot = desk.slot("single")
    option = page.locator(f"[data-slot={slot}] .option").nth(1)
    option.click()
    saved(page)
    assert desk.kept() == {slot: option.locator("input").get_attribute("value")}
    expect(page.locator("[data-place]")).to_have_text("已答1")
    page.reload()
    page.wait_for_selector("[data-exam]:not([aria-busy])")
    expect(page.locator("[data-slot]:visible")).to_have_count(page.locator("[data-slot]").count())
    page.click("[data-view=one]")
    expect(page.locator("[data-slot]:visible")).to_have_count(1)
    page.reload()
    page.wait_for_selector("[data-exam]:not([aria-busy])")
    expect(page.locator("[data-slot]:visible")).to_have_count(1)


def test_among_all_questions_the_review_leads_to_the_one_that_was_marked_and_back(desk: Desk) -> None:
    page = desk.sit(desk.phone())
    all_together(page)
    slot = desk.slot("numeric")
    page.locator(f"[data-slot={slot}] [data-flag]").click()
    page.locator("a[href='#review']").click()
    expect(page.locator("[data-slot]:visible")).to_have_count(0)
    expect(page.locator("[data-review-words]")).to_contain_text("您标记了 1 题")
    number = (page.locator(f"[data-slot={slot}]").get_attribute("id") or "")[1:]
    page.locator(f".review a[href='#{number}']").click()
    expect(page.locator(f"[data-slot={slot}]")).to_be_in_viewport()
    assert page.evaluate("slot => document.activeElement.getAttribute('data-slot') === slot", slot)
    page.wait_for_function(UNDER_THE_HEADER, arg=slot)  # scrolling is smooth


def test_with_keys_alone_one_changes_the_view_marks_and_answers(desk: Desk) -> None:
    page = desk.sit(desk.phone())
    page.locator("[data-view=all]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-slot]:visible")).to_have_count(page.locator("[data-slot]").count())
    slot = desk.slot("single")
    page.locator(f"[data-slot={slot}] .option input").first.focus()
    page.keyboard.press("Space")
    page.locator(f"[data-slot={slot}] [data-flag]").focus()
    page.keyboard.press("Space")
    expect(page.locator(f"[data-slot={slot}] [data-flag]")).to_have_attribute("aria-pressed", "true")
    saved(page)
    assert list(desk.kept()) == [slot]


def without_refresh(route: Route) -> None:
    """Take from a page what reloads it where no script runs."""
    reply = route.fetch()
    route.fulfill(response=reply, body=reply.text().replace('<meta http-equiv="refresh" content="8">', ""))


def test_the_page_of_the_result_shows_it_as_soon_as_it_is_there(desk: Desk) -> None:
    hall = desk.world.hall
    submission = hall.hand_in(hall.begin())
    page = desk.phone().new_page()
    page.route("**/result", without_refresh)
    page.goto(f"{desk.url}{PORTAL}/exams/{submission.attempt_id}/result")
    expect(page.locator("h1")).to_have_text("卷子收到了，正在批")
    with writing(hall.make) as session:
        graded(session, submission, 0.9)
    expect(page.locator("h1")).to_have_text("考试通过了，真好")
