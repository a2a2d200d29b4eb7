"""An exam that was passed may be sat again once the pass no longer counts for the certificate that comes next."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from banyan.domain.calendar import county_day
from banyan.domain.certification import Need
from banyan.domain.enrolment import Step
from banyan.domain.examination import Refusal, State
from banyan.errors import NotYetError
from banyan.records.competence import Certificate
from banyan.records.engine import reading, writing
from banyan.records.examinations import Submission
from banyan.records.learning import Assignment
from banyan.tracker.admission import Admission, admission
from banyan.tracker.awards import award_due
from banyan.tracker.enrolment import Enrolment, enrolment
from tests.county import COURSE, NOW, TODAY
from tests.tracker.hall import Hall
from tests.tracker.test_awards import show


def door(hall: Hall, days: int) -> Admission:
    with reading(hall.make) as session:
        release = hall.rulebook.catalogue.newest(COURSE)
        return admission(session, hall.learner.person.id, release, hall.rulebook, NOW + timedelta(days=days))


@pytest.fixture
def passed(hall: Hall) -> Hall:
    """The learner passed at the second attempt on one day and was given the certificate on it."""
    hall.fail(1)
    submission = hall.sat()
    with writing(hall.make) as session:
        row = session.get_one(Submission, submission.id)
        row.state, row.passed, row.score, row.total, row.scores, row.graded_at = State.GRADED, True, 90.0, 100.0, {}, NOW
        session.add(Assignment(person_id=hall.learner.person.id, programme="ER-T1", due_on=TODAY, assigned_at=NOW))
        session.flush()
        show(session, hall.learner.person, hall.rulebook)
    return hall


def test_until_the_window_opens_a_pass_is_a_pass(passed: Hall) -> None:
    assert door(passed, 304).refusal is Refusal.PASSED
    with pytest.raises(NotYetError):
        passed.begin(now=NOW + timedelta(days=304))


def test_in_the_window_there_is_a_new_round_with_all_its_attempts(passed: Hall) -> None:
    before, now = door(passed, 304), door(passed, 305)
    assert (len(before.sittings), before.earlier) == (2, 0)
    assert (now.refusal, len(now.sittings), now.earlier, now.next_number) == (None, 0, 2, 3)
    assert now.left == now.terms.attempts
    assert passed.begin(now=NOW + timedelta(days=305)).number == 3, "counted from the very first, as gradebooks do"


def test_what_ran_out_long_ago_may_be_sat_again_too(passed: Hall) -> None:
    assert door(passed, 800).refusal is None


def enrolled(hall: Hall, days: int) -> Enrolment:
    with reading(hall.make) as session:
        programme = hall.rulebook.programme("ER-T1")
        return enrolment(session, hall.learner.person.id, programme, hall.rulebook, NOW + timedelta(days=days))


def test_from_the_day_after_a_revocation_all_is_shown_anew_and_earns_the_next_certificate(passed: Hall) -> None:
    person, three, four = passed.learner.person, NOW + timedelta(days=3), NOW + timedelta(days=4)
    assert (enrolled(passed, 2).step, enrolled(passed, 2).revoked_on) == (Step.DONE, None)
    with writing(passed.make) as session:
        first = session.scalars(select(Certificate)).one()
        first.revoked_at = three
    that_day, later = enrolled(passed, 3), enrolled(passed, 4)
    assert (that_day.step, that_day.revoked_on) == (Step.ASK_TRAINER, county_day(three))
    assert door(passed, 3).refusal is Refusal.PASSED, "what is shown on that day would not count"
    assert (later.step, later.revoked_on, later.needs) == (Step.SIT, county_day(three), (Need.EXAM,))
    assert (door(passed, 4).refusal, len(door(passed, 4).sittings), door(passed, 4).earlier) == (None, 0, 2)
    with writing(passed.make) as session:
        assert award_due(session, person.id, passed.rulebook, four) == []
        show(session, person, passed.rulebook, four)
        second = session.scalars(select(Certificate).order_by(Certificate.id.desc()).limit(1)).one()
        assert (second.previous_id, second.issued_on) == (first.id, county_day(four))
    assert (enrolled(passed, 5).step, enrolled(passed, 5).revoked_on) == (Step.DONE, None)


def test_who_passed_and_was_given_nothing_may_sit_again_once_the_pass_is_spent(hall: Hall) -> None:
    submission = hall.sat()
    with writing(hall.make) as session:
        row = session.get_one(Submission, submission.id)
        row.state, row.passed, row.score, row.total, row.scores, row.graded_at = State.GRADED, True, 90.0, 100.0, {}, NOW
    assert door(hall, 365).refusal is Refusal.PASSED
    assert door(hall, 366).refusal is None
