"""An answer that somebody has open: others see who, the next one passes it over, and nothing holds it for ever."""

from datetime import datetime, timedelta

import pytest

from banyan.domain.marking import LEASE
from banyan.errors import NotFoundError
from banyan.records.engine import reading, writing
from banyan.records.examinations import Submission
from banyan.tracker.mark_leases import give_back
from banyan.tracker.marking import Bench, MarkSheet, OvertakenError, lend, mark, open_answer
from banyan.tracker.marking_queue import desk
from banyan.tracker.marks import Spot
from banyan.tracker.people import Me
from tests.county import NOW
from tests.tracker.hall import Hall


@pytest.fixture
def sat(hall: Hall) -> Submission:
    submission = hall.sat(leave=["s01", "s02", "s03", "s04"])  # 78 without the note: a mark may be given anew
    hall.grade(submission)
    return submission


def spot(hall: Hall, submission: Submission) -> Spot:
    return Spot(submission.id, hall.slot_of("open"))


def ask(hall: Hall, submission: Submission, me: Me, now: datetime = NOW) -> str:
    with writing(hall.make) as session:
        return lend(session, spot(hall, submission), me, now)


def held(hall: Hall, me: Me, now: datetime = NOW) -> list[str]:
    with reading(hall.make) as session:
        return [each.held_by for each in desk(session, me, hall.rulebook, now).mine]


def test_what_one_has_open_another_sees_and_is_not_led_to(hall: Hall, sat: Submission) -> None:
    assert ask(hall, sat, hall.trainer) == ""
    assert ask(hall, sat, hall.second) == "黄老师"
    assert held(hall, hall.second) == ["黄老师"]
    assert held(hall, hall.trainer) == [""]
    with reading(hall.make) as session:
        assert desk(session, hall.second, hall.rulebook, NOW).free == ()


def test_a_page_that_is_still_open_keeps_it_and_one_that_is_not_lets_go(hall: Hall, sat: Submission) -> None:
    ask(hall, sat, hall.trainer)
    ask(hall, sat, hall.trainer, NOW + LEASE - timedelta(minutes=1))
    assert ask(hall, sat, hall.second, NOW + LEASE) == "黄老师"
    assert ask(hall, sat, hall.second, NOW + 2 * LEASE) == ""
    assert ask(hall, sat, hall.trainer, NOW + 2 * LEASE) == "何老师"


def test_a_clock_put_back_holds_nobody_off(hall: Hall, sat: Submission) -> None:
    ask(hall, sat, hall.trainer, NOW + timedelta(hours=5))
    assert held(hall, hall.second) == [""]
    assert ask(hall, sat, hall.second) == ""


def test_leaving_and_saving_give_it_back_and_only_ones_own(hall: Hall, sat: Submission) -> None:
    ask(hall, sat, hall.trainer)
    with writing(hall.make) as session:
        give_back(session, spot(hall, sat), hall.second.person.id)
    assert held(hall, hall.second) == ["黄老师"]
    with writing(hall.make) as session:
        give_back(session, spot(hall, sat), hall.trainer.person.id)
    assert held(hall, hall.second) == [""]

    ask(hall, sat, hall.trainer)
    hall.mark(sat, 1, 0, 0, 0)
    assert ask(hall, sat, hall.second) == ""


def test_nobody_takes_what_is_not_theirs(hall: Hall, sat: Submission) -> None:
    with pytest.raises(NotFoundError):
        ask(hall, sat, hall.stranger)


def give(hall: Hall, submission: Submission, me: Me, seen: str, *rows: float) -> Submission:
    with writing(hall.make) as session:
        sheet = MarkSheet(spot(hall, submission), rows, seen=seen)
        return mark(session, sheet, me, Bench(hall.rulebook, hall.gradebooks), NOW)


def seen_by(hall: Hall, submission: Submission, me: Me) -> str:
    with reading(hall.make) as session:
        return open_answer(session, spot(hall, submission), me, hall.rulebook, NOW).seen


def test_whoever_saves_second_is_told_whose_points_stand_and_may_then_replace_them(hall: Hall, sat: Submission) -> None:
    mine = theirs = seen_by(hall, sat, hall.trainer)
    give(hall, sat, hall.second, theirs, 1, 0, 0, 0)

    with pytest.raises(OvertakenError, match="何老师 10:00 已经批了这一份，给了 1 分"):
        give(hall, sat, hall.trainer, mine, 0, 0, 0, 1)
    assert hall.row(sat).score == 79.0
    assert give(hall, sat, hall.trainer, seen_by(hall, sat, hall.trainer), 0, 1, 0, 1).score == 80.0
