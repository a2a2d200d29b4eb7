"""A county sits its exam while processes of the house are ended as by a power cut, at random moments, the parent's too.

Phones do what the exam page does: they keep an answer until it is acknowledged, and hand in until that is. Whoever starts the
house again when its parent is gone is here what an operator's service manager is there.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

import httpx
import psutil
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from banyan.accounts.passwords import hash_password
from banyan.courseware.catalogue import Catalogue
from banyan.domain.examination import State
from banyan.records.audit import AuditRow
from banyan.records.competence import EvidenceRow
from banyan.records.engine import Sessions, open_engine, reading, sessions, writing
from banyan.records.examinations import Submission
from banyan.records.learning import StepDone
from banyan.records.people import Person
from banyan.serve.ports import free_ports, listens
from banyan.serve.processes import descendants
from banyan.settings import HOUSE, Home
from banyan.tracker.demo.seed import Account
from tests.conftest import Served, wait_until_ready
from tests.county import COURSE
from tests.serve.phone import PORTAL, START, Phone

T = TypeVar("T")
PARENT = "parent"
ALL = ("grader", "portal", "hub", PARENT)
CALM = (1.0, 4.0)  # seconds from when the house answers again to the next accident, at least and at most
SOON = 0.25  # of the accidents come before it answers again
ANSWERS = 6  # of the exam's, on each phone
AT_ONCE = 6  # phones
PATIENCE = 180  # seconds for which somebody tries again
PASSWORD = "storm-2026-lantern"


@dataclass
class Storm:
    """`killed` counts accidents by what was ended, `resent` what a phone had to send again."""

    home: Home
    people: int
    chance: random.Random
    make: Sessions = field(init=False)
    house: Served = field(init=False)
    killed: Counter[str] = field(default_factory=Counter)
    resent: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.make = sessions(open_engine(self.home.records_url))
        self.port = free_ports(1)[0]

    def rage(self) -> list[Phone]:
        """Let everybody sit the exam while accidents happen; return the phones when all have handed in and all is graded."""
        accounts = people_who_have_learnt(self.home, self.make, self.people)
        self.house = self._serve(accounts)
        weather = threading.Thread(target=self._accidents)
        try:
            weather.start()
            with ThreadPoolExecutor(AT_ONCE) as hands:
                phones = list(hands.map(self._sit, accounts))
            until_true(lambda: self.killed.keys() >= set(ALL))
            self.over.set()
            weather.join()
            until_true(lambda: self._waiting() == 0)
        finally:
            self.over.set()
            weather.join()
            self.house.process.terminate()
            self.house.process.wait(30)
        return phones

    def _serve(self, accounts: Sequence[Account]) -> Served:
        command = [sys.executable, "-m", "banyan.serve", "--home", str(self.home.root), "--port", str(self.port)]
        process = subprocess.Popen(command, cwd=HOUSE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        wait_until_ready(process)
        assert process.stdout
        threading.Thread(target=process.stdout.read, daemon=True).start()  # so that it is never held up by what it says
        return Served(f"http://127.0.0.1:{self.port}", self.home, tuple(accounts), process)

    def _accidents(self) -> None:
        """Each in turn, in an order that changes from round to round, the parent of them all too."""
        turns: list[str] = []
        while self._calm():
            turns = turns or self.chance.sample(ALL, len(ALL))
            victim = turns.pop(0)
            self.killed[victim] += 1
            if victim == PARENT:
                self._end_the_parent()
            else:
                self.house.kill(victim)

    def _calm(self) -> bool:
        """Let some time pass before the next accident; False when the storm is over. On a slow machine it takes no longer calm to
        get anywhere than on a fast one: most accidents wait for the house to be up again."""
        soon = self.chance.random() < SOON
        while not soon and not self.over.wait(0.1) and not self._answers():
            pass
        return not self.over.wait(self.chance.uniform(*CALM))

    def _answers(self) -> bool:
        """Say whether somebody could sign in and go on: proxy, hub and portal are there."""
        places = (f"{PORTAL}/health", "/hub/login")
        try:
            return all(httpx.get(f"http://127.0.0.1:{self.port}{each}", timeout=5).status_code == 200 for each in places)
        except httpx.TransportError:
            return False

    def _end_the_parent(self) -> None:
        """End the process a person would end, see that all below it goes with it, and start the house again."""
        process = self.house.process
        below = descendants(process.pid)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        until_true(lambda: not any(lives(each) for each in below) and not listens(self.port))
        self.house = self._serve(self.house.accounts)

    def _sit(self, account: Account) -> Phone:
        with httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30, headers={"Sec-Fetch-Mode": "navigate"}) as line:
            phone = Phone(self.house, self.make, account.name, line)
            self._again(lambda: begin(phone))
            chosen = random.Random(account.name).sample(sorted(phone.rights().items()), ANSWERS)
            for slot, value in chosen:
                phone.give(slot, value)
            while not phone.flush():
                self.resent += 1
                self._again(lambda: phone.open(f"{PORTAL}/exams/{phone.attempt}").raise_for_status())
            self._again(lambda: phone.hand_in().raise_for_status())
        return phone

    def _again(self, tried: Callable[[], T]) -> T:
        """Try until the house answers, as somebody does who loads the page again."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return tried()
            except (
                httpx.TransportError,
                httpx.HTTPStatusError,
                AssertionError,
                KeyError,
            ):  # KeyError: a page of the proxy, without a form
                if time.monotonic() > end:
                    raise
                self.resent += 1
                time.sleep(0.5)

    def _waiting(self) -> int:
        with reading(self.make) as session:
            return session.scalar(select(func.count()).where(Submission.state == State.SUBMITTED)) or 0


