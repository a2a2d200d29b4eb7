"""Service hours: led by a social worker, paired, confirmed, never twice; what adds up counts, what is put right follows."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from banyan.domain.framework import Kind
from banyan.domain.service import Shift
from banyan.errors import BadInputError, NotFoundError
from banyan.records.competence import EvidenceRow, StandingRow
from banyan.records.engine import reading, writing
from banyan.records.retractions import EvidenceRetraction
from banyan.records.service import ServedRow, ServiceActivity, ServicePair
from banyan.tracker.amending import Amendment
from banyan.tracker.people import Me
from banyan.tracker.service import (
    LATER,
    Activity,
    Hours,
    activities_of,
    activity_for,
    confirm,
    confirm_rest,
    enter,
    left_behind,
    minutes_of,
    pair,
    paired,
    served_by,
)
from banyan.tracker.standing import evidence_of
from tests.county import NOW
from tests.tracker.hall import Hall

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MORNING = Shift(NOW - 10 * DAY, NOW - 10 * DAY + 10 * HOUR)


def entered(hall: Hall, shift: Shift = MORNING, key: str = "form", by: Me | None = None, **changes: object) -> ServiceActivity:
    leader = by or hall.trainer
    told = Activity(leader.units[0].path, "elders", "上门看望老人", "溪口村", shift, key)
    with writing(hall.make) as session:
        row = enter(session, replace(told, **changes), leader, hall.rulebook, NOW)
        pair(session, row.id, [hall.learner.person.id], leader, NOW)
        return row


def confirmed(hall: Hall, row: ServiceActivity, shift: Shift | None, reason: str = "", **who: Me) -> None:
    whom = who.get("me", hall.learner).person.id
    with writing(hall.make) as session:
        amendment = Amendment(who.get("by", hall.trainer), reason)
        confirm(session, Hours(row.id, whom, shift), amendment, hall.rulebook, NOW)


def minutes(hall: Hall) -> int:
    with reading(hall.make) as session:
        return minutes_of(served_by(session, hall.learner.person.id))


def standing(hall: Hall) -> list[tuple[str, str]]:
    with reading(hall.make) as session:
        return [(each.kind, each.observed_on.isoformat()) for each in evidence_of(session, hall.learner.person.id)]


def later(days: int, hours: int = 10) -> Shift:
    return Shift(MORNING.starts_at + days * DAY, MORNING.starts_at + days * DAY + hours * HOUR)


def test_twenty_hours_of_a_kind_show_its_competency_on_the_day_they_are_full(hall: Hall) -> None:
    for number in range(3):
        confirmed(hall, entered(hall, later(number), f"form {number}"), later(number))
    assert minutes(hall) == 1800
    assert standing(hall) == [(Kind.SH, "2026-11-14")]
    with reading(hall.make) as session:
        row = session.scalars(select(EvidenceRow)).one()
        assert (row.competency, row.level, len(row.indicators)) == ("C3.2", 2, 4)


def test_hours_of_another_kind_do_not_help(hall: Hall) -> None:
    confirmed(hall, entered(hall), MORNING)
    confirmed(hall, entered(hall, later(1), "other", kind="phones"), later(1))
    assert standing(hall) == []


def test_put_right_downwards_it_no_longer_counts_and_up_again_it_does(hall: Hall) -> None:
    rows = [entered(hall, later(number), f"form {number}") for number in range(2)]
    for number, row in enumerate(rows):
        confirmed(hall, row, later(number))
    with pytest.raises(BadInputError, match="为什么"):
        confirmed(hall, rows[1], None)
    confirmed(hall, rows[1], None, "签到表上没有他")
    assert (standing(hall), minutes(hall)) == ([], 600)
    confirmed(hall, rows[1], later(1), "签到表翻到背面了，他在")
    assert (standing(hall), minutes(hall)) == ([(Kind.SH, "2026-11-14")], 1200)
    with reading(hall.make) as session:
        assert session.scalar(select(func.count()).select_from(ServedRow)) == 4


def test_hours_confirmed_late_move_the_day_on_which_they_are_full(hall: Hall) -> None:
    """Nobody put anything right, so nobody is asked why: the row that moves says so by itself."""
    for day in (0, 4, 8):
        confirmed(hall, entered(hall, later(day, 8), f"form {day}"), later(day, 8))
    assert standing(hall) == [(Kind.SH, "2026-11-21")]
    confirmed(hall, entered(hall, later(6, 6), "late"), later(6, 6))
    assert (standing(hall), minutes(hall)) == ([(Kind.SH, "2026-11-19")], 1800)
    with reading(hall.make) as session:
        assert [each.reason for each in session.scalars(select(EvidenceRetraction))] == [LATER]
        assert {each.reason for each in session.scalars(select(ServedRow))} == {""}


def test_one_person_whose_hours_move_does_not_stop_the_whole_group(hall: Hall) -> None:
    for day in (0, 4, 8):
        confirmed(hall, entered(hall, later(day, 8), f"form {day}"), later(day, 8))
    row = entered(hall, later(6, 6), "late")
    with writing(hall.make) as session:
        pair(session, row.id, [hall.neighbour.person.id], hall.trainer, NOW)
        confirm_rest(session, row.id, hall.trainer, hall.rulebook, NOW)
    assert standing(hall) == [(Kind.SH, "2026-11-19")]
    with reading(hall.make) as session:
        assert minutes_of(served_by(session, hall.neighbour.person.id)) == 360


SERVED = st.dictionaries(st.integers(0, 9), st.integers(3, 10), min_size=2)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SERVED.flatmap(lambda hours: st.permutations(sorted(hours.items()))))
def test_in_whatever_order_hours_are_confirmed_they_show_the_same(hall: Hall, served: list[tuple[int, int]]) -> None:
    rows = [entered(hall, later(day), f"day {day}").id for day in range(10)]

    def shown(order: list[tuple[int, int]]) -> tuple[set[tuple[object, ...]], list[tuple[object, ...]]]:
        with hall.make() as session:
            for day, hours in order:
                told = Hours(rows[day], hall.learner.person.id, later(day, hours))
                confirm(session, told, Amendment(hall.trainer), hall.rulebook, NOW)
            found = {(each.competency, each.level, each.observed_on) for each in evidence_of(session, hall.learner.person.id)}
            cached = [(each.competency, each.level, each.until) for each in session.scalars(select(StandingRow))]
            session.rollback()
            return found, cached

    assert shown(served) == shown(sorted(served))


def test_no_hour_counts_twice(hall: Hall) -> None:
    confirmed(hall, entered(hall), MORNING)
    evening = Shift(MORNING.starts_at + 9 * HOUR, MORNING.starts_at + 12 * HOUR)
    other = entered(hall, evening, "other", title="晚上巡防", kind="safety")
    with pytest.raises(BadInputError, match="不能记两次"):
        confirmed(hall, other, Shift(other.starts_at, other.ends_at))
    confirmed(hall, other, Shift(other.starts_at + HOUR, other.ends_at))
    assert minutes(hall) == 720


def test_confirming_the_same_again_changes_nothing(hall: Hall) -> None:
    row = entered(hall)
    for _ in range(2):
        confirmed(hall, row, MORNING)
    with writing(hall.make) as session:
        confirm_rest(session, row.id, hall.trainer, hall.rulebook, NOW)
    with reading(hall.make) as session:
        assert session.scalar(select(func.count()).select_from(ServedRow)) == 1


@pytest.mark.parametrize(
    "shift",
    [
        pytest.param(Shift(MORNING.starts_at - HOUR, MORNING.ends_at), id="the way there"),
        pytest.param(Shift(MORNING.starts_at, MORNING.ends_at + HOUR), id="the way back"),
        pytest.param(Shift(MORNING.ends_at, MORNING.starts_at), id="backwards"),
    ],
)
def test_time_outside_the_activity_is_refused(hall: Hall, shift: Shift) -> None:
    with pytest.raises(BadInputError, match="路上的不算"):
        confirmed(hall, entered(hall), shift)


def test_what_is_not_over_is_not_confirmed(hall: Hall) -> None:
    running = Shift(NOW - HOUR, NOW + HOUR)
    with pytest.raises(BadInputError, match="做完"):
        confirmed(hall, entered(hall, running), running)


def test_only_who_led_it_confirms_and_only_of_whom_is_paired(hall: Hall) -> None:
    row = entered(hall)
    with pytest.raises(BadInputError, match="黄老师"):
        confirmed(hall, row, MORNING, by=hall.second)
    for stranger in (hall.stranger, hall.learner):
        with pytest.raises(NotFoundError):
            confirmed(hall, row, MORNING, by=stranger)
        with pytest.raises(NotFoundError), reading(hall.make) as session:
            activity_for(session, row.id, stranger)
    with pytest.raises(NotFoundError):
        confirmed(hall, row, MORNING, me=hall.neighbour)
    for outsider in (hall.stranger, hall.trainer):
        with pytest.raises(NotFoundError), writing(hall.make) as session:
            pair(session, row.id, [outsider.person.id], hall.trainer, NOW)
    with reading(hall.make) as session:
        assert paired(session, row.id) == {hall.learner.person.id}
        assert [len(activities_of(session, me)) for me in (hall.trainer, hall.second)] == [1, 0]


def test_entered_twice_it_is_one_and_a_learner_leads_nothing(hall: Hall) -> None:
    assert entered(hall).id == entered(hall).id
    with pytest.raises(NotFoundError):
        entered(hall, by=hall.second)
    with pytest.raises(NotFoundError):
        entered(hall, by=hall.learner, key="theirs")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        pytest.param({"kind": "party"}, "哪一类", id="no kind of ours"),
        pytest.param({"title": "陪"}, "叫什么", id="a name too short"),
        pytest.param({"place": ""}, "在哪里", id="nowhere"),
        pytest.param({"shift": Shift(NOW, NOW + 13 * HOUR)}, "最多12小时", id="longer than anybody serves"),
        pytest.param({"shift": Shift(NOW, NOW)}, "晚于", id="no time at all"),
        pytest.param({"shift": Shift(NOW - 61 * DAY, NOW - 61 * DAY + HOUR)}, "太早", id="long ago"),
    ],
)
def test_an_activity_that_makes_no_sense_is_refused(hall: Hall, changes: dict[str, object], says: str) -> None:
    with pytest.raises(BadInputError, match=says):
        entered(hall, **changes)


@pytest.mark.parametrize("how", ["left", "without the duty"])
def test_whose_leader_is_gone_is_taken_over_by_whoever_leads_there(hall: Hall, how: str) -> None:
    row, done = entered(hall, later(1), "open"), entered(hall)
    confirmed(hall, done, MORNING)
    with reading(hall.make) as session:
        assert left_behind(session, hall.second, NOW) == []
    hall.send_away(hall.trainer, how)
    with reading(hall.make) as session:
        assert [each.id for each in left_behind(session, hall.second, NOW)] == [row.id, done.id]
        assert left_behind(session, hall.stranger, NOW) == []
    with pytest.raises(NotFoundError):
        confirmed(hall, row, later(1), by=hall.stranger)
    confirmed(hall, row, later(1), by=hall.second)
    assert (minutes(hall), standing(hall)) == (1200, [(Kind.SH, "2026-11-14")])
    with pytest.raises(BadInputError, match="为什么"):
        confirmed(hall, done, None, by=hall.second)
    confirmed(hall, done, None, "签到表上没有他", by=hall.second)
    assert (minutes(hall), standing(hall)) == (600, [])


def test_who_takes_over_confirms_no_hours_of_their_own(hall: Hall) -> None:
    row = entered(hall)
    with writing(hall.make) as session:
        mine, leader = hall.second.person.id, hall.trainer.person.id
        session.add(ServicePair(activity_id=row.id, person_id=mine, paired_by=leader, paired_at=NOW))
    hall.send_away(hall.trainer, "left")
    with pytest.raises(BadInputError, match="另一位"):
        confirmed(hall, row, MORNING, by=hall.second, me=hall.second)
    with writing(hall.make) as session:
        confirm_rest(session, row.id, hall.second, hall.rulebook, NOW)
    assert minutes(hall) == 600
    with reading(hall.make) as session:
        assert served_by(session, hall.second.person.id) == []
