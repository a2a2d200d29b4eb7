"""Sitting an exam: begin, answer, walk the drill, hand in."""

import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from banyan.courseware.exam import Form, draw
from banyan.domain.examination import GRACE, State
from banyan.errors import InvalidAnswerError, NotAllowedError, NotFoundError, NotYetError, TooLateError
from banyan.records import audit
from banyan.records.engine import reading, writing
from banyan.records.examinations import Answer, Attempt, Submission
from banyan.records.learning import StepDone
from banyan.tracker import exams
from banyan.tracker.attempts import sittings
from banyan.tracker.exams import Choice, Given, read, seed
from banyan.tracker.receipts import verify_receipt
from banyan.words.language import CHINESE, language
from grading import questions
from grading.questions import case
from grading.scoring import score_slot
from tests.county import COURSE, NOW
from tests.tracker.hall import Hall, right

LATE = timedelta(minutes=40) + GRACE + timedelta(seconds=1)
SECRETS = {"key", "feedback", "why", "hard_fail", "effects", "says", "next", "rubric", "indicators", "tolerance"}


def stored(hall: Hall, attempt: Attempt) -> dict[str, Any]:
    with reading(hall.make) as session:
        return {row.slot: (row.seq, row.value) for row in session.scalars(select(Answer).filter_by(attempt_id=attempt.id))}


def decide(hall: Hall, submission: Submission, state: State, passed: bool | None) -> None:
    with writing(hall.make) as session:
        row = session.get_one(Submission, submission.id)
        row.state, row.passed = state, passed


def names(found: Any) -> Iterator[str]:
    """Yield every name used anywhere in a piece of JSON."""
    if isinstance(found, dict):
        yield from found
        found = list(found.values())
    if isinstance(found, list):
        for each in found:
            yield from names(each)


def test_beginning_again_returns_the_attempt_under_way(hall: Hall) -> None:
    first = hall.begin()
    again = hall.begin(now=NOW + timedelta(minutes=5))

    assert (again.id, again.deadline_at) == (first.id, NOW + timedelta(minutes=40))


def test_two_taps_at_once_begin_one_attempt(hall: Hall) -> None:
    with ThreadPoolExecutor(8) as phones:
        begun = [each.id for each in phones.map(lambda _: hall.begin(), range(8))]

    assert len(set(begun)) == 1
    with reading(hall.make) as session:
        assert len(session.scalars(select(Attempt)).all()) == 1


def test_who_sits_again_walks_another_night(hall: Hall) -> None:
    nights = [hall.drill_of(begun_and_failed(hall, day)).id for day in (3, 2, 1)]

    assert sorted(nights) == sorted(hall.exam.blueprint.slots[-1].cases)


def begun_and_failed(hall: Hall, days_ago: int) -> Attempt:
    attempt = hall.begin(now=NOW - timedelta(days=days_ago))
    hall.grade(hall.hand_in(attempt, NOW - timedelta(days=days_ago)))
    return attempt


def test_an_attempt_is_drawn_by_its_seed_and_nobody_elses(hall: Hall) -> None:
    mine, theirs = hall.begin(), hall.begin(hall.neighbour)
    key = seed(hall.rulebook.attempt_key, hall.learner.person.handle, COURSE, mine.release, 1)

    assert Form.from_json(mine.form) == draw(hall.exam, key)
    assert mine.form != theirs.form


def test_the_paper_holds_no_key_anywhere(hall: Hall) -> None:
    attempt = hall.begin()
    with reading(hall.make) as session:
        paper = exams.paper(session, attempt.id, hall.learner, hall.rulebook)

    assert len(paper.slots) == len(hall.exam.seats)
    assert not SECRETS.intersection(names([each.question for each in paper.slots]))


def test_the_paper_brings_back_what_was_saved(hall: Hall) -> None:
    attempt = hall.begin()
    note = hall.slot_of("open")
    hall.give(attempt, note, "路断了。", seq=7)

    with reading(hall.make) as session:
        paper = exams.paper(session, attempt.id, hall.learner, hall.rulebook)

    kept = {each.slot: (each.value, each.seq) for each in paper.slots}
    assert kept.pop(note) == ("路断了。", 7)
    assert set(kept.values()) == {(None, 0)}


