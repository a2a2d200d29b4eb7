"""Large type where the portal's own walk does not come: the hub's pages and every step of every lesson.

(tests/portal/test_every_page.py walks the portal.)
"""

import pytest

from banyan.courseware.catalogue import Catalogue
from banyan.settings import DEMO_COUNTY
from banyan.words.language import ENGLISH, LANGUAGES
from tests.browser.conftest import PHONE, Comes
from tests.browser.large_type import looked_at, too_small
from tests.browser.visitor import Visitor
from tests.conftest import Served
from tests.portal.reading import CHINESE, said, without

pytestmark = [pytest.mark.browser, pytest.mark.served, pytest.mark.timeout(600)]
COURSE = "x-1-reporter"
READER = "周建国"  # nobody else of those who share the house reads for him: a step read before is not sent again
HUB = ("/hub/login", "/hub/login?way=slip", "/hub/login?way=password", "/hub/enter", "/hub/nowhere", "/hub/logout")


@pytest.fixture
def elder(comes: Comes[Visitor], served: Served) -> Visitor:
    visitor = comes(Visitor, PHONE, "elder")
    visitor.context.add_cookies([{"name": "banyan-size", "value": "elder", "url": served.url}])
    return visitor


def test_the_hub_s_pages_are_large_and_offer_every_language(elder: Visitor) -> None:
    faults, names = [], [DEMO_COUNTY, *(each.name for each in elder.served.accounts)]
    for language in LANGUAGES:
        elder.context.add_cookies([{"name": "banyan-lang", "value": language, "url": elder.served.url}])
        for path in HUB:
            elder.go(path)
            faults += [f"{path} ({language}): {each}" for each in looked_at(elder.page)]
            assert elder.page.locator("header [hreflang]").count() == 2
            if language == ENGLISH:
                read = without(said(elder.page.content(), ["zh-Hans", "zh-Hant"]), names)
                faults += [f"{path}: {each}" for each in read if CHINESE.search(each)]
    assert not faults, "\n".join(faults)


def test_every_step_of_every_lesson_is_large(elder: Visitor, served: Served) -> None:
    elder.sign_in("林秀英")
    faults = []
    for lesson in Catalogue(served.home.releases).newest(COURSE).lessons:
        elder.go(f"/services/lessons/{COURSE}/{lesson.name}")
        faults += [f"{lesson.name}: {each}" for each in looked_at(elder.page)]
        for step in lesson.steps:
            elder.page.evaluate("name => { location.hash = name; }", step.name)
            elder.page.wait_for_selector(f"[data-step='{step.name}'].now")
            faults += [f"{lesson.name}#{step.name}: {each}" for each in too_small(elder.page)]
    assert not faults, "\n".join(dict.fromkeys(faults))


def test_a_size_is_taken_at_once_and_a_language_comes_back_to_the_same_step(elder: Visitor, served: Served) -> None:
    elder.sign_in("林秀英")
    lesson = Catalogue(served.home.releases).newest(COURSE).lessons[0]
    place = f"/services/lessons/{COURSE}/{lesson.name}#{lesson.steps[1].name}"
    page = elder.go(place).page
    page.click(".choices summary")
    with page.expect_response("**/api/preferences"):
        page.click("[data-size=normal]")
    assert page.evaluate("document.documentElement.className").find("elder") < 0
    with page.expect_navigation():
        page.click("[data-lang=zh-Hant]")
    assert page.url.endswith(place)
    assert page.evaluate("document.documentElement.lang") == "zh-Hant"
    elder.assert_content()
    page.click(".choices summary")
    with page.expect_navigation():
        page.click("[data-lang=zh-Hans]")


def test_a_lesson_whose_reader_is_signed_out_says_so_and_loses_nothing(elder: Visitor, served: Served) -> None:
    elder.sign_in(READER)
    lesson = Catalogue(served.home.releases).newest(COURSE).lessons[-1]
    page = elder.go(f"/services/lessons/{COURSE}/{lesson.name}#{lesson.steps[0].name}").page
    page.wait_for_load_state("networkidle")
    elder.context.clear_cookies()
    with page.expect_response("**/api/steps") as refused:
        page.click("#next")
    assert refused.value.status == 401
    page.wait_for_selector("#notice:not([hidden])")
    assert "登录过期了" in page.inner_text("#notice")
    with page.expect_navigation():
        page.click("#notice button")
    page.wait_for_url("**/hub/login**")
    account = served.account(READER)
    page.fill("input[name=username]", account.staff_number)
    page.fill("input[name=password]", account.password)
    page.click("main [type=submit]")
    page.wait_for_url(f"**/services/lessons/{COURSE}/{lesson.name}**")
    page.wait_for_selector("#kept.kept")
