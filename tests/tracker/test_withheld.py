"""Without an https address no certificate is issued, nothing is lost by that, and with one all of them are, once."""

import dataclasses
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from banyan.domain.calendar import county_day
from banyan.records.competence import Certificate, EvidenceRow
from banyan.records.engine import Sessions, reading, writing
from banyan.records.people import Person
from banyan.tracker import jobs
from banyan.tracker.awards import certificates_of
from banyan.tracker.jobs import GradingRoom
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.withheld import count_withheld, issue_withheld
from tests.county import NOW, TODAY, County, places
from tests.tracker.test_awards import show

DAY = timedelta(days=1)


def at(rulebook: Rulebook, url: str, demo: bool = False) -> Rulebook:
    return dataclasses.replace(rulebook, issuer=dataclasses.replace(rulebook.issuer, public_url=url, demo=demo))


@pytest.fixture
def hidden(rulebook: Rulebook) -> Rulebook:
    """The rules of a county in earnest that has only http yet."""
    return at(rulebook, "http://10.0.0.5:8000")


@pytest.fixture
def learner(make: Sessions, hidden: Rulebook) -> Person:
    """Somebody who has shown everything, and somebody who has shown it and left."""
    with writing(make) as session:
        county = County(session)
        grid = places(county).xikou_1
        one, gone = (county.person(name, grid, "ER", "突发事件信息报告员") for name in ("林秀英", "张远"))
        for each in (one, gone):
            show(session, each, hidden)
        gone.left_on = TODAY.replace(day=1)
        return one


@pytest.mark.parametrize(
    ("url", "demo", "may"),
    [
        pytest.param("https://xuexi.example", False, True, id="https"),
        pytest.param("http://xuexi.example", False, False, id="http"),
        pytest.param("http://127.0.0.1:8000", False, False, id="no address"),
        pytest.param("http://127.0.0.1:8000", True, True, id="a demo"),
    ],
)
def test_only_an_https_address_or_a_demo_may_issue(rulebook: Rulebook, url: str, demo: bool, may: bool):
    assert at(rulebook, url, demo).issuer.may_issue is may


def test_what_is_shown_meanwhile_is_kept_and_no_certificate_issued(make: Sessions, learner: Person, hidden: Rulebook):
    with reading(make) as session:
        assert certificates_of(session, learner.id) == ()
        assert session.scalars(select(EvidenceRow).where(EvidenceRow.person_id == learner.id)).first()
        assert count_withheld(session, hidden, TODAY) == 1
    assert issue_withheld(make, hidden, NOW) == 0


def test_once_there_is_https_what_was_withheld_is_issued_and_only_once(make: Sessions, learner: Person, hidden: Rulebook):
    public = at(hidden, "https://xuexi.example.gov.cn")
    assert [issue_withheld(make, public, NOW) for _ in range(2)] == [1, 0]
    with reading(make) as session:
        assert [each.person_id for each in session.scalars(select(Certificate))] == [learner.id]
        assert count_withheld(session, public, TODAY) == 0


def test_what_could_not_be_renewed_in_its_window_is_issued_after_the_end(make: Sessions, learner: Person, hidden: Rulebook):
    public = at(hidden, "https://xuexi.example.gov.cn")
    issue_withheld(make, public, NOW)
    with writing(make) as session:
        (first,) = certificates_of(session, learner.id)
        for row in session.scalars(select(EvidenceRow)):
            row.expires_on = first.expires_on + 60 * DAY
    within, late = NOW + 330 * DAY, NOW + 370 * DAY
    assert issue_withheld(make, hidden, within) == 0
    assert [issue_withheld(make, public, late) for _ in range(2)] == [1, 0]


def test_a_grader_that_starts_with_https_issues_by_itself(make: Sessions, learner: Person, hidden: Rulebook, tmp_path: Path):
    room = GradingRoom(make, at(hidden, "https://xuexi.example.gov.cn"), tmp_path / "gradebooks", tmp_path / "huey.sqlite")
    today = jobs._Today()
    jobs._sweep(jobs.Queue(room.queue), room, today)
    with reading(make) as session:
        assert len(certificates_of(session, learner.id)) == 1
    assert not today.begins(county_day(jobs._now()))


def test_looking_for_what_waits_is_quick_in_a_county_of_thousands(make: Sessions, learner: Person, hidden: Rulebook):
    with writing(make) as session:
        for number in range(2000):
            session.add(Person(staff_number=f"n{number}", handle=f"x{number}", name="某人", created_at=NOW))
    began = time.monotonic()
    with reading(make) as session:
        assert count_withheld(session, hidden, TODAY) == 1
    assert time.monotonic() - began < 1
