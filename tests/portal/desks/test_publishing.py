"""Publishing: refused while something is empty and says what; done by the county; seen at once by everybody."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from banyan.courseware.catalogue import Catalogue
from banyan.errors import NotYetError
from banyan.portal.app import create_app
from banyan.records.audit import AuditRow
from banyan.records.engine import reading, writing
from banyan.records.learning import Assignment
from banyan.tracker.county import Filled, put
from banyan.tracker.enrolment import Order, assign
from banyan.tracker.publishing import Workshop, publish_all, shelf
from tests.county import COURSE, NOW, TODAY
from tests.house import ROOT
from tests.portal.office import FrontDoor, Office

PAGES = ("/", "/learning", "/courses", "/pocket-card", "/certificates")
DESKS = ("/coverage", "/unfinished", "/people", "/assignments", "/assignments/new", "/county", "/publishing", "/certificates")
TEACHING = ("/marking", "/practicals", "/practical-script", "/practical-kit")
RAIN = dict.fromkeys(("blue", "yellow", "orange", "red"), ("3小时50毫米", "转移"))


@pytest.fixture
def empty(office: Office, tmp_path: Path) -> Office:
    """The same county before its first release: nothing is filled in, nothing published."""
    releases = tmp_path / "releases"
    workshop = Workshop(ROOT / "courses", ROOT / "content", releases)
    rulebook = replace(office.house.rulebook, catalogue=Catalogue(releases))
    house = replace(office.house, rulebook=rulebook, workshop=workshop)
    return replace(office, house=house, app=create_app(house, FrontDoor()))


def fill_in(office: Office, leave: str = "") -> None:
    """Fill in all that the course needs, but for one township's duty desk."""
    at = office.at
    values = [
        ("duty_phone", at.qingshi, "0591-1234567"),
        ("duty_phone", at.yunxi, "0591-7654321"),
        ("clinic_phone", at.county, "0591-2222222"),
        ("county_emergency", at.county, "0591-3333333"),
        ("county_cdc", at.county, "0591-4444444"),
        ("reporting_chain", at.county, [("镇值班室", "镇值班")]),
        ("warning_table", at.county, RAIN),
        ("drill_clocks", at.county, ("5", "30")),
    ]
    with writing(office.house.make) as session:
        for key, unit, value in values:
            if unit.name != leave:
                put(session, Filled(key, unit.path, value, "12号", date(2026, 5, 20), "老周"), office.me("周建国"), NOW)


def publish(office: Office, name: str = "周建国", course: str = COURSE) -> object:
    return office.browser(name).submit("/publishing", course=course)


def test_before_the_first_release_every_page_opens_and_says_so(empty: Office) -> None:
    with writing(empty.house.make) as session:
        person = empty.people["陈晓明"].id
        session.add(Assignment(person_id=person, programme="ER-T1", due_on=TODAY, assigned_at=NOW))
    for name, paths in (("陈晓明", PAGES), ("周建国", DESKS), ("黄老师", TEACHING)):
        for path in paths:
            reply = empty.browser(name).open(path)
            assert reply.status_code in (200, 303), f"{name} {path} → {reply.status_code}"
    assert "还没有开放" in empty.browser("陈晓明").open("/learning").text
    for path in (f"/courses/{COURSE}", f"/courses/{COURSE}/exam"):
        reply = empty.browser("陈晓明").open(path)
        assert reply.status_code == 404
        assert "还没有开放" in reply.text


def test_what_is_not_published_cannot_be_asked_of_anybody(empty: Office) -> None:
    order = Order("ER-T1", empty.at.county.path, "", TODAY)
    with pytest.raises(NotYetError, match="还没有发布"), writing(empty.house.make) as session:
        assign(session, order, empty.me("周建国"), empty.house.rulebook, NOW)


def test_a_course_with_an_empty_setting_is_refused_and_the_township_named(empty: Office) -> None:
    fill_in(empty, leave="云溪镇")
    page = empty.browser("周建国").open("/publishing").text
    assert "云溪镇：镇值班电话" in page
    assert "青石镇：镇值班电话" not in page
    assert "发布</button>" not in page
    reply = publish(empty)
    assert reply.status_code == 422
    assert "还不能发布，本县设置里还缺：云溪镇：镇值班电话" in reply.text
    assert Catalogue(empty.house.workshop.releases).courses() == []


def test_with_everything_filled_in_it_is_published_and_open_without_a_restart(empty: Office) -> None:
    fill_in(empty)
    assert publish(empty).status_code == 303
    assert "已发布" in empty.browser("周建国").open(f"/publishing?done={COURSE}").text
    assert empty.browser("陈晓明").open(f"/courses/{COURSE}").status_code == 200
    with reading(empty.house.make) as session:
        row = session.query(AuditRow).filter_by(action="course.publish").one()
        assert (row.subject, row.detail["release"]) == (COURSE, 1)


def test_publishing_again_what_has_not_changed_makes_no_new_version(empty: Office) -> None:
    fill_in(empty)
    publish(empty)
    publish(empty)
    assert Catalogue(empty.house.workshop.releases).newest(COURSE).number == 1
    with reading(empty.house.make) as session:
        assert session.query(AuditRow).filter_by(action="course.publish").count() == 1


def test_a_course_changed_since_says_so(empty: Office, tmp_path: Path) -> None:
    fill_in(empty)
    publish(empty)
    courses = Path(shutil.copytree(ROOT / "courses", tmp_path / "courses"))
    (courses / COURSE / "README.md").write_text("改过了")
    with reading(empty.house.make) as session:
        assert [each.changed for each in shelf(session, replace(empty.house.workshop, courses=courses))] == [True]
        assert [each.changed for each in shelf(session, empty.house.workshop)] == [False]


def test_only_the_county_publishes(empty: Office) -> None:
    fill_in(empty)
    assert "课程由县管理员发布" in empty.browser("郑国平").open("/publishing").text
    assert publish(empty, "郑国平").status_code == 404
    assert publish(empty, "黄老师").status_code == 403
    assert publish(empty, course="../../etc").status_code == 404
    assert Catalogue(empty.house.workshop.releases).courses() == []


def test_faults_in_the_files_are_listed_for_their_authors(empty: Office, tmp_path: Path) -> None:
    courses = Path(shutil.copytree(ROOT / "courses", tmp_path / "courses"))
    (courses / COURSE / "stray.txt").write_text("?")
    house = replace(empty.house, workshop=replace(empty.house.workshop, courses=courses))
    broken = replace(empty, house=house, app=create_app(house, FrontDoor()))
    fill_in(broken)
    reply = publish(broken)
    assert reply.status_code == 422
    assert f"courses/{COURSE}/stray.txt:1" in reply.text


def test_the_command_line_lists_everything_that_is_empty_or_publishes_all(empty: Office) -> None:
    with pytest.raises(NotYetError) as fault, writing(empty.house.make) as session:
        publish_all(session, empty.house.workshop, NOW)
    assert {"青石镇：镇值班电话", "云溪镇：镇值班电话", "县疾控电话"} <= set(str(fault.value).split("\n"))
    fill_in(empty)
    with writing(empty.house.make) as session:
        assert [each.course for each in publish_all(session, empty.house.workshop, NOW)] == [COURSE]
