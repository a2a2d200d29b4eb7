"""Marking written answers: who sees which, until when, and what a mark does to gradebook, result and evidence."""

from datetime import datetime, timedelta
from typing import Any

import nbformat
import pytest
from sqlalchemy import select

from banyan.domain.examination import State
from banyan.errors import BadInputError, NotAllowedError, NotFoundError, NotYetError
from banyan.records import audit
from banyan.records.competence import EvidenceRow
from banyan.records.engine import reading
from banyan.records.examinations import Mark
from banyan.tracker.marking import MarkSheet, mark, open_answer
from banyan.tracker.marking_queue import pending
from banyan.tracker.marks import Spot
from banyan.tracker.people import Me
from grading.bridge.gradebook import Course, scores
from tests.county import COURSE, NOW
from tests.tracker.hall import NOTE, Hall

HOSTILE = "```\n````text\n</code><script>alert(1)</script>\n# 标题\n~~~\n![x](http://198.51.100.1/x.png)"


@pytest.fixture
def note(hall: Hall) -> str:
    return hall.slot_of("open")


def waiting(hall: Hall, me: Me, now: datetime = NOW) -> list[Spot]:
    with reading(hall.make) as session:
        return [each.spot for each in pending(session, me, hall.rulebook, now)]


def read(hall: Hall, spot: Spot, me: Me) -> Any:
    with reading(hall.make) as session:
        return open_answer(session, spot, me, hall.rulebook, NOW)


def test_trainers_see_what_waits_in_their_own_subtree_and_course(hall: Hall, note: str) -> None:
    submission = hall.sat()
    hall.grade(submission)

    assert waiting(hall, hall.trainer) == waiting(hall, hall.second) == [Spot(submission.id, note)]
    assert waiting(hall, hall.stranger) == waiting(hall, hall.learner) == []


def test_what_is_due_first_comes_first_and_says_when_it_is_overdue(hall: Hall, note: str) -> None:
    later = hall.sat(hall.neighbour)
    attempt = hall.begin(now=NOW - timedelta(days=9))
    hall.give(attempt, note, NOTE, now=NOW - timedelta(days=9))
    earlier = hall.hand_in(attempt, NOW - timedelta(days=9))
    for each in (later, earlier):
        hall.grade(each)

    with reading(hall.make) as session:
        found = pending(session, hall.trainer, hall.rulebook, NOW)
    assert [(each.spot.submission_id, each.overdue) for each in found] == [(earlier.id, True), (later.id, False)]


@pytest.mark.parametrize("who", ["stranger", "learner", "neighbour"])
def test_to_others_a_written_answer_is_not_there(hall: Hall, note: str, who: str) -> None:
    submission = hall.sat()
    hall.grade(submission)
    me = getattr(hall, who)

    with pytest.raises(NotFoundError):
        read(hall, Spot(submission.id, note), me)
    with pytest.raises(NotFoundError):
        hall.mark(submission, 4, 3, 2, 1, by=me)


def test_what_is_no_written_answer_is_not_there_to_mark(hall: Hall, note: str) -> None:
    blank, full = hall.sat(leave=[note]), hall.sat(hall.neighbour)
    for each in (blank, full):
        hall.grade(each)

    for spot in (Spot(blank.id, note), Spot(full.id, "s01"), Spot(full.id, "s99"), Spot(999, note)):
        with pytest.raises(NotFoundError):
            read(hall, spot, hall.trainer)


def test_before_the_grader_has_been_there_is_nothing_to_mark(hall: Hall) -> None:
    with pytest.raises(NotYetError):
        hall.mark(hall.sat(), 4, 3, 2, 1)


