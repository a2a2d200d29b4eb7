"""An exam under a trainer's eyes: a code that opens it to who was ticked, and a certificate that says so, or says not."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from banyan.certificates.statement import Statement
from banyan.domain.county import INVIGILATION
from banyan.domain.invigilation import MOST_TRIES, WITHIN
from banyan.domain.permission import Duty, subtrees
from banyan.errors import BadInputError, NotFoundError, NotYetError
from banyan.records.audit import AuditRow
from banyan.records.engine import Sessions, reading, writing
from banyan.records.examinations import Attempt, Submission
from banyan.records.invigilation import ExamRoom, WrongCode
from banyan.tracker import exams
from banyan.tracker.awards import certificates_of
from banyan.tracker.county import Filled, county_unit, put
from banyan.tracker.exam_rooms import (
    Plan,
    Roll,
    begun_in,
    call_roll,
    close_room,
    learners_in,
    open_room,
    present_in,
    room_for,
    rooms_ahead,
    rooms_of,
)
from banyan.tracker.invigilation import invigilated, knock
from banyan.tracker.people import Me, find_me
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.verification import statement_of
from tests import house
from tests.county import COURSE, NOW, TODAY, County
from tests.portal.office import certify
from tests.tracker.hall import Hall, open_hall

PLACE = "镇政府二楼会议室"
HOURS_2 = timedelta(hours=2)


def open_for(hall: Hall, by: Me | None = None, **changes: object) -> ExamRoom:
    by = by or hall.trainer
    told = {"unit_path": by.units[0].path, "starts_at": NOW, "ends_at": NOW + HOURS_2, "place": PLACE} | changes
    with writing(hall.make) as session:
        return open_room(session, Plan(COURSE, **told), by, hall.rulebook, NOW)


def tick(hall: Hall, room: ExamRoom, *present: Me, shown: tuple[Me, ...] = (), by: Me | None = None) -> None:
    ids = [each.person.id for each in present]
    seen = [each.person.id for each in shown or present]
    with writing(hall.make) as session:
        call_roll(session, Roll(room.id, seen, ids), by or hall.trainer, NOW)


def present(hall: Hall, room: ExamRoom) -> set[int]:
    with reading(hall.make) as session:
        return present_in(session, room.id)


def type_code(hall: Hall, code: str, me: Me | None = None, now: datetime = NOW) -> ExamRoom | None:
    with writing(hall.make) as session:
        return knock(session, COURSE, code, me or hall.learner, now)


def sit(hall: Hall, code: str, me: Me | None = None) -> Attempt:
    """Type a code and begin, as the page does: in one transaction."""
    hall.learn(me)
    who = me or hall.learner
    with writing(hall.make) as session:
        return exams.begin(session, COURSE, who, hall.rulebook, NOW, knock(session, COURSE, code, who, NOW))


def other(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def audited(hall: Hall, action: str) -> list[AuditRow]:
    with reading(hall.make) as session:
        return list(session.scalars(select(AuditRow).where(AuditRow.action == action)))


def test_the_code_opens_the_exam_to_who_was_ticked_and_the_attempt_remembers_the_room(hall: Hall) -> None:
    room = open_for(hall)
    tick(hall, room, hall.learner)
    attempt = sit(hall, f" {room.code[:3]} {room.code[3:]} ")
    assert attempt.room_id == room.id
    assert audited(hall, "exam.begin")[0].detail["room"] == room.id
    with reading(hall.make) as session:
        assert set(begun_in(session, room.id)) == {hall.learner.person.id}


def test_the_right_code_of_somebody_not_ticked_is_a_wrong_code(hall: Hall) -> None:
    room = open_for(hall)
    tick(hall, room, hall.neighbour)
    assert type_code(hall, room.code) is None
    assert type_code(hall, room.code, hall.neighbour) is not None
    assert [each.actor for each in audited(hall, "room.wrong_code")] == [hall.learner.person.staff_number]


def test_the_code_opens_nothing_outside_its_time_or_for_another_course(hall: Hall) -> None:
    room = open_for(hall, starts_at=NOW + timedelta(hours=1))
    tick(hall, room, hall.learner)
    assert type_code(hall, room.code, now=NOW + timedelta(minutes=59)) is None
    assert type_code(hall, room.code, now=NOW + timedelta(hours=1)) is not None
    assert type_code(hall, room.code, now=NOW + timedelta(hours=2, seconds=1)) is None
    with writing(hall.make) as session:
        assert knock(session, "y-1-other", room.code, hall.learner, NOW + timedelta(hours=1)) is None


def test_a_closed_room_opens_nothing_and_who_began_goes_on(hall: Hall) -> None:
    room = open_for(hall)
    tick(hall, room, hall.learner, hall.neighbour)
    attempt = sit(hall, room.code)
    with writing(hall.make) as session:
        close_room(session, room.id, hall.trainer, NOW)
    with writing(hall.make) as session:
        close_room(session, room.id, hall.trainer, NOW)
    assert type_code(hall, room.code, hall.neighbour) is None
    hall.give(attempt, hall.slot_of("open"), "续报")
    assert len(audited(hall, "room.close")) == 1
    with pytest.raises(BadInputError, match="已经结束"):
        tick(hall, room, hall.learner)


def test_who_guesses_waits_and_then_not_even_the_right_code_opens(hall: Hall) -> None:
    room = open_for(hall)
    tick(hall, room, hall.learner)
    for _ in range(MOST_TRIES):
        assert type_code(hall, other(room.code)) is None
    with pytest.raises(NotYetError, match="10:15以后再试"):
        type_code(hall, room.code)
    assert type_code(hall, room.code, now=NOW + WITHIN) is not None
    with reading(hall.make) as session:
        assert session.scalars(select(WrongCode)).all() == []


def test_a_clock_set_back_locks_nobody_out(hall: Hall) -> None:
    room = open_for(hall)
    tick(hall, room, hall.learner)
    for _ in range(MOST_TRIES):
        assert type_code(hall, other(room.code), now=NOW + timedelta(minutes=90)) is None
    assert type_code(hall, room.code) is not None


def test_somebody_s_guesses_are_theirs_alone(hall: Hall) -> None:
    room = open_for(hall)
    tick(hall, room, hall.neighbour)
    for _ in range(MOST_TRIES):
        type_code(hall, "000000")
    assert type_code(hall, room.code, hall.neighbour) is not None


def test_the_roster_is_kept_for_whom_the_page_showed_and_who_began_stays(hall: Hall) -> None:
    room = open_for(hall)
    both = (hall.learner, hall.neighbour)
    tick(hall, room, hall.learner, shown=both)
    tick(hall, room, hall.neighbour)
    assert present(hall, room) == {each.person.id for each in both}
    sit(hall, room.code)
    tick(hall, room, shown=both)
    assert present(hall, room) == {hall.learner.person.id}
    first, second, third = audited(hall, "room.roll")
    number, beside = hall.learner.person.staff_number, hall.neighbour.person.staff_number
    assert (first.detail["present"], first.detail["absent"]) == ([number], [])
    assert (second.detail["present"], third.detail["absent"]) == ([beside], [beside])


def test_ticked_twice_it_is_ticked_and_written_down_once(hall: Hall) -> None:
    room = open_for(hall)
    tick(hall, room, hall.learner)
    tick(hall, room, hall.learner)
    assert len(audited(hall, "room.roll")) == 1


def test_nobody_from_elsewhere_and_no_trainer_is_ticked(hall: Hall) -> None:
    room = open_for(hall)
    for outsider in (hall.stranger, hall.trainer):
        with pytest.raises(NotFoundError):
            tick(hall, room, outsider)
    assert present(hall, room) == set()
    with reading(hall.make) as session:
        found = room_for(session, room.id, hall.trainer)
        assert [each.name for each in learners_in(session, found, hall.trainer, "秀英", NOW)] == ["林秀英"]
        assert learners_in(session, found, hall.trainer, "黄老师", NOW) == []
        assert learners_in(session, found, hall.trainer, "周老师", NOW) == []


def test_a_room_is_there_for_its_trainers_only(hall: Hall) -> None:
    room = open_for(hall)
    for stranger in (hall.stranger, hall.learner):
        with pytest.raises(NotFoundError), reading(hall.make) as session:
            room_for(session, room.id, stranger)
        with pytest.raises(NotFoundError):
            tick(hall, room, hall.learner, by=stranger)
        with pytest.raises(NotFoundError), writing(hall.make) as session:
            close_room(session, room.id, stranger, NOW)
        with pytest.raises(NotFoundError):
            open_for(hall, stranger, unit_path=hall.trainer.units[0].path)
    with reading(hall.make) as session:
        for me, count in ((hall.trainer, 1), (hall.second, 1), (hall.stranger, 0), (hall.learner, 0)):
            assert len(rooms_of(session, me, COURSE, NOW)) == count
        at = {me: [unit.path for unit in me.units] for me in (hall.learner, hall.stranger)}
        assert [each.row.id for each in rooms_ahead(session, COURSE, at[hall.learner], NOW)] == [room.id]
        assert rooms_ahead(session, COURSE, at[hall.stranger], NOW) == []
        assert rooms_ahead(session, COURSE, at[hall.learner], NOW + HOURS_2 + timedelta(seconds=1)) == []


def test_opened_twice_it_is_one_room_and_two_rooms_have_two_codes(hall: Hall) -> None:
    first = open_for(hall)
    assert open_for(hall).id == first.id
    second = open_for(hall, place="镇文化站")
    assert (second.id != first.id, second.code != first.code) == (True, True)
    assert len(audited(hall, "room.open")) == 2


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        pytest.param({"ends_at": NOW}, "晚于", id="it ends as it begins"),
        pytest.param({"ends_at": NOW + timedelta(hours=9)}, "最多8小时", id="too long"),
        pytest.param({"starts_at": NOW - HOURS_2, "ends_at": NOW}, "已经过了", id="over"),
        pytest.param(
            {"starts_at": NOW + timedelta(days=400), "ends_at": NOW + timedelta(days=400, hours=1)}, "太远", id="far away"
        ),
        pytest.param({"place": " "}, "在哪里", id="nowhere"),
        pytest.param({"place": "长" * 81}, "在哪里", id="a place too long"),
    ],
)
def test_a_room_that_makes_no_sense_is_not_opened(hall: Hall, changes: dict[str, object], says: str) -> None:
    with pytest.raises(BadInputError, match=says):
        open_for(hall, **changes)


def certificate(hall: Hall, submission: Submission) -> Statement:
    """Return what the certificate states of somebody who passed like this and showed all the rest."""
    with writing(hall.make) as session:
        row = session.get_one(Submission, submission.id)
        row.state, row.passed = "graded", True
        session.flush()
        certify(session, row.attempt.person, hall.rulebook)
        (given,) = certificates_of(session, row.attempt.person_id)
        return statement_of(given, hall.rulebook.issuer)


def test_a_certificate_says_that_the_exam_was_invigilated(hall: Hall) -> None:
    room = open_for(hall)
    tick(hall, room, hall.learner)
    assert certificate(hall, hall.hand_in(sit(hall, room.code))).invigilated is True


def test_a_certificate_says_that_it_was_not(hall: Hall) -> None:
    assert certificate(hall, hall.hand_in(hall.begin())).invigilated is False


def test_a_room_one_failed_in_says_nothing_of_the_exam_one_passed_at_home(hall: Hall) -> None:
    room = open_for(hall)
    tick(hall, room, hall.learner)
    failed = hall.hand_in(sit(hall, room.code))
    with writing(hall.make) as session:
        row = session.get_one(Submission, failed.id)
        row.state, row.passed = "graded", False
        row.attempt.submitted_at = NOW - timedelta(days=2)
    passed = hall.hand_in(hall.begin())
    assert certificate(hall, passed).invigilated is False


@pytest.fixture
def strict(make: Sessions, tmp_path: Path) -> Hall:
    """A hall whose exam asks for an invigilator."""
    courses = house.under_conditions(tmp_path / "courses", "invigilated: true")
    return open_hall(make, house.rulebook(tmp_path / "releases", courses), tmp_path / "gradebooks")


def test_an_exam_that_asks_for_an_invigilator_is_not_begun_without(strict: Hall) -> None:
    with pytest.raises(NotYetError, match="要有老师监考"):
        strict.begin()
    room = open_for(strict)
    tick(strict, room, strict.learner)
    assert sit(strict, room.code).room_id == room.id
    assert strict.begin().room_id == room.id  # under way it is gone on with from anywhere


def test_the_release_keeps_what_its_exam_asks_for(strict: Hall, rulebook: Rulebook) -> None:
    assert strict.exam.terms.invigilated
    assert not rulebook.catalogue.newest(COURSE).exam.terms.invigilated
    with reading(strict.make) as session:
        assert not invigilated(session, strict.learner.person.id, strict.rulebook.programmes[0])


def settle(hall: Hall, given: object) -> None:
    """Let somebody who administers the county say whether exams are invigilated."""
    with writing(hall.make) as session:
        whole, number = county_unit(session), hall.second.person.staff_number
        if not subtrees(find_me(session, number, TODAY).actor, Duty.ADMINISTRATOR):
            County(session).trust(hall.second.person, "administrator", whole)
        me = find_me(session, number, TODAY)
        put(session, Filled(INVIGILATION, whole.path, given, "考试的通知", TODAY, "何老师"), me, NOW)


def test_a_county_may_ask_it_of_every_exam_that_leads_to_a_certificate(hall: Hall) -> None:
    assert not hall.exam.terms.invigilated, "the course does not ask for it"
    settle(hall, "yes")
    with pytest.raises(NotYetError, match="要有老师监考"):
        hall.begin()
    room = open_for(hall)
    tick(hall, room, hall.learner)
    assert sit(hall, room.code).room_id == room.id
    settle(hall, None)
    assert hall.begin(hall.neighbour).room_id is None


def test_of_a_course_no_programme_asks_for_the_county_asks_nothing(hall: Hall) -> None:
    settle(hall, "yes")
    alone = replace(hall, rulebook=replace(hall.rulebook, programmes=()))
    assert alone.begin().room_id is None


def test_who_began_before_the_county_asked_for_it_goes_on(hall: Hall) -> None:
    begun = hall.begin()
    settle(hall, "yes")
    assert hall.begin().id == begun.id


@pytest.mark.parametrize("given", ["", "no", True, ["yes"]])
def test_a_rule_stands_or_is_not_there_at_all(hall: Hall, given: object) -> None:
    with pytest.raises(BadInputError):
        settle(hall, given)
