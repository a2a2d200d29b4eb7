"""Every page there is, found from the routes: large type on a phone, 繁體 without a simplified sign left, English whole.

The list is the application's own, so a new page is held to this from its first day; whose things stand in an address
says `World` of test_permissions. Each page is asked for as the first of PEOPLE who may see it.
"""

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import uvicorn
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from banyan.courseware.exam import Form
from banyan.portal.registry import PORTAL
from banyan.records.engine import reading
from banyan.records.examinations import Attempt
from banyan.serve.ports import free_ports
from banyan.words.traditional import glossary, traditional
from tests.browser.large_type import LOW, looked_at, too_small, unfolded
from tests.county import COURSE
from tests.portal.reading import CHINESE, said, without, written_by_people
from tests.portal.test_permissions import ROUTES, World
from tests.portal.test_permissions import world as opened

county = opened  # a fixture, with something of each kind in it
PEOPLE = ("陈晓明", "何老师", "周建国", "何立新", "林秀英", "")
QUOTATION = re.compile(r"“[^”]*”")
PHONE = {"width": 360, "height": 740}
STRANGE = f"{PORTAL}/nowhere"
QUOTED = {"en": ["zh-Hans", "zh-Hant"], "zh-Hant": ["zh-Hans", "en"]}
"""Languages in which a page of another one may quote, or offer itself."""


@dataclass(frozen=True)
class Seen:
    """A page and who is looking at it."""

    path: str
    who: str


def pages(county: World) -> list[Seen]:
    """Return each page once, with the first person who is shown it; files and addresses that lead on are no pages."""
    things = county.things["青石镇"]
    addresses = [county.address(each, things) for each in ROUTES if each.method == "GET"] + [
        STRANGE,
        running_exam(county),
        *corrections(county),
    ]
    found = (next((each for who in PEOPLE if shows(county, each := Seen(path, who))), None) for path in addresses)
    return [each for each in dict.fromkeys(found) if each]


def running_exam(county: World) -> str:
    hall = county.office.hall
    return f"{PORTAL}/exams/{hall.begin(hall.neighbour).id}"


def corrections(county: World) -> list[str]:
    """Return the pages of a correction between choosing a course and having done it."""
    with reading(county.office.house.make) as session:
        form = Form.from_json(session.get_one(Attempt, county.things["青石镇"]["attempt"]).form)
    asked = f"course={COURSE}&release=1"
    return [f"{PORTAL}/corrections?{asked}", f"{PORTAL}/corrections/check?{asked}&q:{form.slots[0].question}=void"]


def shows(county: World, seen: Seen) -> bool:
    reply = county.office.browser(seen.who).get(seen.path)
    told = 404 if seen.path == STRANGE else 200
    kept = "attachment" in reply.headers.get("content-disposition", "")
    return reply.status_code == told and reply.headers["content-type"].startswith("text/html") and not kept


@pytest.fixture(scope="module")
def every_page(county: World) -> list[Seen]:
    found = pages(county)
    assert len(found) >= 30
    return found


@pytest.fixture(scope="module")
def names(county: World) -> list[str]:
    with reading(county.office.house.make) as session:
        return [*written_by_people(session), county.office.house.county, *glossary().phrases.values()]


def text_of(county: World, seen: Seen, language: str) -> list[str]:
    browser = county.office.browser(seen.who)
    browser.cookies.set("banyan-lang", language)
    page = browser.get(seen.path).text
    assert f'<html lang="{language}"' in page, seen
    assert 'class="choices"' in page, f"{seen} offers no other language or size"
    return said(page, QUOTED[language])


def test_in_traditional_characters_no_simplified_one_is_left(county: World, every_page: list[Seen], names: list[str]) -> None:
    left = []
    for seen in every_page:
        for text in without(text_of(county, seen, "zh-Hant"), names):
            changed = "".join(sign for sign, other in zip(text, traditional(text), strict=False) if sign != other)
            left += [f"{seen.path} ({seen.who}): {changed} in {text.strip()[:60]}"] if changed else []
    assert not left, "\n".join(left)


def test_in_english_nothing_chinese_is_left_but_names_and_courses(
    county: World, every_page: list[Seen], names: list[str]
) -> None:
    left = []
    for seen in every_page:
        texts = [each for each in without(text_of(county, seen, "en"), names) if CHINESE.search(QUOTATION.sub("", each))]
        left += [f"{seen.path} ({seen.who}): {each.strip()[:60]}" for each in texts]
    assert not left, "\n".join(left)


@pytest.fixture(scope="module")
def address(county: World) -> Iterator[str]:
    port = free_ports(1)[0]
    server = uvicorn.Server(uvicorn.Config(county.office.app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.mark.browser
def test_in_large_type_every_page_fits_a_phone_and_a_thumb(
    county: World, every_page: list[Seen], address: str, chromium: Chromium
) -> None:
    faults = []
    for seen, page in on_a_phone(county, every_page, address, chromium, {"banyan-size": "elder"}):
        faults += [f"{seen.path} ({seen.who}): {each}" for each in looked_at(page)]
    assert not faults, "\n".join(faults)


@pytest.mark.browser
@pytest.mark.parametrize(("language", "size"), [("zh-Hans", "normal"), ("zh-Hant", "elder"), ("en", "normal"), ("en", "elder")])
def test_in_every_language_every_page_fits_a_phone(
    county: World, every_page: list[Seen], address: str, chromium: Chromium, language: str, size: str
) -> None:
    faults = []
    for seen, page in on_a_phone(county, every_page, address, chromium, {"banyan-size": size, "banyan-lang": language}):
        found = [*unfolded(page), *(too_small(page) if size == "elder" else page.evaluate(LOW, 44))]
        faults += [f"{seen.path} ({seen.who}): {each}" for each in found]
    assert not faults, "\n".join(dict.fromkeys(faults))


def on_a_phone(
    county: World, every_page: list[Seen], address: str, chromium: Chromium, choices: dict[str, str]
) -> Iterator[tuple[Seen, Page]]:
    """Open each page on a phone as the person who may see it, with what they have chosen."""
    for who in PEOPLE:
        context = chromium.new_context(viewport=PHONE, has_touch=True, locale="zh-CN")
        number = county.office.people[who].staff_number if who else ""
        kept = {**choices, **({"who": number} if who else {})}
        context.add_cookies([{"name": name, "value": value, "url": address} for name, value in kept.items()])
        page = context.new_page()
        for seen in (each for each in every_page if each.who == who):
            page.goto(address + seen.path)
            yield seen, page
        context.close()
