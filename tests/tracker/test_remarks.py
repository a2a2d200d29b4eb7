"""What trainers like to say again: the last used first, their own or shared within the course, and removed again."""

from datetime import timedelta

import pytest

from banyan.errors import BadInputError, NotFoundError
from banyan.records.engine import reading, writing
from banyan.tracker.people import Me
from banyan.tracker.remarks import MOST_OWN, Topic, Words, remarks_on, remove, save, use
from tests.county import COURSE, NOW
from tests.tracker.hall import Hall

NOTE = Topic(COURSE, "open-note")


def keep(hall: Hall, text: str, me: Me | None = None, minutes: int = 0, **how: object) -> int:
    with writing(hall.make) as session:
        words = Words(text, **how)  # type: ignore[arg-type]
        return save(session, NOTE, words, me or hall.trainer, NOW + timedelta(minutes=minutes)).id


def shown(hall: Hall, me: Me | None = None, topic: Topic = NOTE) -> list[str]:
    with reading(hall.make) as session:
        return [each.text for each in remarks_on(session, topic, me or hall.trainer)]


def test_the_last_used_comes_first(hall: Hall) -> None:
    first, _ = keep(hall, "写得全"), keep(hall, "先说人", minutes=1)
    assert shown(hall) == ["先说人", "写得全"]
    with writing(hall.make) as session:
        use(session, [first], hall.trainer, NOW + timedelta(minutes=2))
    assert shown(hall) == ["写得全", "先说人"]


def test_ones_own_are_ones_own_until_shared_and_then_the_whole_courses(hall: Hall) -> None:
    keep(hall, "写得全")
    assert shown(hall, hall.second) == []
    number = keep(hall, "写得全", shared=True)
    with reading(hall.make) as session:
        assert [(each.id, each.by) for each in remarks_on(session, NOTE, hall.second)] == [(number, "黄老师")]


def test_a_remark_belongs_to_its_question(hall: Hall) -> None:
    keep(hall, "写得全", shared=True)
    assert shown(hall, topic=Topic(COURSE, "open-note-lane")) == shown(hall, topic=Topic("y-1-other", "open-note")) == []


def test_using_a_colleagues_changes_ones_own_order_only(hall: Hall) -> None:
    number, _ = keep(hall, "写得全", shared=True), keep(hall, "先说人", minutes=1, shared=True)
    with writing(hall.make) as session:
        use(session, [number], hall.second, NOW + timedelta(minutes=2))
    assert (shown(hall, hall.second)[0], shown(hall)[0]) == ("写得全", "先说人")


def test_the_same_words_twice_are_one_remark(hall: Hall) -> None:
    assert keep(hall, "写得全") == keep(hall, " 写得全 \x00", minutes=1)
    assert keep(hall, "写得全", row=0) != keep(hall, "写得全")


def test_only_its_author_removes_a_remark_used_or_not(hall: Hall) -> None:
    number = keep(hall, "写得全", shared=True)
    with writing(hall.make) as session:
        use(session, [number, 999], hall.second, NOW)
    with pytest.raises(NotFoundError), writing(hall.make) as session:
        remove(session, number, hall.second)
    with writing(hall.make) as session:
        remove(session, number, hall.trainer)
    assert shown(hall) == shown(hall, hall.second) == []


@pytest.mark.parametrize("text", ["", " \n", "长" * 121], ids=["nothing", "blank", "too long"])
def test_what_is_no_remark_is_not_kept(hall: Hall, text: str) -> None:
    with pytest.raises(BadInputError):
        keep(hall, text)


def test_there_are_only_so_many(hall: Hall) -> None:
    for number in range(MOST_OWN):
        keep(hall, f"第{number}句")
    with pytest.raises(BadInputError, match="先删掉几句"):
        keep(hall, "再一句")