def test_a_mark_completes_the_exam_and_stands_in_the_gradebook(hall: Hall, note: str) -> None:
    submission = hall.sat()
    hall.grade(submission)
    row = hall.mark(submission, 4, 2, 0.5, 1, comment="伤亡写得好\x00，下一步要说清")

    assert (row.state, row.score, row.passed, row.graded_at) == (State.GRADED, 97.5, True, NOW)
    held = scores(Course(hall.gradebooks / COURSE), "exam-r1-t1", hall.learner.person.handle)
    assert (held[note].points, held[note].needs_mark, sum(each.points for each in held.values())) == (7.5, False, 97.5)
    assert waiting(hall, hall.trainer) == []
    with reading(hall.make) as session:
        (kept,) = session.scalars(select(Mark))
        assert (kept.rows, kept.points, kept.comment) == ([4, 2, 0.5, 1], 7.5, "伤亡写得好，下一步要说清")
        last = session.scalars(select(audit.AuditRow).order_by(audit.AuditRow.position.desc())).first()
        assert last
        assert (last.actor, last.action) == (hall.trainer.person.staff_number, "exam.mark")


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        pytest.param((4, 3, 2), "4 行", id="a row missing"),
        pytest.param((4, 3, 2, 1, 0), "4 行", id="a row too many"),
        pytest.param((4.5, 3, 2, 1), "0 到 4 分", id="more than there is"),
        pytest.param((4, -1, 2, 1), "0 到 3 分", id="less than nothing"),
        pytest.param((4, float("nan"), 2, 1), "0 到 3 分", id="not a number"),
        pytest.param((True, 3, 2, 1), "0 到 4 分", id="a truth"),
        pytest.param(("4", 3, 2, 1), "0 到 4 分", id="a text"),
    ],
)
def test_a_mark_stays_within_its_rubric(hall: Hall, rows: tuple[Any, ...], fault: str) -> None:
    submission = hall.sat()
    hall.grade(submission)

    with pytest.raises(BadInputError, match=fault):
        hall.mark(submission, *rows)
    assert hall.row(submission).state == State.UNMARKED


def test_a_second_mark_replaces_the_first_until_the_exam_is_passed(hall: Hall, note: str) -> None:
    submission = hall.sat(leave=["s01", "s02", "s03", "s04"])  # 88 at most, 78 without the note
    hall.grade(submission)
    hall.mark(submission, 1, 0, 0, 0, comment="太短")
    assert (hall.row(submission).score, hall.row(submission).passed) == (79.0, False)

    hall.mark(submission, 4, 3, 1, 1, by=hall.second, comment="再看一遍，写全了")
    assert (hall.row(submission).score, hall.row(submission).passed) == (87.0, True)
    assert read(hall, Spot(submission.id, note), hall.trainer).marked == (4, 3, 1, 1)
    assert read(hall, Spot(submission.id, note), hall.trainer).final
    with reading(hall.make) as session:
        shown = len(session.scalars(select(EvidenceRow)).all())

    with pytest.raises(NotAllowedError, match="不能再改"):
        hall.mark(submission, 0, 0, 0, 0)
    with reading(hall.make) as session:
        assert len(session.scalars(select(EvidenceRow)).all()) == shown
    assert hall.row(submission).score == 87.0


def test_a_hostile_answer_reaches_its_marker_to_the_letter_and_the_notebook_as_nothing_but_text(hall: Hall, note: str) -> None:
    attempt = hall.begin()
    hall.give(attempt, note, HOSTILE)
    submission = hall.hand_in(attempt)
    assert hall.grade(submission) is State.UNMARKED

    assert read(hall, Spot(submission.id, note), hall.trainer).text == HOSTILE
    folder = hall.gradebooks / COURSE / "autograded" / hall.learner.person.handle / "exam-r1-t1"
    notebook = nbformat.read(folder / "exam.ipynb", as_version=4)
    cell = next(each for each in notebook.cells if each.metadata.get("nbgrader", {}).get("grade_id") == note)
    assert cell.source == f"`````text\n{HOSTILE}\n`````"


def test_a_mark_that_is_not_committed_is_given_again_without_harm(hall: Hall, note: str) -> None:
    submission = hall.sat()
    hall.grade(submission)
    with hall.make() as session:
        mark(session, MarkSheet(Spot(submission.id, note), (1, 1, 1, 1)), hall.trainer, hall.bench, NOW)
        session.rollback()
    assert hall.row(submission).state == State.UNMARKED

    assert hall.mark(submission, 4, 3, 2, 1).score == 100.0
