"""A county's first days: what is left to do, in order, for who administers all of it, until it is done."""

from dataclasses import replace
from pathlib import Path

import pytest

from banyan.accounts.slips import issue_slips
from banyan.courseware.catalogue import Catalogue
from banyan.portal.app import create_app
from banyan.portal.registry import PORTAL
from banyan.records.engine import reading, writing
from banyan.records.learning import Assignment
from banyan.tracker.opening import Task, opening
from banyan.tracker.publishing import Workshop
from tests.county import NOW, TODAY
from tests.house import ROOT
from tests.portal.office import FrontDoor, Office


@pytest.fixture
def unopened(office: Office, tmp_path: Path) -> Office:
    """People and a trainer are there; no setting, no course, no assignment, no slip."""
    releases = tmp_path / "releases"
    rulebook = replace(office.house.rulebook, catalogue=Catalogue(releases))
    house = replace(office.house, rulebook=rulebook, workshop=Workshop(ROOT / "courses", ROOT / "content", releases))
    return replace(office, house=house, app=create_app(house, FrontDoor()))


def test_the_first_thing_not_done_is_the_one_to_do_next(unopened: Office) -> None:
    with reading(unopened.house.make) as session:
        found = opening(session, unopened.me("周建国"), unopened.house.workshop, TODAY)
    assert found is not None
    assert [task for task, done in found.done.items() if done] == [Task.ROSTER, Task.TRAINER]
    assert found.next is Task.SETTINGS
    page = unopened.browser("周建国").open("/coverage").text
    assert "离大家开始学习还有4步" in page
    assert '<a class="button" href="/services/portal/county">填本县设置</a>' in page


def test_a_town_s_administrator_does_not_open_the_county(unopened: Office) -> None:
    assert "离大家开始学习" not in unopened.browser("郑国平").open("/coverage").text


def test_once_everything_is_done_it_is_gone(office: Office) -> None:
    with writing(office.house.make) as session:
        person = office.people["陈晓明"]
        session.add(Assignment(person_id=person.id, programme="ER-T1", due_on=TODAY, assigned_at=NOW))
        issue_slips(session, [person], bytes(32), None, NOW)
    assert "离大家开始学习" not in office.browser("周建国").open("/coverage").text


def next_step(page: str) -> str:
    """Return where the card 接下来 leads."""
    return page.split('id="onward"')[1].split('class="button" href="')[1].split('"')[0]


def test_after_a_step_the_next_one_is_offered(unopened: Office) -> None:
    boss, trainee = unopened.browser("周建国"), unopened.people["陈晓明"].id
    duty = {"duty": "administrator", "unit": unopened.at.qingshi.code, "from_day": "", "until": ""}
    done = boss.submit(f"/people/{trainee}/duties", **duty).headers["location"]
    page = boss.get(done).text
    assert "职责已经交给陈晓明" in page
    assert next_step(page) == f"{PORTAL}/county"
    with writing(unopened.house.make) as session:
        session.add(Assignment(person_id=trainee, programme="ER-T1", due_on=TODAY, assigned_at=NOW))
    assert next_step(boss.open("/assignments?done=1").text) == f"{PORTAL}/county"


def test_where_no_step_was_done_and_once_the_county_is_open_nothing_is_offered(unopened: Office, office: Office) -> None:
    boss = unopened.browser("周建国")
    for path in ("/assignments", "/publishing", f"/people/{unopened.people['陈晓明'].id}"):
        assert 'id="onward"' not in boss.open(path).text
    with writing(office.house.make) as session:
        person = office.people["陈晓明"]
        session.add(Assignment(person_id=person.id, programme="ER-T1", due_on=TODAY, assigned_at=NOW))
        issue_slips(session, [person], bytes(32), None, NOW)
    assert 'id="onward"' not in office.browser("周建国").open("/assignments?done=1").text
