"""Accidents in the whole house, with its real processes: nothing acknowledged is lost, nothing is doubled or leaked.

Nobody here writes the exam's open answer, so that no submission waits for a trainer whom another test sends there.
"""

import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from banyan.domain.examination import State
from banyan.records.audit import AuditRow
from banyan.records.competence import EvidenceRow
from banyan.records.engine import Sessions, open_engine, reading, sessions, writing
from banyan.records.examinations import Attempt, Submission
from banyan.settings import HOUSE
from tests.conftest import Served
from tests.county import COURSE
from tests.serve.phone import PORTAL, START, Phone

pytestmark = [pytest.mark.served, pytest.mark.timeout(300)]
Dial = Callable[[str], Phone]


@pytest.fixture
def make(served: Served) -> Iterator[Sessions]:
    engine = open_engine(served.home.records_url)
    yield sessions(engine)
    engine.dispose()


@pytest.fixture
def dial(served: Served, make: Sessions) -> Iterator[Dial]:
    """`dial("a name")` is a phone in somebody's hand."""
    lines: list[httpx.Client] = []

    def opened(name: str) -> Phone:
        lines.append(httpx.Client(base_url=served.url, timeout=30, headers={"Sec-Fetch-Mode": "navigate"}))
        return Phone(served, make, name, lines[-1])

    wait_for(lambda: httpx.get(served.url + PORTAL + "/health").status_code == 200)
    yield opened
    for line in lines:
        line.close()


def wait_for(claim: Callable[[], bool], seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)


def submission_of(phone: Phone) -> Submission:
    with reading(phone.make) as session:
        return session.query(Submission).filter_by(attempt_id=phone.attempt).one()


def written(make: Sessions, action: str, subject: str) -> int:
    with reading(make) as session:
        return session.query(AuditRow).filter_by(action=action, subject=subject).count()


def shown_by(phone: Phone, submission: Submission) -> list[tuple[str, str]]:
    with reading(phone.make) as session:
        rows = session.query(EvidenceRow).filter(EvidenceRow.source.startswith(f"submission:{submission.id}:"))
        return [(row.kind, row.competency) for row in rows]


def test_a_portal_killed_with_an_answer_in_its_hands_costs_nothing(served: Served, dial: Dial) -> None:
    phone = dial("黄志强").begin()
    (first, value), (second, other), *_ = phone.rights().items()
    phone.give(first, value)
    phone.flush_until_saved()
    phone.give(second, other)
    with closing(sqlite3.connect(served.home.root / "records.sqlite")) as door, ThreadPoolExecutor(1) as thread:
        door.execute("BEGIN IMMEDIATE")  # the portal has the answer now and waits to write it down
        acknowledged = thread.submit(phone.flush)
        time.sleep(1)
        assert not acknowledged.done()
        served.kill("portal")
        assert acknowledged.result() is False
        door.rollback()
    assert phone.on_disk() == phone.kept
    assert list(phone.queue) == [second]

    phone.flush_until_saved()
    assert phone.on_disk() == phone.kept
    assert phone.kept.keys() >= {first, second}


def test_whenever_the_portal_is_killed_what_it_acknowledged_is_on_disk(served: Served, dial: Dial) -> None:
    phone = dial("黄志强").begin()
    rights, before = phone.rights(), dict(phone.kept)
    killer = threading.Timer(1, served.kill, ("portal",))
    killer.start()
    saved = True
    while saved:  # answer everything over and over until nobody is there to hear it
        for slot, value in rights.items():
            phone.give(slot, value)
        saved = phone.flush()
    killer.join()
    assert phone.kept != before
    disk = phone.on_disk()
    assert {slot: disk[slot][1] for slot in phone.kept} == {slot: value for slot, (_, value) in phone.kept.items()}
    assert all(disk[slot][0] >= seq for slot, (seq, _) in phone.kept.items())
    phone.flush_until_saved()
    assert phone.on_disk() == phone.kept


def test_a_hub_killed_while_somebody_works_is_not_noticed(served: Served, dial: Dial) -> None:
    phone = dial("黄志强").begin()
    slot, value = next(iter(phone.rights().items()))
    served.kill("hub")
    phone.give(slot, value)
    assert phone.flush()
    assert phone.line.get(f"{PORTAL}/courses").status_code == 200
    wait_for(lambda: httpx.get(served.url + "/hub/login").status_code == 200)
    page = phone.line.get(f"/services/lessons/{COURSE}/first-report", follow_redirects=True)
    assert (page.status_code, page.url.path) == (200, f"/services/lessons/{COURSE}/first-report")


