"""Another attempt for who has used theirs up: by a trainer of theirs, with a reason, one at a time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from banyan.domain.examination import Refusal, State
from banyan.errors import BadInputError, NotFoundError, NotYetError
from banyan.records.audit import AuditRow, without_salt
from banyan.records.engine import reading, writing
from banyan.records.examinations import SecondChance, Submission
from banyan.tracker.admission import Admission, admission
from banyan.tracker.people import Me
from banyan.tracker.second_chances import Who, allow_another, standing_of, used_up_under
from banyan.words.language import CHINESE, language
from tests.county import COURSE, NOW
from tests.tracker.hall import Hall

REASON = "已当面辅导，六要素能说全了"


def allow(hall: Hall, by: Me, reason: str = REASON, course: str = COURSE) -> SecondChance:
    with writing(hall.make) as session:
        return allow_another(session, Who(hall.learner.person.id, course), reason, by, hall.rulebook, NOW)


def given(hall: Hall) -> list[SecondChance]:
    with reading(hall.make) as session:
        return list(session.scalars(select(SecondChance)))


def door(hall: Hall) -> Admission:
    with reading(hall.make) as session:
        return admission(session, hall.learner.person.id, hall.rulebook.catalogue.newest(COURSE), hall.rulebook, NOW)


def listed(hall: Hall, me: Me) -> list[tuple[str, str, int]]:
    with reading(hall.make) as session:
        return [(each.person.name, each.course, each.attempts) for each in used_up_under(session, me, hall.rulebook, NOW)]


def test_one_attempt_more_is_given_kept_and_written_down(hall: Hall) -> None:
    hall.fail(3)
    assert door(hall).refusal is Refusal.USED_UP
    row = allow(hall, hall.trainer, f"  {REASON}\n")

    assert (row.given_by, row.given_at, row.reason) == (hall.trainer.person.id, NOW, REASON)
    assert (door(hall).refusal, door(hall).left, door(hall).given) == (None, 1, True)
    with reading(hall.make) as session:
        (told,) = session.scalars(select(AuditRow).where(AuditRow.action == "exam.allow"))
        assert (told.actor, told.subject) == (hall.trainer.person.staff_number, hall.learner.person.staff_number)
        assert without_salt(told.detail) == {"course": COURSE, "attempt": 4, "reason": REASON}
    assert hall.begin().number == 4


def test_it_is_one_attempt_and_no_more(hall: Hall) -> None:
    hall.fail(3)
    allow(hall, hall.trainer)
    attempt = hall.begin()
    submission = hall.hand_in(attempt)
    with writing(hall.make) as session:
        session.get_one(Submission, submission.id).state = State.GRADED

    assert door(hall).refusal is Refusal.USED_UP
    with pytest.raises(NotYetError, match="次数已经用完"):
        hall.begin(now=NOW + timedelta(days=9))
    assert listed(hall, hall.trainer) == [("陈晓明", COURSE, 4)]
    allow(hall, hall.second)
    assert len(given(hall)) == 2


def test_the_cool_down_holds_for_it_too(hall: Hall) -> None:
    last = hall.fail(3)
    with writing(hall.make) as session:
        row = session.scalars(select(Submission).where(Submission.submitted_at == last)).one()
        row.attempt.submitted_at = NOW - timedelta(hours=1)
    allow(hall, hall.trainer)

    with pytest.raises(NotYetError) as refused:
        hall.begin()
    assert "11月23日 21:00 以后可以再考" in language(CHINESE).say(refused.value.message, **refused.value.params)


def test_given_twice_or_at_once_it_is_one(hall: Hall) -> None:
    hall.fail(3)
    with ThreadPoolExecutor(4) as taps:
        rows = {each.id for each in taps.map(lambda by: allow(hall, by), [hall.trainer, hall.second] * 2)}

    assert len(rows) == len(given(hall)) == 1


@pytest.mark.parametrize("who", ["stranger", "learner", "neighbour"])
def test_to_others_the_learner_is_not_there(hall: Hall, who: str) -> None:
    hall.fail(3)
    me = getattr(hall, who)

    with pytest.raises(NotFoundError, match="没有找到，或者不归您管"):
        allow(hall, me)
    with reading(hall.make) as session, pytest.raises(NotFoundError, match="没有找到，或者不归您管"):
        standing_of(session, Who(hall.learner.person.id, COURSE), me, hall.rulebook, NOW)
    assert given(hall) == []


def test_a_course_they_do_not_teach_is_not_there(hall: Hall) -> None:
    with pytest.raises(NotFoundError):
        allow(hall, hall.trainer, course="y-1-other")


@pytest.mark.parametrize("times", [0, 1, 2])
def test_who_has_an_attempt_left_is_given_none(hall: Hall, times: int) -> None:
    if times:
        hall.fail(times)
    with pytest.raises(NotYetError, match="还没有用完"):
        allow(hall, hall.trainer)
    assert given(hall) == []


def test_who_waits_for_a_result_is_given_none(hall: Hall) -> None:
    hall.fail(2)
    hall.hand_in(hall.begin())
    with pytest.raises(NotYetError, match="还没有用完"):
        allow(hall, hall.trainer)
    assert listed(hall, hall.trainer) == []


@pytest.mark.parametrize("reason", ["", "  \n", "长" * 201])
def test_without_a_fitting_reason_nothing_is_given(hall: Hall, reason: str) -> None:
    hall.fail(3)
    with pytest.raises(BadInputError):
        allow(hall, hall.trainer, reason)
    assert given(hall) == []


def test_a_trainer_sees_who_of_their_own_has_none_left(hall: Hall) -> None:
    hall.fail(3)
    hall.fail(2, hall.neighbour)

    assert listed(hall, hall.trainer) == listed(hall, hall.second) == [("陈晓明", COURSE, 3)]
    assert listed(hall, hall.stranger) == listed(hall, hall.learner) == []
    allow(hall, hall.trainer)
    assert listed(hall, hall.trainer) == []


def test_who_has_passed_is_not_listed(hall: Hall) -> None:
    hall.fail(3)
    with writing(hall.make) as session:
        session.scalars(select(Submission)).first().passed = True  # type: ignore[union-attr]
    assert listed(hall, hall.trainer) == []


def test_the_list_takes_as_many_queries_for_two_as_for_one(hall: Hall) -> None:
    def count() -> int:
        asked: list[str] = []
        with reading(hall.make) as session:
            bind = session.get_bind()
            event.listen(bind, "before_cursor_execute", heard := lambda *told: asked.append(told[2]))
            used_up_under(session, hall.trainer, hall.rulebook, NOW)
            event.remove(bind, "before_cursor_execute", heard)
        return len(asked)

    hall.fail(3)
    one = count()
    hall.fail(3, hall.neighbour)
    assert len(listed(hall, hall.trainer)) == 2
    assert 0 < count() == one <= 6
