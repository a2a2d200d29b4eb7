"""The portal over a small county: everybody who works at a desk, what lies on it, and a browser that forgets nothing.

榕溪县      周建国 administers, 何老师 trains, 王老师 trains another course, 叶青 assesses it, 何立新 looks after the platform
├─ 青石镇   郑国平 administers, 黄老师 trains, 许素芬 assesses, 蔡明辉 supervises, 罗雅琴 certifies; 陈晓明 and 林秀英 learn
└─ 云溪镇   吴美玲 administers, 周老师 trains, 张远 learns
"""

import re
import shutil
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from banyan.certificates.press import Press
from banyan.domain.calendar import add_months
from banyan.domain.framework import Kind
from banyan.portal.app import create_app
from banyan.portal.forms import fresh_token
from banyan.portal.house import House
from banyan.portal.identity import SignInNeededError, Visitor
from banyan.portal.registry import PORTAL
from banyan.records.competence import Certificate
from banyan.records.engine import reading, sessions, writing
from banyan.records.learning import Assignment
from banyan.records.people import Person
from banyan.tracker.intake import Claim, take_in
from banyan.tracker.people import Me, find_me
from banyan.tracker.practicals import TickList, observe
from banyan.tracker.publishing import Workshop
from banyan.tracker.rulebook import Rulebook
from tests import house as rules
from tests.blank import blank_records
from tests.county import COURSE, NOW, TODAY, County, Places, places
from tests.portal.one_loop import one_loop
from tests.tracker.hall import Hall, finish_lessons

SECRET, ENTRY_KEY = b"office", b"entry of the office"
TICKS = ("C5.2.a", "C5.2.b", "C5.2.c", "C5.2.d")


class FrontDoor:
    """Whoever the cookie names comes in; the hub has its own tests."""

    async def visitor(self, request: Request) -> Visitor:
        number = request.cookies.get("who")
        if not number:
            raise SignInNeededError
        return Visitor(number, f"session-{number}")

    async def bearer(self, request: Request) -> Visitor:
        kind, _, number = request.headers.get("authorization", "").partition(" ")
        if kind != "token":
            raise SignInNeededError
        return Visitor(number, f"token-{number}")

    def to_sign_in(self, request: Request) -> Response:
        return RedirectResponse("/hub/login", 302)

    async def back_from_sign_in(self, request: Request, code: str, state: str) -> Response:
        return RedirectResponse("/", 303)

    def sign_out(self) -> Response:
        return RedirectResponse("/hub/logout", 303)


@dataclass(frozen=True)
class Office:
    house: House
    app: FastAPI
    at: Places
    people: dict[str, Person]

    @cached_property
    def hall(self) -> Hall:
        """The exam hall of the same county, to sit exams in."""
        who = {"learner": "陈晓明", "neighbour": "林秀英", "trainer": "黄老师", "second": "何老师", "stranger": "周老师"}
        everybody = {key: self.me(name) for key, name in who.items()}
        return Hall(self.house.make, self.house.rulebook, self.house.gradebooks, **everybody)

    def me(self, name: str) -> Me:
        with reading(self.house.make) as session:
            return find_me(session, self.people[name].staff_number, TODAY)

    def later(self, days: int) -> "Office":
        """The same office some days later."""
        house = replace(self.house, clock=lambda: NOW + timedelta(days=days))
        return replace(self, house=house, app=create_app(house, FrontDoor()))

    def browser(self, name: str = "") -> "Browser":
        return Browser(self.app, self.people[name].staff_number if name else "")


class Browser(TestClient):
    """One person's browser; `submit` posts a form with its seal, as the page would."""

    def __init__(self, app: FastAPI, number: str) -> None:
        super().__init__(app, base_url="http://xuexi.example", follow_redirects=False, raise_server_exceptions=False)
        self.portal = one_loop()
        self.number = number
        if number:
            self.cookies.set("who", number)

    @property
    def seal(self) -> str:
        return fresh_token(SECRET, f"session-{self.number}")

    def open(self, path: str) -> Any:
        return self.get(path if path.startswith("/verify") else PORTAL + path)

    def submit(self, path: str, **fields: Any) -> Any:
        """Send a form; `row_0` fills in the field `row-0`."""
        named = {re.sub(r"_(\d)", r"-\1", name): value for name, value in fields.items()}
        return self.post(PORTAL + path, data={"csrf": self.seal, **named})


@cache
def _press() -> Press:
    return Press(rules.ROOT / "content" / "certificate", rules.ROOT / "node_modules" / "@expo-google-fonts")


