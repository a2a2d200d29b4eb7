"""A hub people can sign in to, and a browser without a window."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html import unescape

import httpx
import pytest

from banyan.accounts.passwords import hash_password
from banyan.records import migrate
from banyan.records.engine import open_engine, sessions, writing
from banyan.records.people import Person
from banyan.serve.ports import free_ports
from banyan.settings import Home

PASSWORD = "initial-1"
PEOPLE = {"YX0001": "林秀英", "YX0002": "陈建国", "YX0003": "吴美玲", "YX0004": "黄志强", "YX0005": "林晓英", "YX0006": "陈爱国"}


@pytest.fixture(scope="session")
def hub_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home.create(tmp_path_factory.mktemp("hub") / "home", demo=True)
    people(home)
    return home


@pytest.fixture(scope="session")
def hub(hub_home: Home) -> Iterator[str]:
    """The address of a running hub that knows PEOPLE, all with PASSWORD."""
    home = hub_home
    port = free_ports(1)[0]
    command = [sys.executable, "-m", "tests.hub.hub_alone", str(home.root), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as keeper:
        assert keeper.stdout
        seen = ""
        for line in keeper.stdout:
            seen += line
            if "已就绪" in line:
                break
        assert "已就绪" in seen, seen
        yield f"http://127.0.0.1:{port}"
        keeper.terminate()


def people(home: Home) -> None:
    engine = open_engine(home.records_url)
    migrate.upgrade(engine)
    kept, born = hash_password(PASSWORD), datetime(2026, 1, 1, tzinfo=UTC)
    with writing(sessions(engine)) as session:
        for number, name in PEOPLE.items():
            person = Person(staff_number=number, handle=f"h-{number}", name=name, password_hash=kept, created_at=born)
            session.add(person)
    engine.dispose()


class Browser(httpx.Client):
    """What a phone does at the hub's form."""

    def sign_in(self, number: str, password: str = PASSWORD, next_url: str = "/hub/home") -> httpx.Response:
        form = self.get("/hub/login", params={"next": next_url})
        return self.send_form(form, number, password)

    def send_form(self, form: httpx.Response, number: str, password: str = PASSWORD) -> httpx.Response:
        found = dict(re.findall(r'(action|name="_xsrf" value)="([^"]*)"', form.text))
        fields = {"_xsrf": found['name="_xsrf" value'], "username": number, "password": password}
        return self.post(unescape(found["action"]), data=fields)


@pytest.fixture
def browser(hub: str) -> Iterator[Callable[[], Browser]]:
    opened: list[Browser] = []

    def open_browser() -> Browser:
        opened.append(Browser(base_url=hub, headers={"Sec-Fetch-Mode": "navigate"}, timeout=10))
        return opened[-1]

    yield open_browser
    for each in opened:
        each.close()
