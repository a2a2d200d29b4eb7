"""The learner's one page: open to anybody, with the address people type, on one sheet of A4."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.portal.conftest import World


def test_anybody_may_read_it_and_it_says_the_address(world: World) -> None:
    page = world.as_(None).get("/guide")
    assert page.status_code == 200
    assert "http://xuexi.example" in page.text.replace("<wbr>", "")


@pytest.mark.browser
def test_it_fits_on_one_sheet_of_paper(world: World, chromium: Browser) -> None:
    visit = world.as_(None)
    style = visit.get("/static/app.css").text
    page = chromium.new_page()
    page.set_content(visit.get("/guide").text.replace("</head>", f"<style>{style}</style></head>"))
    sheets = re.findall(rb"/Type /Page\b(?!s)", page.pdf(prefer_css_page_size=True))
    page.close()
    assert len(sheets) == 1


def test_a_house_without_an_address_prints_the_one_it_is_reached_by(open_world: Callable[..., World]) -> None:
    """A training room's phones could not open 127.0.0.1."""
    assert "http://testserver" in open_world(origin="").as_(None).get("/guide").text
