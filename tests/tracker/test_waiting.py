"""Waiting for a result: where one stands, how many come first, and nothing of anybody else."""

import pytest

from banyan.domain.examination import State
from banyan.errors import NotFoundError
from banyan.records.engine import reading
from banyan.records.examinations import Attempt
from banyan.tracker.people import Me
from banyan.tracker.waiting import Place, place
from tests.tracker.hall import Hall


def stands(hall: Hall, attempt: Attempt, me: Me) -> Place:
    with reading(hall.make) as session:
        return place(session, attempt.id, me)


def test_who_handed_in_later_is_told_how_many_come_first(hall: Hall) -> None:
    first, second = hall.begin(), hall.begin(hall.neighbour)
    graded = hall.hand_in(first)
    hall.hand_in(second)
    assert stands(hall, first, hall.learner) == Place(State.SUBMITTED, 0)
    assert stands(hall, second, hall.neighbour) == Place(State.SUBMITTED, 1)
    hall.grade(graded)
    assert stands(hall, first, hall.learner) == Place(State.GRADED, 0)
    assert stands(hall, second, hall.neighbour) == Place(State.SUBMITTED, 0)


def test_before_handing_in_and_for_others_there_is_no_place(hall: Hall) -> None:
    attempt = hall.begin()
    with pytest.raises(NotFoundError):
        stands(hall, attempt, hall.learner)
    hall.hand_in(attempt)
    with pytest.raises(NotFoundError):
        stands(hall, attempt, hall.neighbour)