@pytest.mark.parametrize(
    "verb",
    [
        pytest.param(lambda s, a, me, h: exams.paper(s, a.id, me, h.rulebook), id="read"),
        pytest.param(lambda s, a, me, h: exams.save_answer(s, a.id, me, Given("s01", 1, "A"), h.rulebook, NOW), id="answer"),
        pytest.param(lambda s, a, me, h: exams.submit(s, a.id, me, h.rulebook, NOW), id="hand in"),
        pytest.param(lambda s, a, me, h: exams.case_state(s, a.id, me, h.slot_of("case"), h.rulebook), id="see the drill"),
        pytest.param(
            lambda s, a, me, h: exams.take_step(s, a.id, me, Choice(h.slot_of("case"), 1, "A"), h.rulebook, NOW), id="take a step"
        ),
    ],
)
def test_somebody_elses_attempt_does_not_exist(hall: Hall, verb: Any) -> None:
    attempt = hall.begin()

    with writing(hall.make) as session, pytest.raises(NotFoundError):
        verb(session, attempt, hall.neighbour, hall)

    assert stored(hall, attempt) == {}


def test_an_answer_on_its_way_when_time_ran_out_still_counts_a_later_one_does_not(hall: Hall) -> None:
    attempt = hall.begin()
    note = hall.slot_of("open")
    hall.give(attempt, note, "赶上了", seq=1, now=attempt.deadline_at + GRACE)

    with pytest.raises(TooLateError, match="10:40:00 结束，现在是 10:40:31"):
        hall.give(attempt, note, "晚了", seq=2, now=attempt.deadline_at + GRACE + timedelta(seconds=1))

    assert stored(hall, attempt) == {note: (1, "赶上了")}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 6), min_size=1, max_size=12))
def test_the_newest_answer_wins_in_whatever_order_they_arrive(hall: Hall, arrivals: list[int]) -> None:
    attempt = hall.begin()
    note = hall.slot_of("open")
    with writing(hall.make) as session:
        session.execute(delete(Answer))

    told = [hall.give(attempt, note, f"第{seq}稿", seq).seq for seq in arrivals]

    assert stored(hall, attempt) == {note: (max(arrivals), f"第{max(arrivals)}稿")}
    assert told == [max(arrivals[: place + 1]) for place in range(len(arrivals))]


@pytest.mark.parametrize(
    ("slot", "seq", "value", "error"),
    [
        pytest.param("s99", 1, "A", NotFoundError, id="no such slot"),
        pytest.param("s01", 1, "Z", InvalidAnswerError, id="no such option"),
        pytest.param("s01", 1, {"a": [[[[]]]]}, InvalidAnswerError, id="not an answer"),
        pytest.param("s01", 0, "A", InvalidAnswerError, id="count 0"),
        pytest.param("s01", True, "A", InvalidAnswerError, id="count true"),
        pytest.param("s01", 1.5, "A", InvalidAnswerError, id="count and a half"),
        pytest.param("s01", 2**60, "A", InvalidAnswerError, id="count beyond counting"),
        pytest.param("open", 1, "长" * 10_000_000, InvalidAnswerError, id="a flood"),
        pytest.param("first_report", 1, {"when": "a", "where": " " * 100_000}, InvalidAnswerError, id="a flood of nothing"),
        pytest.param("case", 1, ["A"], InvalidAnswerError, id="the drill all at once"),
    ],
)
def test_what_cannot_be_an_answer_is_refused_and_changes_nothing(
    hall: Hall, slot: str, seq: Any, value: Any, error: type[Exception]
) -> None:
    attempt = hall.begin()

    with pytest.raises(error):
        hall.give(attempt, slot if slot.startswith("s") else hall.slot_of(slot), value, seq)

    assert stored(hall, attempt) == {}


def test_every_right_answer_of_the_bank_is_kept_as_one(hall: Hall) -> None:
    for item in hall.exam.items.values():
        if not isinstance(item, case.Item) and questions.type_of(item).key(item) is not None:
            kept = json.loads(json.dumps(read(item, right(item))))
            assert score_slot(item, kept, 4.0) == 4.0, item.id


