"""A training session at the desk and on the learners' phones: plan, roster, screen, scan, tick, settle, put right."""

import base64
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from banyan.portal.app import create_app
from banyan.records.competence import EvidenceRow
from banyan.records.engine import reading
from banyan.records.training import AttendanceRow, TrainingSession
from tests import qr_reader
from tests.county import COURSE, NOW, TODAY
from tests.portal.office import Browser, FrontDoor, Office

FORM = {
    "course": COURSE, "title": "报告和急救实训", "place": "县实训基地", "capacity": "30", "level": "3", "form_key": "key",
    "day-0": TODAY.isoformat(), "begins-0": "10:00", "ends-0": "12:00", "shows": ["C5.2.a", "C5.2.b", "C5.4.c"],
}  # fmt: skip


def send(browser: Browser, path: str, **fields: object) -> object:
    return browser.post(f"/services/portal{path}", data={"csrf": browser.seal, **fields})


@pytest.fixture
def training(office: Office) -> TrainingSession:
    reply = send(office.browser("黄老师"), "/trainings", **FORM, unit=office.at.qingshi.code)
    assert reply.status_code == 303, reply.text
    with reading(office.house.make) as session:
        row = session.scalars(select(TrainingSession)).one()
        assert len(row.parts) == 1
        return row


def main(browser: Browser, path: str) -> str:
    return browser.open(path).text.partition("<main")[2].partition("</main>")[0]


def at(office: Office, minutes: int) -> Office:
    """The same office some minutes later."""
    house = replace(office.house, clock=lambda: NOW + timedelta(minutes=minutes))
    return replace(office, house=house, app=create_app(house, FrontDoor()))


def scanned(page: str) -> str:
    """Return the address that a phone reads off the screen."""
    drawn = re.search(r"data:image/svg\+xml;base64,([\w+/=]+)", page).group(1)
    return qr_reader.scanned(base64.b64decode(drawn).decode())


def count(office: Office, table: type) -> int:
    with reading(office.house.make) as session:
        return session.scalar(select(func.count()).select_from(table))


def test_with_every_seat_taken_nobody_is_offered_to_be_added(office: Office) -> None:
    trainer = office.browser("黄老师")
    assert send(trainer, "/trainings", **{**FORM, "capacity": "1"}, unit=office.at.qingshi.code).status_code == 303
    assert "加人" in main(trainer, "/trainings/1")
    assert send(trainer, "/trainings/1/seats", people=[office.people["陈晓明"].id]).status_code == 303
    page = main(trainer, "/trainings/1")
    assert "加人" not in page
    assert "位子都有人了" in page


def test_from_planning_to_what_counts(office: Office, training: TrainingSession) -> None:
    trainer, learner = office.browser("黄老师"), office.browser("陈晓明")
    assert "没有结算的" in main(trainer, "/trainings")
    address = scanned(main(trainer, "/training-parts/1/screen"))
    assert address.startswith("http://xuexi.example/services/portal/here/1?c=")
    page = learner.get(address).text
    assert "我是陈晓明，我到了" in page
    ticket = re.search(r'name="ticket" value="([^"]+)"', page).group(1)
    for _ in range(2):
        assert send(learner, "/here/1", ticket=ticket).status_code == 303
    assert count(office, AttendanceRow) == 1
    assert "签到了" in main(learner, "/here/1")
    assert '"here":1' in trainer.open("/training-parts/1/code").text.replace(" ", "")
    person = office.people["陈晓明"].id
    assert send(trainer, f"/trainings/{training.id}/people/{person}/seen", seen=["C5.2.a", "C5.4.c"]).status_code == 303
    assert send(trainer, f"/trainings/{training.id}/close").status_code == 422, "it still runs"
    later = at(office, 121)
    assert send(later.browser("黄老师"), f"/trainings/{training.id}/close").status_code == 303
    assert count(office, EvidenceRow) == 2
    told = main(later.browser("陈晓明"), "/record")
    assert "突发事件信息报告" in told
    assert "黄老师" in told
    assert "算到" in told


def test_a_picture_of_the_screen_is_worth_nothing_a_minute_later(office: Office, training: TrainingSession) -> None:
    address = scanned(main(office.browser("黄老师"), "/training-parts/1/screen"))
    page = at(office, 2).browser("林秀英").get(address)
    assert "再扫一次" in page.text
    assert 'name="ticket"' not in page.text
    assert send(office.browser("林秀英"), "/here/1", ticket="1.abc").status_code == 422
    assert count(office, AttendanceRow) == 0


def test_who_has_no_phone_is_ticked_and_put_right_with_a_reason(office: Office, training: TrainingSession) -> None:
    trainer, person = office.browser("黄老师"), office.people["林秀英"].id
    assert "林秀英" in main(trainer, f"/trainings/{training.id}?q=秀英")
    assert "林秀英" in main(trainer, f"/trainings/{training.id}?q=lxy")
    assert send(trainer, f"/trainings/{training.id}/seats", people=person).status_code == 303
    assert send(trainer, "/training-parts/1/roll", shown=person, present=person).status_code == 303
    assert "到场1个人" in main(trainer, "/training-parts/1")
    path = f"/trainings/{training.id}/people/{person}"
    assert send(trainer, f"{path}/minutes", part=1, minutes=30, reason="").status_code == 422
    assert send(trainer, f"{path}/minutes", part=1, minutes="三十", reason="早走了一个半小时").status_code == 422
    assert send(trainer, f"{path}/minutes", part=99, minutes=30, reason="早走了一个半小时").status_code == 422
    assert send(trainer, f"{path}/minutes", part=1, minutes=30, reason="早走了一个半小时").status_code == 303
    assert "到了25%" in main(trainer, path)
    assert "早走了一个半小时" in main(office.browser("林秀英"), "/record")


def test_the_form_comes_back_as_it_was_filled_in_and_says_what_is_wrong(office: Office) -> None:
    reply = send(office.browser("黄老师"), "/trainings", **(FORM | {"begins-0": "13:00"}), unit=office.at.qingshi.code)
    assert reply.status_code == 422
    assert "每一段至少10分钟" in reply.text
    assert 'value="报告和急救实训"' in reply.text
    assert re.search(r'value="C5.4.c" checked', reply.text)
    for spoilt in ({"day-0": "不知道"}, {"capacity": "很多"}, {"shows": []}, {"level": "9"}):
        assert send(office.browser("黄老师"), "/trainings", **(FORM | spoilt), unit=office.at.qingshi.code).status_code == 422
    assert send(office.browser("黄老师"), "/trainings", **FORM, unit=office.at.yunxi.code).status_code == 404


def test_a_session_called_off_says_so(office: Office, training: TrainingSession) -> None:
    trainer = office.browser("黄老师")
    assert send(trainer, f"/trainings/{training.id}/call-off").status_code == 303
    assert "取消了" in main(trainer, f"/trainings/{training.id}")
    assert "取消" in main(office.browser("陈晓明"), "/here/1?c=1.a")


def test_an_assessor_of_the_course_plans_and_finds_sessions_as_the_table_of_permissions_says(office: Office) -> None:
    assessor = office.browser("许素芬")
    assert f'value="{office.at.qingshi.code}"' in main(assessor, "/trainings/new")
    reply = send(assessor, "/trainings", **FORM, unit=office.at.qingshi.code)
    assert reply.headers["location"].endswith("/trainings/1")
    assert "报告和急救实训" in main(assessor, "/trainings")
    assert "报告和急救实训" in main(office.browser("黄老师"), "/trainings")
