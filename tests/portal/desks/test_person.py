"""One person's page: what an administrator sees and does there, and what they may not."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from banyan.accounts.admission import Caller
from banyan.accounts.device_cookie import COOKIE
from banyan.accounts.devices import devices_of, set_pin
from banyan.accounts.entering import look, redeem
from banyan.accounts.passwords import fits, hash_password
from banyan.accounts.refusal import NoEntryError
from banyan.accounts.slips import issue_slips
from banyan.records.audit import AuditRow, without_salt
from banyan.records.engine import reading, writing
from banyan.records.entry import Device, Slip
from banyan.records.people import ChargeRow, Person
from tests.county import COURSE, NOW, TODAY
from tests.portal.office import ENTRY_KEY, Office

TOWN, COUNTY = "郑国平", "周建国"
PHONE = Caller("10.0.0.7", "Mozilla/5.0 (Linux; Android 9; TAS-AL00 Build/H1) Chrome/70")


@pytest.fixture
def chen(office: Office) -> Person:
    return office.people["陈晓明"]


@pytest.fixture
def path(chen: Person) -> str:
    return f"/people/{chen.id}"


def fresh(office: Office, person: Person) -> Person:
    with reading(office.house.make) as session:
        return session.get_one(Person, person.id)


def acts(office: Office) -> Iterator[tuple[str, str, dict]]:
    with reading(office.house.make) as session:
        yield from (
            (row.action, row.subject, without_salt(row.detail))
            for row in session.scalars(select(AuditRow).order_by(AuditRow.position))
        )


def come_in(office: Office, person: Person, pin: str = "") -> str:
    """Let somebody use a slip, and return the token of their phone."""
    with writing(office.house.make) as session:
        slip = issue_slips(session, [session.get_one(Person, person.id)], ENTRY_KEY, None, NOW)[0]
        token = redeem(session, slip.token, ENTRY_KEY, PHONE, NOW).token
        session.flush()
        if pin:
            set_pin(session, devices_of(session, [token], ENTRY_KEY)[0], pin, ENTRY_KEY)
    return token


def test_the_page_says_where_somebody_stands_and_how_they_come_in(office: Office, chen: Person, path: str) -> None:
    assert "还没有进来过" in office.browser(TOWN).open(path).text
    come_in(office, chen, "481527")
    page = office.browser(TOWN).open(path).text
    for words in ("陈晓明", "溪口村", "安卓手机 TAS-AL00", "第一次进来", TOWN):
        assert words in page


def test_the_list_of_people_leads_to_it(office: Office, path: str) -> None:
    assert f'href="/services/portal{path}"' in office.browser(TOWN).open("/people").text


def test_a_new_slip_takes_one_tap_here_and_opens_the_account(office: Office, chen: Person, path: str) -> None:
    page = office.browser(TOWN).submit(f"{path}/slip")
    assert page.status_code == 200
    digits = re.search(r'class="spelt">(\d{4}) (\d{4})<', page.text)
    assert digits
    assert "<svg" in page.text
    assert chen.staff_number in page.text
    assert next(act for act in acts(office)) == ("slip.issue", chen.staff_number, {"until": "2026-12-07"})
    with reading(office.house.make) as session:
        assert session.scalars(select(Slip)).one().person_id == chen.id


def test_the_slip_is_kept_by_nobody_in_between(office: Office, path: str) -> None:
    assert "no-store" in office.browser(TOWN).submit(f"{path}/slip").headers["cache-control"]


@pytest.mark.parametrize("act", ["slip", "stop"])
def test_who_holds_more_than_the_issuer_is_left_alone(office: Office, act: str) -> None:
    trainer = office.people["何老师"]
    with writing(office.house.make) as session:
        session.add(
            ChargeRow(
                person_id=office.people["林秀英"].id, unit_id=office.at.county.id, duty="trainer", course=COURSE, starts_on=TODAY
            )
        )
    reply = office.browser(TOWN).submit(f"/people/{office.people['林秀英'].id}/{act}")
    assert reply.status_code == 403
    assert office.browser(TOWN).submit(f"/people/{trainer.id}/{act}").status_code == 404
    with reading(office.house.make) as session:
        assert session.scalars(select(Slip)).all() == []


def test_nobody_issues_a_slip_for_themselves(office: Office) -> None:
    me = office.people[COUNTY]
    assert office.browser(COUNTY).submit(f"/people/{me.id}/slip").status_code == 403
    assert "这是您自己" in office.browser(COUNTY).open(f"/people/{me.id}").text


def test_a_lost_phone_is_shut_out_at_once(office: Office, chen: Person, path: str) -> None:
    token = come_in(office, chen, "481527")
    phone = office.browser("陈晓明")
    phone.cookies.set(COOKIE, token)
    assert phone.open("/learning").status_code == 200
    with writing(office.house.make) as session:
        slip = issue_slips(session, [session.get_one(Person, chen.id)], ENTRY_KEY, None, NOW)[0]
    assert office.browser(TOWN).submit(f"{path}/stop").status_code == 303
    assert phone.open("/learning").headers["location"].endswith("/welcome")
    assert "请用登录条再进来一次" in phone.open("/welcome").text
    assert phone.submit("/welcome/pin", pin="902713").headers["location"].endswith("/welcome")
    with reading(office.house.make) as session:
        assert session.scalars(select(Device)).one().ended_at == NOW
        with pytest.raises(NoEntryError, match="作废"):
            look(session, slip.token, ENTRY_KEY, NOW)
    assert ("entry.stop", chen.staff_number, {}) in acts(office)


def test_name_and_number_are_put_right_and_the_log_holds_only_the_numbers_ends(office: Office, chen: Person, path: str) -> None:
    reply = office.browser(TOWN).submit(f"{path}/details", name=" 陈小明 ", phone="139 1234 5678")
    assert reply.status_code == 303
    assert (fresh(office, chen).name, fresh(office, chen).phone) == ("陈小明", "13912345678")
    detail = {"name": "陈晓明 → 陈小明", "phone": f"138****{chen.phone[-4:]} → 139****5678"}
    assert ("person.mend", chen.staff_number, detail) in acts(office)


@pytest.mark.parametrize(
    ("form", "says"),
    [
        pytest.param({"name": "", "phone": ""}, "请填姓名", id="no name"),
        pytest.param({"name": "陈晓明", "phone": "1391234"}, "11位数字", id="too short"),
        pytest.param({"name": "陈晓明", "phone": "LIN"}, "登记在别人名下", id="somebody else's"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(
    office: Office, chen: Person, path: str, form: dict[str, str], says: str
) -> None:
    phone = office.people["林秀英"].phone if form["phone"] == "LIN" else form["phone"]
    reply = office.browser(TOWN).submit(f"{path}/details", **{**form, "phone": phone})
    assert reply.status_code == 422
    assert says in reply.text
    assert (fresh(office, chen).name, fresh(office, chen).phone) == (chen.name, chen.phone)


def give(office: Office, by: str, path: str, **form: str):
    return office.browser(by).submit(f"{path}/duties", **{"duty": f"trainer:{COURSE}", "unit": office.at.xikou.code, **form})


def test_a_duty_is_given_and_taken_back_with_its_dates(office: Office, chen: Person, path: str) -> None:
    until = (TODAY + timedelta(days=30)).isoformat()
    assert give(office, TOWN, path, until=until).status_code == 303
    with reading(office.house.make) as session:
        row = session.scalars(select(ChargeRow).where(ChargeRow.person_id == chen.id)).one()
    assert (row.duty, row.course, row.starts_on, str(row.ends_on)) == ("trainer", COURSE, TODAY, until)
    assert fresh(office, chen).must_change_password, "who bears a charge chooses a password first"
    assert "溪口村" in office.browser(TOWN).open(path).text
    assert office.browser(TOWN).submit(f"{path}/duties/end", charge=str(row.id)).status_code == 303
    assert office.me("陈晓明").actor.charges == ()
    assert [act for act, _, _ in acts(office)] == ["duty.give", "duty.take"]


@pytest.mark.parametrize(
    ("form", "status"),
    [
        pytest.param({"duty": "platform"}, 422, id="platform"),
        pytest.param({"duty": "trainer:no-such"}, 422, id="a course that is not"),
        pytest.param({"duty": "administrator:x"}, 422, id="odd"),
        pytest.param({"duty": "administrator", "unit": "COUNTY"}, 404, id="the county, by the town"),
        pytest.param({"until": "2026-01-01"}, 422, id="over before it begins"),
        pytest.param({"from_day": "soon"}, 422, id="no day"),
    ],
)
def test_what_one_does_not_hold_one_cannot_give(
    office: Office, chen: Person, path: str, form: dict[str, str], status: int
) -> None:
    unit = {"unit": office.at.county.code} if form.get("unit") == "COUNTY" else {}
    assert give(office, TOWN, path, **{**form, **unit}).status_code == status
    assert office.me("陈晓明").actor.charges == ()


def test_the_same_duty_is_not_given_twice(office: Office, path: str) -> None:
    give(office, TOWN, path)
    assert "已经有了" in give(office, COUNTY, path).text


def test_nobody_gives_themselves_a_duty_nor_takes_one_from_above(office: Office) -> None:
    me = office.people[TOWN]
    assert give(office, TOWN, f"/people/{me.id}").status_code == 404
    with writing(office.house.make) as session:
        row = ChargeRow(
            person_id=office.people["林秀英"].id, unit_id=office.at.county.id, duty="trainer", course=COURSE, starts_on=TODAY
        )
        session.add(row)
    reply = office.browser(TOWN).submit(f"/people/{office.people['林秀英'].id}/duties/end", charge=str(row.id))
    assert reply.status_code == 404
    assert office.me("林秀英").actor.charges


def test_a_learner_with_digits_adds_a_password_by_them(office: Office, chen: Person) -> None:
    phone = office.browser("陈晓明")
    phone.cookies.set(COOKIE, come_in(office, chen, "481527"))
    wrong = phone.submit("/password", old="481528", new="my own words", again="my own words")
    assert (wrong.status_code, fresh(office, chen).password_hash) == (422, None)
    assert phone.submit("/password", old="481527", new="my own words", again="my own words").status_code == 303
    assert fits("my own words", fresh(office, chen).password_hash)


def test_an_old_password_is_gone_once_a_slip_is_used(office: Office, chen: Person) -> None:
    with writing(office.house.make) as session:
        session.get_one(Person, chen.id).password_hash = hash_password("old words")
    come_in(office, chen)
    assert fresh(office, chen).password_hash is None