def people_who_have_learnt(home: Home, make: Sessions, count: int) -> list[Account]:
    """Add people who can sign in and have read every step of the course."""
    now, kept, release = datetime.now(UTC), hash_password(PASSWORD), Catalogue(home.releases).newest(COURSE)
    read = [(lesson.name, step.name) for lesson in release.lessons for step in lesson.steps]
    with writing(make) as session:
        for each in range(count):
            person = Person(staff_number=f"ST{each:04d}", handle=f"st{each:04d}", name=f"考生{each}", password_hash=kept)
            person.created_at, person.must_change_password = now, False
            session.add(person)
            session.flush()
            session.add_all(
                StepDone(person_id=person.id, course=COURSE, lesson=lesson, step=step, done_at=now) for lesson, step in read
            )
    return [Account(f"ST{each:04d}", PASSWORD, f"考生{each}", "") for each in range(count)]


def begin(phone: Phone) -> None:
    phone.open(START).raise_for_status()
    begun = phone.line.post(START, data={"csrf": phone.seal})
    assert begun.status_code == 303, begun.text
    phone.attempt = int(begun.headers["location"].rsplit("/", 1)[1])
    phone.open(f"{PORTAL}/exams/{phone.attempt}").raise_for_status()


def lives(process: int) -> bool:
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def until_true(claim: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not claim():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


def damage(storm: Storm, phones: Sequence[Phone]) -> dict[str, int]:
    """Count what must not have happened; all zero is what is claimed."""
    found = dict.fromkeys(("answers_lost", "not_graded", "graded_twice", "handed_in_twice", "evidence_twice"), 0)
    with reading(storm.make) as session:
        for phone in phones:
            row = session.scalars(select(Submission).where(Submission.attempt_id == phone.attempt)).one()
            frozen = json.loads(row.frozen)["answers"]
            found["answers_lost"] += sum(frozen.get(slot) != value for slot, (_, value) in phone.kept.items())
            found["not_graded"] += row.state != State.GRADED
            found["graded_twice"] += logged(session, "exam.grade", f"submission:{row.id}") > 1
            found["handed_in_twice"] += logged(session, "exam.submit", f"attempt:{phone.attempt}") > 1
            rows = session.scalars(select(EvidenceRow).where(EvidenceRow.source.startswith(f"submission:{row.id}:"))).all()
            found["evidence_twice"] += len(rows) - len({(each.kind, each.competency) for each in rows})
    return found


def logged(session: Session, action: str, subject: str) -> int:
    counted = select(func.count()).select_from(AuditRow).where(AuditRow.action == action, AuditRow.subject == subject)
    return session.scalar(counted) or 0
