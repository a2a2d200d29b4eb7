"""A session at a training base: planned, signed in to, ticked, settled into evidence, put right afterwards."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from banyan.domain.attendance import Span
from banyan.domain.framework import Kind
from banyan.errors import BadInputError, NotFoundError, NotYetError
from banyan.records.audit import AuditRow
from banyan.records.competence import EvidenceRow
from banyan.records.corrections import CertificateDoubt
from banyan.records.engine import reading, writing
from banyan.records.retractions import EvidenceRetraction
from banyan.records.training import AttendanceRow, SeenRow, TrainingPart, TrainingSession
from banyan.tracker.amending import Amendment
from banyan.tracker.attendance import Correction, Roll, call_roll, correct, open_code, screen_code, sign_in
from banyan.tracker.people import Me, find_me
from banyan.tracker.settling import Ticks, close, tick
from banyan.tracker.standing import differences, evidence_of
from banyan.tracker.training_rolls import attended, rolls_of, trainings_with
from banyan.tracker.trainings import (
    LISTED,
    TrainingPlan,
    call_off,
    plan,
    roster,
    seat,
    to_seat,
    training_for,
    trainings_of,
    unseat,
)
from tests.county import COURSE, NOW, TODAY, County
from tests.portal.office import certify
from tests.tracker.hall import Hall

ALL = frozenset({"C5.2.a", "C5.2.b", "C5.2.c", "C5.2.d"})
AID = frozenset({"C5.4.a", "C5.4.b", "C5.4.c", "C5.4.d"})
HOUR = timedelta(hours=1)
MORNING, AFTERNOON = Span(NOW, NOW + 3 * HOUR), Span(NOW + 4 * HOUR, NOW + 6 * HOUR)
OVER = AFTERNOON.ends_at + timedelta(minutes=1)
BECAUSE = "中途被叫去处置险情"


def planned(hall: Hall, by: Me | None = None, **changes: object) -> TrainingSession:
    by = by or hall.trainer
    told = {
        "course": COURSE,
        "unit_path": by.units[0].path,
        "title": "突发事件信息报告实训",
        "place": "县实训基地",
        "capacity": 40,
        "shows": {"C5.2": ALL},
        "level": 3,
        "spans": (MORNING, AFTERNOON),
        "form_key": "form",
    }
    with writing(hall.make) as session:
        return plan(session, TrainingPlan(**(told | changes)), by, hall.rulebook, NOW)


def part_ids(hall: Hall, training: TrainingSession) -> list[int]:
    with reading(hall.make) as session:
        return [each.id for each in session.get_one(TrainingSession, training.id).parts]


def give_seats(hall: Hall, training: TrainingSession, *people: Me, by: Me | None = None) -> int:
    with writing(hall.make) as session:
        return seat(session, training.id, [each.person.id for each in people], by or hall.trainer, NOW)


def scan(hall: Hall, part_id: int, me: Me | None = None, seen: object = NOW, opened: object = None, sent: object = None) -> None:
    """Sign in: the screen was seen at a moment, the page opened at another and sent at a third."""
    me, opened = me or hall.learner, opened or seen
    with reading(hall.make) as session:
        code = screen_code(hall.rulebook, session.get_one(TrainingPart, part_id), seen)
        _, ticket = open_code(session, part_id, code, me, hall.rulebook, opened)
    with writing(hall.make) as session:
        sign_in(session, part_id, ticket, me, hall.rulebook, sent or opened)


def ticked(hall: Hall, training: TrainingSession, shown: frozenset[str] = ALL, me: Me | None = None, **how: object) -> None:
    how = {"by": hall.trainer, "reason": "", "now": OVER} | how
    with writing(hall.make) as session:
        amendment = Amendment(how["by"], how["reason"])
        tick(session, Ticks(training.id, (me or hall.learner).person.id, shown), amendment, hall.rulebook, how["now"])


def settled(hall: Hall, training: TrainingSession, now: object = OVER) -> None:
    with writing(hall.make) as session:
        close(session, training.id, hall.trainer, hall.rulebook, now)


def put_right(hall: Hall, part_id: int, minutes: int, reason: str = BECAUSE, by: Me | None = None, me: Me | None = None) -> None:
    with writing(hall.make) as session:
        fix = Correction(part_id, (me or hall.learner).person.id, minutes)
        correct(session, fix, Amendment(by or hall.trainer, reason), hall.rulebook, OVER)


def counted(hall: Hall) -> int:
    with reading(hall.make) as session:
        return session.scalar(select(func.count()).select_from(AttendanceRow))


def evidence(hall: Hall) -> list[EvidenceRow]:
    with reading(hall.make) as session:
        return list(session.scalars(select(EvidenceRow).order_by(EvidenceRow.id)))


def standing(hall: Hall, me: Me | None = None) -> list[tuple[str, frozenset[str]]]:
    with reading(hall.make) as session:
        return [(each.kind, each.indicators) for each in evidence_of(session, (me or hall.learner).person.id)]


def source(hall: Hall, training: TrainingSession) -> str:
    return f"training:{training.id}:{hall.learner.person.id}:C5.2"


def audited(hall: Hall) -> list[str]:
    with reading(hall.make) as session:
        return [each.action for each in session.scalars(select(AuditRow).order_by(AuditRow.position))]


def test_who_was_there_and_was_seen_has_shown_it(hall: Hall) -> None:
    training = planned(hall, shows={"C5.2": ALL, "C5.4": AID})
    give_seats(hall, training, hall.learner, hall.neighbour)
    for part in part_ids(hall, training):
        with writing(hall.make) as session:
            both = [hall.learner.person.id, hall.neighbour.person.id]
            call_roll(session, Roll(part, both, both), hall.trainer, NOW)
    ticked(hall, training, ALL | {"C5.4.c"})
    assert evidence(hall) == [], "nothing counts before the session is settled"
    settled(hall, training)
    first, second = evidence(hall)
    assert (first.competency, first.kind, first.level, first.source) == ("C5.2", Kind.OS, 3, source(hall, training))
    assert (first.observed_on, first.assessor_id, frozenset(first.indicators)) == (TODAY, hall.trainer.person.id, ALL)
    assert (second.competency, second.indicators, len(second.digest)) == ("C5.4", ["C5.4.c"], 64)
    assert standing(hall, hall.neighbour) == [], "there, and nothing was seen of them"
    assert audited(hall).count("training.close") == 1


def test_each_of_several_people_has_shown_what_was_seen_of_them(hall: Hall) -> None:
    training = planned(hall, spans=(MORNING,))
    for me in (hall.learner, hall.neighbour):
        scan(hall, part_ids(hall, training)[0], me)
        ticked(hall, training, ALL, me)
    settled(hall, training)
    assert [standing(hall, me) for me in (hall.learner, hall.neighbour)] == [[(Kind.OS, ALL)]] * 2


def test_who_missed_too_much_has_shown_nothing(hall: Hall) -> None:
    training = planned(hall)  # five hours, of which three are sixty percent
    give_seats(hall, training, hall.learner)
    scan(hall, part_ids(hall, training)[0])
    ticked(hall, training)
    settled(hall, training)
    assert evidence(hall) == []


def test_settled_twice_it_is_settled_once(hall: Hall) -> None:
    training = planned(hall, spans=(MORNING,))
    scan(hall, part_ids(hall, training)[0])
    ticked(hall, training)
    settled(hall, training)
    settled(hall, training, OVER + HOUR)
    assert len(evidence(hall)) == 1
    assert audited(hall).count("training.close") == 1


def test_a_session_that_still_runs_is_not_settled(hall: Hall) -> None:
    training = planned(hall)
    with pytest.raises(NotYetError):
        settled(hall, training, AFTERNOON.ends_at - timedelta(minutes=1))


def test_signing_in_twice_is_once_whichever_way(hall: Hall) -> None:
    training = planned(hall, spans=(MORNING,))
    (part,) = part_ids(hall, training)
    scan(hall, part)
    scan(hall, part, seen=NOW + HOUR)
    with writing(hall.make) as session:
        call_roll(session, Roll(part, [hall.learner.person.id], [hall.learner.person.id]), hall.trainer, NOW)
    assert counted(hall) == 1
    with reading(hall.make) as session:
        (mine,) = trainings_with(session, hall.learner.person.id)
        assert (mine.attendance.percent, next(iter(mine.rolls.values())).way) == (100, "code")


@pytest.mark.parametrize("late", [61, 600, 3600])
def test_a_picture_of_the_screen_sent_to_a_friend_has_run_out(hall: Hall, late: int) -> None:
    (part,) = part_ids(hall, planned(hall, spans=(MORNING,)))
    with pytest.raises(BadInputError, match="过时"):
        scan(hall, part, seen=NOW, opened=NOW + timedelta(seconds=late))
    assert counted(hall) == 0


def test_a_page_left_open_for_long_signs_nobody_in(hall: Hall) -> None:
    (part,) = part_ids(hall, planned(hall, spans=(MORNING,)))
    scan(hall, part, sent=NOW + timedelta(minutes=2))
    with pytest.raises(BadInputError, match="放得太久"):
        scan(hall, part, me=hall.neighbour, sent=NOW + timedelta(minutes=7))


def test_one_person_s_ticket_is_nothing_for_another(hall: Hall) -> None:
    (part,) = part_ids(hall, planned(hall, spans=(MORNING,)))
    with reading(hall.make) as session:
        code = screen_code(hall.rulebook, session.get_one(TrainingPart, part), NOW)
        _, ticket = open_code(session, part, code, hall.learner, hall.rulebook, NOW)
    with pytest.raises(BadInputError), writing(hall.make) as session:
        sign_in(session, part, ticket, hall.neighbour, hall.rulebook, NOW)
    with pytest.raises(BadInputError), writing(hall.make) as session:
        sign_in(session, part, code, hall.neighbour, hall.rulebook, NOW)


def test_a_clock_set_back_by_seconds_loses_nobody_and_a_code_from_the_future_opens_nothing(hall: Hall) -> None:
    (part,) = part_ids(hall, planned(hall, spans=(MORNING,)))
    with pytest.raises(BadInputError):
        scan(hall, part, seen=NOW + timedelta(minutes=5), opened=NOW)
    scan(hall, part, seen=NOW, opened=NOW - timedelta(seconds=20))
    scan(hall, part, seen=NOW - HOUR / 2)  # the clock jumped back: still once
    assert counted(hall) == 1


def test_a_code_opens_its_part_at_its_time_alone(hall: Hall) -> None:
    first, second = part_ids(hall, planned(hall))
    with pytest.raises(NotYetError, match="14:00到16:00"):
        scan(hall, second)
    with reading(hall.make) as session:
        code = screen_code(hall.rulebook, session.get_one(TrainingPart, first), MORNING.ends_at)
    with reading(hall.make) as session, pytest.raises(BadInputError):
        open_code(session, second, code, hall.learner, hall.rulebook, MORNING.ends_at)


def test_a_session_is_not_there_for_others_and_its_trainer_does_not_attend_it(hall: Hall) -> None:
    training = planned(hall)
    (part, _) = part_ids(hall, training)
    for outsider in (hall.stranger, hall.trainer):
        with pytest.raises(NotFoundError):
            scan(hall, part, me=outsider)
    for stranger in (hall.stranger, hall.learner):
        with pytest.raises(NotFoundError), reading(hall.make) as session:
            training_for(session, training.id, stranger)
        with pytest.raises(NotFoundError):
            planned(hall, by=stranger, unit_path=hall.trainer.units[0].path, form_key="theirs")
        with pytest.raises(NotFoundError):
            give_seats(hall, training, hall.learner, by=stranger)
        with pytest.raises(NotFoundError):
            put_right(hall, part, 0, by=stranger)
    with pytest.raises(NotFoundError):
        give_seats(hall, training, hall.stranger)
    with reading(hall.make) as session:
        for me, count in ((hall.trainer, 1), (hall.second, 1), (hall.stranger, 0)):
            assert len(trainings_of(session, me, [COURSE])) == count


def test_newer_sessions_elsewhere_hide_nobody_s_own(hall: Hall) -> None:
    training = planned(hall)
    with writing(hall.make) as session:
        elsewhere = hall.stranger.units[0].id
        for number in range(LISTED + 5):
            about = {"course": COURSE, "title": f"{number}", "place": "x", "unit_id": elsewhere, "capacity": 1}
            planning = {"planned_by": hall.trainer.person.id, "planned_at": NOW, "form_key": f"k{number}"}
            row = TrainingSession(**about, **planning, shows={}, level=3, framework="")
            row.parts = [TrainingPart(starts_at=NOW + HOUR, ends_at=OVER)]
            session.add(row)
    with reading(hall.make) as session:
        assert [each.id for each in trainings_of(session, hall.trainer, [COURSE])] == [training.id]


def test_the_latest_session_is_listed_first(hall: Hall) -> None:
    later = planned(hall, spans=(AFTERNOON,), form_key="later")
    earlier = planned(hall, spans=(MORNING,))
    with reading(hall.make) as session:
        assert [each.id for each in trainings_of(session, hall.trainer, [COURSE])] == [later.id, earlier.id]


def test_when_all_seats_are_taken_nobody_more_signs_in(hall: Hall) -> None:
    training = planned(hall, capacity=1, spans=(MORNING,))
    (part,) = part_ids(hall, training)
    scan(hall, part)
    with pytest.raises(BadInputError, match="坐不下"):
        scan(hall, part, me=hall.neighbour)
    with pytest.raises(BadInputError, match="坐不下"):
        give_seats(hall, training, hall.neighbour)
    scan(hall, part, seen=NOW + HOUR)  # who has a seat still comes in


def test_a_roster_is_made_by_name_and_who_was_there_stays_on_it(hall: Hall) -> None:
    training = planned(hall, spans=(MORNING,))
    (part,) = part_ids(hall, training)
    with reading(hall.make) as session:
        row = training_for(session, training.id, hall.trainer)
        assert [each.name for each in to_seat(session, row, hall.trainer, "秀英", NOW)] == ["林秀英"]
        assert to_seat(session, row, hall.trainer, "黄老师", NOW) == []
    assert give_seats(hall, training, hall.learner, hall.neighbour) == 2
    assert give_seats(hall, training, hall.neighbour) == 0
    scan(hall, part)
    with writing(hall.make) as session:
        unseat(session, training.id, hall.neighbour.person.id, hall.trainer, NOW)
    with pytest.raises(BadInputError, match="签过到"), writing(hall.make) as session:
        unseat(session, training.id, hall.learner.person.id, hall.trainer, NOW)
    with reading(hall.make) as session:
        assert [each.id for each in roster(session, training_for(session, training.id, hall.trainer))] == [hall.learner.person.id]


def test_a_correction_after_settling_takes_back_what_it_shows_and_says_why(hall: Hall) -> None:
    training = planned(hall, spans=(MORNING,))
    (part,) = part_ids(hall, training)
    scan(hall, part)
    ticked(hall, training)
    settled(hall, training)
    put_right(hall, part, 60)
    assert standing(hall) == []
    with reading(hall.make) as session:
        taken = session.scalars(select(EvidenceRetraction)).one()
        assert (taken.reason, taken.retracted_by, taken.evidence_id) == (BECAUSE, hall.trainer.person.id, evidence(hall)[0].id)
        rows = rolls_of(session, training_for(session, training.id, hall.trainer))[hall.learner.person.id]
        assert attended(training_for(session, training.id, hall.trainer), rows).percent == 33
        assert differences(session, hall.rulebook.framework, TODAY) == []
    put_right(hall, part, 170, "原来记错了，他后来回来了")
    assert standing(hall) == [(Kind.OS, ALL)]
    assert [each.source for each in evidence(hall)] == [source(hall, training), f"{source(hall, training)}:2"]
    assert counted(hall) == 3, "what was written down before stays"


def test_ticks_put_right_after_settling_withdraw_and_say_anew(hall: Hall) -> None:
    training = planned(hall, spans=(MORNING,))
    scan(hall, part_ids(hall, training)[0])
    ticked(hall, training)
    settled(hall, training)
    with pytest.raises(BadInputError, match="为什么"):
        ticked(hall, training, ALL - {"C5.2.d"})
    ticked(hall, training, ALL - {"C5.2.d"}, reason="看录像更正，这一项没有做到")
    assert standing(hall) == [(Kind.OS, ALL - {"C5.2.d"})]
    ticked(hall, training, ALL - {"C5.2.d"})  # the same again asks for no reason and changes nothing
    assert len(evidence(hall)) == 2
    with reading(hall.make) as session:
        assert session.scalar(select(func.count()).select_from(SeenRow)) == 2


def test_a_certificate_that_rested_on_it_goes_before_an_administrator_and_comes_back(hall: Hall) -> None:
    training = planned(hall, spans=(MORNING,))
    (part,) = part_ids(hall, training)
    scan(hall, part)
    ticked(hall, training)
    settled(hall, training)
    with writing(hall.make) as session:
        certify(session, hall.learner.person, hall.rulebook)
        rows = select(EvidenceRow).where(EvidenceRow.source == f"test:{hall.learner.person.id}:OS:C5.2")
        session.scalars(rows).one().level = 2  # so that the certificate rests on the session
    put_right(hall, part, 0)
    with reading(hall.make) as session:
        assert session.scalars(select(CertificateDoubt)).one().why == BECAUSE
    put_right(hall, part, 180, "原来的更正是看错了人")
    with reading(hall.make) as session:
        assert session.scalars(select(CertificateDoubt)).all() == []


def test_nobody_ticks_themselves_or_who_has_no_seat_or_what_is_not_seen_here(hall: Hall) -> None:
    training = planned(hall, by=hall.second, spans=(MORNING,))
    give_seats(hall, training, hall.trainer, hall.learner, by=hall.second)
    with pytest.raises(NotFoundError):
        ticked(hall, training, me=hall.trainer, by=hall.trainer)
    with pytest.raises(NotFoundError):
        ticked(hall, training, me=hall.neighbour, by=hall.second)
    with pytest.raises(BadInputError):
        ticked(hall, training, frozenset({"C5.4.a"}), by=hall.second)


def test_planned_twice_it_is_one_and_another_s_form_is_not_mine(hall: Hall) -> None:
    assert planned(hall).id == planned(hall).id
    with pytest.raises(NotFoundError):
        planned(hall, by=hall.second)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        pytest.param({"title": "课"}, "叫什么", id="a name too short"),
        pytest.param({"place": ""}, "在哪里", id="nowhere"),
        pytest.param({"capacity": 0}, "位子", id="no seats"),
        pytest.param({"level": 4}, "情形", id="a level no session shows"),
        pytest.param({"shows": {}}, "至少一项", id="nothing to see"),
        pytest.param({"shows": {"C1.2": frozenset({"C1.2.a"})}}, "不能用实训", id="a competency no session shows"),
        pytest.param({"shows": {"C5.2": frozenset({"C5.4.a"})}}, "不能用实训", id="an indicator of another competency"),
        pytest.param({"spans": ()}, "至少一段", id="no time"),
        pytest.param({"spans": (Span(NOW, NOW),)}, "每一段", id="it ends as it begins"),
        pytest.param({"spans": (Span(NOW, NOW + 13 * HOUR),)}, "每一段", id="too long"),
        pytest.param({"spans": (MORNING, Span(NOW + HOUR, NOW + 2 * HOUR))}, "重叠", id="two at once"),
        pytest.param({"spans": (Span(NOW - 90 * 24 * HOUR, NOW - 90 * 24 * HOUR + HOUR),)}, "太早", id="long ago"),
        pytest.param({"spans": (Span(NOW + 400 * 24 * HOUR, NOW + 400 * 24 * HOUR + HOUR),)}, "太早", id="far away"),
    ],
)
def test_a_session_that_makes_no_sense_is_not_planned(hall: Hall, changes: dict[str, object], says: str) -> None:
    with pytest.raises(BadInputError, match=says):
        planned(hall, **changes)


def test_called_off_it_takes_nobody_and_settled_it_is_not_called_off(hall: Hall) -> None:
    training = planned(hall, spans=(MORNING,))
    (part,) = part_ids(hall, training)
    with writing(hall.make) as session:
        call_off(session, training.id, hall.trainer, NOW)
    with pytest.raises(BadInputError, match="取消"):
        scan(hall, part)
    with pytest.raises(BadInputError, match="取消"):
        settled(hall, training)
    other = planned(hall, spans=(MORNING,), form_key="other")
    settled(hall, other)
    with pytest.raises(BadInputError, match="结算"), writing(hall.make) as session:
        call_off(session, other.id, hall.trainer, NOW)
    with pytest.raises(BadInputError, match="结算"):
        give_seats(hall, other, hall.learner)


def test_a_competency_the_framework_no_longer_has_is_kept_not_counted_and_stops_nothing(hall: Hall) -> None:
    training = planned(hall, spans=(MORNING,), shows={"C5.2": ALL, "C5.4": AID})
    (part,) = part_ids(hall, training)
    scan(hall, part)
    ticked(hall, training, ALL | AID)
    settled(hall, training)
    domains = tuple(
        replace(each, competencies=tuple(one for one in each.competencies if one.code != "C5.4"))
        for each in hall.rulebook.framework.domains
    )
    newer = replace(hall.rulebook, framework=replace(hall.rulebook.framework, version="2027.1", domains=domains))
    put_right(replace(hall, rulebook=newer), part, 0)
    assert standing(hall) == [(Kind.OS, AID)], "of C5.2 it was withdrawn; of C5.4 nothing can be said any more"
    with reading(hall.make) as session:
        assert differences(session, newer.framework, TODAY) == []


def crowd(hall: Hall, count: int) -> Iterable[Me]:
    with writing(hall.make) as session:
        county = County(session, people=500)
        people = [county.person(f"学员{number}", hall.learner.units[0]) for number in range(count)]
        return [find_me(session, each.staff_number, TODAY) for each in people]


def test_sixty_people_in_a_room_sign_in_at_once_and_each_once(hall: Hall) -> None:
    training = planned(hall, capacity=60, spans=(MORNING,))
    (part,) = part_ids(hall, training)
    people = list(crowd(hall, 61))

    def come(me: Me) -> bool:
        try:
            scan(hall, part, me=me)
        except BadInputError:
            return False
        return True

    with ThreadPoolExecutor(12) as pool:
        let_in = list(pool.map(come, people + people[:30]))
    assert (counted(hall), let_in.count(True) >= 60, let_in.count(False) >= 1) == (60, True, True)
