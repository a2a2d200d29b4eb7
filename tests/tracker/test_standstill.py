"""Who stands still is shown to their own trainer, once, where they stand."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from banyan.domain.framework import Kind
from banyan.records.engine import reading, writing
from banyan.records.learning import Assignment
from banyan.tracker.intake import Claim, take_in
from banyan.tracker.people import Me
from banyan.tracker.progress import Place, finish_step
from banyan.tracker.standstill import Standstill, standstills
from tests.county import COURSE, NOW, TODAY
from tests.tracker.hall import Hall, finish_lessons


def ask(session: Session, me: Me, hall: Hall, days_ago: int) -> None:
    code, at = hall.rulebook.programmes[0].code, NOW - timedelta(days=days_ago)
    session.add(Assignment(person_id=me.person.id, programme=code, due_on=TODAY, assigned_at=at))


def read(session: Session, me: Me, hall: Hall, steps: int, days_ago: int) -> None:
    release = hall.rulebook.catalogue.newest(COURSE)
    lesson = release.lessons[0]
    for step in lesson.steps[:steps]:
        finish_step(session, me.person.id, release, Place(lesson.name, step.name), NOW - timedelta(days=days_ago))


def seen_by(hall: Hall, me: Me) -> Standstill:
    with reading(hall.make) as session:
        return standstills(session, me, hall.rulebook, NOW)[0]


@pytest.mark.parametrize(("days_ago", "stands"), [(8, True), (7, False)])
def test_who_reads_nothing_for_more_than_a_week_stands_at_a_step(hall: Hall, days_ago: int, stands: bool) -> None:
    with writing(hall.make) as session:
        ask(session, hall.learner, hall, 30)
        read(session, hall.learner, hall, 1, days_ago)
    found = seen_by(hall, hall.trainer)
    assert [(each.lesson, each.step, [who.person.name for who in each.learners]) for each in found.spots] == (
        [(1, 2, ["陈晓明"])] if stands else []
    )
    assert not found.not_begun


@pytest.mark.parametrize(("days_ago", "stands"), [(8, 1), (7, 0)])
def test_who_was_asked_a_week_ago_and_never_began_is_named(hall: Hall, days_ago: int, stands: int) -> None:
    with writing(hall.make) as session:
        ask(session, hall.learner, hall, days_ago)
    assert len(seen_by(hall, hall.trainer).not_begun) == stands


def test_who_was_never_asked_and_never_began_owes_nothing(hall: Hall) -> None:
    assert seen_by(hall, hall.trainer).stuck == 0


def test_two_failed_attempts_need_a_trainer_one_does_not(hall: Hall) -> None:
    hall.fail(1)
    hall.fail(2, hall.neighbour)
    found = seen_by(hall, hall.trainer)
    assert [(each.person.name, each.way.failed) for each in found.failed] == [("林秀英", 2)]


def test_who_waits_for_the_practical_is_counted_by_town(hall: Hall) -> None:
    with writing(hall.make) as session:
        finish_lessons(session, hall.learner.person.id, hall.rulebook)
        framework, who = hall.rulebook.framework, hall.learner.person.id
        claims = [
            Claim(who, code, framework.competency(code).indicator_codes, kind, level, TODAY, f"test:{code}:{kind}")
            for code, level in hall.rulebook.programmes[0].targets.items()
            for kind in (Kind.OA, Kind.SIM)
        ]
        take_in(session, claims, hall.rulebook, NOW)
    assert seen_by(hall, hall.trainer).towns == [("青石镇", 1)]
    assert seen_by(hall, hall.stranger).towns == [], "another town's learners are not there"


def test_a_trainer_is_never_on_their_own_list(hall: Hall) -> None:
    with writing(hall.make) as session:
        ask(session, hall.trainer, hall, 30)
    assert seen_by(hall, hall.trainer).stuck == 0
    assert [each.person.name for each in seen_by(hall, hall.second).not_begun] == ["黄老师"]
