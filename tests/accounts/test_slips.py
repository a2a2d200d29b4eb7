"""Slips: made for many at once, kept as HMACs only, one open for each person, issued by whoever may."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.accounts.slips import LASTS, PrintedSlip, issue_slips
from banyan.errors import BadInputError, NotAllowedError
from banyan.records.audit import AuditRow
from banyan.records.engine import Sessions, writing
from banyan.records.entry import Slip
from tests.county import NOW, TODAY, County, Places, places

KEY = b"ab" * 32


@pytest.fixture
def session(records: Sessions) -> Iterator[Session]:
    with writing(records) as opened:
        yield opened


@pytest.fixture
def county(session: Session) -> County:
    return County(session)


@pytest.fixture
def at(county: County) -> Places:
    return places(county)


def rows(session: Session) -> list[Slip]:
    return list(session.scalars(select(Slip).order_by(Slip.id)))


def written(session: Session) -> list[tuple[str, str, str]]:
    return [(each.actor, each.action, each.subject) for each in session.scalars(select(AuditRow).order_by(AuditRow.position))]


def test_a_slip_is_printed_once_and_only_its_hmacs_are_kept(session: Session, county: County, at: Places) -> None:
    chen = county.person("陈晓明", at.xikou_1)
    (slip,) = issue_slips(session, [chen], KEY, None, NOW)
    assert isinstance(slip, PrintedSlip)
    assert (slip.person.id, slip.expires_at) == (chen.id, NOW + timedelta(days=14))
    assert re.fullmatch(r"[\w-]{22}", slip.token), "128 bits that need no escaping in an address"
    assert re.fullmatch(r"\d{8}", slip.digits)
    (row,) = rows(session)
    kept = " ".join(map(str, vars(row).values()))
    assert slip.token not in kept
    assert slip.digits not in kept
    assert (row.person_id, row.issued_by, row.issued_at, row.expires_at) == (chen.id, None, NOW, NOW + LASTS)


def test_the_qr_code_leads_to_the_page_that_shows_whose_slip_it_is(session: Session, county: County) -> None:
    (slip,) = issue_slips(session, [county.person("陈晓明")], KEY, None, NOW)
    assert slip.address("https://xuexi.example") == f"https://xuexi.example/hub/enter?code={slip.token}"


def test_the_same_digits_of_two_people_are_kept_differently(session: Session, county: County) -> None:
    people = [county.person(f"人{n}") for n in range(3)]
    slips = issue_slips(session, people, KEY, None, NOW)
    assert len({each.token for each in slips}) == 3
    assert len({each.code_mac for each in rows(session)} | {each.token_mac for each in rows(session)}) == 6


def test_a_newer_slip_voids_an_older_one_that_was_not_used(session: Session, county: County) -> None:
    chen, lin = county.person("陈晓明"), county.person("林秀英")
    issue_slips(session, [chen, lin], KEY, None, NOW)
    issue_slips(session, [chen], KEY, None, NOW + timedelta(days=1))
    session.expire_all()
    assert [(each.person_id, each.voided_at) for each in rows(session)] == [
        (chen.id, NOW + timedelta(days=1)),
        (lin.id, None),
        (chen.id, None),
    ]


def test_one_slip_and_one_batch_are_each_one_row_of_the_audit_log(session: Session, county: County, at: Places) -> None:
    boss = county.person("周建国", at.county)
    county.trust(boss, "administrator", at.county)
    people = [county.person(f"人{n}", at.xikou_1) for n in range(3)]
    issue_slips(session, people[:1], KEY, boss, NOW)
    issue_slips(session, people, KEY, boss, NOW)
    assert written(session) == [
        (boss.staff_number, "slip.issue", people[0].staff_number),
        (boss.staff_number, "slip.batch", "slips:20261123T020000"),
    ]


def test_nobody_is_given_two_slips_in_one_batch(session: Session, county: County) -> None:
    chen = county.person("陈晓明")
    assert len(issue_slips(session, [chen, chen], KEY, None, NOW)) == 1


def test_no_people_no_slips_and_nothing_written(session: Session) -> None:
    assert issue_slips(session, [], KEY, None, NOW) == []
    assert written(session) == []


def test_who_has_left_gets_none(session: Session, county: County) -> None:
    gone = county.person("吴美玲")
    gone.left_on = TODAY - timedelta(days=1)
    with pytest.raises(BadInputError, match="吴美玲已经离任"):
        issue_slips(session, [gone], KEY, None, NOW)
    gone.left_on = TODAY
    assert issue_slips(session, [gone], KEY, None, NOW)


def test_it_is_all_or_none(session: Session, county: County, at: Places) -> None:
    boss, chen = county.person("郑国平", at.qingshi), county.person("陈晓明", at.xikou_1)
    other = county.person("张远", at.shangping_1)
    county.trust(boss, "administrator", at.qingshi)
    with pytest.raises(NotAllowedError, match="不能给张远发登录条"):
        issue_slips(session, [chen, other], KEY, boss, NOW)
    assert rows(session) == []
