"""Grading with the real nbgrader: once, whoever is killed, and with the gradebook and the answers of one mind."""

import csv
import hashlib
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from sqlalchemy import func, select

from banyan.courseware.assignment import source_notebook
from banyan.domain.calendar import county_day
from banyan.domain.certification import Need, missing
from banyan.domain.examination import State
from banyan.domain.framework import Kind
from banyan.errors import NotFoundError
from banyan.records import audit
from banyan.records.competence import EvidenceRow
from banyan.records.engine import reading, writing
from banyan.records.examinations import Submission
from banyan.tracker.grade import grade, put_back
from banyan.tracker.outcome import SlotResult
from banyan.tracker.standing import differences, evidence_of
from banyan.words.kept import Kept
from grading.bridge.gradebook import NOTEBOOK, Course, assignment_name, ensure_assignment
from grading.questions import case
from tests.county import COURSE, NOW
from tests.tracker.hall import Hall

FORK = multiprocessing.get_context("fork")
Process = multiprocessing.process.BaseProcess


def evidence(hall: Hall) -> list[tuple[str, str, int]]:
    with reading(hall.make) as session:
        rows = session.scalars(select(EvidenceRow).order_by(EvidenceRow.id))
        return [(row.kind, row.competency, row.level) for row in rows]


def worker(hall: Hall, submission: Submission) -> Process:
    """Start a grader of its own for one submission, as the queue would."""

    def work() -> None:
        hall.make.kw["bind"].dispose(close=False)
        grade(hall.make, submission.id, hall.rulebook, hall.gradebooks, NOW)

    process = FORK.Process(target=work)
    process.start()
    return process


def graded_times(hall: Hall, submission: Submission) -> int:
    subject = f"submission:{submission.id}"
    with reading(hall.make) as session:
        query = select(func.count()).select_from(audit.AuditRow).filter_by(action="exam.grade", subject=subject)
        return session.scalar(query) or 0


def test_an_exam_waits_for_its_written_answer_and_shows_nothing_before(hall: Hall) -> None:
    submission = hall.sat()

    assert hall.grade(submission) is State.UNMARKED
    row = hall.row(submission)
    assert (row.score, row.total, row.passed, row.tries) == (90.0, 100.0, None, 1)
    assert [each.slot for each in SlotResult.read(row.scores) if each.needs_mark] == [hall.slot_of("open")]
    assert evidence(hall) == []


def test_who_passes_with_the_best_drill_lacks_only_the_practical(hall: Hall) -> None:
    submission = hall.sat()
    hall.grade(submission)
    hall.mark(submission, 4, 3, 2, 1)

    row = hall.row(submission)
    assert (row.state, row.score, row.passed, row.hard_fail) == (State.GRADED, 100.0, True, None)
    with reading(hall.make) as session:
        shown = evidence_of(session, hall.learner.person.id)
        gaps = missing(hall.rulebook.programme("ER-T1"), hall.rulebook.framework, shown, county_day(NOW))
        assert [(gap.competency, gap.need) for gap in gaps] == [("C5.2", Need.PRACTICAL)]
        assert differences(session, hall.rulebook.framework, county_day(NOW)) == []
        grader = session.scalars(select(EvidenceRow.grader).distinct()).all()
    assert grader == ["nbgrader 0.9.6"]


def test_an_exam_left_blank_is_graded_at_once_and_not_passed(hall: Hall) -> None:
    submission = hall.hand_in(hall.begin())

    assert hall.grade(submission) is State.GRADED
    row = hall.row(submission)
    assert (row.score, row.passed) == (0.0, False)
    assert evidence(hall) == []


def path_where(item: case.Item, wanted: Callable[[case.Item, tuple[str, ...]], bool]) -> tuple[str, ...]:
    """Return a whole way through a drill of which something holds."""
    ways: list[tuple[str, ...]] = [()]
    while ways:
        way = ways.pop()
        here = case.situation(item, way)
        if here is None and wanted(item, way):
            return way
        ways += [(*way, choice) for choice in here.choices] if here else []
    raise AssertionError("no such way")


def test_a_drill_below_its_floor_fails_an_exam_whose_total_would_pass(hall: Hall) -> None:
    def middling(item: case.Item, way: tuple[str, ...]) -> bool:
        scored = case.score(item, way)
        return not scored.hard_fail and 0.5 < scored.fraction < 0.79

    submission = hall.sat(path=lambda item: path_where(item, middling))
    hall.grade(submission)
    hall.mark(submission, 4, 3, 2, 1)

    row = hall.row(submission)
    assert row.score is not None
    assert row.score > 80
    assert (row.passed, row.hard_fail) == (False, None)
    assert evidence(hall) == []


