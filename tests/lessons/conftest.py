"""A small house that teaches one course of a few lessons, and readers without a window."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.accounts.devices import forget_all
from banyan.accounts.passwords import hash_password
from banyan.courseware.build import build_course
from banyan.domain.organisation import UnitLevel
from banyan.records import migrate
from banyan.records.county import CountySetting
from banyan.records.engine import Sessions, open_engine, sessions, writing
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, Person
from banyan.serve.ports import free_ports
from banyan.serve.processes import carries, descendants, send
from banyan.settings import Home
from tests.lessons.taught import write_lessons

PASSWORD = "my-own-password"
EVERYBODY = LIN, CHEN, NEW, LEFT, GRID_WORKER, NEIGHBOUR, LOST = [f"YX000{n}" for n in range(1, 8)]
TOWNS = {GRID_WORKER: ("399901101000", "0599-0000001"), NEIGHBOUR: ("399901102000", "0599-0000002")}
BORN = datetime(2026, 1, 1, tzinfo=UTC)
LESSONS = "/services/lessons/"


@dataclass(frozen=True)
class LittleHouse:
    url: str
    home: Home
    keeper: "subprocess.Popen[str]"

    def processes(self, service: str) -> list[int]:
        return [each for each in descendants(self.keeper.pid) if carries(each, f"BANYAN_SERVICE={service}")]

    def kill(self, service: str) -> None:
        """End a service as an accident would; its house starts it again."""
        send(self.processes(service), signal.SIGKILL)

    def forked(self) -> tuple[set[int], set[int]]:
        """Return the processes that ran a lesson, each the leader of its session, and the kernels forked from them."""
        below = {each for one in self.processes("lessons") for each in descendants(one)}
        first = {each for each in below if os.getsid(each) == each}
        return first, {each for each in below - first if os.getsid(each) in first}

    @property
    def log(self) -> str:
        return (self.home.logs / "lessons.log").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def little(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LittleHouse]:
    with little_house(tmp_path_factory.mktemp("lessons")) as it:
        yield it


@contextmanager
def little_house(folder: Path) -> Iterator[LittleHouse]:
    home = Home.create(folder / "home", demo=True)
    write_lessons(folder)
    build_course(folder / "courses", "x-1", folder / "content", home.releases, BORN)
    _people(home)
    port = free_ports(1)[0]
    command = [sys.executable, "-m", "tests.lessons.house", str(home.root), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as keeper:
        assert keeper.stdout
        seen = ""
        for line in keeper.stdout:
            seen += line
            if "已就绪" in line:
                break
        assert "已就绪" in seen, seen
        yield LittleHouse(f"http://127.0.0.1:{port}", home, keeper)
        keeper.terminate()
        keeper.communicate(timeout=15)


def _people(home: Home) -> None:
    engine = open_engine(home.records_url)
    migrate.upgrade(engine)
    kept = hash_password(PASSWORD)
    names = {
        LIN: "林秀英",
        CHEN: "陈建国",
        NEW: "吴美玲",
        LEFT: "黄志强",
        GRID_WORKER: "苏永福",
        NEIGHBOUR: "张远",
        LOST: "何桂香",
    }
    with writing(sessions(engine)) as session:
        for number, name in names.items():
            person = Person(staff_number=number, handle=f"h-{number}", name=name, password_hash=kept, created_at=BORN)
            person.must_change_password = number == NEW
            session.add(person)
        for number, (town, phone) in TOWNS.items():
            _appoint(session, number, town, phone)
    engine.dispose()


def _appoint(session: Session, number: str, town: str, phone: str) -> None:
    """Let somebody work in the first grid of a township whose duty desk has a number."""
    desk = Unit(code=town, name=f"{town}镇", level=UnitLevel.TOWN, path=f"/{town}/")
    grid = Unit(code=f"{town}1", name="第一网格", level=UnitLevel.GRID, path=f"/{town}/{town}1/")
    session.add_all([desk, grid])
    session.flush()
    person = session.scalars(select(Person).where(Person.staff_number == number)).one()
    session.add(Appointment(person_id=person.id, unit_id=grid.id, role="ER", post="网格员", starts_on=BORN.date()))
    told = {"source": "县应急12号", "dated_on": BORN.date(), "owner": "老周", "set_at": BORN}
    session.add(CountySetting(key="duty_phone", unit_id=desk.id, value=phone, **told))


@pytest.fixture
def records(little: LittleHouse) -> Iterator[Sessions]:
    engine = open_engine(little.home.records_url)
    yield sessions(engine)
    engine.dispose()


class Reader(httpx.Client):
    """What a phone does, without drawing anything."""

    def lesson(self, name: str = "trial") -> httpx.Response:
        return self.get(f"{LESSONS}x-1/{name}")

    def sign_in(self, number: str, first: str = f"{LESSONS}x-1/quiet") -> httpx.Response:
        """Open a page, be sent to the hub's form, fill it in, and come back to the page."""
        form = self.get(first)
        found = dict(re.findall(r'(action|name="_xsrf" value)="([^"]*)"', form.text))
        fields = {"_xsrf": found['name="_xsrf" value'], "username": number, "password": PASSWORD}
        return self.post(form.url.join(unescape(found["action"])), data=fields)

    def xsrf(self) -> dict[str, str]:
        token = next(each.value for each in self.cookies.jar if each.name == "_xsrf" and each.path.startswith(LESSONS))
        return {"X-XSRFToken": token, "Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}

    def tell(self, what: str, **said: object) -> httpx.Response:
        body = {"course": "x-1", "lesson": "quiet"} | said
        return self.post(f"{LESSONS}api/{what}", json=body, headers=self.xsrf())

    def state(self, lesson: str = "quiet") -> httpx.Response:
        return self.get(f"{LESSONS}api/state", params={"course": "x-1", "lesson": lesson}, headers=self.xsrf())


def reader_at(house: LittleHouse) -> Reader:
    return Reader(base_url=house.url, headers={"Sec-Fetch-Mode": "navigate"}, timeout=30, follow_redirects=True)


@pytest.fixture(scope="session")
def new_reader(little: LittleHouse) -> Iterator[Callable[[], Reader]]:
    opened: list[Reader] = []

    def open_reader() -> Reader:
        opened.append(reader_at(little))
        return opened[-1]

    yield open_reader
    for each in opened:
        each.close()


@pytest.fixture
def reader(new_reader: Callable[[], Reader]) -> Callable[[str], Reader]:
    def signed_in(number: str) -> Reader:
        reader = new_reader()
        reader.sign_in(number)
        return reader

    return signed_in


@pytest.fixture
def stranger(new_reader: Callable[[], Reader]) -> Reader:
    return new_reader()


@pytest.fixture(scope="session")
def lin(new_reader: Callable[[], Reader]) -> Reader:
    """林秀英, signed in; whoever changes her cookies signs in anew."""
    reader = new_reader()
    reader.sign_in(LIN)
    return reader


@pytest.fixture(scope="session")
def opened(lin: Reader) -> str:
    """The page of the lesson that computes, as 林秀英 has it open."""
    return lin.lesson().text


@pytest.fixture(scope="session")
def chen(new_reader: Callable[[], Reader]) -> Reader:
    reader = new_reader()
    reader.sign_in(CHEN)
    return reader


def leave(records: Sessions, number: str) -> None:
    with writing(records) as session:
        session.query(Person).filter_by(staff_number=number).update({"left_on": date(2026, 1, 2)})


def lose_phone(records: Sessions, number: str) -> None:
    """As when an administrator stops a phone that was lost."""
    with writing(records) as session:
        forget_all(session, session.query(Person).filter_by(staff_number=number).one(), datetime.now(UTC))