def open_office(folder: Path, rulebook: Rulebook, gradebooks: Path | None = None) -> Office:
    """Build the county in a folder and open the portal over it, with a copy of these gradebooks or the shipped course's."""
    engine = blank_records(folder / "records.sqlite")
    make = sessions(engine)
    with writing(make) as session:
        at, people = _county(session)
    kept = shutil.copytree(gradebooks, folder / "gradebooks") if gradebooks else rules.copy_gradebooks(folder / "gradebooks")
    workshop = Workshop(rules.ROOT / "courses", rules.ROOT / "content", rulebook.catalogue.releases)
    house = House(
        make,
        rulebook,
        SECRET,
        "榕溪县",
        _press,
        Path(kept),
        workshop=workshop,
        uploads=folder / "uploads",
        answer_files=folder / "answer-files",
        works=folder / "works",
        labs=folder / "labs",
        prints=folder / "prints",
        entry_key=ENTRY_KEY,
        origin="http://xuexi.example",
        demo=True,
        clock=lambda: NOW,
    )
    return Office(house, create_app(house, FrontDoor()), at, people)


def certify(session: Session, person: Person, rulebook: Rulebook) -> Certificate:
    """Let somebody show all that the programme asks for, and return the certificate it earns them."""
    learn(session, person, rulebook)
    claims = [
        Claim(
            person.id,
            code,
            rulebook.framework.competency(code).indicator_codes,
            kind,
            level,
            TODAY,
            f"test:{person.id}:{kind}:{code}",
        )
        for code, level in rulebook.programmes[0].targets.items()
        for kind in (Kind.OA, Kind.SIM, Kind.OS)
    ]
    take_in(session, claims, rulebook, NOW)
    return session.query(Certificate).filter_by(person_id=person.id).one()


def examine(session: Session, person: Person, rulebook: Rulebook) -> None:
    """Let somebody pass exam and drill, so that only the practical is missing."""
    learn(session, person, rulebook)
    claims = [
        Claim(
            person.id,
            code,
            rulebook.framework.competency(code).indicator_codes,
            kind,
            level,
            TODAY,
            f"test:{person.id}:{kind}:{code}",
        )
        for code, level in rulebook.programmes[0].targets.items()
        for kind in (Kind.OA, Kind.SIM)
    ]
    take_in(session, claims, rulebook, NOW)


def learn(session: Session, person: Person, rulebook: Rulebook) -> None:
    """Ask the programme of somebody and let them finish every lesson."""
    session.add(Assignment(person_id=person.id, programme=rulebook.programmes[0].code, due_on=TODAY, assigned_at=NOW))
    finish_lessons(session, person.id, rulebook)


def run_out(session: Session, certificate: Certificate) -> None:
    """Make a certificate one that ran out a month ago, as the records would hold it."""
    row = session.get_one(Certificate, certificate.id)
    row.expires_on = add_months(TODAY, -1)


def practise(office: Office, trainer: str, learner: str, key: str) -> int:
    """Let a trainer record a practical in which nothing was seen, and return its number."""
    ticks = TickList(office.people[learner].id, COURSE, frozenset(), TODAY, "", key)
    with writing(office.house.make) as session:
        return observe(session, ticks, office.me(trainer), office.house.rulebook, NOW).id


def _county(session: Session) -> tuple[Places, dict[str, Person]]:
    county = County(session)
    at = places(county)
    posts = {
        "陈晓明": at.xikou_1, "林秀英": at.xikou_2, "张远": at.shangping_1,
        "黄老师": at.qingshi, "何老师": at.county, "周老师": at.yunxi, "王老师": at.county,
        "郑国平": at.qingshi, "吴美玲": at.yunxi, "周建国": at.county, "何立新": at.county,
        "许素芬": at.county, "叶青": at.county, "蔡明辉": at.county, "罗雅琴": at.county,
    }  # fmt: skip
    people = {name: county.person(name, unit) for name, unit in posts.items()}
    for name, duty, unit, course in (
        ("黄老师", "trainer", at.qingshi, COURSE),
        ("何老师", "trainer", at.county, COURSE),
        ("周老师", "trainer", at.yunxi, COURSE),
        ("王老师", "trainer", at.county, "y-1-other"),
        ("许素芬", "assessor", at.qingshi, COURSE),
        ("叶青", "assessor", at.county, "y-1-other"),
        ("蔡明辉", "supervisor", at.qingshi, ""),
        ("罗雅琴", "certifier", at.qingshi, ""),
        ("郑国平", "administrator", at.qingshi, ""),
        ("吴美玲", "administrator", at.yunxi, ""),
        ("周建国", "administrator", at.county, ""),
        ("何立新", "platform", at.county, ""),
    ):
        county.trust(people[name], duty, unit, course)
    return at, people