def test_signed_out_in_one_tab_the_other_keeps_its_answers(dial: Dial) -> None:
    tab = dial("黄志强").begin()
    slot, value = list(tab.rights().items())[2]
    tab.line.post(f"{PORTAL}/logout", data={"csrf": tab.seal}, follow_redirects=True)  # in another tab
    tab.give(slot, value)
    refused = tab.send("PUT", f"/answers/{slot}", {"seq": 1, "value": value})
    assert refused.status_code == 401
    assert not tab.flush()
    assert tab.queue

    old = tab.seal
    tab.open(START)  # signs in again, in another tab still
    tab.seal = old
    stale = tab.send("PUT", f"/answers/{slot}", {"seq": 1, "value": value})
    assert (stale.status_code, "刷新" in stale.json()["message"]) == (403, True)
    tab.open(f"{PORTAL}/exams/{tab.attempt}")
    tab.flush_until_saved()
    assert tab.on_disk()[slot] == tab.kept[slot]


def test_nobody_answers_or_reads_somebody_else_s_attempt(dial: Dial) -> None:
    mine, other = dial("黄志强").begin(), dial("叶文斌")
    before = mine.on_disk()
    other.open(START)
    other.attempt = mine.attempt
    slot, value = next(iter(mine.rights().items()))
    for method, path, body in (("PUT", f"/answers/{slot}", {"seq": 2**52, "value": value}), ("POST", "/submit", {})):
        reply = other.send(method, path, body)
        assert reply.status_code == 404
        assert reply.json()["message"]
    for path in ("", "/receipt", "/result"):
        assert other.line.get(f"{PORTAL}/exams/{mine.attempt}{path}").status_code == 404
    assert mine.on_disk() == before


def test_a_grader_killed_while_it_grades_grades_once_after_all(served: Served, dial: Dial) -> None:
    phone = dial("吴美玲").begin()
    for slot, value in phone.rights().items():
        phone.give(slot, value)
    phone.flush_until_saved()
    phone.walk_the_drill()
    with closing(sqlite3.connect(served.home.gradebooks / COURSE / "gradebook.db")) as book:
        book.execute("BEGIN IMMEDIATE")  # nbgrader has the submission now and waits to write its scores
        with ThreadPoolExecutor(4) as taps:
            handed_in = [each.json() for each in taps.map(lambda _: phone.hand_in(), range(4))]
        wait_for(lambda: submission_of(phone).tries == 1)
        time.sleep(0.5)
        served.kill("grader")
        wait_for(lambda: len(served.processes("grader")) > 1)
        book.rollback()
    assert all(each == handed_in[0] for each in handed_in)
    assert submission_of(phone).state == State.SUBMITTED

    wait_for(lambda: submission_of(phone).state != State.SUBMITTED)
    submission = submission_of(phone)
    assert (submission.state, submission.tries, submission.fault) == (State.GRADED, 2, None)
    shown = shown_by(phone, submission)
    assert len(shown) == len(set(shown)) > 0
    assert written(phone.make, "exam.grade", f"submission:{submission.id}") == 1
    assert written(phone.make, "exam.submit", f"attempt:{phone.attempt}") == 1


def test_after_the_deadline_nothing_is_taken_and_what_was_in_time_is_graded(dial: Dial) -> None:
    phone = dial("叶文斌").begin()
    (slot, value), (late, other), *_ = phone.rights().items()
    phone.give(slot, value)
    phone.flush_until_saved()
    over = datetime.now(UTC) - timedelta(minutes=1)
    with writing(phone.make) as session:
        session.get_one(Attempt, phone.attempt).deadline_at = over
    reply = phone.send("PUT", f"/answers/{late}", {"seq": 2**52, "value": other})
    assert reply.status_code == 410
    assert "结束" in reply.json()["message"] or "已经交了" in reply.json()["message"]
    assert phone.hand_in().status_code == 200
    submission = submission_of(phone)
    assert submission.submitted_at == over
    assert phone.on_disk() == phone.kept
    assert json.loads(submission.frozen)["answers"] == {slot: value}
    wait_for(lambda: submission_of(phone).state == State.GRADED)


def test_after_all_that_the_chain_of_the_log_holds(served: Served) -> None:
    command = [sys.executable, "-m", "banyan.cli", "records", "audit", "--home", str(served.home.root)]
    done = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
