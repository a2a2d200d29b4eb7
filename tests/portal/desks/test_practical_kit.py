"""What a trainer prints for a practical: whole, marked as a drill on every sheet, with no name and no key on a card."""

import re

import pytest

from banyan.courseware.manifest import Practical
from banyan.portal.registry import PORTAL
from tests.county import COURSE
from tests.portal.office import Office

KIT = f"/practical-kit?course={COURSE}"


@pytest.fixture
def practical(office: Office) -> Practical:
    found = office.house.rulebook.catalogue.newest(COURSE).practical
    assert found
    return found


def cards(page: str) -> list[str]:
    return re.findall(r'<article class="kit-card">(.*?)</article>', page, re.DOTALL)


def test_the_script_runs_from_the_first_minute_to_the_ninetieth(office: Office) -> None:
    page = office.browser("黄老师").open(KIT).text
    assert "一场90分钟" in page
    assert re.findall(r"(\d+)到(\d+)分", page) == [
        ("0", "10"), ("10", "20"), ("20", "68"), ("68", "80"), ("80", "90"),
    ]  # fmt: skip


def test_there_is_a_card_and_a_strip_for_each_of_twelve(office: Office, practical: Practical) -> None:
    page = office.browser("黄老师").open(KIT).text
    assert len(cards(page)) == page.count('class="kit-strip"') == len(practical.cards) == 12


def test_what_is_to_be_checked_stands_on_the_key_and_on_no_card(office: Office, practical: Practical) -> None:
    page = office.browser("黄老师").open(KIT).text
    for card in practical.cards:
        assert page.count(card.unknown) == 1
        assert not any(card.unknown in each or card.change in each for each in cards(page))


def test_every_sheet_card_and_strip_says_that_nobody_is_told(office: Office) -> None:
    page = office.browser("黄老师").open(KIT).text
    sheets = re.findall(r'<section class="kit-sheet.*?</section>', page, re.DOTALL)
    assert len(sheets) == 9
    assert all("演练·不会报给任何人" in each for each in [*sheets, *cards(page)])
    assert all("真有险情请打" in each for each in sheets if "kit-cut" not in each)


def test_the_list_to_tick_has_twelve_empty_rows_and_nobodys_name(office: Office, practical: Practical) -> None:
    page = office.browser("黄老师").open(KIT).text
    table = page[page.index("kit-ticks") : page.index("kit-cut")]
    assert table.count("kit-tick") - table.count("kit-ticks") == 12 * len(practical.ticks)
    assert not any(each.name in table for each in office.people.values())


def test_only_who_trains_the_course_may_print_it(office: Office) -> None:
    assert "还没有现场演练" in office.browser("王老师").get(f"{PORTAL}{KIT}").text
    assert office.browser("林秀英").get(f"{PORTAL}{KIT}").status_code == 403
    assert office.browser("黄老师").get(f"{PORTAL}/practical-kit?course=no-such-course").status_code == 404


def test_the_way_to_it_leads_from_the_script(office: Office) -> None:
    assert KIT in office.browser("黄老师").open("/practical-script").text
