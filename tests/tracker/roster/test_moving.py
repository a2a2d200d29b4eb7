"""Somebody who moves grid in the middle of a course: what was asked, what was learnt and the open exam stay theirs."""

from datetime import timedelta

from sqlalchemy import select

from banyan.domain.calendar import county_day
from banyan.records.engine import reading, writing
from banyan.records.learning import Assignment, StepDone
from banyan.records.organisation import Unit
from banyan.records.people import Appointment
from banyan.tracker.roster.difference import Rules, compare
from banyan.tracker.roster.recognised import recognise
from banyan.tracker.roster.taking_in import Decisions, Delivery, take_in
from banyan.tracker.roster.workbook import read_workbook
from tests.county import NOW, TODAY
from tests.tracker.hall import Hall
from tests.tracker.roster.registry import xlsx


def move(hall: Hall, to: str) -> None:
    """Take in a sheet that names the learner at another grid of the same village."""
    person = hall.learner.person
    content = xlsx([("工号", "姓名", "手机", "单位编码"), (person.staff_number, person.name, person.phone, to)])
    with writing(hall.make) as session:
        tops = tuple(session.scalars(select(Unit.path).where(Unit.parent_id.is_(None))))
        roster = recognise(read_workbook(content), {})
        assert roster
        outlook = compare(session, roster, Rules(tops, {}, county_day(NOW)))
        assert [plan.kind for plan in outlook.plans] == ["moved"], outlook.faults
        take_in(session, outlook, Decisions(), Delivery("x.xlsx", "0" * 64, None), hall.rulebook, NOW)


def test_course_and_open_exam_go_on_after_a_move(hall: Hall) -> None:
    person = hall.learner.person
    with writing(hall.make) as session:
        here = session.scalars(select(Appointment.unit_id).where(Appointment.person_id == person.id)).one()
        unit = session.get_one(Unit, here)
        beside = session.scalars(select(Unit).where(Unit.parent_id == unit.parent_id, Unit.id != unit.id)).first()
        assert beside
        programme = hall.rulebook.programmes[0].code
        session.add(Assignment(person_id=person.id, programme=programme, due_on=TODAY + timedelta(days=30), assigned_at=NOW))
    attempt = hall.begin()
    slot = hall.slot_of("open")
    hall.give(attempt, slot, "先口头报告。")
    with reading(hall.make) as session:
        steps = session.query(StepDone).filter_by(person_id=person.id).count()

    move(hall, beside.code)

    saved = hall.give(attempt, slot, "先口头报告，再书面报告。", seq=2)
    assert saved
    submission = hall.hand_in(attempt)
    with reading(hall.make) as session:
        assert submission.attempt_id == attempt.id
        assert steps
        assert session.query(StepDone).filter_by(person_id=person.id).count() == steps
        assert session.query(Assignment).filter_by(person_id=person.id).count() == 1
        posts = session.scalars(select(Appointment).where(Appointment.person_id == person.id).order_by(Appointment.id)).all()
        assert [(each.unit_id, each.ends_on) for each in posts] == [(here, TODAY - timedelta(days=1)), (beside.id, None)]
