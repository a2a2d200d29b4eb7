"""A rubric with other rows: whoever was marked by the old one is marked again, and what follows from that follows then."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from banyan.domain.examination import State, mark_due
from banyan.domain.marking import Stage
from banyan.errors import NotAllowedError, NotYetError
from banyan.records.audit import AuditRow
from banyan.records.corrections import CorrectedResult
from banyan.records.engine import reading, writing
from banyan.records.examinations import Mark, Submission
from banyan.tracker import parity
from banyan.tracker.aftermath import aftermath, news_for
from banyan.tracker.attempts import sittings
from banyan.tracker.correcting import Choice, candidates
from banyan.tracker.doubts import doubts_under
from banyan.tracker.marking import MarkSheet, OvertakenError, mark, open_answer
from banyan.tracker.marking_queue import Waiting, pending
from banyan.tracker.marks import Spot
from banyan.tracker.people import Me
from tests.county import COURSE, NOW, TODAY
from tests.tracker.hall import Hall
from tests.tracker.second_release import of_its_own, publish_again
from tests.tracker.test_correcting import TOP, asked_at, certify, commit, evidence, grade_anew, held, look, proposal, sat


@pytest.fixture
def hall(hall: Hall, tmp_path: Path) -> Hall:
    return of_its_own(hall, tmp_path / "releases")


def with_a_row_more(hall: Hall, submission: Submission) -> tuple[str, int]:
    """Publish release 2, whose rubric has a row more, and return the question and the release."""
    question = asked_at(hall, submission, hall.slot_of("open"))
    rubric = json.loads(hall.exam.items[question].model_dump_json())["rubric"]
    more = {**rubric[0], "row": "写了几点几分", "points": 2}
    return question, publish_again(hall, {question: {"rubric": [*rubric, more]}})


def sent_back(hall: Hall, submission: Submission) -> str:
    question, release = with_a_row_more(hall, submission)
    commit(hall, proposal({question: Choice.AGAIN}, release))
    assert grade_anew(hall, submission)
    return question


def waiting(hall: Hall, me: Me | None = None) -> list[Waiting]:
    with reading(hall.make) as session:
        return pending(session, me or hall.trainer, hall.rulebook, NOW)


def opened(hall: Hall, submission: Submission, me: Me | None = None) -> Any:
    with reading(hall.make) as session:
        return open_answer(session, Spot(submission.id, hall.slot_of("open")), me or hall.trainer, hall.rulebook, NOW)


def test_a_rubric_with_other_rows_may_be_marked_again_and_one_with_the_same_number_converted_too(hall: Hall) -> None:
    submission = sat(hall, [], 4, 3, 2, 1)
    question, release = with_a_row_more(hall, submission)
    with reading(hall.make) as session:
        first = candidates(session, hall.rulebook, proposal({}, release))[0]
    assert (first.question, first.choices) == (question, (Choice.AGAIN, Choice.VOID))


def test_the_dry_run_says_how_many_go_back_and_changes_nothing(hall: Hall) -> None:
    submission = sat(hall, ["s01", "s02", "s03", "s04"], 4, 0, 0, 0)
    question, release = with_a_row_more(hall, submission)
    found = look(hall, proposal({question: Choice.AGAIN}, release))
    assert (found.touched, found.again, found.again_passed, found.changes) == (1, 1, 1, ())
    assert (hall.row(submission).state, hall.row(submission).score) == (State.GRADED, 82.0)


def test_it_comes_back_into_the_queue_without_its_marks_and_is_due_anew(hall: Hall) -> None:
    submission = sat(hall, ["s01", "s02", "s03", "s04"], 4, 0, 0, 0)
    rows = evidence(hall)
    sent_back(hall, submission)

    row = hall.row(submission)
    assert (row.state, row.passed, row.score, row.graded_at) == (State.UNMARKED, None, 78.0, None)
    assert held(hall)[hall.slot_of("open")] == 0
    assert evidence(hall) == rows  # nobody loses anything before it is marked
    (one,) = waiting(hall)
    assert (one.stage, one.due_on, one.overdue) == (Stage.FIRST, mark_due(TODAY), False)
    asked = opened(hall, submission)
    assert (len(asked.rubric), asked.marked, asked.final, asked.due_on) == (5, None, False, mark_due(TODAY))
    with reading(hall.make) as session:
        assert session.scalars(select(Mark)).all() == []
        detail = session.scalars(select(AuditRow).where(AuditRow.action == "exam.reopen")).one().detail
        (sitting,) = sittings(session, hall.learner.person.id, COURSE)
        assert (sitting.state, sitting.waits_since) == (State.UNMARKED, NOW)
    assert detail["marks"] == [f"{hall.slot_of('open')} first {hall.trainer.person.staff_number} 4"]


def test_what_it_comes_to_is_the_new_rubrics_and_the_learner_is_told(hall: Hall) -> None:
    submission = sat(hall, ["s01", "s02", "s03", "s04"], 1, 0, 0, 0)  # 79
    sent_back(hall, submission)
    with reading(hall.make) as session:
        assert news_for(session, hall.learner.person.id) == []  # there is nothing to read yet

    row = hall.mark(submission, 4, 0, 0, 0, 2)  # 6 of 12, where 5 of 10 would be 83
    assert (row.state, row.score, row.passed) == (State.GRADED, 83.0, True)
    assert held(hall)[hall.slot_of("open")] == 5.0
    with reading(hall.make) as session:
        attempt = session.get_one(Submission, submission.id).attempt
        assert [each.id for each in news_for(session, hall.learner.person.id)] == [attempt.id]
        told = aftermath(session, attempt.submission, hall.rulebook, NOW).corrected
        assert told
        assert (told.score_before, told.score_after, told.passed_before, told.passed_after) == (79.0, 83.0, False, True)
    found = parity.check(hall.make, hall.rulebook, hall.gradebooks, NOW)
    assert (found.checked, dict(found.differing)) == ((f"{submission.id}号答卷",), {})


def test_who_no_longer_passes_loses_evidence_by_the_correction_and_the_certificate_is_put_before_somebody(hall: Hall) -> None:
    submission = sat(hall, ["s01", "s02", "s03", "s04"], 4, 0, 0, 0)  # 82
    with writing(hall.make) as session:
        certify(hall, session)
    sent_back(hall, submission)
    with reading(hall.make) as session:
        assert doubts_under(session, [TOP], TODAY) == []

    row = hall.mark(submission, 1, 0, 0, 0, 0)
    assert (row.state, row.passed) == (State.GRADED, False)
    assert evidence(hall)[1] > 0
    with reading(hall.make) as session:
        (line,) = doubts_under(session, [TOP], TODAY)
        assert line.certificate.person_id == hall.learner.person.id


def test_who_has_the_answer_open_when_it_comes_back_marks_by_no_old_rubric(hall: Hall) -> None:
    submission = sat(hall, ["s01", "s02", "s03", "s04"], 1, 0, 0, 0)
    question = asked_at(hall, submission, hall.slot_of("open"))
    seen = opened(hall, submission).seen
    rubric = json.loads(hall.exam.items[question].model_dump_json())["rubric"]
    rubric[0]["row"] = "另一行"
    release = publish_again(hall, {question: {"rubric": rubric}})
    commit(hall, proposal({question: Choice.AGAIN}, release))
    sheet = MarkSheet(Spot(submission.id, hall.slot_of("open")), (1, 0, 0, 0), seen=seen)
    with pytest.raises(NotYetError), writing(hall.make) as session:
        mark(session, sheet, hall.trainer, hall.bench, NOW)
    assert grade_anew(hall, submission)
    with pytest.raises(OvertakenError), writing(hall.make) as session:
        mark(session, sheet, hall.trainer, hall.bench, NOW)


def test_points_may_change_once_more_after_it_was_marked_again(hall: Hall) -> None:
    submission = sat(hall, ["s01", "s02", "s03", "s04"], 1, 0, 0, 0)
    question = sent_back(hall, submission)
    hall.mark(submission, 4, 0, 0, 0, 2)
    course = hall.rulebook.catalogue.releases / COURSE
    rubric = json.loads((course / "2" / "private" / "exam.json").read_text(encoding="utf-8"))["items"][question]["rubric"]
    rubric[-1]["points"] = 4
    release = publish_again(hall, {question: {"rubric": rubric}}, 3)
    with reading(hall.make) as session:
        first = candidates(session, hall.rulebook, proposal({}, release))[0]
    assert first.choices == (Choice.KEY, Choice.AGAIN, Choice.VOID)
    commit(hall, proposal({question: Choice.KEY}, release))
    assert grade_anew(hall, submission)
    assert hall.row(submission).score == pytest.approx(78 + 10 * 8 / 14, abs=0.01)


def test_two_are_asked_again_where_two_are_asked(hall: Hall) -> None:
    submission = sat(hall, ["s01", "s02", "s03", "s04"], 1, 0, 0, 0)
    question, release = with_a_row_more(hall, submission)
    double = of_two(hall)
    commit(double, proposal({question: Choice.AGAIN}, release))
    assert grade_anew(double, submission)
    assert double.mark(submission, 4, 0, 0, 0, 2).state == State.UNMARKED
    assert waiting(double) == []
    assert [each.stage for each in waiting(double, double.second)] == [Stage.SECOND]
    assert double.mark(submission, 4, 0, 0, 0, 2, by=double.second).state == State.GRADED
    with pytest.raises(NotAllowedError):
        double.mark(submission, 0, 0, 0, 0, 0)


def of_two(hall: Hall) -> Hall:
    asking = tuple(replace(each, second_marker=COURSE in each.courses) for each in hall.rulebook.programmes)
    return replace(hall, rulebook=replace(hall.rulebook, programmes=asking))


def test_a_question_voided_while_it_waits_ends_the_waiting(hall: Hall) -> None:
    submission = sat(hall, ["s01", "s02", "s03", "s04"], 4, 0, 0, 0)
    question = sent_back(hall, submission)
    commit(hall, proposal({question: Choice.VOID}))
    assert grade_anew(hall, submission)
    assert (hall.row(submission).state, hall.row(submission).score) == (State.GRADED, 88.0)
    with reading(hall.make) as session:
        lines = session.scalars(select(CorrectedResult).order_by(CorrectedResult.correction_id)).all()
        assert [(each.score_after, each.passed_after) for each in lines] == [(88.0, True), (88.0, True)]
