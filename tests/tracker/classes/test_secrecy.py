"""Nobody reads the paper of an exam they still have to sit."""

from dataclasses import replace
from datetime import timedelta

import pytest

from banyan.records.engine import reading, writing
from banyan.records.examinations import Submission
from banyan.records.learning import Assignment
from banyan.records.training import TrainingSession
from banyan.tracker.classes.secrecy import Shown, shown_to
from banyan.tracker.people import Me
from tests.county import COURSE, NOW, TODAY
from tests.tracker.classes.test_class_file import administrator, training
from tests.tracker.hall import Hall

__all__ = ["training"]


def shown(hall: Hall, row: TrainingSession, me: Me) -> Shown:
    with reading(hall.make) as session:
        return shown_to(session, session.get_one(TrainingSession, row.id), me, hall.rulebook, NOW)


def learner_with_the_duty_of(hall: Hall, me: Me) -> Me:
    return replace(hall.learner, actor=replace(me.actor, person_id=hall.learner.person.id))


def test_who_marks_reads_the_keys_and_who_administers_the_paper(hall: Hall, training: TrainingSession) -> None:
    assert shown(hall, training, hall.trainer) is Shown.KEYS
    assert shown(hall, training, administrator(hall)) is Shown.PAPER


def test_who_is_on_a_roster_reads_nothing_until_they_have_passed(hall: Hall, training: TrainingSession) -> None:
    both = learner_with_the_duty_of(hall, hall.trainer)
    assert shown(hall, training, both) is Shown.NOTHING
    assert shown(hall, training, learner_with_the_duty_of(hall, administrator(hall))) is Shown.NOTHING
    submission = hall.hand_in(hall.begin())
    assert shown(hall, training, both) is Shown.NOTHING
    with writing(hall.make) as session:
        row = session.get_one(Submission, submission.id)
        row.state, row.passed, row.score, row.total, row.graded_at = "graded", True, 90.0, 100.0, NOW + timedelta(hours=1)
    assert shown(hall, training, both) is Shown.KEYS


@pytest.mark.parametrize("of", ["trainer", "administrator"])
def test_who_was_asked_the_programme_reads_nothing(hall: Hall, training: TrainingSession, of: str) -> None:
    me = hall.trainer if of == "trainer" else administrator(hall)
    code = next(each.code for each in hall.rulebook.programmes if COURSE in each.courses)
    with writing(hall.make) as session:
        session.add(Assignment(person_id=me.person.id, programme=code, due_on=TODAY, assigned_at=NOW))
    assert shown(hall, training, me) is Shown.NOTHING
