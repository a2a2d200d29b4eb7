"""The demo county is the same everywhere but for passwords, and lives by the house's own rules."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from banyan.domain.organisation import UnitLevel
from banyan.domain.readiness import Stage
from banyan.records import audit
from banyan.records.competence import Certificate
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, Person
from banyan.records.training import TrainingSession
from banyan.tracker.classes.file import file_of
from banyan.tracker.demo.classes import complete_class
from banyan.tracker.demo.plan import read_plan
from banyan.tracker.demo.seed import Account, Passwords, seed
from banyan.tracker.reports import grids, people
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.standing import differences
from tests.county import NOW, TODAY
from tests.house import ROOT

PLAN = read_plan(ROOT / "content" / "demo" / "county.yaml")
COUNTY = f"/{PLAN.county.code}/"


@pytest.fixture
def accounts(session: Session, rulebook: Rulebook) -> list[Account]:
    drawn = iter(range(1000))
    return seed(session, PLAN, Passwords(lambda: f"pass-{next(drawn)}", lambda text: f"hash of {text}"), rulebook, NOW)


def test_the_county_is_as_large_as_it_says(session: Session, accounts: list[Account]) -> None:
    levels = Counter(session.scalars(select(Unit.level)))
    assert (levels[UnitLevel.TOWN], levels[UnitLevel.COMMUNITY], levels[UnitLevel.GRID]) == (4, 12, 60)
    assert 270 <= (session.scalar(select(func.count()).select_from(Person)) or 0) <= 330
    assert session.scalar(select(func.count()).select_from(Person).where(~Person.appointments.any())) == 0


def test_nobody_shares_a_name_or_a_phone(session: Session, accounts: list[Account]) -> None:
    rows = session.execute(select(Person.name, Person.phone, Person.handle)).all()
    assert len({row.name for row in rows}) == len({row.phone for row in rows}) == len({row.handle for row in rows}) == len(rows)


def test_only_the_accounts_written_down_have_a_password(session: Session, accounts: list[Account]) -> None:
    opened = session.scalars(select(Person.staff_number).where(Person.password_hash.is_not(None)))
    assert set(opened) == {account.staff_number for account in accounts}
    assert len({account.password for account in accounts}) == len(accounts)


def test_every_state_of_a_grid_can_be_seen(session: Session, accounts: list[Account], rulebook: Rulebook) -> None:
    lines = grids(session, [COUNTY], rulebook.programme("ER-T1"), rulebook, TODAY)
    seen = {line.coverage.stage for line in lines}
    assert len(lines) == 60
    assert {Stage.NOBODY, Stage.NOT_LEARNT, Stage.NOT_EXAMINED, Stage.NO_PRACTICAL, Stage.EXPIRED, Stage.QUALIFIED} <= seen
    assert any(line.coverage.lapses_soon(TODAY) for line in lines)


def test_the_lists_ask_a_fixed_number_of_questions(session: Session, accounts: list[Account], rulebook: Rulebook) -> None:
    asked: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *call: asked.append(call[2]))
    programme = rulebook.programme("ER-T1")
    session.flush()  # what the seed left unwritten is none of the lists' questions
    for report in (grids, people):
        asked.clear()
        report(session, [COUNTY], programme, rulebook, TODAY)
        assert len(asked) <= 9


def test_a_lower_administrator_sees_their_part_of_the_same_list(
    session: Session, accounts: list[Account], rulebook: Rulebook
) -> None:
    programme = rulebook.programme("ER-T1")
    town = session.scalars(select(Unit).where(Unit.name == "云溪镇")).one()
    whole = grids(session, [COUNTY], programme, rulebook, TODAY)
    assert grids(session, [town.path], programme, rulebook, TODAY) == [line for line in whole if line.place[0] == "云溪镇"]
    assert {line.place[0] for line in people(session, [town.path], programme, rulebook, TODAY)} == {"云溪镇"}


def test_what_was_lived_agrees_with_the_rule_and_stands_in_the_log(
    session: Session, accounts: list[Account], rulebook: Rulebook
) -> None:
    assert differences(session, rulebook.framework, TODAY) == []
    issued = session.scalar(select(func.count()).select_from(Certificate)) or 0
    logged = session.scalar(select(func.count()).select_from(audit.AuditRow).where(audit.AuditRow.action == "certificate.issue"))
    assert issued == logged > 40
    assert audit.verify(session) > issued


def test_a_grid_whose_only_qualified_person_moves_away_is_uncovered(
    session: Session, accounts: list[Account], rulebook: Rulebook
) -> None:
    programme = rulebook.programme("ER-T1")
    line = next(each for each in grids(session, [COUNTY], programme, rulebook, TODAY) if each.coverage.covered)
    for post in session.scalars(select(Appointment).where(Appointment.unit_id == line.unit.id)):
        post.ends_on = TODAY - timedelta(days=1)
    session.flush()
    again = next(each for each in grids(session, [COUNTY], programme, rulebook, TODAY) if each.unit.id == line.unit.id)
    assert again.coverage.stage is Stage.NOBODY


def test_one_class_has_a_file_with_nothing_lacking(
    session: Session, accounts: list[Account], rulebook: Rulebook, tmp_path: Path
) -> None:
    complete_class(session, tmp_path / "answer-files", rulebook, NOW)
    row = session.scalars(select(TrainingSession)).one()
    found = file_of(session, row, rulebook, NOW)
    assert found.is_complete, [(each.part, each.words, each.params) for each in found.findings]
    assert found.figures.certified == found.figures.invited == found.figures.sat >= 6
    assert found.figures.enough < found.figures.invited
    assert len(found.photos) == 3
    assert [each.row.reason for each in found.changed] == ["下午被叫去处置险情，提前走了"]
