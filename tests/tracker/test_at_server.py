"""At the server: who looks after the platform, who administers the top, and a unit above the topmost one."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.lending import Loan
from banyan.domain.outline import STANDARD
from banyan.domain.permission import Charge, Duty
from banyan.errors import BadInputError, NotFoundError
from banyan.records.audit import AuditRow
from banyan.records.organisation import Unit
from banyan.records.people import ChargeRow
from banyan.tracker.at_server import add_above, name, unname
from banyan.tracker.lending import Borrower, lend
from banyan.tracker.people import Me, find_me
from banyan.tracker.units import add_unit, unit_card
from tests.county import NOW, TODAY, County, Places

CITY, PROVINCE = ("399900000000", "宁安市"), ("390000000000", "闽东省")


@pytest.fixture
def boss(session: Session, county: County, places: Places) -> Me:
    person = county.person("周建国", places.county)
    county.trust(person, "administrator", places.county)
    return again(session, person.staff_number)


def again(session: Session, number: str) -> Me:
    return find_me(session, number, TODAY)


def acts(session: Session) -> list[tuple[str, str]]:
    return [(row.actor, row.action) for row in session.scalars(select(AuditRow).order_by(AuditRow.position))]


def test_who_looks_after_the_platform_is_named_until_it_is_taken_back(session: Session, county: County, places: Places) -> None:
    chen = county.person("陈晓明", places.xikou)
    name(session, chen.staff_number, Duty.PLATFORM, "", None, NOW)
    assert again(session, chen.staff_number).actor.charges == (Charge(Duty.PLATFORM, places.county.path),)
    assert chen.must_change_password, "who bears a duty has a password"
    with pytest.raises(BadInputError, match="已经担着"):
        name(session, chen.staff_number, Duty.PLATFORM, "", None, NOW)
    unname(session, chen.staff_number, Duty.PLATFORM, "", NOW)
    assert again(session, chen.staff_number).actor.charges == ()
    with pytest.raises(BadInputError, match="没有担着"):
        unname(session, chen.staff_number, Duty.PLATFORM, "", NOW)
    with pytest.raises(BadInputError, match="今天刚收回"):
        name(session, chen.staff_number, Duty.PLATFORM, "", None, NOW)
    tomorrow = NOW + timedelta(days=1)
    name(session, chen.staff_number, Duty.PLATFORM, "", TODAY + timedelta(days=30), tomorrow)
    assert acts(session) == [("shell", "duty.give"), ("shell", "duty.take"), ("shell", "duty.give")]


@pytest.mark.parametrize(
    ("duty", "code", "until", "says"),
    [
        pytest.param(Duty.TRAINER, "", None, "只能指定", id="another duty"),
        pytest.param(Duty.PLATFORM, "", TODAY - timedelta(days=1), "早于今天", id="over already"),
        pytest.param(Duty.ADMINISTRATOR, "999", None, "没有编码", id="no such unit"),
    ],
)
def test_what_makes_no_sense_is_refused(
    session: Session, county: County, places: Places, duty: Duty, code: str, until: object, says: str
) -> None:
    chen = county.person("陈晓明", places.xikou)
    with pytest.raises(BadInputError, match=says):
        name(session, chen.staff_number, duty, code, until, NOW)  # type: ignore[arg-type]
    with pytest.raises(BadInputError, match="没有工号"):
        name(session, "00", Duty.PLATFORM, "", None, NOW)
    chen.left_on = TODAY - timedelta(days=1)
    with pytest.raises(BadInputError, match="已经离岗"):
        name(session, chen.staff_number, Duty.PLATFORM, "", None, NOW)
    assert session.scalars(select(ChargeRow)).all() == []


def test_what_was_lent_of_a_duty_ends_with_it(session: Session, county: County, places: Places) -> None:
    chen, wu = county.person("陈晓明", places.xikou), county.person("吴秀兰", places.xikou)
    row = name(session, chen.staff_number, Duty.ADMINISTRATOR, places.qingshi.code, None, NOW)
    session.flush()
    loan = Loan(TODAY, TODAY + timedelta(days=9), "去学习一个星期")
    lend(session, again(session, chen.staff_number), row.id, Borrower(wu.staff_number, wu.name), loan, NOW)
    assert again(session, wu.staff_number).actor.charges
    unname(session, chen.staff_number, Duty.ADMINISTRATOR, places.qingshi.code, NOW)
    assert again(session, wu.staff_number).actor.charges == ()


def test_a_county_becomes_part_of_a_city_and_a_province_and_everybody_keeps_what_they_reach(
    session: Session, places: Places, boss: Me
) -> None:
    number, county_code = boss.person.staff_number, places.county.code
    add_above(session, *CITY, STANDARD, NOW)
    province = add_above(session, *PROVINCE, STANDARD, NOW)
    assert province.path == "/390000000000/"
    found = {unit.code: unit for unit in session.scalars(select(Unit))}
    assert found[county_code].path == f"/390000000000/399900000000/{county_code}/"
    assert found[places.xikou_1.code].path.startswith(found[county_code].path)
    boss = again(session, number)
    assert [each.path for each in boss.actor.charges] == [found[county_code].path]
    assert [each.old_parent for each in unit_card(session, boss, county_code, NOW).moves] == [None]
    with pytest.raises(NotFoundError):
        add_unit(session, boss, CITY[0], "福坪县", "", STANDARD, NOW)
    name(session, number, Duty.ADMINISTRATOR, CITY[0], None, NOW)
    other = add_unit(session, again(session, number), CITY[0], "福坪县", "399981000000", STANDARD, NOW)
    assert (other.level, other.path) == (3, "/390000000000/399900000000/399981000000/")
    with pytest.raises(BadInputError, match="最高一级"):
        add_above(session, "000000000000", "全国", STANDARD, NOW)


@pytest.mark.parametrize(
    ("code", "called", "says"),
    [
        pytest.param("389900000000", "宜江市", "前4位和上一级", id="another city's code"),
        pytest.param("399981000000", "宁安市", "后应该都是0", id="a county's code"),
        pytest.param("", "宁安市", "字母和数字", id="no code"),
        pytest.param("399900000000", "宁", "2到40个字", id="no name"),
    ],
)
def test_a_unit_above_has_a_code_that_fits(session: Session, places: Places, code: str, called: str, says: str) -> None:
    with pytest.raises(BadInputError, match=says):
        add_above(session, code, called, STANDARD, NOW)
    with pytest.raises(BadInputError, match="已经用了"):
        add_above(session, places.county.code, "宁安市", STANDARD, NOW)
