"""A second look: once, for a reason, until a day; by somebody else where there is one; it raises points or leaves them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from banyan.errors import BadInputError, NotAllowedError, NotFoundError, NotYetError
from banyan.records import audit
from banyan.records.competence import EvidenceRow
from banyan.records.engine import reading, writing
from banyan.records.examinations import Submission
from banyan.records.marking import Appeal
from banyan.records.people import Person
from banyan.tracker.appeals import Decision, ask, decide, open_appeal, prospect, waiting_appeals
from banyan.tracker.oversight import oversight
from banyan.tracker.people import Me
from grading.bridge.gradebook import Course, scores
from tests.county import COURSE, LONG_AGO, NOW, TODAY
from tests.tracker.hall import Hall

FULL = (4.0, 3.0, 2.0, 1.0)


@pytest.fixture
def failed(hall: Hall) -> Submission:
    """79 points: the note was given one of ten."""
    submission = hall.sat(leave=["s01", "s02", "s03", "s04"])
    hall.grade(submission)
    return hall.mark(submission, 1, 0, 0, 0, comment="太短")


def request(hall: Hall, submission: Submission, reason: str = "四样都写了", days: int = 0) -> Appeal:
    with writing(hall.make) as session:
        return ask(session, submission.attempt_id, reason, hall.learner, hall.rulebook, NOW + timedelta(days=days))


def answer(hall: Hall, submission: Submission, by: Me, *rows: float, words: str = "第二行该给分") -> Appeal:
    given = Decision(bool(rows), {hall.slot_of("open"): rows}, words)
    with writing(hall.make) as session:
        return decide(session, submission.id, given, by, hall.bench, NOW)


def queue(hall: Hall, me: Me, days: int = 0) -> list[tuple[int, bool]]:
    with reading(hall.make) as session:
        found = waiting_appeals(session, me, TODAY + timedelta(days=days))
    return [(each.appeal.submission_id, each.overdue) for each in found]


def evidence(hall: Hall) -> list[str]:
    with reading(hall.make) as session:
        return sorted({row.kind for row in session.scalars(select(EvidenceRow))})


def test_it_goes_to_a_trainer_who_has_not_marked_it(hall: Hall, failed: Submission) -> None:
    request(hall, failed)
    assert queue(hall, hall.second) == [(failed.id, False)]
    assert queue(hall, hall.trainer) == queue(hall, hall.stranger) == queue(hall, hall.learner) == []
    with pytest.raises(NotAllowedError, match="另一位老师"):
        answer(hall, failed, hall.trainer, *FULL)


def test_where_there_is_only_one_trainer_it_goes_to_them(hall: Hall, failed: Submission) -> None:
    request(hall, failed)
    with writing(hall.make) as session:
        session.get_one(Person, hall.second.person.id).left_on = LONG_AGO
    assert queue(hall, hall.trainer) == [(failed.id, False)]
    assert answer(hall, failed, hall.trainer, *FULL).changed


def test_a_raised_mark_goes_into_gradebook_result_and_evidence(hall: Hall, failed: Submission) -> None:
    assert evidence(hall) == ["SIM"]
    request(hall, failed)
    appeal = answer(hall, failed, hall.second, *FULL)

    row = hall.row(failed)
    assert (row.score, row.passed, evidence(hall)) == (88.0, True, ["OA", "SIM"])
    held = scores(Course(hall.gradebooks / COURSE), "exam-r1-t1", hall.learner.person.handle)
    assert held[hall.slot_of("open")].points == 10
    assert (appeal.changed, appeal.before, appeal.after) == (True, {"s18": 1.0}, {"s18": 10.0})
    with reading(hall.make) as session:
        acts = [each.action for each in session.scalars(select(audit.AuditRow))]
    assert {"appeal.ask", "appeal.answer"} <= set(acts)


def test_what_is_kept_changes_nothing_and_says_why(hall: Hall, failed: Submission) -> None:
    request(hall, failed)
    appeal = answer(hall, failed, hall.second, words="原来的分合适")
    assert (appeal.changed, appeal.answer, hall.row(failed).score) == (False, "原来的分合适", 79.0)
    assert queue(hall, hall.second) == []


NOT_TAKEN = [
    ((0, 0, 0, 0), "少了", "不能比原来低"),
    ((1, 0, 0, 0), "一样", "和原来一样"),
    ((5, 0, 0, 0), "多了", "0 到 4 分"),
    ((4, 3, 2), "少一行", "4 行"),
    (FULL, " ", "请写一句答复"),
]


def test_it_never_lowers_and_always_answers(hall: Hall, failed: Submission) -> None:
    request(hall, failed)
    for rows, words, fault in NOT_TAKEN:
        with pytest.raises(BadInputError, match=fault):
            answer(hall, failed, hall.second, *rows, words=words)
    held = scores(Course(hall.gradebooks / COURSE), "exam-r1-t1", hall.learner.person.handle)
    assert held[hall.slot_of("open")].points == 1
    assert hall.row(failed).score == 79.0


def test_answered_twice_the_first_answer_stands(hall: Hall, failed: Submission) -> None:
    request(hall, failed)
    answer(hall, failed, hall.second, words="原来的分合适")
    assert answer(hall, failed, hall.second, *FULL).changed is False
    assert hall.row(failed).score == 79.0


def test_it_is_asked_for_once_in_time_and_by_whoever_sat(hall: Hall, failed: Submission) -> None:
    with pytest.raises(NotYetError, match="11-30"):
        request(hall, failed, days=8)
    with pytest.raises(BadInputError):
        request(hall, failed, reason=" ")
    with pytest.raises(NotFoundError), writing(hall.make) as session:
        ask(session, failed.attempt_id, "帮个忙", hall.neighbour, hall.rulebook, NOW)
    request(hall, failed, days=7)
    with pytest.raises(NotYetError, match="只能一次"):
        request(hall, failed)


def test_whoever_passed_or_waits_has_nothing_to_ask_for(hall: Hall) -> None:
    submission = hall.sat()
    hall.grade(submission)
    with pytest.raises(NotYetError, match="还没有出来"):
        request(hall, submission)
    hall.mark(submission, *FULL)
    with pytest.raises(NotYetError, match="已经通过"):
        request(hall, submission)


def test_the_learner_reads_until_when_they_may_ask(hall: Hall, failed: Submission) -> None:
    with reading(hall.make) as session:
        row = session.get_one(Submission, failed.id)
        assert prospect(session, row, hall.rulebook, TODAY).until == TODAY + timedelta(days=7)
        assert prospect(session, row, hall.rulebook, TODAY + timedelta(days=8)).until is None


def test_overdue_ones_lead_and_the_administrator_sees_them(hall: Hall, failed: Submission) -> None:
    request(hall, failed)
    assert queue(hall, hall.second, days=30) == [(failed.id, True)]
    with reading(hall.make) as session:
        late = oversight(session, ["/399901000000/"], hall.rulebook, NOW + timedelta(days=30)).appeals
        assert [each.appeal.submission_id for each in late] == [failed.id]
        assert oversight(session, ["/399901000000/"], hall.rulebook, NOW).appeals == ()


def test_to_trainers_of_elsewhere_it_is_not_there(hall: Hall, failed: Submission) -> None:
    request(hall, failed)
    for me in (hall.stranger, hall.learner):
        with pytest.raises(NotFoundError), reading(hall.make) as session:
            open_appeal(session, failed.id, me, hall.rulebook, TODAY)
    with reading(hall.make) as session:
        (seen,) = open_appeal(session, failed.id, hall.second, hall.rulebook, TODAY).answers
        assert (seen.points, seen.rows, seen.comment) == (1.0, (1, 0, 0, 0), "太短")
