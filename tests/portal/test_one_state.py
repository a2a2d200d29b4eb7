"""A page reads one state of the records until it writes; readings within readings and writings within them disturb nothing."""

from typing import Any

from starlette.requests import Request

from banyan.portal.pages import SignedInPage
from banyan.records.people import Person
from tests.portal.conftest import World


def rename(session: Any, person: Person, name: str) -> None:
    session.get_one(Person, person.id).name = name


def test_it_reads_one_state_until_it_writes(world: World) -> None:
    person, house = world.hall.learner.person, world.app.state.house
    scope = {"type": "http", "app": world.app, "path": "/", "query_string": b"", "headers": []}
    page, other = (SignedInPage(Request(scope), house, staff_number=person.staff_number) for _ in range(2))

    def name() -> str:
        with page.reading() as session:
            return session.get_one(Person, person.id).name

    with page.in_one_state():
        before = name()
        with other.writing() as session:
            rename(session, person, "改过的名")
        assert name() == before
        with page.reading() as session:
            held = session.get_one(Person, person.id)
            assert name() == "改过的名"  # within another reading it is one of its own
            with page.writing() as writing:
                rename(writing, person, "再改的名")
            assert held in session
        assert name() == "再改的名"
    assert name() == "再改的名"
