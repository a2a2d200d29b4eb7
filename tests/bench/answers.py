"""Answers saved per second: one portal process over HTTP, every answer fully synced to disk before it is acknowledged.

At the end the portal's process is killed, and what it acknowledged is looked up on disk.
"""

import json
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from banyan.courseware.exam import Form
from banyan.domain.calendar import county_day
from banyan.records.engine import Sessions, reading, writing
from banyan.records.examinations import Answer
from banyan.records.learning import StepDone
from banyan.tracker import exams
from banyan.tracker.people import find_me
from banyan.tracker.rulebook import Rulebook
from tests.bench._many import p95
from tests.bench._portal import Line, open_room, portal
from tests.bench._report import machine, options, tell
from tests.bench._school import clock_of
from tests.county import COURSE, County, places
from tests.tracker.hall import right


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


def sit(sitter: Sitter, port: int, until: float) -> tuple[dict[str, int], list[float]]:
    """Answer over and over until time is up; return the last acknowledged count by slot and how long each answer took."""
    phone = Line(sitter.who, sitter.attempt, port)
    kept: dict[str, int] = {}
    took, seq = [], 0
    while time.monotonic() < until:
        seq += 1
        slot, value = sitter.answers[seq % len(sitter.answers)]
        began = time.perf_counter()
        said = json.loads(phone.ask("PUT", f"/answers/{slot}", {"seq": seq, "value": value}))
        took.append(time.perf_counter() - began)
        kept[slot] = said["seq"]
    return kept, took


def measure(folder: Path, phones: int, seconds: int) -> dict[str, Any]:
    room = open_room(folder)
    sitters = seat(room.make, room.rulebook, phones)
    with portal(room) as (process, port), ThreadPoolExecutor(phones) as hands:
        clock = clock_of(process.pid or 0)
        before, until = time.clock_gettime(clock), time.monotonic() + seconds
        done = list(hands.map(lambda each: sit(each, port, until), sitters))
        spent = time.clock_gettime(clock) - before
    took = [each for _, times in done for each in times]
    with reading(room.make) as session:
        disk = {(row.attempt_id, row.slot): row.seq for row in session.query(Answer)}
    kept = {(sitter.attempt, slot): seq for sitter, (last, _) in zip(sitters, done, strict=True) for slot, seq in last.items()}
    lost = [place for place, seq in kept.items() if disk.get(place) != seq]
    room.make.kw["bind"].dispose()
    return {
        "answers_per_s": round(len(took) / seconds, 1),
        "median_ms": round(median(took) * 1000, 1),
        "p95_ms": round(p95(took) * 1000, 1),
        "portal_cpu_ms_each": round(spent * 1000 / len(took), 2),
        "answers": len(took),
        "answers_lost": len(lost),
        "phones": phones,
        "seconds": seconds,
    }


def main(argv: Sequence[str] | None = None) -> dict[str, Any]:
    chosen = options(__doc__ or "", argv, phones=8, seconds=10)
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), chosen.phones, chosen.seconds) | machine()
    tell(found, chosen.json)
    return found


if __name__ == "__main__":
    sys.exit(main()["answers_lost"])
