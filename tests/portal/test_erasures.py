"""Asking to be erased on one's own page, and the desk that decides: with one's own password, in one's own subtree."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from banyan.accounts.passwords import hash_password
from banyan.domain.erasure import NAME, pseudonym
from banyan.records.consent import ConsentRow
from banyan.records.engine import reading, writing
from banyan.records.erasure import ErasureRequest
from banyan.records.learning import Assignment, Reminder
from banyan.records.people import Person
from banyan.tracker.rulebook import Rulebook
from tests.county import NOW, TODAY
from tests.portal.office import Office, certify, open_office

PASSWORD = "long enough"


@pytest.fixture
def office(tmp_path: Path, rulebook: Rulebook) -> Iterator[Office]:
    opened = open_office(tmp_path, rulebook)
    with writing(opened.house.make) as session:
        for name in ("陈晓明", "郑国平", "周建国"):
            session.get_one(Person, opened.people[name].id).password_hash = hash_password(PASSWORD)
    yield opened
    opened.house.make.kw["bind"].dispose()


def asked(office: Office, who: str = "陈晓明") -> int:
    reply = office.browser(who).submit("/my-data/erasure", words="我不做了", password=PASSWORD)
    assert reply.headers["location"].endswith("/my-data?done=asked")
    with reading(office.house.make) as session:
        return session.scalars(select(ErasureRequest.id).order_by(ErasureRequest.id.desc())).first() or 0


def test_whoever_asks_reads_what_goes_what_stays_and_by_when_they_are_answered(office: Office) -> None:
    page = office.browser("陈晓明").open("/my-data").text
    assert "不带名字" in page
    assert "离岗满36个月" in page
    asked(office)
    assert "2026年12月14日" in office.browser("陈晓明").open("/my-data?done=asked").text


def test_a_wrong_password_asks_for_nothing(office: Office) -> None:
    reply = office.browser("陈晓明").submit("/my-data/erasure", words="", password="guess")
    assert reply.status_code == 422
    assert "密码不对" in reply.text
    with reading(office.house.make) as session:
        assert session.scalars(select(ErasureRequest)).all() == []


def test_taken_back_nothing_is_waiting(office: Office) -> None:
    asked(office)
    assert "陈晓明" in office.browser("郑国平").open("/erasures").text
    office.browser("陈晓明").submit("/my-data/erasure/withdraw")
    assert "陈晓明" not in office.browser("郑国平").open("/erasures").text


def test_an_administrator_erases_with_their_own_password_and_the_certificate_stays_genuine(office: Office) -> None:
    number = asked(office)
    with writing(office.house.make) as session:
        serial = certify(session, session.get_one(Person, office.people["陈晓明"].id), office.house.rulebook).serial
    clerk = office.browser("郑国平")
    assert "不带名字" in clerk.open(f"/erasures/{number}").text
    assert clerk.submit(f"/erasures/{number}/grant", password="guess").status_code == 422
    done = clerk.submit(f"/erasures/{number}/grant", password=PASSWORD)
    assert done.headers["location"].endswith("/erasures?done=granted")
    with reading(office.house.make) as session:
        person = session.get_one(Person, office.people["陈晓明"].id)
        assert (person.name, person.staff_number) == (NAME, pseudonym(person.id))
    shown = office.browser().open(f"/verify/{serial}")
    assert shown.status_code == 200
    assert "已应本人要求删除" in shown.text
    assert "有效" in shown.text
    assert office.browser("陈晓明").open("/my-data").status_code == 404
    assert "已经删除" in clerk.open(f"/erasures/{number}").text


def test_refused_the_reason_is_read_on_ones_own_page(office: Office) -> None:
    number = asked(office)
    assert office.browser("郑国平").submit(f"/erasures/{number}/refuse", reason="不").status_code == 422
    office.browser("郑国平").submit(f"/erasures/{number}/refuse", reason="您还在岗，考核要用")
    assert "您还在岗，考核要用" in office.browser("陈晓明").open("/my-data").text


@pytest.mark.parametrize("who", ["吴美玲", "蔡明辉", "林秀英"])
def test_to_others_a_request_is_not_there(office: Office, who: str) -> None:
    number = asked(office)
    for act, form in (("grant", {"password": PASSWORD}), ("refuse", {"reason": "不行不行"})):
        assert office.browser(who).submit(f"/erasures/{number}/{act}", **form).status_code in (403, 404)
    assert office.browser(who).open(f"/erasures/{number}").status_code in (403, 404)


def test_a_letter_is_written_down_and_somebody_erased_is_let_back(office: Office) -> None:
    clerk, who = office.browser("郑国平"), office.people["林秀英"]
    reply = clerk.submit("/erasures", staff_number=who.staff_number, words="本人来信，核对过身份")
    number = int(reply.headers["location"].split("/")[-1].split("?")[0])
    assert "另一位管理员" in clerk.open(f"/erasures/{number}").text
    own = clerk.submit(f"/erasures/{number}/grant", password=PASSWORD)
    assert own.status_code == 422
    assert "另一位管理员" in own.text
    office.browser("周建国").submit(f"/erasures/{number}/grant", password=PASSWORD)
    assert clerk.submit("/readmissions", number="10019999").status_code == 422
    assert clerk.submit("/readmissions", number=who.staff_number).status_code == 303
    assert clerk.submit("/erasures", staff_number="<script>", words="本人来信，核对过").status_code == 422


def test_consent_taken_back_hides_the_number_and_refuses_a_reminder(office: Office) -> None:
    who, code = office.people["陈晓明"], office.house.rulebook.programmes[0].code
    with writing(office.house.make) as session:
        session.add(Assignment(person_id=who.id, programme=code, due_on=TODAY, assigned_at=NOW))
    clerk = office.browser("郑国平")
    assert who.phone in clerk.open(f"/unfinished?programme={code}").text
    office.browser("陈晓明").submit("/my-data/consent", kind="reminders", given="no")
    office.browser("陈晓明").submit("/my-data/consent", kind="reminders", given="no")
    shown = clerk.open(f"/unfinished?programme={code}").text
    assert who.phone not in shown
    assert "陈晓明" in shown
    clerk.submit(f"/unfinished/{who.id}/reminded", programme=code)
    with reading(office.house.make) as session:
        assert session.scalars(select(Reminder)).all() == []
        assert [row.given for row in session.scalars(select(ConsentRow))] == [False]
    office.browser("陈晓明").submit("/my-data/consent", kind="reminders", given="yes")
    assert who.phone in clerk.open(f"/unfinished?programme={code}").text
    with reading(office.house.make) as session:
        assert [row.given for row in session.scalars(select(ConsentRow).order_by(ConsentRow.id))] == [False, True]


def test_nobody_consents_to_what_was_never_asked(office: Office) -> None:
    assert office.browser("陈晓明").submit("/my-data/consent", kind="portrait", given="yes").status_code == 422
