import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from nbgrader import api
from nbgrader.converters import autograde
from nbgrader.preprocessors import latesubmissions

from banyan.errors import TryLaterError
from grading.bridge.cell import EXAM
from grading.bridge.gradebook import CellScore, Course, ManualMark, ensure_assignment, mark, scores
from grading.bridge.submission import fenced, grade, hand_in, readable
from tests.grading.bridge.sample import notebook, work

HOUSE = Path(__file__).parents[3]
ANSWERS = [
    pytest.param({"s01": ["A", "B"], "s02": "３０", "s03": "路断了。"}, (5.0, 3.0, True), id="all right"),
    pytest.param({"s01": ["A"], "s02": "31"}, (2.5, 0.0, False), id="partly right, nothing written"),
    pytest.param({}, (0.0, 0.0, False), id="blank"),
    pytest.param({"s01": {"deep": [[]]}, "s02": True, "s03": 7}, (0.0, 0.0, False), id="not answers at all"),
]


def stock(course, *command: str, exam: Path | None = None) -> None:
    """Run nbgrader's own command in the course's folder, as a person would; an exam's kernel imports nothing from there."""
    environment = os.environ | ({"PYTHONPATH": str(HOUSE), "PYTHONSAFEPATH": "1", EXAM: str(exam)} if exam else {})
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    subprocess.run([sys.executable, "-m", "nbgrader", *command], cwd=course.root, env=environment, check=True, timeout=120)


@pytest.mark.parametrize(("answers", "expected"), ANSWERS)
def test_the_gradebook_holds_what_the_answers_earn(course, exam, answers, expected):
    choice, number, waits = expected

    found = grade(course, work("h1", answers), exam)

    assert found == {
        "s01": CellScore(choice, 5.0, False),
        "s02": CellScore(number, 3.0, False),
        "s03": CellScore(0.0, 6.0, waits),
    }


def test_the_stock_command_with_a_kernel_gives_the_same_scores(course, exam):
    ours = {}
    for number, case in enumerate(ANSWERS):
        ours[f"h{number}"] = grade(course, work(f"h{number}", case.values[0]), exam)

    stock(course, "autograde", "exam-r1-t1", "--force", exam=exam)

    assert {student: scores(course, "exam-r1-t1", student) for student in ours} == ours


def test_the_stock_export_gives_the_same_totals_marks_included(course, exam):
    grade(course, work("h1", {"s01": ["A", "B"], "s03": "路断了。"}), exam)
    mark(course, "exam-r1-t1", "h1", ManualMark("s03", 4.5, "人数要写准"))

    stock(course, "export", "--to", "out.csv")

    (row,) = csv.DictReader((course.root / "out.csv").read_text().splitlines())
    assert (row["student_id"], float(row["score"]), float(row["max_score"])) == ("h1", 9.5, 14.0)
    assert row["timestamp"].startswith("2026-03-01 02:03:04")


@pytest.mark.parametrize("source", ["5.0", 'score("s02")', 'score("s01") + 1', 'print(score("s01"))'])
def test_a_cell_that_asks_for_anything_but_its_own_score_is_refused(tmp_path, exam, source):
    course, doctored = Course(tmp_path / "gradebooks" / "x-9-sample"), notebook()
    doctored.cells[1].source = source
    ensure_assignment(course, "exam-r1-t1", doctored)

    with pytest.raises(TryLaterError, match="the cell s01"):
        grade(course, work("h1", {"s01": ["A"]}), exam)


def test_what_is_kept_open_serves_a_file_put_in_anothers_place(course, exam, tmp_path):
    grade(course, work("h1", {"s01": ["A", "B"]}), exam)
    kept = shutil.copytree(course.root, tmp_path / "kept")
    grade(course, work("h2", {"s01": ["A"]}), exam)
    shutil.rmtree(course.root)
    shutil.copytree(kept, course.root)

    assert grade(course, work("h2", {}), exam)["s01"].points == 0.0
    assert scores(course, "exam-r1-t1", "h1")["s01"].points == 5.0


def test_nbgrader_has_its_own_again_when_a_submission_is_graded(course, exam):
    grade(course, work("h1", {}), exam)

    assert (autograde.Gradebook, latesubmissions.Gradebook) == (api.Gradebook, api.Gradebook)


def test_grading_again_after_being_broken_off_gives_the_same(course, exam):
    handed_in = work("h1", {"s01": ["A"], "s03": "路断了。"})
    hand_in(course, handed_in)  # and there it broke off
    (course.folder("autograded", "exam-r1-t1", "h1")).mkdir(parents=True)

    assert grade(course, handed_in, exam) == grade(course, handed_in, exam)


def test_a_mark_is_replaced_by_a_later_one(course, exam):
    grade(course, work("h1", {"s03": "路断了。"}), exam)
    mark(course, "exam-r1-t1", "h1", ManualMark("s03", 2.0))
    mark(course, "exam-r1-t1", "h1", ManualMark("s03", 6.0, "很好"))

    assert scores(course, "exam-r1-t1", "h1")["s03"] == CellScore(6.0, 6.0, False)


@given(st.text(st.characters() | st.sampled_from("`~<>\n#"), min_size=1))
def test_nothing_in_an_open_answer_is_markup(text):
    clean = readable(text + "。")

    (token,) = MarkdownIt().parse(fenced(clean))

    assert token.type == "fence"
    assert token.content == clean.replace("\0", "\N{REPLACEMENT CHARACTER}") + "\n"