def test_what_nobody_can_see_is_taken_out_of_a_text(hall: Hall) -> None:
    attempt = hall.begin()
    note = hall.slot_of("open")
    hall.give(attempt, note, "\x00一\x1b[31m行\r\n```<script>\ud800\u202e")

    assert stored(hall, attempt)[note] == (1, "一[31m行\n```<script>\u202e")
    assert hall.hand_in(attempt).state == State.SUBMITTED


def test_a_blank_takes_back_an_answer(hall: Hall) -> None:
    attempt = hall.begin()
    note = hall.slot_of("open")
    hall.give(attempt, note, "写错了", seq=1)
    hall.give(attempt, note, "  ", seq=2)

    assert stored(hall, attempt) == {note: (2, None)}


def test_a_step_of_the_drill_sent_twice_is_taken_once_and_never_taken_back(hall: Hall) -> None:
    attempt, slot = hall.begin(), hall.slot_of("case")
    first, second = hall.step(attempt, slot, 1, "B"), hall.step(attempt, slot, 1, "B")

    assert first == second
    assert (first.next_number, len(first.taken)) == (2, 1)
    with pytest.raises(NotAllowedError):
        hall.step(attempt, slot, 1, "A")
    with pytest.raises(InvalidAnswerError):
        hall.step(attempt, slot, 3, "A")
    with pytest.raises(InvalidAnswerError):
        hall.step(attempt, slot, 2, "Z")


def test_what_a_choice_leads_to_is_told_only_after_it_is_taken(hall: Hall) -> None:
    attempt, slot = hall.begin(), hall.slot_of("case")
    item = hall.drill_of(attempt)
    with reading(hall.make) as session:
        before = exams.case_state(session, attempt.id, hall.learner, slot, hall.rulebook)
    after = hall.step(attempt, slot, 1, "B")

    assert not SECRETS.intersection([*names(before.shown), *names(after.shown)])
    coming = item.injects[str(item.injects[item.start].choices["B"].next)].text
    assert coming not in json.dumps(before.shown, ensure_ascii=False)
    assert after.shown["stem"] == coming
    assert after.taken[0].choice == item.injects[item.start].choices["B"].text


def test_a_drill_ends_and_takes_no_further_step(hall: Hall) -> None:
    attempt, slot = hall.begin(), hall.slot_of("case")
    path = case.key(hall.drill_of(attempt))
    state = [hall.step(attempt, slot, number, choice) for number, choice in enumerate(path, start=1)][-1]

    assert state.ended
    with pytest.raises(InvalidAnswerError):
        hall.step(attempt, slot, state.next_number, "A")


def test_handing_in_freezes_signs_and_is_done_once(hall: Hall) -> None:
    attempt = hall.begin()
    note = hall.slot_of("open")
    hall.give(attempt, note, "路断了。")
    first = hall.hand_in(attempt, NOW + timedelta(minutes=9))
    again = hall.hand_in(attempt, NOW + timedelta(minutes=10))

    assert (again.id, again.receipt) == (first.id, first.receipt)
    assert json.loads(first.frozen)["answers"] == {note: "路断了。"}
    receipt = verify_receipt(first.receipt, hall.rulebook.issuer)
    assert (receipt.digest, receipt.student) == (hashlib.sha256(first.frozen.encode()).hexdigest(), hall.learner.person.handle)
    assert receipt.handed_in == NOW + timedelta(minutes=9)
    with pytest.raises(TooLateError, match="已经交了"):
        hall.give(attempt, note, "再改一改", seq=2)
    with pytest.raises(TooLateError, match="已经交了"):
        hall.step(attempt, hall.slot_of("case"), 1, "B")


def test_two_taps_at_once_hand_in_once(hall: Hall) -> None:
    attempt = hall.begin()
    with ThreadPoolExecutor(8) as phones:
        handed_in = {each.receipt for each in phones.map(lambda _: hall.hand_in(attempt), range(8))}

    assert len(handed_in) == 1
    with reading(hall.make) as session:
        rows = session.scalars(select(audit.AuditRow.action)).all()
        assert rows == ["exam.begin", "exam.submit"]
        assert audit.verify(session) == 2


