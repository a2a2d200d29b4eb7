"""Who has not finished, where they stand, and who reminded them last."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from banyan.domain.readiness import Halt
from banyan.errors import BadInputError, NotFoundError
from banyan.records.engine import reading, writing
from banyan.records.learning import Assignment
from banyan.records.people import Person
from banyan.tracker.people import Me, find_me
from banyan.tracker.progress import Place, finish_step
from banyan.tracker.reminders import OpenLine, remind, unfinished
from banyan.tracker.rulebook import Rulebook
from tests.county import COURSE, NOW, TODAY, County, Places
from tests.tracker.hall import Hall


def ask(session: Session, person: Person, rulebook: Rulebook, days: int = 10) -> None:
    due, code = TODAY + timedelta(days=days), rulebook.programmes[0].code
    session.add(Assignment(person_id=person.id, programme=code, due_on=due, assigned_at=NOW))
    session.flush()


def administrator(session: Session, county: County, name: str, at: object) -> Me:
    person = county.person(name)
    county.trust(person, "administrator", at)  # type: ignore[arg-type]
    return find_me(session, person.staff_number, TODAY)


def lines(session: Session, places: Places, rulebook: Rulebook) -> list[OpenLine]:
    return unfinished(session, [places.qingshi.path], rulebook.programmes[0], rulebook, NOW)


def test_only_who_was_asked_in_ones_own_units_is_listed_those_due_first_first(
    session: Session, county: County, places: Places, rulebook: Rulebook
) -> None:
    later, late = county.person("陈晓明", places.xikou_1), county.person("林秀英", places.xikou_2)
    ask(session, later, rulebook)
    ask(session, late, rulebook, days=-1)
    ask(session, county.person("张远", places.shangping_1), rulebook)
    county.person("没布置", places.xikou_1)

    found = lines(session, places, rulebook)
    assert [(each.person.name, each.overdue, each.halt) for each in found] == [
        ("林秀英", True, Halt.NEW),
        ("陈晓明", False, Halt.NEW),
    ]
    assert found[0].place == ("青石镇", "溪口村", "第二网格")


def test_it_says_at_which_lesson_and_step_somebody_stands(
    session: Session, county: County, places: Places, rulebook: Rulebook
) -> None:
    person = county.person("陈晓明", places.xikou_1)
    ask(session, person, rulebook)
    release = rulebook.catalogue.newest(COURSE)
    first, second = release.lessons[:2]
    for step in first.steps:
        finish_step(session, person.id, release, Place(first.name, step.name), NOW - timedelta(days=9))
    finish_step(session, person.id, release, Place(second.name, second.steps[0].name), NOW - timedelta(days=8))

    way = lines(session, places, rulebook)[0].way
    assert (way.halt, way.lesson, way.step) == (Halt.LEARNING, 2, 2)
    assert way.since == TODAY - timedelta(days=8)


def test_after_the_lessons_the_exam_says_where_somebody_stands(hall: Hall) -> None:
    with writing(hall.make) as session:
        for me in (hall.learner, hall.neighbour):
            ask(session, me.person, hall.rulebook)
    hall.fail(2)
    hall.learn(hall.neighbour)

    with reading(hall.make) as session:
        paths = [unit.path for unit in (*hall.learner.units, *hall.neighbour.units)]
        found = unfinished(session, paths, hall.rulebook.programmes[0], hall.rulebook, NOW)
    assert {each.person.name: (each.halt, each.way.failed) for each in found} == {
        "陈晓明": (Halt.RETRY, 2),
        "林秀英": (Halt.TO_SIT, 0),
    }


def test_within_a_day_the_second_is_told_of_the_first(
    session: Session, county: County, places: Places, rulebook: Rulebook
) -> None:
    person = county.person("陈晓明", places.xikou_1)
    ask(session, person, rulebook)
    town, boss = administrator(session, county, "郑国平", places.qingshi), administrator(session, county, "周建国", places.county)
    programme = rulebook.programmes[0]

    first, new = remind(session, person.id, programme, town, NOW)
    again, newer = remind(session, person.id, programme, boss, NOW + timedelta(hours=23))
    assert (new, newer, again.id) == (True, False, first.id)
    reminded = lines(session, places, rulebook)[0].reminded
    assert reminded
    assert (reminded.by, reminded.fresh) == ("郑国平", True)
    _, next_day = remind(session, person.id, programme, boss, NOW + timedelta(hours=24))
    assert next_day


def test_nobody_is_reminded_of_what_was_not_asked_or_by_a_stranger(
    session: Session, county: County, places: Places, rulebook: Rulebook
) -> None:
    person = county.person("陈晓明", places.xikou_1)
    stranger, town = (
        administrator(session, county, "吴美玲", places.yunxi),
        administrator(session, county, "郑国平", places.qingshi),
    )
    with pytest.raises(BadInputError):
        remind(session, person.id, rulebook.programmes[0], town, NOW)
    ask(session, person, rulebook)
    with pytest.raises(NotFoundError):
        remind(session, person.id, rulebook.programmes[0], stranger, NOW)