def test_what_is_unforgivable_fails_an_exam_whose_points_would_pass(hall: Hall) -> None:
    def lost(item: case.Item, way: tuple[str, ...]) -> bool:
        scored = case.score(item, way)
        return bool(scored.hard_fail) and scored.fraction > 0.5

    submission = hall.sat(path=lambda item: path_where(item, lost))
    hall.grade(submission)
    hall.mark(submission, 4, 3, 2, 1)

    row = hall.row(submission)
    assert row.score is not None
    assert row.score > 80
    assert row.passed is False
    assert row.hard_fail
    assert evidence(hall) == []


def test_a_drill_passed_in_a_failed_exam_is_shown_all_the_same(hall: Hall) -> None:
    everything = [seat.name for seat in hall.exam.seats]
    hall.grade(hall.sat(leave=everything))

    assert {kind for kind, _, _ in evidence(hall)} == {Kind.SIM}


def test_grading_again_changes_nothing(hall: Hall) -> None:
    submission = hall.sat(leave=[hall.slot_of("open")])
    hall.grade(submission)
    first, shown = hall.row(submission), evidence(hall)

    assert [hall.grade(submission) for _ in range(2)] == [State.GRADED, State.GRADED]
    again = hall.row(submission)
    assert (again.scores, again.graded_at, again.tries, again.passed) == (first.scores, first.graded_at, 1, True)
    assert evidence(hall) == shown
    assert graded_times(hall, submission) == 1


@pytest.mark.parametrize("step", ["submitted", "autograded"])
def test_a_worker_killed_midway_leaves_work_that_is_done_once(hall: Hall, step: str) -> None:
    submission = hall.sat(leave=[hall.slot_of("open")])
    folder = hall.gradebooks / COURSE / step / hall.learner.person.handle
    doomed = worker(hall, submission)
    until = time.monotonic() + 20
    while not folder.exists() and time.monotonic() < until:
        time.sleep(0.001)
    assert doomed.pid
    os.kill(doomed.pid, signal.SIGKILL)
    doomed.join(10)
    assert doomed.exitcode == -signal.SIGKILL
    assert (hall.row(submission).state, hall.row(submission).tries, evidence(hall)) == (State.SUBMITTED, 1, [])

    assert hall.grade(submission) is State.GRADED
    assert (hall.row(submission).score, hall.row(submission).tries) == (90.0, 2)
    assert graded_times(hall, submission) == 1
    assert len(evidence(hall)) == len(set(evidence(hall))) > 0


def test_two_workers_on_one_submission_grade_it_once(hall: Hall) -> None:
    submission = hall.sat(leave=[hall.slot_of("open")])
    workers = [worker(hall, submission) for _ in range(3)]
    for each in workers:
        each.join(60)

    assert [each.exitcode for each in workers] == [0, 0, 0]
    assert (hall.row(submission).state, hall.row(submission).tries) == (State.GRADED, 1)
    assert graded_times(hall, submission) == 1


def test_two_workers_on_one_gradebook_do_not_disturb_each_other(hall: Hall) -> None:
    both = [hall.sat(), hall.sat(hall.neighbour)]
    workers = [worker(hall, each) for each in both]
    for each in workers:
        each.join(60)

    assert [(hall.row(each).state, hall.row(each).score, hall.row(each).fault) for each in both] == [
        (State.UNMARKED, 90.0, None)
    ] * 2


def test_answers_changed_after_they_were_signed_for_are_not_graded(hall: Hall) -> None:
    submission = hall.sat()
    with writing(hall.make) as session:
        row = session.get_one(Submission, submission.id)
        row.frozen = row.frozen.replace("待核", "属实")

    assert [hall.grade(submission) for _ in range(4)] == [State.SUBMITTED, State.SUBMITTED, *[State.FAILED_TO_GRADE] * 2]
    assert "对不上" in (hall.row(submission).fault or "")


def test_a_submission_that_takes_its_workers_down_ends_as_stuck_until_it_is_put_back(hall: Hall) -> None:
    submission = hall.sat()
    with writing(hall.make) as session:
        session.get_one(Submission, submission.id).tries = 3

    assert hall.grade(submission) is State.FAILED_TO_GRADE
    assert "连续 3 次中断" in str(Kept.read(hall.row(submission).fault or ""))
    with writing(hall.make) as session:
        put_back(session, submission.id, hall.trainer, NOW)
    assert hall.grade(submission) is State.UNMARKED
    assert hall.row(submission).fault is None


