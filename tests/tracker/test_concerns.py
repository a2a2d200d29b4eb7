"""What learners say of a question reaches their own trainer, is answered once, and comes back to them once."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.errors import BadInputError, NotFoundError, NotYetError
from banyan.records.audit import AuditRow, without_salt
from banyan.records.people import Person
from banyan.tracker.concerns import (
    A_DAY,
    LONGEST,
    Kind,
    Part,
    Said,
    answer,
    answered_for,
    heaps,
    open_heaps,
    part_of,
    put_away,
    raise_concern,
)
from banyan.tracker.people import Me, find_me
from banyan.tracker.rulebook import Rulebook
from tests.county import COURSE, NOW, TODAY, County, Places

PART = Part(COURSE, "01-when-to-report", "q1")


def say(session: Session, person: Person, part: Part = PART, kind: str = Kind.UNCLEAR, words: str = "") -> int:
    return raise_concern(session, person.id, Said(part, 1, kind, words), NOW).id


@pytest.fixture
def chen(county: County, places: Places) -> Person:
    return county.person("陈晓明", places.xikou_1)


@pytest.fixture
def zhang(county: County, places: Places) -> Person:
    return county.person("张远", places.shangping_1)


def trainer(session: Session, county: County, name: str, at: object, course: str = COURSE) -> Me:
    person = county.person(name)
    county.trust(person, "trainer", at, course)  # type: ignore[arg-type]
    return find_me(session, person.staff_number, TODAY)


@pytest.fixture
def huang(session: Session, county: County, places: Places) -> Me:
    return trainer(session, county, "黄老师", places.qingshi)


def test_a_trainer_reads_what_learners_of_their_own_course_and_town_say(
    session: Session, county: County, places: Places, chen: Person, zhang: Person, huang: Me
) -> None:
    say(session, chen)
    say(session, zhang)
    others = trainer(session, county, "王老师", places.county, "y-1-other")
    assert [[each.person.name for each in heap.voices] for heap in heaps(session, huang, TODAY)] == [["陈晓明"]]
    assert heaps(session, others, TODAY) == []
    assert open_heaps(session, huang, TODAY) == 1


def test_what_most_people_say_comes_first(session: Session, county: County, places: Places, chen: Person, huang: Me) -> None:
    rare = Part(COURSE, "", "exam-question")
    say(session, chen, rare)
    for each in (chen, county.person("林秀英", places.xikou_2)):
        say(session, each, kind=Kind.WRONG)
    first, second = heaps(session, huang, TODAY)
    assert (first.part, first.count(Kind.WRONG), first.count(Kind.UNCLEAR)) == (PART, 2, 0)
    assert second.part == rare


def test_said_again_it_is_the_same_concern_with_the_latest_words(session: Session, chen: Person, huang: Me) -> None:
    one = say(session, chen, words="人数")
    assert say(session, chen, kind=Kind.WRONG, words="人数不对") == one
    assert say(session, chen, kind=Kind.WRONG) == one
    voice = heaps(session, huang, TODAY)[0].voices[0]
    assert (voice.row.kind, voice.row.words) == ("wrong", "人数不对")


def test_one_answer_reaches_everybody_who_asked_and_is_read_once(session: Session, chen: Person, huang: Me) -> None:
    one = say(session, chen)
    assert answer(session, PART, one, " 这样理解： 先报再核 ", huang, NOW) == 1
    assert answer(session, PART, one, "又一次", huang, NOW) == 0
    assert [row.answer for row in answered_for(session, chen.id)] == ["这样理解： 先报再核"]
    assert heaps(session, huang, TODAY) == []

    put_away(session, huang.person.id, one, NOW)
    assert len(answered_for(session, chen.id)) == 1, "what is another's stays"
    put_away(session, chen.id, one, NOW)
    assert answered_for(session, chen.id) == []
    told = session.scalars(select(AuditRow).where(AuditRow.action == "concern.answer")).one()
    assert (told.subject, without_salt(told.detail)) == (f"{COURSE}:01-when-to-report:q1", {"people": 1})


def test_what_came_after_the_trainer_looked_waits(
    session: Session, county: County, places: Places, chen: Person, huang: Me
) -> None:
    seen = say(session, chen)
    say(session, county.person("林秀英", places.xikou_2), words="是另一回事")
    assert answer(session, PART, seen, "已改", huang, NOW) == 1
    assert open_heaps(session, huang, TODAY) == 1


def test_a_stranger_cannot_answer(session: Session, county: County, places: Places, chen: Person) -> None:
    one = say(session, chen)
    stranger = trainer(session, county, "周老师", places.yunxi)
    with pytest.raises(NotFoundError):
        answer(session, PART, one, "已改", stranger, NOW)
    own = trainer(session, county, "自己", places.qingshi)
    county.appoint(own.person, places.xikou_1)
    mine = say(session, own.person, Part(COURSE, "", "mine"))
    with pytest.raises(NotFoundError):
        answer(session, Part(COURSE, "", "mine"), mine, "已改", own, NOW)


def test_a_day_has_room_for_twenty(session: Session, chen: Person) -> None:
    for number in range(A_DAY):
        say(session, chen, Part(COURSE, "", f"q{number}"))
    say(session, chen, Part(COURSE, "", "q0"), words="补一句")
    with pytest.raises(NotYetError):
        say(session, chen, Part(COURSE, "", "one-more"))
    raise_concern(session, chen.id, Said(PART, 1, Kind.WRONG), NOW + timedelta(days=1))


@pytest.mark.parametrize(("kind", "words"), [("", ""), ("rude", ""), (Kind.WRONG, "字" * (LONGEST + 1))])
def test_what_does_not_fit_is_refused(session: Session, chen: Person, kind: str, words: str) -> None:
    with pytest.raises(BadInputError):
        say(session, chen, kind=kind, words=words)


@pytest.mark.parametrize("text", ["", "  ", "字" * (LONGEST + 1)])
def test_an_answer_says_something(session: Session, chen: Person, huang: Me, text: str) -> None:
    with pytest.raises(BadInputError):
        answer(session, PART, say(session, chen), text, huang, NOW)


def test_only_what_the_lesson_holds_can_be_meant(rulebook: Rulebook) -> None:
    release = rulebook.catalogue.newest(COURSE)
    lesson = release.lessons[0]
    assert part_of(release, lesson.name, question=lesson.questions[0]).name == lesson.questions[0]
    assert part_of(release, lesson.name, step=lesson.steps[0].name).name == "#" + lesson.steps[0].name
    for question, step in (("", ""), ("no-such", ""), ("", "no-such")):
        with pytest.raises(NotFoundError):
            part_of(release, lesson.name, question, step)
    with pytest.raises(NotFoundError):
        part_of(release, "no-lesson", lesson.questions[0])
