"""An exam that asks for two markers: neither sees the other's points, the mean stands where they agree, else somebody decides."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from banyan.domain.examination import State
from banyan.domain.marking import Stage
from banyan.errors import NotAllowedError
from banyan.records.competence import EvidenceRow
from banyan.records.engine import Sessions, reading, writing
from banyan.records.examinations import Mark, Submission
from banyan.records.people import ChargeRow, Person
from banyan.tracker.grade import ensure_assignment_of
from banyan.tracker.marking import open_answer
from banyan.tracker.marking_queue import Desk, desk
from banyan.tracker.marks import Spot
from banyan.tracker.oversight import Short, oversight
from banyan.tracker.people import Me, find_me
from banyan.tracker.rulebook import Rulebook
from grading.bridge.gradebook import Course, scores
from tests import house
from tests.county import COURSE, LONG_AGO, NOW, TODAY
from tests.tracker.hall import Hall, open_hall


@pytest.fixture(scope="module")
def double(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rulebook, Path]:
    """The shipped course, its exam marked by two, with the gradebook of first attempts to be copied."""
    folder = tmp_path_factory.mktemp("double")
    courses = house.under_conditions(folder / "courses", "second_marker: true")
    rulebook = house.rulebook(folder / "releases", courses)
    ensure_assignment_of(rulebook.catalogue.newest(COURSE), 1, folder / "gradebooks")
    return rulebook, folder / "gradebooks"


@pytest.fixture
def hall(make: Sessions, double: tuple[Rulebook, Path], tmp_path: Path) -> Hall:
    rulebook, prepared = double
    return open_hall(make, rulebook, Path(shutil.copytree(prepared, tmp_path / "gradebooks")))


@pytest.fixture
def sat(hall: Hall) -> Submission:
    submission = hall.sat()
    hall.grade(submission)
    return submission


@pytest.fixture
def third(hall: Hall) -> Me:
    """周老师, trusted with the town too."""
    with writing(hall.make) as session:
        unit = hall.trainer.units[0].id
        row = ChargeRow(person_id=hall.stranger.person.id, unit_id=unit, duty="trainer", course=COURSE, starts_on=LONG_AGO)
        session.add(row)
        session.flush()
        return find_me(session, hall.stranger.person.staff_number, TODAY)


def look(hall: Hall, me: Me) -> Desk:
    with reading(hall.make) as session:
        return desk(session, me, hall.rulebook, NOW)


def opened(hall: Hall, submission: Submission, me: Me):  # type: ignore[no-untyped-def]
    with reading(hall.make) as session:
        return open_answer(session, Spot(submission.id, hall.slot_of("open")), me, hall.rulebook, NOW)


def evidence(hall: Hall) -> int:
    with reading(hall.make) as session:
        return len(session.scalars(select(EvidenceRow)).all())


def test_one_mark_settles_nothing_and_the_second_marker_does_not_see_it(hall: Hall, sat: Submission) -> None:
    row = hall.mark(sat, 4, 3, 2, 1, comment="写得全")

    assert (row.state, row.passed, evidence(hall)) == (State.UNMARKED, None, 0)
    held = scores(Course(hall.gradebooks / COURSE), "exam-r1-t1", hall.learner.person.handle)
    assert held[hall.slot_of("open")].needs_mark
    assert look(hall, hall.trainer).mine == ()
    (waiting,) = look(hall, hall.second).mine
    assert waiting.stage is Stage.SECOND
    seen = opened(hall, sat, hall.second)
    assert (seen.stage, seen.marked, seen.comment, seen.apart) == (Stage.SECOND, None, "", ())


def test_a_programme_that_asks_for_two_markers_has_them_whatever_its_exam_says(make: Sessions, tmp_path: Path) -> None:
    single = house.rulebook(tmp_path / "releases")
    asking = tuple(replace(each, second_marker=COURSE in each.courses) for each in single.programmes)
    hall = open_hall(make, replace(single, programmes=asking), house.copy_gradebooks(tmp_path / "gradebooks"))
    assert not hall.exam.manner.double
    submission = hall.sat()
    hall.grade(submission)

    row = hall.mark(submission, 4, 3, 2, 1)
    assert (row.state, evidence(hall)) == (State.UNMARKED, 0)
    assert look(hall, hall.trainer).mine == ()
    assert [each.stage for each in look(hall, hall.second).mine] == [Stage.SECOND]
    assert hall.mark(submission, 4, 2, 1.5, 1, by=hall.second).state == State.GRADED


def test_a_programme_in_preparation_asks_only_where_no_other_offers_the_course(tmp_path: Path) -> None:
    rules = house.rulebook(tmp_path / "releases")
    one, planned = rules.programme("ER-T1"), rules.programme("VO-T3")
    assert (one.second_marker, planned.second_marker, rules.is_open(planned)) == (False, True, False)
    assert not rules.wants_two_markers(COURSE)
    assert replace(rules, programmes=(planned,)).wants_two_markers(COURSE)
    assert replace(rules, programmes=(one, replace(planned, courses=(COURSE,), foundation=()))).wants_two_markers(COURSE)
    assert not rules.wants_two_markers("no-programme-s")


def test_ones_own_first_mark_may_be_given_anew_until_the_second_is_there(hall: Hall, sat: Submission) -> None:
    hall.mark(sat, 4, 3, 2, 1)
    hall.mark(sat, 2, 2, 2, 1)
    with reading(hall.make) as session:
        assert [(row.stage, row.rows) for row in session.scalars(select(Mark))] == [("first", [2, 2, 2, 1])]


def test_two_that_agree_settle_at_their_mean_with_both_comments(hall: Hall, sat: Submission) -> None:
    hall.mark(sat, 4, 3, 2, 1, comment="写得全")
    row = hall.mark(sat, 4, 2, 1.5, 1, by=hall.second, comment="可以更短")

    assert (row.state, row.score, row.passed) == (State.GRADED, 99.25, True)
    assert evidence(hall)
    shown = opened(hall, sat, hall.trainer)
    assert shown.final
    assert (shown.marked, shown.comment) == ((4, 2.5, 1.75, 1), "写得全\n可以更短")


def test_two_far_apart_wait_for_a_third_who_sees_both(hall: Hall, sat: Submission, third: Me) -> None:
    hall.mark(sat, 4, 3, 2, 1)
    row = hall.mark(sat, 0, 1, 0, 0, by=hall.second)

    assert (row.state, evidence(hall)) == (State.UNMARKED, 0)
    assert look(hall, hall.trainer).mine == look(hall, hall.second).mine == ()
    (waiting,) = look(hall, third).mine
    assert waiting.stage is Stage.AGREED
    assert [each.rows for each in opened(hall, sat, third).apart] == [(4, 3, 2, 1), (0, 1, 0, 0)]
    with pytest.raises(NotAllowedError, match="另一位老师"):
        hall.mark(sat, 2, 2, 1, 1)

    row = hall.mark(sat, 3, 3, 1, 1, by=third)
    assert (row.state, row.score) == (State.GRADED, 98.0)
    with pytest.raises(NotAllowedError):
        hall.mark(sat, 4, 3, 2, 1, by=third)


def test_where_there_is_no_third_one_of_the_two_decides(hall: Hall, sat: Submission) -> None:
    hall.mark(sat, 4, 3, 2, 1)
    hall.mark(sat, 0, 1, 0, 0, by=hall.second)

    assert [each.stage for each in look(hall, hall.trainer).mine] == [Stage.AGREED]
    assert hall.mark(sat, 2, 2, 1, 1).score == 96.0


def test_the_records_refuse_a_second_mark_by_the_first_marker(hall: Hall, sat: Submission) -> None:
    hall.mark(sat, 4, 3, 2, 1)
    twice = Mark(submission_id=sat.id, slot=hall.slot_of("open"), stage="second", rows=[1], points=1, comment="")
    twice.marked_by, twice.marked_at = hall.trainer.person.id, NOW
    with pytest.raises(IntegrityError), writing(hall.make) as session:
        session.add(twice)


def test_where_there_is_only_one_trainer_both_trainer_and_administrator_are_told(hall: Hall, sat: Submission) -> None:
    with writing(hall.make) as session:
        person = session.get_one(Person, hall.second.person.id)
        person.left_on = LONG_AGO
    assert look(hall, hall.trainer).alone == 0  # the first mark can still be given
    hall.mark(sat, 4, 3, 2, 1)

    assert look(hall, hall.trainer).alone == 1
    with reading(hall.make) as session:
        found = oversight(session, ["/399901000000/"], hall.rulebook, NOW)
    assert found.short == (Short(COURSE, "青石镇", second=True, answers=1),)
