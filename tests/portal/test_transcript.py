"""学习档案 on its pages: one tap for oneself, written down when another takes it, checked by anybody."""

from pathlib import Path

import pytest
from sqlalchemy import select

from banyan.certificates.transcript import summary_text
from banyan.records.audit import AuditRow
from banyan.records.engine import reading
from banyan.tracker.rulebook import Rulebook
from tests.portal.conftest import World
from tests.portal.office import Office, open_office


@pytest.fixture
def office(tmp_path: Path, rulebook: Rulebook) -> Office:
    return open_office(tmp_path, rulebook)


def test_one_tap_gives_ones_own_as_paper_and_as_file(world: World) -> None:
    me = world.as_(world.hall.learner.person)
    assert "/record/transcript.pdf" in me.get("/record").text
    paper = me.get("/record/transcript.pdf")
    assert paper.content.startswith(b"%PDF")
    assert paper.headers["cache-control"] == "no-store"
    assert me.get("/record/transcript.json").json()["payload"]["person"]["name"] == world.hall.learner.person.name


@pytest.mark.parametrize("day", ["2026-02-30", "x", "2999-01-01", "1900-01-01"])
def test_a_day_that_is_none_is_refused_in_words(world: World, day: str) -> None:
    reply = world.as_(world.hall.learner.person).get(f"/record/transcript.pdf?on={day}")
    assert reply.status_code == 422
    assert "日期写得不对" in reply.text or "今天" in reply.text


def test_an_administrator_takes_it_and_that_is_written_down(office: Office) -> None:
    who = office.people["陈晓明"]
    reply = office.browser("郑国平").open(f"/people/{who.id}/transcript.json")
    assert reply.json()["payload"]["person"]["name"] == "陈晓明"
    assert office.browser("吴美玲").open(f"/people/{who.id}/transcript.json").status_code == 404
    with reading(office.house.make) as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.action == "transcript.take")).all()
    assert [(row.actor, row.subject) for row in rows] == [(office.people["郑国平"].staff_number, who.staff_number)]


def test_anybody_checks_a_paper_by_its_code_and_a_file_by_its_text(office: Office) -> None:
    text = office.browser("陈晓明").open("/record/transcript.json").text
    payload = office.browser("陈晓明").open("/record/transcript.json").json()["payload"]
    stranger = office.browser()
    shown = stranger.get("/verify/transcript", params={"said": summary_text(payload, office.house.rulebook.issuer)})
    assert shown.status_code == 200
    assert "陈*明" in shown.text
    assert "陈晓明" not in shown.text
    assert stranger.post("/verify/transcript", data={"text": text}).status_code == 200
    spoilt = stranger.post("/verify/transcript", data={"text": text.replace("陈晓明", "陈晓亮")})
    assert spoilt.status_code == 422
    assert "改动过" in spoilt.text
