"""The grade of a post (三岗十八级) as a column of the roster: read, compared, taken in, and never lost by a sheet without it."""

from typing import Any

import pytest
from sqlalchemy import select

from banyan.records.audit import AuditRow
from banyan.records.engine import reading, writing
from banyan.records.people import Appointment, Person
from tests.tracker.roster.registry import HEAD, Registry, xlsx
from tests.tracker.roster.test_difference import CHEN, LIN, NEW, but, sheet


def graded(*rows: tuple[Any, ...]) -> bytes:
    """Return a sheet whose last column is the grade."""
    return xlsx([(*HEAD, "职级"), *rows])


def grades(registry: Registry, name: str) -> list[int | None]:
    query = select(Appointment.grade).join(Person, Appointment.person_id == Person.id).where(Person.name == name)
    with reading(registry.make) as session:
        return list(session.scalars(query.order_by(Appointment.starts_on, Appointment.id)))


@pytest.mark.parametrize(
    ("said", "grade"),
    [
        pytest.param(5, 5, id="a number"),
        pytest.param("12", 12, id="a text"),
        pytest.param("３级", 3, id="of full width"),
        pytest.param("第十八级", 18, id="in words"),
        pytest.param("十级", 10, id="ten in words"),
        pytest.param("", None, id="empty"),
        pytest.param("无", None, id="none"),
    ],
)
def test_a_grade_is_read_as_people_write_it(registry: Registry, said: object, grade: int | None) -> None:
    registry.take(graded((*CHEN, ""), (*LIN, ""), (*NEW, said)))
    assert grades(registry, "黄小燕") == [grade]


@pytest.mark.parametrize("said", ["0", "19", "3.5", "科员", "一级主任科员", "3-4", "999999999999"])
def test_what_is_no_grade_is_told_with_its_place(registry: Registry, said: str) -> None:
    (told,) = registry.told(registry.look(graded((*NEW, said))))
    assert told.startswith(f"J2 岗位等级要写1到18，这里是“{said[:20]}”")


def test_a_changed_grade_is_said_and_taken_in_once(registry: Registry) -> None:
    content = graded((*CHEN, 4), (*LIN, ""))
    (plan,) = registry.look(content).of("changed")
    assert [(str(each.field), each.old, each.new) for each in plan.changes] == [("grade", "", 4)]
    registry.take(content)
    assert grades(registry, "陈晓明") == [4]
    assert registry.look(content).changes_nothing
    assert registry.look(sheet(CHEN, LIN)).changes_nothing, "a sheet that does not tell grades takes none away"
    with reading(registry.make) as session:
        row = session.scalars(select(AuditRow).where(AuditRow.action == "person.change")).one()
    assert row.detail["grade"] == " → 4"


def test_a_grade_goes_along_when_somebody_moves_and_the_sheet_tells_none(registry: Registry) -> None:
    registry.take(graded((*CHEN, 4), (*LIN, "")))
    registry.take(sheet(but(CHEN, grid="第二网格"), LIN))
    assert grades(registry, "陈晓明") == [4, 4]


def test_a_post_begun_again_has_the_grade_the_sheet_tells(registry: Registry) -> None:
    with writing(registry.make) as session:
        row = session.scalars(select(Appointment).where(Appointment.person_id == registry.people["陈晓明"].id)).one()
        row.ends_on, row.grade = registry.yesterday, 4
    registry.take(graded((*CHEN, 5), (*LIN, "")))
    assert grades(registry, "陈晓明") == [5]
