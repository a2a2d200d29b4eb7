"""A portal over a small county, where a test says who is at the door."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from httpx import Response as Reply
from starlette.testclient import TestClient

from banyan.certificates.press import Press
from banyan.errors import TryLaterError
from banyan.portal.app import create_app
from banyan.portal.house import House
from banyan.portal.identity import SignInNeededError, Visitor
from banyan.records.engine import Sessions, sessions
from banyan.records.people import Person
from banyan.settings import HOUSE
from banyan.tracker.publishing import Workshop
from banyan.tracker.rulebook import Rulebook
from tests import house as houses
from tests.blank import blank_records
from tests.county import NOW
from tests.portal.one_loop import one_loop
from tests.tracker.hall import Hall, open_hall

PORTAL = "/services/portal"


@dataclass
class TestDoor:
    """Lets in whoever the cookie `who` names; `shut` is a hub that does not answer."""

    __test__ = False
    shut: bool = False

    async def visitor(self, request: Request) -> Visitor:
        if self.shut:
            raise TryLaterError("登录服务正在重启，请等一分钟再试；已经保存的内容不会丢")
        who = request.cookies.get("who")
        if not who:
            raise SignInNeededError
        return Visitor(who, f"session of {who}")

    async def bearer(self, request: Request) -> Visitor:
        kind, _, number = request.headers.get("authorization", "").partition(" ")
        if kind != "token":
            raise SignInNeededError
        return Visitor(number, f"token-{number}")

    def to_sign_in(self, request: Request) -> Response:
        return RedirectResponse(f"/hub/login?next={request.url.path}", 302)

    async def back_from_sign_in(self, request: Request, code: str, state: str) -> Response:
        return RedirectResponse(PORTAL + "/", 303)

    def sign_out(self) -> Response:
        return RedirectResponse("/hub/logout", 303)


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Visit:
    """Somebody's browser without a screen: gets pages, sends forms with the seal of the last page."""

    client: TestClient
    seal: str = ""

    def get(self, path: str, **how: Any) -> Reply:
        reply = self.client.get(PORTAL + path, **how)
        found = re.search(r'name="csrf" value="([0-9a-f]+)"|data-csrf="([0-9a-f]+)"', reply.text)
        self.seal = (found.group(1) or found.group(2)) if found else self.seal
        return reply

    def post(self, path: str, form: dict[str, str] | None = None, **how: Any) -> Reply:
        return self.client.post(PORTAL + path, data={"csrf": self.seal, **(form or {})}, **how)

    def send(self, method: str, path: str, body: Any, **headers: str) -> Reply:
        """Send JSON as the exam page's script does."""
        sent = {"accept": "application/json", "x-csrf-token": self.seal, **headers}
        return self.client.request(method, PORTAL + path, json=body, headers=sent)


@dataclass
class World:
    """The portal's app with its records, its clock, its door and those who were woken."""

    app: FastAPI
    hall: Hall
    clock: Clock
    door: TestDoor
    woken: list[int] = field(default_factory=list)

    def as_(self, person: Person | None, **cookies: str) -> Visit:
        client = TestClient(self.app, follow_redirects=False, raise_server_exceptions=False)
        client.portal = one_loop()
        for name, value in {**({"who": person.staff_number} if person else {}), **cookies}.items():
            client.cookies.set(name, value)
        return Visit(client)


@pytest.fixture(scope="session")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    return houses.rulebook(tmp_path_factory.mktemp("releases"))


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Sessions]:
    engine = blank_records(tmp_path / "records.sqlite")
    yield sessions(engine)
    engine.dispose()


@pytest.fixture
def hall(make: Sessions, rulebook: Rulebook, tmp_path: Path) -> Hall:
    return open_hall(make, rulebook, houses.copy_gradebooks(tmp_path / "gradebooks"))


@pytest.fixture(scope="session")
def press() -> Press:
    return Press(HOUSE / "content" / "certificate", HOUSE / "node_modules" / "@expo-google-fonts")


@pytest.fixture
def open_world(hall: Hall, press: Press) -> Callable[..., World]:
    def opened(**changes: Any) -> World:
        clock, door, woken = Clock(), TestDoor(), []
        house = House(
            make=hall.make,
            rulebook=hall.rulebook,
            secret=b"a secret of this test",
            county="榕溪县",
            press=lambda: press,
            gradebooks=hall.gradebooks,
            entry_key=b"entry of this test",
            origin="http://xuexi.example",
            workshop=Workshop(HOUSE / "courses", HOUSE / "content", hall.rulebook.catalogue.releases),
            uploads=hall.gradebooks.parent / "uploads",
            answer_files=hall.gradebooks.parent / "answer-files",
            works=hall.gradebooks.parent / "works",
            labs=hall.gradebooks.parent / "labs",
            prints=hall.gradebooks.parent / "prints",
            wake=woken.append,
            clock=clock,
        )
        return World(create_app(replace(house, **changes), door), hall, clock, door, woken)

    return opened


@pytest.fixture
def world(open_world: Callable[..., World]) -> World:
    return open_world()
