"""The forms the reporter's exam draws: read in time, fair, and all of the bank of use."""

import json
from collections import Counter

import pytest

from banyan.courseware.exam import Form, ReleaseExam, draw, public_slot
from banyan.courseware.manifest import Exam
from grading import questions
from grading.questions import case
from tests.courses.drills import DRILLS, walk, words
from tests.courses.pools import COURSE, load, pool

PER_MINUTE = 250  # characters a slow reader takes in
SEEDS = [number.to_bytes(4, "big") for number in range(500)]


@pytest.fixture(scope="module")
def exam() -> ReleaseExam:
    bank = {each: questions.load({"id": each, **entry}) for each, entry in pool("exam").items()}
    blueprint = Exam.model_validate_json(json.dumps(load(COURSE / "exam.yaml")))
    return ReleaseExam("x-1-reporter", 1, blueprint, bank | DRILLS)


def characters(exam: ReleaseExam, form: Form) -> int:
    """Return what there is to read on a form: stems, all choices, and the good night of its drill."""
    total = 0
    for slot in form.slots:
        item = exam.items[slot.question]
        if isinstance(item, case.Item):
            total += words(item, walk(item))
            continue
        shown = public_slot(exam, slot)
        choices = [*shown.get("options", []), *shown.get("items", [])]
        for element in shown.get("elements", []):
            choices += [{"text": element["label"]}, *element["choices"]]
        for piece in (piece for line in shown.get("text", []) for piece in line):
            choices += [piece] if "text" in piece else piece["choices"]
        total += len(shown["stem"]) + sum(len(each["text"]) for each in choices)
    return total


def test_a_slow_reader_reads_any_form_in_25_of_its_40_minutes(exam: ReleaseExam) -> None:
    lengths = [characters(exam, draw(exam, seed)) for seed in SEEDS]
    assert max(lengths) <= 25 * PER_MINUTE
    assert max(lengths) <= 1.35 * min(lengths), "one form is not much longer than another"
    assert exam.blueprint.minutes == 40


def test_every_question_of_the_bank_is_drawn_sooner_or_later(exam: ReleaseExam) -> None:
    drawn = {slot.question for seed in SEEDS for slot in draw(exam, seed).slots}
    assert drawn == exam.items.keys()


def test_every_form_has_one_report_one_note_and_one_night(exam: ReleaseExam) -> None:
    for seed in SEEDS:
        types = Counter(exam.items[slot.question].type for slot in draw(exam, seed).slots)
        assert (types["first_report"], types["open"], types["case"]) == (1, 1, 1)


def test_no_form_is_all_of_one_kind(exam: ReleaseExam) -> None:
    """Knowledge is asked in several ways: most forms mix choosing one, choosing several, ordering and counting."""
    kinds = [{exam.items[slot.question].type for slot in draw(exam, seed).slots} for seed in SEEDS]
    assert all(len(each) >= 5 for each in kinds)


def test_no_form_is_all_easy_or_all_hard(exam: ReleaseExam) -> None:
    """Without the difficulties in exam.yaml some forms had no hard question and some eleven of sixteen."""
    brief = [[exam.items[slot.question] for slot in draw(exam, seed).slots] for seed in SEEDS]
    hard = [sum(item.difficulty == "hard" for item in form if item.type in questions.BRIEF) for form in brief]
    assert min(hard) >= 3
    assert max(hard) <= 10


def test_three_attempts_share_no_night_no_report_and_no_note(exam: ReleaseExam) -> None:
    for start in range(40):
        met: list[str] = []
        for number in range(3):
            met += [slot.question for slot in draw(exam, bytes([start, number]), met).slots]
        asked = Counter(each for each in met if exam.items[each].type in ("case", "first_report", "open"))
        assert max(asked.values()) == 1
        assert len(met) - len(set(met)) <= 6, "of 57 questions asked, nearly all are new"
