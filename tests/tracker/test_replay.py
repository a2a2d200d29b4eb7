"""An attempt is replayed years later: the same form, the same texts, the same answers, whatever was released since."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from banyan.courseware.build import build_course
from banyan.courseware.catalogue import Catalogue
from banyan.courseware.exam import Form
from banyan.errors import NotFoundError
from banyan.records.engine import reading, writing
from banyan.records.examinations import Attempt, Submission
from banyan.tracker.replay import Replay, replay, replay_for
from grading.questions import case
from tests.county import COURSE, NOW
from tests.house import ROOT
from tests.tracker.hall import NOTE, Hall, right


@pytest.fixture
def newer(hall: Hall, tmp_path: Path) -> Callable[[str, str, str], Hall]:
    """Publish the course again with a sentence changed, as a house that keeps all its releases."""
    courses, releases = tmp_path / "courses", tmp_path / "releases"
    shutil.copytree(ROOT / "courses" / COURSE, courses / COURSE)
    shutil.copytree(hall.rulebook.catalogue.releases, releases)

    def publish(file: str, old: str, new: str) -> Hall:
        path = courses / COURSE / file
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        build_course(courses, COURSE, ROOT / "content", releases, NOW + timedelta(days=400))
        return replace(hall, rulebook=replace(hall.rulebook, catalogue=Catalogue(releases)))

    return publish


def replayed(hall: Hall, attempt: Attempt) -> Replay:
    with reading(hall.make) as session:
        return replay(session, attempt.id, hall.rulebook)


def broken(found: Replay) -> set[str]:
    return {each.key for each in found.findings if each.holds is False}


def test_an_attempt_is_the_same_after_several_newer_releases(hall: Hall, newer: Callable[[str, str, str], Hall]) -> None:
    first = hall.begin()
    hall.answer(first)
    hall.grade(hall.hand_in(first))
    before = replayed(hall, first)
    drawn = [each.question for each in Form.from_json(first.form).slots]
    asked = hall.exam.items[drawn[0]]
    assert not isinstance(asked, case.Item)
    newer("exam.yaml", "cooldown_hours: 12", "cooldown_hours: 24")
    for folder in ("signals", "calling", "reporting-first", "reporting-on", "cluster", "privacy", "until-the-end"):
        later = newer(f"questions/exam/{folder}.yaml", "您", "你")
    assert later.rulebook.catalogue.newest(COURSE).number >= 4
    after = replayed(later, first)
    assert after.holds
    assert [each.holds for each in after.findings] == [True] * 5
    assert after.asked == before.asked
    assert asked.stem in after.asked[0].lines
    assert after.asked[0].earned == after.asked[0].points
    newest = later.rulebook.catalogue.newest(COURSE).exam
    named = {each.question: each.version for each in Form.from_json(first.form).slots}
    assert any(newest.versions[each] != named[each] for each in named), "the texts did change since"


def test_each_sitting_of_one_person_is_replayed_with_what_they_had_met_by_then(hall: Hall) -> None:
    hall.fail(2)
    third = hall.begin()
    with reading(hall.make) as session:
        every = session.query(Attempt).order_by(Attempt.number).all()
    assert [sum((Form.from_json(each.form).met or {}).values()) for each in every] == [0, 19, 38]
    assert all(replayed(hall, each).holds for each in every)
    assert {each.holds for each in replayed(hall, third).findings[2:]} == {None}, "nothing is frozen yet"


def test_a_form_from_before_versions_is_replayed_from_what_came_before_it(hall: Hall) -> None:
    hall.fail(1)
    attempt = hall.begin()
    with writing(hall.make) as session:
        for row in session.query(Attempt):
            slots = [{name: each[name] for name in ("name", "question", "points", "shuffle")} for each in row.form["slots"]]
            row.form = {"course": row.form["course"], "release": row.form["release"], "slots": slots}
    found = replayed(hall, attempt)
    assert [each.holds for each in found.findings][:2] == [True, None]


def _ask_another(session: Session, row: Attempt) -> None:
    slots = [dict(each) for each in row.form["slots"]]
    slots[0]["shuffle"] += 1
    row.form = row.form | {"slots": slots}


def _lie_about_the_text(session: Session, row: Attempt) -> None:
    slots = [dict(each) for each in row.form["slots"]]
    slots[0]["version"] = "0" * 32
    row.form = row.form | {"slots": slots}


def _better_answers(session: Session, row: Attempt) -> None:
    submission = session.query(Submission).one()
    frozen = json.loads(submission.frozen)
    frozen["answers"]["s18"] = NOTE + "。"
    submission.frozen = json.dumps(frozen, ensure_ascii=False)


def _ask_what_never_was(session: Session, row: Attempt) -> None:
    row.form = row.form | {"slots": [row.form["slots"][0] | {"question": "no-such-question"}, *row.form["slots"][1:]]}


def _forget_what_was_met(session: Session, row: Attempt) -> None:
    row.form = row.form | {"met": {row.form["slots"][-1]["question"]: 1}}


def _another_receipt(session: Session, row: Attempt) -> None:
    submission = session.query(Submission).one()
    submission.receipt = submission.receipt[:-4] + "AAAA"


@pytest.mark.parametrize(
    ("tamper", "keys"),
    [
        (_ask_another, {"form", "answers"}),
        (_ask_what_never_was, {"form", "texts", "answers"}),
        (_lie_about_the_text, {"form", "texts", "answers"}),
        (_forget_what_was_met, {"form", "answers"}),
        (_better_answers, {"digest", "answers"}),
        (_another_receipt, {"receipt"}),
    ],
)
def test_whatever_was_changed_afterwards_shows(hall: Hall, tamper: Callable[[Session, Attempt], None], keys: set[str]) -> None:
    attempt = hall.begin()
    hall.answer(attempt)
    hall.hand_in(attempt)
    assert replayed(hall, attempt).holds
    with writing(hall.make) as session:
        tamper(session, session.get_one(Attempt, attempt.id))
    assert broken(replayed(hall, attempt)) == keys


def test_another_key_draws_another_form(hall: Hall) -> None:
    attempt = hall.begin()
    stolen = replace(hall, rulebook=replace(hall.rulebook, attempt_key=bytes(31) + b"x"))
    assert broken(replayed(stolen, attempt)) == {"form"}


def test_what_was_asked_and_answered_reads_in_words(hall: Hall) -> None:
    attempt = hall.begin()
    hall.answer(attempt, leave=[hall.slot_of("open")])
    found = replayed(hall, attempt)
    drill, note = found.asked[-1], found.asked[-2]
    night = hall.drill_of(attempt)
    assert drill.lines[0] == night.title
    assert all(any(line == situation.text for line in drill.lines) for situation in _met(night))
    assert len(drill.answer) == len(case.key(night))
    assert note.answer == ()
    assert all(each.lines and (each.answer or each == note) for each in found.asked)


def _met(night: case.Item) -> Iterator[case.Inject]:
    path = case.key(night)
    for place in range(len(path)):
        here = case.situation(night, path[:place])
        assert here is not None
        yield here


def test_it_is_nobodys_but_the_auditors(hall: Hall) -> None:
    attempt = hall.begin()
    for somebody in (hall.trainer, hall.learner):
        with reading(hall.make) as session, pytest.raises(NotFoundError):
            replay_for(session, attempt.id, somebody, hall.rulebook)
    with reading(hall.make) as session, pytest.raises(NotFoundError):
        replay(session, 99999, hall.rulebook)


def test_every_question_of_the_bank_reads_in_words(hall: Hall) -> None:
    """Whatever may be drawn is put into a form in turn: it must be shown, and its right answer said."""
    attempt = hall.begin()
    names = [each["name"] for each in attempt.form["slots"] if each["name"] != hall.slot_of("case")]
    bank = [name for name, item in hall.exam.items.items() if not isinstance(item, case.Item)]
    for start in range(0, len(bank), len(names)):
        asked = dict(zip(names, bank[start : start + len(names)], strict=False))
        with writing(hall.make) as session:
            row = session.get_one(Attempt, attempt.id)
            slots = [each | {"question": asked.get(each["name"], each["question"])} for each in row.form["slots"]]
            row.form = row.form | {"slots": slots}
        for name, question in asked.items():
            hall.give(attempt, name, right(hall.exam.items[question]), seq=start + 1)
        shown = {each.question: each for each in replayed(hall, attempt).asked}
        for question in asked.values():
            item = hall.exam.items[question]
            assert shown[question].lines[0] == item.stem  # type: ignore[union-attr]
            assert len(shown[question].lines) > 1 or item.type in ("numeric", "open", "short_text", "true_false"), question
            assert shown[question].answer, question