def test_when_time_is_up_what_was_saved_is_handed_in(hall: Hall) -> None:
    attempt, theirs = hall.begin(), hall.begin(hall.neighbour, NOW + timedelta(minutes=20))
    note = hall.slot_of("open")
    hall.give(attempt, note, "写到一半")
    with writing(hall.make) as session:
        closed = [exams.close_overdue(session, hall.rulebook, NOW + LATE) for _ in range(2)]

    assert closed == [1, 0]
    with reading(hall.make) as session:
        (row,) = session.scalars(select(Submission))
        assert (row.attempt_id, row.submitted_at) == (attempt.id, attempt.deadline_at)
        assert json.loads(row.frozen)["answers"] == {note: "写到一半"}
        assert session.get_one(Attempt, theirs.id).submitted_at is None
        assert session.scalars(select(audit.AuditRow.actor).filter_by(action="exam.submit")).all() == ["clock"]


def test_who_comes_back_after_time_is_up_finds_their_attempt_handed_in(hall: Hall) -> None:
    attempt = hall.begin()
    found = hall.begin(now=NOW + LATE)

    assert (found.id, found.submitted_at) == (attempt.id, attempt.deadline_at)
    assert hall.hand_in(attempt, NOW + LATE).submitted_at == attempt.deadline_at


@pytest.mark.parametrize(
    ("state", "passed", "hours", "why"),
    [
        pytest.param(State.SUBMITTED, None, 1, "还没有批完", id="waits for its grade"),
        pytest.param(State.FAILED_TO_GRADE, None, 1, "还没有批完", id="is stuck"),
        pytest.param(State.GRADED, False, 11, "11月23日 22:00 以后", id="cools down"),
        pytest.param(State.GRADED, True, 100, "已经通过", id="is passed"),
    ],
)
def test_no_attempt_begins_while(hall: Hall, state: State, passed: bool | None, hours: int, why: str) -> None:
    decide(hall, hall.hand_in(hall.begin()), state, passed)

    with pytest.raises(NotYetError) as refused:
        hall.begin(now=NOW + timedelta(hours=hours))
    assert why in language(CHINESE).say(refused.value.message, **refused.value.params)


def test_after_the_cool_down_another_form_is_drawn_until_all_attempts_are_used(hall: Hall) -> None:
    forms = []
    for day in range(3):
        attempt = hall.begin(now=NOW + timedelta(days=day))
        forms.append(json.dumps(attempt.form))
        decide(hall, hall.hand_in(attempt, NOW + timedelta(days=day)), State.GRADED, False)

    assert len(set(forms)) == 3
    with pytest.raises(NotYetError, match="次数已经用完"):
        hall.begin(now=NOW + timedelta(days=9))
    with reading(hall.make) as session:
        found = sittings(session, hall.learner.person.id, COURSE)
    assert [each.state for each in found] == [State.GRADED] * 3


def test_lessons_come_before_the_exam_and_the_next_one_is_named(hall: Hall) -> None:
    first, second = hall.rulebook.catalogue.newest(COURSE).lessons[:2]
    with writing(hall.make) as session, pytest.raises(NotYetError, match=f"请先学完“{first.title.zh}”"):
        exams.begin(session, COURSE, hall.learner, hall.rulebook, NOW)
    hall.learn()
    with writing(hall.make) as session:
        session.execute(delete(StepDone).where(StepDone.lesson == second.name, StepDone.step == second.steps[-1].name))
    with writing(hall.make) as session, pytest.raises(NotYetError, match=f"请先学完“{second.title.zh}”"):
        exams.begin(session, COURSE, hall.learner, hall.rulebook, NOW)
    with reading(hall.make) as session:
        assert session.scalars(select(Attempt)).all() == []


def test_an_attempt_under_way_is_resumed_whatever_the_course_has_gained(hall: Hall) -> None:
    attempt = hall.begin()
    with writing(hall.make) as session:
        session.execute(delete(StepDone))
        assert exams.begin(session, COURSE, hall.learner, hall.rulebook, NOW).id == attempt.id
