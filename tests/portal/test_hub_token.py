"""A program that bears a token of the hub: whose it is and what it was given for, as the real hub says it."""

import httpx
import pytest
from jupyterhub import orm

from tests.conftest import Served

pytestmark = pytest.mark.served
TASKS = "/services/portal/exchange/tasks"
PORTAL, LESSONS = "access:services!service=portal", "access:services!service=lessons"


def token_of(served: Served, name: str, *scopes: str) -> str:
    """Give somebody a token as the hub gives one to the server it starts for them."""
    number = served.account(name).staff_number
    with orm.new_session_factory(served.home.hub_url)() as session:
        user = session.query(orm.User).filter_by(name=number).one_or_none() or orm.User(name=number)
        user.roles = [orm.Role.find(session, "user")]  # as the hub does when it first meets somebody
        session.add(user)
        session.commit()
        token: str = user.new_api_token(scopes=list(scopes))
        session.commit()
    return token


def asked(served: Served, **headers: str) -> httpx.Response:
    return httpx.get(served.url + TASKS, headers={"accept": "application/json", **headers}, timeout=20)


@pytest.mark.parametrize("kind", ["token", "Bearer"])
def test_a_token_given_for_the_portal_counts_as_its_person(served: Served, kind: str) -> None:
    token = token_of(served, "林秀英", PORTAL)
    reply = asked(served, authorization=f"{kind} {token}")
    assert (reply.status_code, reply.json()) == (200, {"tasks": []})


def test_a_token_given_for_something_else_opens_nothing(served: Served) -> None:
    token = token_of(served, "林秀英", LESSONS)
    assert asked(served, authorization=f"token {token}").status_code == 401


@pytest.mark.parametrize("value", ["", "token", "token made-up", "Basic abc", "token a b"])
def test_what_is_no_token_is_nobody(served: Served, value: str) -> None:
    assert asked(served, authorization=value).status_code == 401


def test_a_services_own_token_is_no_person(served: Served) -> None:
    assert asked(served, authorization=f"token {served.home.key('portal').decode()}").status_code == 401
