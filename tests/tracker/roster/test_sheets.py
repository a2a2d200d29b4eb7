"""Sheets that go out: the roster as it is, and a faulty one marked; either may come in again."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banyan.records.engine import reading, writing
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, Person
from banyan.tracker.registers import reach
from banyan.tracker.roster.marked import marked_sheet
from banyan.tracker.roster.sheets import empty_sheet, export_roster
from banyan.tracker.roster.workbook import read_workbook
from tests.county import NOW
from tests.tracker.roster.registry import HEAD, Registry, xlsx
from tests.tracker.roster.test_difference import CHEN, NEW, but

NAMES = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=4)
POSTS = st.sampled_from(["网格员", "专职网格员", "楼栋长", "村支书", "志愿者", "社工", "应急办干部"])
SINCE = st.dates(date(2000, 1, 1), date(2026, 11, 1))
GRADES = st.none() | st.integers(1, 18)
PEOPLE = st.lists(
    st.tuples(NAMES, st.integers(0, 7), st.sampled_from(["GS", "CW", "VO", "ER"]), POSTS, st.booleans(), GRADES, SINCE),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PEOPLE)
def test_what_goes_out_changes_nothing_when_it_comes_in(registry: Registry, people: list) -> None:  # type: ignore[type-arg]
    with writing(registry.make) as session:
        for row in session.query(Person).filter(Person.staff_number.like("T%")):
            session.query(Appointment).filter_by(person_id=row.id).delete()
            session.delete(row)
        units = session.query(Unit).order_by(Unit.id).all()
        for number, (name, at, role, post, full, grade, since) in enumerate(people):
            person = Person(staff_number=f"T{number:04d}", handle=f"t{number}", name=name, phone="", created_at=NOW)
            session.add(person)
            session.flush()
            job = {"role": role, "post": post, "full_time": full, "grade": grade, "starts_on": since}
            session.add(Appointment(person_id=person.id, unit_id=units[at].id, **job))
    with reading(registry.make) as session:
        content = export_roster(session, reach(registry.me("周建国")), registry.today)
    outlook = registry.look(content)
    assert registry.told(outlook) == []
    assert outlook.leavers == []
    assert outlook.changes_nothing, [(plan.name, plan.changes, plan.begins) for plan in outlook.plans if plan.kind != "same"]


def test_a_town_s_roster_holds_its_own_people_alone(registry: Registry) -> None:
    with reading(registry.make) as session:
        said = str(read_workbook(export_roster(session, reach(registry.me("郑国平")), registry.today)))
    assert "陈晓明" in said
    assert "张远" not in said


def test_a_grid_without_anybody_keeps_its_row(registry: Registry) -> None:
    with writing(registry.make) as session:
        session.query(Appointment).filter_by(unit_id=registry.at.shangping_1.id).delete()
    with reading(registry.make) as session:
        content = export_roster(session, reach(registry.me("周建国")), registry.today)
    rows = read_workbook(content).sheets[0].rows
    assert [row[6] for row in rows if not row[1]] == ["399901102201001"]
    assert registry.look(content).changes_nothing


def test_the_empty_sheet_has_the_columns_that_are_read() -> None:
    assert [each for each in read_workbook(empty_sheet()).sheets[0].rows[0] if each][:3] == ["工号", "姓名", "手机"]


def test_a_marked_sheet_is_the_same_sheet_with_a_last_column(registry: Registry) -> None:
    rows = [("青石镇花名册",), HEAD, CHEN, but(NEW, phone="139", town="青石街")]
    content = xlsx(rows, "花名册", merged=["A1:I1"])
    roster, outlook = registry.recognised(content), registry.look(content)
    back = read_workbook(marked_sheet(roster.sheet, roster.header, outlook.faults, str, "要改什么")).sheets[0]
    assert back.name == "花名册"
    assert back.merged == ((0, 0, 0, 8),)
    assert [row[:9] for row in back.rows] == [tuple(each) + ("",) * (9 - len(each)) for each in [rows[0], *roster.sheet.rows[1:]]]
    assert [row[9] for row in back.rows] == ["", "要改什么", "", "没有“青石街”，是不是“青石镇”？"]
    assert len(registry.look(marked_sheet(roster.sheet, roster.header, outlook.faults, str, "要改什么")).faults) == len(
        outlook.faults
    )


@pytest.mark.parametrize("text", ["=1+1", "@x", "+1", "http://x.example", "0013"])
def test_what_looks_like_a_formula_or_a_link_comes_back_as_it_was(registry: Registry, text: str) -> None:
    content = ("姓名,镇街,备注\n" + f"李四,没有镇,{text}").encode()
    roster, outlook = registry.recognised(content), registry.look(content)
    back = read_workbook(marked_sheet(roster.sheet, roster.header, outlook.faults, str, "要改什么")).sheets[0]
    assert back.rows[1][2] == text
