"""Killed between evidence and standing: neither is there, nothing of them is left, and the same again goes through."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from banyan.records import audit
from banyan.records.audit import AuditRow
from banyan.records.competence import Certificate, EvidenceRow, StandingRow
from banyan.records.engine import open_engine, reading, sessions, writing
from banyan.records.people import Person
from banyan.records.retractions import EvidenceRetraction
from banyan.records.training import AttendanceRow, TrainingSession
from banyan.tracker.amending import Amendment
from banyan.tracker.attendance import Roll, call_roll
from banyan.tracker.people import find_me
from banyan.tracker.settling import Ticks, close, tick
from banyan.tracker.standing import differences
from banyan.tracker.trainings import TrainingPlan, plan, seat
from tests import house
from tests.apart import run_apart
from tests.blank import blank_records
from tests.county import COURSE, NOW, TODAY, County, places
from tests.tracker.test_trainings import ALL, MORNING, OVER

KILLED = """
import os, signal, sys
from pathlib import Path
from banyan.records.engine import open_engine, sessions, writing
from banyan.tracker import amending, intake, settling
from banyan.tracker.people import find_me
from tests import house
from tests.tracker.test_trainings import OVER, TODAY

def die(*_given, **_more):
    os.kill(os.getpid(), signal.SIGKILL)

place, url, releases, number = sys.argv[1:]
module, _, name = place.partition(":")
setattr({"intake": intake, "amending": amending, "settling": settling}[module], name, die)
rules = house.rulebook(Path(releases))
with writing(sessions(open_engine(url))) as session:
    me = find_me(session, number, TODAY)
    settling.close(session, 1, me, rules, OVER)
"""


@pytest.mark.parametrize("place", ["intake:refresh", "intake:award_due", "amending:take_in", "settling:amend"])
def test_a_settling_that_is_killed_leaves_nothing_behind_and_is_done_again(tmp_path: Path, place: str) -> None:
    url, rules = f"sqlite:///{tmp_path}/records.sqlite", house.rulebook(tmp_path / "releases")
    engine = blank_records(tmp_path / "records.sqlite")
    make = sessions(engine)
    with writing(make) as session:
        county = County(session)
        at = places(county)
        trainer, people = county.person("黄老师", at.qingshi), [county.person(f"学员{n}", at.xikou_1) for n in range(3)]
        county.trust(trainer, "trainer", at.qingshi, COURSE)
        number, ids = trainer.staff_number, [each.id for each in people]
    with writing(make) as session:
        me = find_me(session, number, TODAY)
        wish = TrainingPlan(COURSE, at.qingshi.path, "报告实训", "县实训基地", 9, {"C5.2": ALL}, 3, (MORNING,), "key")
        row = plan(session, wish, me, rules, NOW)
        seat(session, row.id, ids, me, NOW)
        call_roll(session, Roll(row.parts[0].id, ids, ids), me, NOW)
        for each in ids:
            tick(session, Ticks(row.id, each, ALL), Amendment(me), rules, NOW)
    engine.dispose()
    told = (place, url, str(tmp_path / "again"), number)
    assert run_apart(KILLED, *told).returncode == -9
    make = sessions(open_engine(url))
    with reading(make) as session:
        for table in (EvidenceRow, StandingRow, Certificate, EvidenceRetraction):
            assert session.scalar(select(func.count()).select_from(table)) == 0, table
        assert session.get_one(TrainingSession, 1).closed_at is None
        assert session.scalar(select(func.count()).select_from(AttendanceRow)) == 3, "what was acknowledged before is there"
        assert "training.close" not in set(session.scalars(select(AuditRow.action)))
        audit.verify(session)
    for _ in range(2):
        with writing(make) as session:
            close(session, 1, find_me(session, number, TODAY), rules, OVER)
    with reading(make) as session:
        assert session.scalar(select(func.count()).select_from(EvidenceRow)) == 3
        assert differences(session, rules.framework, TODAY) == []
        assert session.scalar(select(func.count()).select_from(Person)) == 4
        audit.verify(session)