def stuck(hall: Hall) -> Submission:
    submission = hall.sat()
    with writing(hall.make) as session:
        row = session.get_one(Submission, submission.id)
        row.state, row.tries, row.fault = State.FAILED_TO_GRADE, 3, "成绩册打不开"
    return submission


def test_putting_back_is_written_down_with_what_was_wrong_and_done_once(hall: Hall) -> None:
    submission = stuck(hall)
    for _ in range(2):
        with writing(hall.make) as session:
            put_back(session, submission.id, hall.trainer, NOW)

    with reading(hall.make) as session:
        (row,) = session.scalars(select(audit.AuditRow).where(audit.AuditRow.action == "exam.put_back"))
        assert (row.actor, row.subject) == (hall.trainer.person.staff_number, f"submission:{submission.id}")
        assert audit.without_salt(row.detail) == {"fault": "成绩册打不开"}
    assert (hall.row(submission).state, hall.row(submission).tries) == (State.SUBMITTED, 0)


@pytest.mark.parametrize("who", ["stranger", "learner", "neighbour"])
def test_to_others_a_stuck_submission_is_not_there(hall: Hall, who: str) -> None:
    submission = stuck(hall)
    for number in (submission.id, 99999):
        with writing(hall.make) as session, pytest.raises(NotFoundError, match="没有找到，或者不归您管"):
            put_back(session, number, getattr(hall, who), NOW)
    assert hall.row(submission).state == State.FAILED_TO_GRADE


def test_what_is_graded_is_not_put_back(hall: Hall) -> None:
    submission = hall.sat()
    hall.grade(submission)
    with writing(hall.make) as session:
        put_back(session, submission.id, hall.trainer, NOW)
    assert hall.row(submission).state == State.UNMARKED


def test_a_gradebook_that_says_something_else_is_not_believed(hall: Hall) -> None:
    course, honest = Course(hall.gradebooks / COURSE), source_notebook(hall.exam, "exam-r1-t1")
    doctored = source_notebook(hall.exam, "exam-r1-t1")
    doctored.cells[1].metadata["nbgrader"]["points"] = 99.0
    ensure_assignment(course, "exam-r1-t1", doctored)
    (course.root / "made" / "exam-r1-t1").write_text(hashlib.sha256(nbformat.writes(honest).encode()).hexdigest())
    submission = hall.hand_in(hall.begin())

    hall.grade(submission)

    row = hall.row(submission)
    assert (row.state, row.scores) == (State.SUBMITTED, None)
    assert "s01" in (row.fault or "")


def test_nbgrader_exports_the_scores_the_records_hold(hall: Hall) -> None:
    mine, theirs = hall.sat(), hall.sat(hall.neighbour, leave=["s01", "s02", hall.slot_of("open")])
    hall.grade(mine)
    hall.grade(theirs)
    hall.mark(mine, 3, 2.5, 0, 1, comment="人数写准了")
    _nbgrader(hall, "export", "--to", "out.csv")

    exported = csv.DictReader((hall.gradebooks / COURSE / "out.csv").read_text().splitlines())
    rows = {each["student_id"]: (float(each["score"]), float(each["max_score"])) for each in exported}
    held = {each.attempt.person.handle: each for each in _rows(hall)}
    assert rows == {handle: (row.score, row.total) for handle, row in held.items()}
    assert rows[hall.learner.person.handle] == (96.5, 100.0)
    assert rows[hall.neighbour.person.handle][0] == 84.0


def test_nbgrader_makes_its_feedback_on_a_sitting(hall: Hall) -> None:
    submission = hall.sat()
    hall.grade(submission)
    hall.mark(submission, 3, 2.5, 0, 1, comment="人数写准了")

    _nbgrader(hall, "generate_feedback", assignment_name(1, 1))

    page = hall.gradebooks / COURSE / "feedback" / hall.learner.person.handle / assignment_name(1, 1) / f"{NOTEBOOK}.html"
    shown = page.read_text(encoding="utf-8")
    assert "人数写准了" in shown
    assert "Score: 96.5 / 100.0" in shown


def _nbgrader(hall: Hall, *command: str) -> None:
    """Run nbgrader's own command on the course."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    whole = [sys.executable, "-m", "nbgrader", *command]
    subprocess.run(whole, cwd=hall.gradebooks / COURSE, env=os.environ | {"PATH": path}, check=True, timeout=120)


def _rows(hall: Hall) -> list[Submission]:
    with reading(hall.make) as session:
        rows = session.scalars(select(Submission)).all()
        assert all(row.attempt.person.handle for row in rows)
        return list(rows)
