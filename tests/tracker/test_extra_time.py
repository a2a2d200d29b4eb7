"""More time at an exam for one learner: by who is over them, with a reason, before they begin, and never under way."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from banyan.domain.calendar import county_day
from banyan.errors import BadInputError, NotFoundError, NotYetError, TooLateError
from banyan.records.audit import AuditRow, without_salt
from banyan.records.engine import reading, writing
from banyan.records.examinations import ExtraTime
from banyan.tracker.admission import admission
from banyan.tracker.extra_time import Wish, called, entitled, lengthen, lengthened, take_time_back
from banyan.tracker.people import Me, find_me
from banyan.tracker.second_chances import Who
from tests.county import COURSE, NOW, TODAY, County
from tests.tracker.hall import Hall

REASON = "眼睛不好，看字慢"
USUAL = 40  # minutes, of the shipped exam


def give(hall: Hall, factor: float = 1.5, by: Me | None = None, reason: str = REASON, course: str = COURSE) -> ExtraTime:
    with writing(hall.make) as session:
        return lengthen(session, Wish(Who(hall.learner.person.id, course), factor, reason), by or hall.trainer, NOW)


def take_back(hall: Hall, by: Me | None = None) -> None:
    with writing(hall.make) as session:
        take_time_back(session, Who(hall.learner.person.id, COURSE), by or hall.trainer, NOW)


def rows(hall: Hall) -> list[ExtraTime]:
    with reading(hall.make) as session:
        return list(session.scalars(select(ExtraTime).order_by(ExtraTime.id)))


def audited(hall: Hall, action: str) -> list[AuditRow]:
    with reading(hall.make) as session:
        return list(session.scalars(select(AuditRow).where(AuditRow.action == action)))


def administrator(hall: Hall) -> Me:
    """Return the administrator of the township where the learner works."""
    with writing(hall.make) as session:
        unit = next(each for each in hall.trainer.units)
        county = County(session, people=50)
        person = county.person("郑国平", unit)
        county.trust(person, "administrator", unit, "")
        return find_me(session, person.staff_number, county_day(NOW))


@pytest.mark.parametrize(("factor", "minutes"), [(1.25, 50), (1.5, 60), (2.0, 80)])
def test_who_is_given_more_time_has_it_on_the_server_s_clock(hall: Hall, factor: float, minutes: int) -> None:
    give(hall, factor)
    attempt = hall.begin()
    assert (attempt.factor, attempt.deadline_at) == (factor, NOW + timedelta(minutes=minutes))
    slot = hall.slot_of("open")
    hall.give(attempt, slot, "续报", now=NOW + timedelta(minutes=minutes))
    with pytest.raises(TooLateError):
        hall.give(attempt, slot, "晚了", seq=2, now=NOW + timedelta(minutes=minutes, seconds=31))


def test_it_is_told_before_the_exam_and_written_down(hall: Hall) -> None:
    row = give(hall, reason=f"  {REASON}\n")
    with reading(hall.make) as session:
        door = admission(session, hall.learner.person.id, hall.rulebook.catalogue.newest(COURSE), hall.rulebook, NOW)
    assert door.time is not None
    assert (door.minutes, door.factor, door.time.giver.name) == (60, 1.5, hall.trainer.person.name)
    assert (row.given_by, row.given_at, row.reason) == (hall.trainer.person.id, NOW, REASON)
    (told,) = audited(hall, "exam.lengthen")
    assert (told.actor, told.subject) == (hall.trainer.person.staff_number, hall.learner.person.staff_number)
    assert without_salt(told.detail) == {"course": COURSE, "factor": 1.5, "reason": REASON}
    hall.begin()
    assert audited(hall, "exam.begin")[0].detail["factor"] == 1.5


def test_nobody_else_s_time_and_no_other_course_s_changes(hall: Hall) -> None:
    give(hall)
    attempt = hall.begin(hall.neighbour)
    assert (attempt.factor, attempt.deadline_at) == (1.0, NOW + timedelta(minutes=USUAL))
    with reading(hall.make) as session:
        assert "factor" not in audited(hall, "exam.begin")[0].detail
        assert [each.course for each in session.scalars(select(ExtraTime))] == [COURSE]


def test_it_holds_for_the_next_attempt_too(hall: Hall) -> None:
    give(hall)
    hall.fail(1)
    assert hall.begin(now=NOW).factor == 1.5


def test_taken_back_before_the_exam_the_usual_time_holds_again(hall: Hall) -> None:
    give(hall)
    take_back(hall)
    take_back(hall)
    assert len(audited(hall, "exam.usual_time")) == 1
    assert rows(hall)[0].taken_back_by == hall.trainer.person.id
    assert hall.begin().deadline_at == NOW + timedelta(minutes=USUAL)


def test_once_begun_nothing_is_given_or_taken_back(hall: Hall) -> None:
    give(hall)
    attempt = hall.begin()
    with pytest.raises(NotYetError, match="正在考试"):
        take_back(hall)
    with pytest.raises(NotYetError, match="正在考试"):
        give(hall, 2.0)
    hall.hand_in(attempt)
    take_back(hall)
    with reading(hall.make) as session:
        assert session.get_one(type(attempt), attempt.id).factor == 1.5


def test_given_twice_it_is_given_once_and_another_factor_takes_its_place(hall: Hall) -> None:
    assert give(hall).id == give(hall).id
    give(hall, 2.0)
    first, second = rows(hall)
    assert (first.taken_back_at, second.taken_back_at) == (NOW, None)
    assert hall.begin().factor == 2.0


@pytest.mark.parametrize(
    ("factor", "reason", "says"),
    [
        pytest.param(3.0, REASON, "几倍", id="another factor"),
        pytest.param(1.0, REASON, "几倍", id="no more at all"),
        pytest.param(1.5, " \n ", "写明", id="no reason"),
        pytest.param(1.5, "长" * 201, "最多 200", id="too long a reason"),
    ],
)
def test_it_wants_one_of_three_factors_and_a_reason(hall: Hall, factor: float, reason: str, says: str) -> None:
    with pytest.raises(BadInputError, match=says):
        give(hall, factor, reason=reason)
    assert rows(hall) == []


def test_an_administrator_over_the_learner_may_give_it_too(hall: Hall) -> None:
    give(hall, by=administrator(hall))
    assert hall.begin().factor == 1.5


def test_to_others_the_learner_is_not_there(hall: Hall) -> None:
    for stranger in (hall.stranger, hall.neighbour, hall.learner):
        with pytest.raises(NotFoundError):
            give(hall, by=stranger)
        with pytest.raises(NotFoundError):
            take_back(hall, by=stranger)
        with pytest.raises(NotFoundError), reading(hall.make) as session:
            entitled(session, Who(hall.learner.person.id, COURSE), stranger, NOW)
    with pytest.raises(NotFoundError):
        give(hall, course="y-1-other")
    assert rows(hall) == []


def test_each_finds_and_sees_their_own_learners_only(hall: Hall) -> None:
    give(hall)
    with reading(hall.make) as session:
        for me, names in ((hall.trainer, ["陈晓明"]), (hall.second, ["陈晓明"]), (hall.stranger, []), (hall.learner, [])):
            assert [each.person.name for each in lengthened(session, me, COURSE, TODAY)] == names
            assert [each.name for each in called(session, me, COURSE, "晓明", TODAY)] == names
        assert called(session, hall.trainer, COURSE, "%", TODAY) == []
        assert called(session, hall.trainer, COURSE, hall.trainer.person.name, TODAY) == []
        by_number = called(session, hall.trainer, COURSE, hall.learner.person.staff_number, TODAY)
        assert [each.name for each in by_number] == ["陈晓明"]
