"""What tests in several places share: a home, and a house that is really served."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from banyan.serve.ports import free_ports
from banyan.serve.processes import carries, descendants, send
from banyan.settings import HOUSE, Home
from tests.chromium import chromium  # noqa: F401 - a fixture for all


@dataclass(frozen=True)
class Account:
    """A line of accounts.txt."""

    staff_number: str
    password: str
    name: str
    shows: str


@dataclass(frozen=True)
class Served:
    """A home under a real `banyan serve`; `process` is the one a person would end."""

    url: str
    home: Home
    accounts: tuple[Account, ...]
    process: subprocess.Popen[str]

    def account(self, name: str) -> Account:
        return next(each for each in self.accounts if each.name == name)

    def processes(self, service: str) -> list[int]:
        """Return a service's process and those below it."""
        return [each for each in descendants(self.process.pid) if carries(each, f"BANYAN_SERVICE={service}")]

    def kill(self, service: str) -> None:
        """End a service as an accident would, in the middle of whatever it does."""
        send(self.processes(service), signal.SIGKILL)


@dataclass(frozen=True)
class Installed:
    """A home in earnest as `banyan install` leaves it, and what it handed over on paper.

    `entry` is the path of the first administrator's slip, `/hub/enter?code=…`; whoever uses it uses it up.
    """

    home: Home
    name: str
    number: str
    phone: str
    entry: str
    digits: str
    recovery_code: str


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.create(tmp_path / "home", demo=True)


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A demo home as `./dev up` prepares it; whoever serves it changes it for the rest of the run."""
    return prepare_demo(tmp_path_factory.mktemp("demo") / "home")


def prepare_demo(path: Path) -> Home:
    subprocess.run([sys.executable, "-m", "banyan.cli", "demo", "prepare", "--home", path], cwd=HOUSE, check=True)
    return Home.open(path)


@pytest.fixture(scope="session")
def installed_home(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """A county in earnest, installed by the command itself; whoever serves it changes it for the rest of the run."""
    return install(tmp_path_factory.mktemp("installed") / "home")


@pytest.fixture(scope="session")
def served_installed(installed_home: Installed) -> Iterator[Served]:
    """The installed county on a free port; people reach it there, whatever its https address says."""
    yield from serve(installed_home.home)


def install(path: Path, *options: str) -> Installed:
    name, number, phone = "周建国", "10001", "13800000001"
    who = ("--admin-name", name, "--admin-number", number, "--admin-phone", phone)
    where = ("--county", "青河县", "--county-code", "350999", "--public-url", "https://xuexi.example.gov.cn")
    command = [sys.executable, "-m", "banyan.cli", "install", "--home", path, *where, *who, *options]
    said = subprocess.run(command, cwd=HOUSE, check=True, stdout=subprocess.PIPE, text=True).stdout
    entry, digits, code = (
        re.search(words, said)[1]  # type: ignore[index]
        for words in (r"(/hub/enter\?code=\S+)", r"8 位数字：(\d{4} \d{4})", r"恢复码（只显示这一次）：(\S+)")
    )
    return Installed(Home.open(path), name, number, phone, entry, digits.replace(" ", ""), code)


@pytest.fixture(scope="session")
def served(demo_home: Home) -> Iterator[Served]:
    """The whole house on a free port: proxy, hub, portal, lessons, grader."""
    yield from serve(demo_home)


def serve(home: Home) -> Iterator[Served]:
    port = free_ports(1)[0]
    command = [sys.executable, "-m", "banyan.serve", "--home", str(home.root), "--port", str(port)]
    with subprocess.Popen(command, cwd=HOUSE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            wait_until_ready(process)
            yield Served(f"http://127.0.0.1:{port}", home, _accounts(home), process)
        finally:
            process.terminate()
            process.communicate(timeout=15)


def wait_until_ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout
    said = []
    for line in process.stdout:
        said.append(line)
        if "已就绪" in line:
            return
        if len([each for each in said if "还没有就绪" in each]) > 1:
            break
    raise AssertionError("the house did not come up:\n" + "".join(said))


def _accounts(home: Home) -> tuple[Account, ...]:
    if not home.accounts.exists():
        return ()
    lines = home.accounts.read_text(encoding="utf-8").splitlines()
    return tuple(Account(*line.split("\t")) for line in lines if not line.startswith("#"))
