"""What the records refuse is told apart: somebody who was first, a database that is busy, and what we did wrong."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from psycopg.errors import NotNullViolation, SerializationFailure
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from banyan.records.engine import Sessions, sessions, writing
from banyan.records.organisation import Unit
from banyan.records.people import Person
from banyan.records.storing import OURS, TAKEN, status_of
from tests.county import County, places

SAME = {"staff_number": "1", "handle": "h", "name": "甲"}


def test_a_second_of_what_there_is_once_was_taken(blank: Engine) -> None:
    with writing(sessions(blank)) as session:
        person = County(session).person("陈晓明")
    for key in ("id", "staff_number"):
        again = {**SAME, key: getattr(person, key), "created_at": person.created_at}
        with pytest.raises(IntegrityError) as caught, writing(sessions(blank)) as session:
            session.add(Person(**again))
        assert status_of(caught.value) == TAKEN


def test_what_may_not_be_at_all_is_our_fault(blank: Engine) -> None:
    with pytest.raises(IntegrityError) as caught, writing(sessions(blank)) as session:
        session.execute(text("INSERT INTO person (staff_number) VALUES ('1')"))
    assert status_of(caught.value) == OURS
    assert status_of(DBAPIError("", {}, NotNullViolation())) == OURS
    assert status_of(ValueError()) == OURS


def test_one_of_two_who_wait_for_each_other_comes_second(blank: Engine) -> None:
    make = sessions(blank)
    with writing(make) as session:
        where = places(County(session))
        both = [where.qingshi.id, where.yunxi.id]
    if make.turn:
        return  # SQLite lets nobody begin to write before the other is done
    told = _crossing(make, both)
    assert sorted(told) == [0, TAKEN]
    assert status_of(DBAPIError("", {}, SerializationFailure())) == TAKEN


def _crossing(make: Sessions, both: list[int]) -> list[int]:
    together = Barrier(2)

    def work(turned: bool) -> int:
        first, second = reversed(both) if turned else both
        try:
            with writing(make) as session:
                session.execute(select(Unit.id).where(Unit.id == first).with_for_update())
                together.wait()
                session.execute(select(Unit.id).where(Unit.id == second).with_for_update())
        except DBAPIError as fault:
            return status_of(fault)
        return 0

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(work, (False, True)))
