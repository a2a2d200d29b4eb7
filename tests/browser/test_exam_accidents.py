"""What a learner with the exam page open sees of an accident: that the answer is on the phone, and then that it is saved."""

import httpx
import pytest
from playwright.sync_api import expect

from banyan.records.engine import open_engine, sessions
from tests.browser.conftest import PHONE, Comes
from tests.browser.learner import Learner
from tests.conftest import Served
from tests.serve.phone import PORTAL, Phone

pytestmark = [pytest.mark.browser, pytest.mark.served, pytest.mark.timeout(600)]
NAME = "郑国平"


def test_an_answer_given_while_the_portal_is_down_is_saved_when_it_is_back(comes: Comes[Learner], served: Served) -> None:
    engine = open_engine(served.home.records_url)
    with httpx.Client(base_url=served.url, timeout=60, headers={"Sec-Fetch-Mode": "navigate"}) as line:
        phone = Phone(served, sessions(engine), NAME, line).begin()
    learner = comes(Learner, PHONE, "learner")
    learner.sign_in(NAME).go(f"{PORTAL}/exams/{phone.attempt}")
    expect(learner.page.locator("[data-exam]:not([aria-busy])")).to_be_visible()
    slot, value = next((slot, value) for slot, value in phone.rights().items() if isinstance(value, str) and value in "ABCD")
    number = (learner.sheet(slot).get_attribute("id") or "").removeprefix("q")
    learner.page.evaluate("number => { location.hash = number }", number)
    served.kill("portal")

    learner.sheet(slot).locator(f'input[value="{value}"]').check()
    saved = learner.page.locator("[data-saved]")
    expect(saved).to_have_text("存在手机里")
    expect(learner.page.locator("[data-news]")).to_contain_text("有网会自动送出")

    expect(saved).to_have_text("已保存")
    assert {slot: value for slot, (_, value) in phone.on_disk().items()} == {slot: value}
    engine.dispose()
