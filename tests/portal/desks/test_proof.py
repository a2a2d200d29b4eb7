"""The chain behind a qualification: whose it is shown to, what it rests on, and what it was on another day."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from banyan.domain.framework import Kind
from banyan.records.competence import EvidenceRow
from banyan.records.corrections import Correction, EvidenceWithdrawal
from banyan.records.engine import reading, writing
from banyan.records.retractions import EvidenceRetraction
from tests.county import NOW, TODAY
from tests.portal.office import Office, certify


def page_of(office: Office, name: str = "陈晓明", by: str = "郑国平", on: str = "") -> str:
    reply = office.browser(by).open(f"/people/{office.people[name].id}/proof{on and '?on=' + on}")
    assert reply.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", reply.text))


@pytest.fixture
def certified(office: Office) -> Office:
    with writing(office.house.make) as session:
        certify(session, office.people["陈晓明"], office.house.rulebook)
    return office


def test_who_has_shown_nothing_lacks_everything(office: Office) -> None:
    said = page_of(office)
    assert "还差3项能力" in said
    assert "第1级要：在线考试" in said
    assert "立即口头首报" in said


def test_who_is_certified_has_a_chain_down_to_where_each_row_came_from(certified: Office) -> None:
    said = page_of(certified)
    assert "都够了" in said
    assert "缺" not in said.split("没有用上的凭据")[0].split("信息报告")[1]
    assert "最先到期" in said
    with reading(certified.house.make) as session:
        serials = {f"第{row.source.split(':')[1]}号" for row in session.scalars(select(EvidenceRow)) if ":" in row.source}
    assert any(each in said for each in serials)


def test_of_a_past_day_it_tells_what_was_known_then(certified: Office) -> None:
    before = page_of(certified, on=(TODAY - timedelta(days=1)).isoformat())
    assert "还差3项能力" in before
    assert "只算到那天为止档案里有的" in before
    after = page_of(certified, on=(TODAY + timedelta(days=800)).isoformat())
    assert "还差3项能力" in after
    assert "已过期" in after


def test_a_row_withdrawn_by_a_correction_is_shown_as_such(certified: Office) -> None:
    with writing(certified.house.make) as session:
        row = session.scalars(select(EvidenceRow).where(EvidenceRow.kind == Kind.SIM, EvidenceRow.competency == "C5.2")).one()
        who = certified.people["郑国平"].id
        why = Correction(course="x", release=1, rulings={}, reason="", decided_by=who, decided_at=NOW)
        session.add(why)
        session.flush()
        session.add(EvidenceWithdrawal(evidence_id=row.id, correction_id=why.id, withdrawn_at=NOW + timedelta(days=3)))
    later = certified.later(5)
    now = page_of(later)
    assert "更正后不算" in now
    assert "还差1项能力" in now
    assert "都够了" in page_of(later, on=TODAY.isoformat()), "before it was withdrawn it counted"


def test_a_row_that_was_put_right_no_longer_counts_here_either(certified: Office) -> None:
    with writing(certified.house.make) as session:
        row = session.scalars(select(EvidenceRow).where(EvidenceRow.kind == Kind.SIM, EvidenceRow.competency == "C5.2")).one()
        gone = EvidenceRetraction(evidence_id=row.id, reason="记错了人", retracted_at=NOW)
        gone.retracted_by = certified.people["郑国平"].id
        session.add(gone)
    assert "还差1项能力" in page_of(certified)


@pytest.mark.parametrize("day", ["2026-02-30", "yesterday", "1000-01-01", "9" * 15])
def test_a_day_that_is_none_is_said(office: Office, day: str) -> None:
    reply = office.browser("郑国平").open(f"/people/{office.people['陈晓明'].id}/proof?on={day}")
    assert reply.status_code == 422
    assert "日期写得不对" in reply.text


def test_others_do_not_see_it(office: Office) -> None:
    path = f"/people/{office.people['陈晓明'].id}/proof"
    assert office.browser("吴美玲").open(path).status_code == 404
    assert office.browser("黄老师").open(path).status_code in {403, 404}
    assert office.browser("陈晓明").open(path).status_code in {403, 404}
    assert office.browser("郑国平").submit(path).status_code == 405


def test_the_auditor_reaches_it_by_number(certified: Office) -> None:
    number = certified.people["陈晓明"].staff_number
    browser = certified.browser("何立新")
    assert f"/audit/people/{number}" in browser.open("/audit").text
    assert "都够了" in browser.open(f"/audit/people/{number}").text
    assert browser.open("/audit/people/nobody").status_code == 404
    assert certified.browser("郑国平").open(f"/audit/people/{number}").status_code in {403, 404}


def test_in_the_renewal_window_it_says_what_little_is_asked(certified: Office) -> None:
    assert "续证" not in page_of(certified.later(300)).split("凭据", 1)[1]
    said = page_of(certified.later(320))
    assert "只要补这几样" in said
    assert "个人信息保护：在线考试 原来的到期了" in said
    assert "都够了" in said, "until then the certificate stands on what there is"
