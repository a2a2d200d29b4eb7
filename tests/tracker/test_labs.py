"""JupyterLab for a person: turned on by who is over them, for a reason, while what it is for holds; and whose work is copied."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from banyan.accounts.labs import Lab, lab_of, was_trusted
from banyan.errors import BadInputError, NotFoundError, NotYetError
from banyan.records.audit import AuditRow, without_salt
from banyan.records.engine import reading, writing
from banyan.records.labs import Purpose
from banyan.records.people import ChargeRow, Person
from banyan.tracker.lab_rooms import Room, furnish, order_copy, put_copy
from banyan.tracker.labs import LabWish, turn_off, turn_on
from banyan.tracker.people import Me, find_me
from grading.bridge.gradebook import Course
from tests.county import COURSE, NOW, TODAY, County
from tests.grading.confinement.nested import nested
from tests.tracker.hall import Hall

REASON = "对本季度的成绩"


@pytest.fixture
def administrator(hall: Hall) -> Me:
    """The administrator of the township where learner and trainer work."""
    with writing(hall.make) as session:
        unit = next(each for each in hall.trainer.units)
        county = County(session, people=50)
        person = county.person("郑国平", unit)
        county.trust(person, "administrator", unit, "")
        return find_me(session, person.staff_number, TODAY)


def on(hall: Hall, who: Me, by: Me, purpose: str = "grading", reason: str = REASON) -> None:
    with writing(hall.make) as session:
        turn_on(session, LabWish(who.person.id, purpose, reason), by, NOW)


def off(hall: Hall, who: Me, by: Me) -> None:
    with writing(hall.make) as session:
        turn_off(session, who.person.id, by, NOW)


def lab(hall: Hall, who: Me, day=TODAY) -> Lab | None:
    with reading(hall.make) as session:
        return lab_of(session, who.person.staff_number, day)


def audited(hall: Hall) -> list[tuple[str, str, dict]]:
    with reading(hall.make) as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.action.startswith("lab.")).order_by(AuditRow.position))
        return [(each.action, each.subject, without_salt(each.detail)) for each in rows]


def test_nobody_has_it_until_it_is_turned_on_and_it_is_written_down(hall: Hall, administrator: Me):
    assert lab(hall, hall.trainer) is None
    on(hall, hall.trainer, administrator, reason=f"  {REASON}\n")
    assert lab(hall, hall.trainer) == Lab(hall.trainer.person.handle, Purpose.GRADING)
    off(hall, hall.trainer, administrator)
    off(hall, hall.trainer, administrator)
    assert lab(hall, hall.trainer) is None
    number = hall.trainer.person.staff_number
    assert audited(hall) == [
        ("lab.on", number, {"purpose": "grading", "reason": REASON}),
        ("lab.off", number, {"purpose": "grading"}),
    ]


def test_another_purpose_takes_the_place_of_the_first(hall: Hall, administrator: Me):
    for purpose in ("grading", "tasks", "tasks"):
        on(hall, hall.trainer, administrator, purpose)
    found = lab(hall, hall.trainer)
    assert found
    assert found.purpose is Purpose.TASKS
    assert [each[0] for each in audited(hall)] == ["lab.on", "lab.on"]


@pytest.mark.parametrize(
    ("purpose", "reason"),
    [("", REASON), ("everything", REASON), ("tasks", ""), ("tasks", " 试 试 "), ("tasks", "长" * 201)],
    ids=["no purpose", "strange purpose", "no reason", "too short", "too long"],
)
def test_it_is_not_turned_on_without_purpose_and_reason(hall: Hall, administrator: Me, purpose: str, reason: str):
    with pytest.raises(BadInputError):
        on(hall, hall.trainer, administrator, purpose, reason)
    assert lab(hall, hall.trainer) is None


def test_a_gradebook_is_for_trainers(hall: Hall, administrator: Me):
    with pytest.raises(BadInputError, match="不是哪门课的老师"):
        on(hall, hall.learner, administrator)
    on(hall, hall.learner, administrator, "tasks")
    assert lab(hall, hall.learner) == Lab(hall.learner.person.handle, Purpose.TASKS)


def test_only_who_is_over_somebody_turns_it_on_and_never_for_oneself(hall: Hall, administrator: Me):
    for who, by in ((hall.learner, hall.trainer), (hall.stranger, administrator), (administrator, administrator)):
        with pytest.raises(NotFoundError):
            on(hall, who, by, "tasks")
        with pytest.raises(NotFoundError):
            off(hall, who, by)


def test_it_ends_with_the_duty_it_is_for_and_with_the_person(hall: Hall, administrator: Me):
    on(hall, hall.trainer, administrator)
    on(hall, hall.learner, administrator, "tasks")
    with writing(hall.make) as session:
        for charge in session.scalars(select(ChargeRow).where(ChargeRow.person_id == hall.trainer.person.id)):
            charge.ends_on = TODAY
        session.get_one(Person, hall.learner.person.id).left_on = TODAY
    tomorrow = TODAY + timedelta(days=1)
    assert None not in (lab(hall, hall.trainer), lab(hall, hall.learner))
    assert lab(hall, hall.trainer, tomorrow) is None
    assert lab(hall, hall.learner, tomorrow) is None


def test_who_would_know_what_it_is(hall: Hall, administrator: Me):
    with reading(hall.make) as session:
        assert was_trusted(session, hall.trainer.person.staff_number)
        assert not was_trusted(session, hall.learner.person.staff_number)
        assert not was_trusted(session, "nobody")
    on(hall, hall.learner, administrator, "tasks")
    off(hall, hall.learner, administrator)
    with reading(hall.make) as session:
        assert was_trusted(session, hall.learner.person.staff_number)


def order(hall: Hall, by: Me, course: str = COURSE) -> frozenset[str]:
    with writing(hall.make) as session:
        return order_copy(session, course, by, NOW)


def test_a_copy_is_of_the_learners_of_one_s_own_area_and_never_of_oneself(hall: Hall, administrator: Me):
    on(hall, hall.trainer, administrator)
    handles = order(hall, hall.trainer)
    assert {hall.learner.person.handle, hall.neighbour.person.handle} <= handles
    assert hall.trainer.person.handle not in handles
    assert hall.stranger.person.handle not in handles
    assert audited(hall)[-1] == ("lab.copy", COURSE, {"learners": len(handles)})


def test_who_has_it_not_or_for_something_else_or_teaches_another_course_gets_no_copy(hall: Hall, administrator: Me):
    with pytest.raises(NotYetError):
        order(hall, hall.trainer)
    on(hall, hall.trainer, administrator, "tasks")
    with pytest.raises(NotYetError):
        order(hall, hall.trainer)
    on(hall, hall.trainer, administrator)
    for who, course in ((hall.trainer, "x-2-other"), (hall.learner, COURSE)):
        with pytest.raises(NotYetError, match="不是这门课的老师"):
            order(hall, who, course)


def test_a_room_holds_one_copy_and_nothing_of_the_release(hall: Hall, tmp_path: Path):
    room, gradebook = Room(tmp_path / "labs" / "somebody"), Course(hall.gradebooks / COURSE)
    submission = hall.sat()
    hall.grade(submission)

    put_copy(room, gradebook, frozenset({hall.learner.person.handle}))

    assert room.copied
    assert room.copied.course == COURSE
    first = room.version
    assert (room.gradebooks / COURSE / "autograded" / hall.learner.person.handle).is_dir()
    assert str(room.gradebooks / COURSE) in (room.config / "nbgrader_config.py").read_text()
    names = {path.name for path in room.root.rglob("*")}
    assert not {"exam.json", "made", "locks"} & names

    put_copy(room, gradebook, frozenset())
    assert room.version != first
    assert not (room.gradebooks / COURSE / "autograded").exists()


def test_no_key_of_the_exam_is_in_a_copy(hall: Hall, tmp_path: Path):
    room = Room(tmp_path / "labs" / "somebody")
    hall.grade(hall.sat())
    put_copy(room, Course(hall.gradebooks / COURSE), frozenset({hall.learner.person.handle}))
    whole = b"".join(path.read_bytes() for path in room.root.rglob("*") if path.is_file())
    private = hall.rulebook.catalogue.newest(COURSE).exam_path.read_text(encoding="utf-8")
    assert '"key"' in private
    assert b'"key"' not in whole
    assert not [each.stem for each in hall.exam.items.values() if getattr(each, "stem", "") and each.stem.encode() in whole]


def test_a_link_somebody_put_into_their_room_is_not_followed(hall: Hall, tmp_path: Path):
    room, house = Room(tmp_path / "labs" / "somebody"), tmp_path / "house"
    house.mkdir()
    (house / "records.sqlite").write_text("everything")
    furnish(room, Purpose.GRADING)
    room.gradebooks.symlink_to(house)

    put_copy(room, Course(hall.gradebooks / COURSE), frozenset())

    assert (house / "records.sqlite").read_text() == "everything"
    assert not room.gradebooks.is_symlink()
    assert room.copied


def test_a_course_nobody_sat_has_nothing_to_copy(tmp_path: Path):
    with pytest.raises(NotYetError, match="还没有人交过卷"):
        put_copy(Room(tmp_path / "somebody"), Course(tmp_path / "gradebooks" / COURSE), frozenset())


def test_a_room_for_tasks_holds_no_gradebook(hall: Hall, tmp_path: Path):
    room = Room(tmp_path / "somebody")
    put_copy(room, Course(hall.gradebooks / COURSE), frozenset())
    (room.work / "mine.txt").write_text("kept")
    furnish(room, Purpose.TASKS)
    assert room.copied is None
    assert not room.gradebooks.exists()
    assert (room.work / "mine.txt").read_text() == "kept"


def test_a_room_opens_whatever_was_put_where_the_copy_would_be(tmp_path: Path):
    room = Room(tmp_path / "room")
    room.gradebooks.mkdir(parents=True)
    nested(room.gradebooks)
    furnish(room, Purpose.TASKS)
    assert not room.gradebooks.exists()
