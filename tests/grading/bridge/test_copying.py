"""A copy of a gradebook holds the learners it was made for, and no trace of any other."""

import sqlite3
from pathlib import Path

from grading.bridge.copying import copy_course
from grading.bridge.gradebook import Course, ManualMark, mark, scores
from grading.bridge.submission import grade
from tests.grading.bridge.sample import work


def handed_in(course: Course, exam: Path) -> None:
    for learner in ("mine", "theirs"):
        grade(course, work(learner, {"s02": "30", "s03": f"续报，{learner} 写的"}), exam)
    mark(course, "exam-r1-t1", "theirs", ManualMark("s03", 4.0, "theirs 的评语"))


def test_a_copy_has_scores_and_files_of_whom_it_was_made_for(course: Course, exam: Path, tmp_path: Path):
    handed_in(course, exam)
    copy = Course(tmp_path / "room" / course.name)

    copy_course(course, copy, {"mine"})

    assert scores(copy, "exam-r1-t1", "mine") == scores(course, "exam-r1-t1", "mine")
    for step in ("submitted", "autograded"):
        assert [path.name for path in (copy.root / step).iterdir()] == ["mine"]
    assert (copy.folder("release", "exam-r1-t1") / "exam.ipynb").exists()


def test_of_others_no_byte_is_left(course: Course, exam: Path, tmp_path: Path):
    handed_in(course, exam)
    assert b"theirs" in course.database.read_bytes() + course.database.with_name("gradebook.db-wal").read_bytes()
    copy = Course(tmp_path / "room" / course.name)

    copy_course(course, copy, {"mine"})

    kept = [path for path in copy.root.rglob("*") if path.is_file()]
    assert not [path for path in kept if b"theirs" in path.read_bytes() or "theirs" in str(path)]
    with sqlite3.connect(copy.database) as opened:
        assert opened.execute("PRAGMA foreign_key_check").fetchall() == []
        assert opened.execute("SELECT id FROM student").fetchall() == [("mine",)]


def test_a_link_in_a_submission_is_left_out_and_leads_nowhere(course: Course, exam: Path, tmp_path: Path):
    handed_in(course, exam)
    secret = tmp_path / "keys" / "signing"
    secret.parent.mkdir()
    secret.write_text("the house's own")
    place = course.folder("submitted", "exam-r1-t1", "mine")
    (place / "link.txt").symlink_to(secret)
    (place / "linked").symlink_to(secret.parent)
    copy = Course(tmp_path / "room" / course.name)

    copy_course(course, copy, {"mine"})

    copied = {path.name for path in copy.folder("submitted", "exam-r1-t1", "mine").rglob("*")}
    assert copied == {"exam.ipynb", "responses.json", "timestamp.txt"}


def test_a_copy_for_nobody_still_lists_the_assignments(course: Course, exam: Path, tmp_path: Path):
    handed_in(course, exam)
    copy = Course(tmp_path / "room" / course.name)

    copy_course(course, copy, set())

    with sqlite3.connect(copy.database) as opened:
        assert opened.execute("SELECT name FROM assignment").fetchall() == [("exam-r1-t1",)]
        assert opened.execute("SELECT count(*) FROM grade").fetchone() == (0,)


def test_a_mark_made_in_a_copy_stays_there(course: Course, exam: Path, tmp_path: Path):
    handed_in(course, exam)
    copy = Course(tmp_path / "room" / course.name)
    copy_course(course, copy, {"mine"})

    mark(copy, "exam-r1-t1", "mine", ManualMark("s03", 6.0))

    assert scores(copy, "exam-r1-t1", "mine")["s03"].points == 6.0
    assert scores(course, "exam-r1-t1", "mine")["s03"].points == 0.0
