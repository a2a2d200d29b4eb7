"""The exam in a class's file: which sittings count for what, the paper with its keys, what is told before all is marked."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from banyan.domain.class_file import Part, State
from banyan.records.corrections import Correction as Corrected
from banyan.records.engine import reading, writing
from banyan.records.examinations import Submission
from banyan.records.learning import StepDone
from banyan.records.training import TrainingSession
from banyan.tracker.classes.documents import scores
from banyan.tracker.classes.fields import Field
from banyan.tracker.classes.file import outline_of
from banyan.tracker.classes.paper import Asked, ClassPaper, paper_of
from banyan.tracker.classes.report import of_person
from grading import questions
from grading.rulings import Ruling
from tests.county import COURSE, NOW, TODAY
from tests.portal.office import certify
from tests.tracker.classes.test_class_file import OVER, file, finding, printed, state, training, write
from tests.tracker.hall import Hall
from tests.tracker.test_correcting import other_key

__all__ = ["training"]


def stand(hall: Hall, submission: Submission, state: str, score: float | None, passed: bool | None = None) -> None:
    """Let a paper stand so; how it comes to that has tests of its own."""
    with writing(hall.make) as session:
        row = session.get_one(Submission, submission.id)
        row.state, row.score, row.total, row.passed = state, score, 100.0, passed


def test_exams_and_certificates_of_its_days_are_its_own(hall: Hall, training: TrainingSession) -> None:
    submission = hall.sat()
    assert "机器正在批" in finding(hall, training, Part.SCORES).words
    hall.grade(submission)
    assert file(hall, training).figures.sat == 1
    assert state(hall, training, Part.SCORES) is State.WAITING, "its written answer waits for a mark"
    with writing(hall.make) as session:
        certify(session, session.merge(hall.learner.person), hall.rulebook)
    found = file(hall, training)
    assert found.figures.certified == 1
    assert found.lines[0].online > 0
    write(hall, training, since=TODAY, until=TODAY)
    assert file(hall, training).figures.sat == 1
    write(hall, training, since=TODAY - timedelta(days=1), until=TODAY, examined=False)
    assert state(hall, training, Part.PAPER) is State.NOT_ASKED


def test_points_that_are_not_all_marked_are_told_to_nobody(hall: Hall, training: TrainingSession) -> None:
    submission = hall.hand_in(hall.begin())
    stand(hall, submission, "unmarked", 31.5)
    found = file(hall, training)
    assert of_person(1, found.lines[0])[Field.SCORE] is None
    with_scores = json.dumps(scores(printed(hall, found)).blocks, ensure_ascii=False)
    assert "等老师批" in with_scores
    assert "31.5" not in with_scores
    stand(hall, submission, "stuck", None)
    assert "没能评分" in finding(hall, training, Part.SCORES).words
    assert "没能评分" in json.dumps(scores(printed(hall, file(hall, training))).blocks, ensure_ascii=False)


@pytest.mark.parametrize(
    ("second", "passed", "score"),
    [
        pytest.param(("unmarked", 10.0, None), None, None, id="a sitting that waits may still be passed"),
        pytest.param(("graded", 10.0, False), False, 40.0, id="the better of two failed counts"),
        pytest.param(("graded", 90.0, True), True, 90.0, id="the one passed counts"),
    ],
)
def test_of_two_sittings_one_counts(
    hall: Hall, training: TrainingSession, second: tuple[str, float, bool | None], passed: bool | None, score: float | None
) -> None:
    hall.fail(1)
    stand(hall, hall.hand_in(hall.begin()), *second)
    line = file(hall, training).lines[0]
    assert len(line.sittings) == 2
    assert line.passed is passed
    with reading(hall.make) as session:
        row = session.get_one(TrainingSession, training.id)
        assert outline_of(session, row, hall.rulebook, OVER).holdings == file(hall, training).holdings
    told = of_person(1, line)
    assert (told[Field.SCORE], told[Field.PASSED]) == (score, {None: "", False: "否", True: "是"}[passed])


def test_hours_online_are_those_of_its_days(hall: Hall, training: TrainingSession) -> None:
    hall.learn()
    assert file(hall, training).lines[0].online > 0
    with writing(hall.make) as session:
        for each in session.scalars(select(StepDone)):
            each.done_at = NOW - timedelta(days=61)
    assert file(hall, training).lines[0].online == 0


def test_keys_are_those_that_count_after_a_correction(hall: Hall, training: TrainingSession) -> None:
    hall.hand_in(hall.begin())
    void, other = [each for each in asked(hall, training) if hall.exam.items[each.question].type == "single"][:2]
    fix = other_key(hall, other.question)
    corrected = questions.load(questions.dump(hall.exam.items[other.question]) | fix)
    rulings = {void.question: Ruling(void=True).to_json(), other.question: Ruling(keys=(corrected,)).to_json()}
    with writing(hall.make) as session:
        row = Corrected(course=COURSE, release=hall.exam.release, rulings=rulings, decided_at=NOW, reason="x")
        row.decided_by = hall.second.person.id
        session.add(row)
    found = {each.question: each.key for each in asked(hall, training)}
    assert found[void.question] == ("作废，人人得满分",)
    assert found[other.question][0].startswith(f"更正后：{fix['key']}")


def paper(hall: Hall, training: TrainingSession) -> ClassPaper:
    with reading(hall.make) as session:
        return paper_of(session, file(hall, training).lines, hall.rulebook)


def asked(hall: Hall, training: TrainingSession) -> tuple[Asked, ...]:
    return paper(hall, training).asked


def test_a_list_of_classes_reads_no_paper(hall: Hall, training: TrainingSession) -> None:
    hall.hand_in(hall.begin())
    asked: list[str] = []
    with reading(hall.make) as session:
        row = session.get_one(TrainingSession, training.id)
        engine = session.get_bind()
        event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
        outline = outline_of(session, row, hall.rulebook, OVER)
        assert outline.holdings == file(hall, training).holdings
    heavy = ("attempt.form", "submission.frozen", "submission.receipt", "submission.scores")
    assert not [each for each in asked if any(column in each for column in heavy)]


def test_what_happened_outside_its_days_is_not_its_own(hall: Hall, training: TrainingSession) -> None:
    early = hall.begin(now=NOW - timedelta(days=70))
    hall.hand_in(early, NOW - timedelta(days=70))
    assert file(hall, training).figures.sat == 0
    write(hall, training, since=TODAY - timedelta(days=80))
    assert file(hall, training).figures.sat == 1


def test_the_paper_comes_back_as_it_was_sat_and_keys_stand_apart(hall: Hall, training: TrainingSession) -> None:
    attempt = hall.begin()
    hall.hand_in(attempt)
    found = paper(hall, training)
    assert len(found.sat) == 1
    assert len(found.asked) == len(found.sat[0].slots) == len(hall.exam.seats)
    for slot, asked in zip(attempt.form["slots"], found.sat[0].slots, strict=True):
        number = int(asked.split("→")[1].split(":")[0])
        one = found.asked[number - 1]
        assert (one.question, one.version) == (slot["question"], slot["version"])
        stem = getattr(hall.exam.items[slot["question"]], "stem", None) or hall.exam.items[slot["question"]].title
        assert one.lines[0] == stem
    assert any(each.key for each in found.asked)
    single = next(each for each in found.asked if hall.exam.items[each.question].type == "single")
    assert single.key[0] in " ".join(single.lines)
