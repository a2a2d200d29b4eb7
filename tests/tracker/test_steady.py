"""A clock that jumps: ahead it is not believed for a while, back it is; what counts by it stays as it was."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from banyan.domain.examination import GRACE
from banyan.records.audit import AuditRow
from banyan.records.engine import reading, writing
from banyan.records.examinations import Attempt, Submission
from banyan.tracker import jobs
from banyan.tracker.jobs import FORGOTTEN, GradingRoom, sweep
from banyan.tracker.steady import BELIEVED_AFTER, JUMP, SteadyClock
from tests.county import NOW
from tests.tracker.hall import Hall
from tests.tracker.machine import Machine

MINUTE, HOURS = timedelta(minutes=1), timedelta(hours=3)


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_while_nothing_jumps_it_tells_what_the_clock_shows(machine: Machine) -> None:
    clock = machine.steady()
    for pause in (timedelta(0), MINUTE, timedelta(days=30)):
        machine.wait(pause)
        assert (clock(), clock.ahead) == (machine.shows, timedelta(0))


@pytest.mark.parametrize("step", [JUMP, -MINUTE, -HOURS], ids=["set a little ahead", "a little back", "far back"])
def test_a_clock_set_a_little_or_back_is_believed_at_once(machine: Machine, step: timedelta) -> None:
    clock = machine.steady()
    machine.shows += step
    assert (clock(), clock.ahead) == (NOW + step, timedelta(0))


def test_a_jump_ahead_is_believed_once_it_has_stood_for_a_while(machine: Machine) -> None:
    clock = machine.steady()
    machine.shows += HOURS
    assert (clock(), clock.ahead) == (NOW, HOURS)
    machine.wait(BELIEVED_AFTER - MINUTE)
    assert (clock(), clock.ahead) == (NOW + BELIEVED_AFTER - MINUTE, HOURS)
    machine.wait(MINUTE)
    assert (clock(), clock.ahead) == (machine.shows, timedelta(0))


def test_a_jump_that_was_mended_is_forgotten_and_the_next_one_is_doubted_as_long(machine: Machine) -> None:
    clock = machine.steady()
    machine.shows += HOURS
    clock()
    machine.wait(BELIEVED_AFTER - MINUTE)
    machine.shows -= HOURS
    assert (clock(), clock.ahead) == (machine.shows, timedelta(0))
    machine.shows += HOURS
    clock()
    machine.wait(BELIEVED_AFTER - MINUTE)
    assert clock.ahead == HOURS
    assert clock() == machine.shows - HOURS


def test_the_kernel_s_count_and_clock_are_what_it_goes_by() -> None:
    assert abs(SteadyClock()() - datetime.now(NOW.tzinfo)) < timedelta(seconds=5)


@pytest.fixture
def sweeping(hall: Hall, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> GradingRoom:
    monkeypatch.setattr(jobs, "_now", machine.steady())
    return GradingRoom(hall.make, hall.rulebook, hall.gradebooks, hall.gradebooks.parent / "huey.sqlite")


def swept(room: GradingRoom) -> None:
    today = jobs._Today()
    today.seen = NOW.date()
    jobs._sweep(jobs.Queue(room.queue), room, today)


def is_closed(hall: Hall, attempt: Attempt) -> bool:
    with reading(hall.make) as session:
        return session.get_one(Attempt, attempt.id).submitted_at is not None


def test_a_clock_that_jumps_ahead_closes_no_exam_and_is_written_down_once(
    hall: Hall, machine: Machine, sweeping: GradingRoom
) -> None:
    attempt = hall.begin()
    machine.shows += HOURS
    for _ in range(3):
        swept(sweeping)
        machine.wait(MINUTE)
    assert not is_closed(hall, attempt)
    with reading(hall.make) as session:
        (row,) = session.scalars(select(AuditRow).where(AuditRow.action == "clock.ahead"))
        assert (row.at, row.detail["minutes"], datetime.fromisoformat(row.detail["to"])) == (NOW, 180, NOW + HOURS)
    machine.shows -= HOURS
    swept(sweeping)
    machine.wait(timedelta(minutes=40) + GRACE)
    swept(sweeping)
    assert is_closed(hall, attempt)


def test_a_jump_that_stands_closes_what_is_overdue_by_it(hall: Hall, machine: Machine, sweeping: GradingRoom) -> None:
    attempt = hall.begin()
    machine.shows += HOURS
    swept(sweeping)
    machine.wait(BELIEVED_AFTER)
    swept(sweeping)
    assert is_closed(hall, attempt)


def test_what_was_handed_in_before_the_clock_was_set_back_is_found(hall: Hall) -> None:
    row = hall.sat()
    with writing(hall.make) as session:
        assert sweep(session, hall.rulebook, NOW) == []
        session.get_one(Submission, row.id).submitted_at = NOW + HOURS
        assert sweep(session, hall.rulebook, NOW + HOURS + FORGOTTEN / 2) == []
        assert sweep(session, hall.rulebook, NOW) == [row.id]
