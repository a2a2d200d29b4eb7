"""Answers saved per second: one portal process over HTTP, every answer fully synced to disk before it is acknowledged.

The portal runs as it is served, but for the hub: a door of the tests says who asks, as the real one does from its cache.
At the end its process is killed, and what it acknowledged is looked up on disk.
"""

import json
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import uvicorn

from banyan.courseware.exam import Form
from banyan.domain.calendar import county_day
from banyan.portal.app import create_app
from banyan.portal.forms import fresh_token
from banyan.portal.house import House
from banyan.records import migrate
from banyan.records.engine import Sessions, open_engine, reading, sessions, writing
from banyan.records.examinations import Answer
from banyan.records.learning import StepDone
from banyan.serve.ports import free_ports, listens
from banyan.tracker import exams
from banyan.tracker.people import find_me
from banyan.tracker.rulebook import Rulebook
from tests import house
from tests.bench._report import machine, options, tell
from tests.bench._school import clock_of
from tests.county import COURSE, County, places
from tests.portal.conftest import PORTAL, TestDoor
from tests.tracker.hall import right

FORK = multiprocessing.get_context("fork")
SECRET = b"a secret of this bench"


@dataclass(frozen=True)
class Sitter:
    """Somebody at their exam: who they are, which attempt, and the right answers by slot."""

    who: str
    attempt: int
    answers: tuple[tuple[str, Any], ...]


def seat(make: Sessions, rulebook: Rulebook, count: int) -> list[Sitter]:
    now, release = datetime.now(UTC), rulebook.catalogue.newest(COURSE)
    exam, read = release.exam, [(lesson.name, step.name) for lesson in release.lessons for step in lesson.steps]
    found = []
    with writing(make) as session:
        county = County(session)
        at = places(county)
        for number in range(count):
            person = county.person(f"考生{number}", at.xikou_1)
            session.add_all(
                StepDone(person_id=person.id, course=COURSE, lesson=lesson, step=step, done_at=now) for lesson, step in read
            )
            session.flush()
            me = find_me(session, person.staff_number, county_day(now))
            attempt = exams.begin(session, COURSE, me, rulebook, now)
            asked = [(each.name, exam.items[each.question]) for each in Form.from_json(attempt.form).slots]
            answers = tuple((slot, right(item)) for slot, item in asked if item.type != "case")
            found.append(Sitter(person.staff_number, attempt.id, answers))
    return found


def serve(make: Sessions, rulebook: Rulebook, gradebooks: Path, port: int) -> None:
    make.kw["bind"].dispose(close=False)
    unused: dict[str, Any] = {"press": lambda: None, "workshop": None, "uploads": gradebooks, "entry_key": b"", "origin": ""}
    built = House(make, rulebook, SECRET, "榕溪县", gradebooks=gradebooks, **unused)
    uvicorn.run(create_app(built, TestDoor()), port=port, proxy_headers=True, log_level="warning")


def sit(sitter: Sitter, port: int, until: float) -> tuple[dict[str, int], list[float]]:
    """Answer over and over until time is up; return the last acknowledged count by slot and how long each answer took."""
    line = HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"x-csrf-token": fresh_token(SECRET, f"session of {sitter.who}"), "cookie": f"who={sitter.who}"}
    headers |= {"content-type": "application/json", "accept": "application/json"}
    kept: dict[str, int] = {}
    took, seq = [], 0
    while time.monotonic() < until:
        seq += 1
        slot, value = sitter.answers[seq % len(sitter.answers)]
        began = time.perf_counter()
        path = f"{PORTAL}/exams/{sitter.attempt}/answers/{slot}"
        line.request("PUT", path, json.dumps({"seq": seq, "value": value}), headers)
        reply = line.getresponse()
        said = json.loads(reply.read())
        assert reply.status == 200, said
        took.append(time.perf_counter() - began)
        kept[slot] = said["seq"]
    return kept, took


def measure(folder: Path, phones: int, seconds: int) -> dict[str, Any]:
    make = sessions(open_engine(f"sqlite:///{folder}/records.sqlite"))
    migrate.upgrade(make.kw["bind"])
    rulebook = house.rulebook(folder / "releases")
    sitters, port = seat(make, rulebook, phones), free_ports(1)[0]
    portal = FORK.Process(target=serve, args=(make, rulebook, folder / "gradebooks", port), daemon=True)
    portal.start()
    while not listens(port):
        time.sleep(0.1)
    clock = clock_of(portal.pid or 0)
    before = time.clock_gettime(clock)
    with ThreadPoolExecutor(phones) as hands:
        until = time.monotonic() + seconds
        done = list(hands.map(lambda each: sit(each, port, until), sitters))
    spent = time.clock_gettime(clock) - before
    os.kill(portal.pid or 0, signal.SIGKILL)
    portal.join()
    took = [each for _, times in done for each in times]
    with reading(make) as session:
        disk = {(row.attempt_id, row.slot): row.seq for row in session.query(Answer)}
    kept = {(sitter.attempt, slot): seq for sitter, (last, _) in zip(sitters, done, strict=True) for slot, seq in last.items()}
    lost = [place for place, seq in kept.items() if disk.get(place) != seq]
    make.kw["bind"].dispose()
    late = quantiles(took, n=100)[94]
    figures = {"answers_per_s": round(len(took) / seconds, 1), "median_ms": round(median(took) * 1000, 1)}
    figures |= {"p95_ms": round(late * 1000, 1), "portal_cpu_ms_each": round(spent * 1000 / len(took), 2)}
    figures |= {"answers": len(took), "lost": len(lost)}
    return figures | {"phones": phones, "seconds": seconds}


def main(argv: Sequence[str] | None = None) -> dict[str, Any]:
    chosen = options(__doc__ or "", argv, phones=8, seconds=10)
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), chosen.phones, chosen.seconds) | machine()
    tell(found, chosen.json)
    return found


if __name__ == "__main__":
    sys.exit(main()["lost"])
