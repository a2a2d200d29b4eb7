"""A wrong effect in a drill, put right: everybody's way is walked again by the new release, and only points follow from it."""

import json
from pathlib import Path
from typing import Any

import pytest

from banyan.records.engine import reading
from banyan.records.examinations import Submission
from banyan.tracker import parity
from banyan.tracker.correcting import Choice, candidates
from grading import questions
from grading.questions import case
from tests.county import COURSE, NOW
from tests.tracker.hall import Hall
from tests.tracker.second_release import of_its_own, publish_again
from tests.tracker.test_correcting import asked_at, commit, evidence, grade_anew, held, look, proposal


@pytest.fixture
def hall(hall: Hall, tmp_path: Path) -> Hall:
    return of_its_own(hall, tmp_path / "releases")


def into_what_is_unforgivable(item: case.Item) -> case.Path:
    """Return the best way but for one step, the first that can be unforgivable."""
    best = case.key(item)
    for place, _ in enumerate(best):
        here = case.situation(item, best[:place])
        assert here
        for name, choice in here.choices.items():
            if choice.hard_fail:
                return _to_the_end(item, (*best[:place], name))
    raise AssertionError("nothing unforgivable lies beside the best way")


def _to_the_end(item: case.Item, path: case.Path) -> case.Path:
    while here := case.situation(item, path):
        path = (*path, next(iter(here.choices)))
    return path


def sat(hall: Hall) -> Submission:
    submission = hall.sat(path=into_what_is_unforgivable)
    hall.grade(submission)
    return hall.mark(submission, 4, 3, 2, 1)


def without_hard_fails(item: questions.Item) -> dict[str, Any]:
    data = questions.dump(item)
    for inject in data["injects"].values():
        for choice in inject["choices"].values():
            choice["hard_fail"] = None
    return {"injects": data["injects"]}


def drill(hall: Hall, submission: Submission) -> str:
    return asked_at(hall, submission, hall.slot_of("case"))


def test_a_way_lost_by_a_wrong_effect_is_walked_again_by_the_new_key(hall: Hall) -> None:
    submission = sat(hall)
    question = drill(hall, submission)
    assert hall.row(submission).hard_fail
    release = publish_again(hall, {question: without_hard_fails(hall.exam.items[question])})
    with reading(hall.make) as session:
        first = candidates(session, hall.rulebook, proposal({}, release))[0]
    assert (first.question, first.choices, first.astray) == (question, (Choice.KEY, Choice.BOTH, Choice.VOID), 0)
    for choice in (Choice.KEY, Choice.BOTH):
        found = look(hall, proposal({question: choice}, release))
        assert (len(found.changes), found.astray) == (1, 0)

    before = evidence(hall)
    commit(hall, proposal({question: Choice.KEY}, release))
    assert grade_anew(hall, submission)
    assert hall.row(submission).hard_fail is None
    assert sum(held(hall).values()) == pytest.approx(hall.row(submission).score or 0)
    assert evidence(hall)[0] >= before[0]
    parted = parity.check(hall.make, hall.rulebook, hall.gradebooks, NOW)
    assert dict(parted.differing) == {}


def test_one_sentence_changed_changes_nobodys_points(hall: Hall) -> None:
    submission = sat(hall)
    question = drill(hall, submission)
    data = questions.dump(hall.exam.items[question])
    next(iter(next(iter(data["injects"].values()))["choices"].values()))["says"] = "改过的一句。"
    release = publish_again(hall, {question: {"injects": data["injects"]}})
    assert look(hall, proposal({question: Choice.KEY}, release)).changes == ()


def with_one_drill(hall: Hall) -> str:
    """Let everybody be asked the same case, and return its name."""
    path = hall.rulebook.catalogue.releases / COURSE / "1" / "private" / "exam.json"
    exam = json.loads(path.read_text(encoding="utf-8"))
    slot = next(each for each in exam["blueprint"]["slots"] if each.get("case"))
    name = slot["case"] = sorted(each for each, item in exam["items"].items() if item["type"] == "case")[0]
    path.chmod(0o600)
    path.write_text(json.dumps(exam), encoding="utf-8")
    return str(name)


def test_a_way_that_the_other_release_has_not_keeps_what_it_earned(hall: Hall) -> None:
    question = with_one_drill(hall)
    lost, best = sat(hall), hall.sat(hall.neighbour)
    hall.grade(best)
    item = hall.exam.items[question]
    assert isinstance(item, case.Item)
    data, path = without_hard_fails(item), into_what_is_unforgivable(item)
    place = next(place for place, (one, other) in enumerate(zip(path, case.key(item), strict=False)) if one != other)
    choices = data["injects"][case.place(item, path[:place])]["choices"]
    choices[f"{path[place]}x"] = choices.pop(path[place])
    release = publish_again(hall, {question: data})

    with reading(hall.make) as session:
        first = candidates(session, hall.rulebook, proposal({}, release))[0]
    assert (first.asked, first.astray, first.choices) == (2, 1, (Choice.KEY, Choice.BOTH, Choice.VOID))
    found = look(hall, proposal({question: Choice.KEY}, release))
    assert (found.touched, found.astray, found.changes) == (2, 1, ())
    before = hall.row(lost)
    commit(hall, proposal({question: Choice.KEY}, release))
    assert grade_anew(hall, lost)
    assert grade_anew(hall, best)
    after = hall.row(lost)
    assert (after.score, after.hard_fail) == (before.score, before.hard_fail)


def test_a_way_that_had_come_to_its_end_must_end_there_too(hall: Hall) -> None:
    submission = sat(hall)
    question = drill(hall, submission)
    data = questions.dump(hall.exam.items[question])
    more = {"at": "+9分", "text": "还有一件事。", "choices": {"A": {"text": "做完", "next": "end"}}}
    for inject in data["injects"].values():
        for choice in inject["choices"].values():
            choice["next"] = "more" if choice["next"] in (None, "end") else choice["next"]
    release = publish_again(hall, {question: {"injects": {**data["injects"], "more": more}}})
    with reading(hall.make) as session:
        first = candidates(session, hall.rulebook, proposal({}, release))[0]
    assert (first.question, first.astray, first.choices) == (question, 1, (Choice.VOID,))
