"""The records of a whole province: a portal under steady load, what evidence costs as people grow, all standings anew.

On SQLite and on PostgreSQL, with invented people in bulk (tests/bench/_province.py). Importing a file of people is measured by
`roster`, printing certificates by `press`, as these do it alone.
"""

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Engine, select, text

from banyan.domain.calendar import county_day
from banyan.domain.framework import Kind
from banyan.portal.forms import fresh_token
from banyan.records import migrate
from banyan.records.competence import Certificate
from banyan.records.engine import Sessions, open_engine, reading, sessions, writing
from banyan.records.learning import StepDone
from banyan.records.people import Person
from banyan.tracker.intake import Claim, take_in
from banyan.tracker.jobs import GradingRoom
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.standing import differences, rebuild_in_turns
from tests import house
from tests.bench import _load, _province, press
from tests.bench._databases import KINDS, database
from tests.bench._load import Asked
from tests.bench._many import p95
from tests.bench._portal import SECRET, portal
from tests.bench._report import machine, options, part, tell
from tests.bench.answers import Sitter, seat
from tests.county import COURSE
from tests.portal.conftest import PORTAL

FEW = 10_000  # people to begin with
TRIED = 300  # new rows of evidence measured at each size
ACTIVE, SITTING, CERTIFIED = 1000, 200, 100  # people under the load
MIX = {"home": 0.3, "course": 0.2, "answer": 0.3, "verify": 0.2}
EARNS = [("C5.2", Kind.OA), ("C4.3", Kind.OA), ("C1.3", Kind.OA), ("C5.2", Kind.SIM), ("C4.3", Kind.SIM), ("C5.2", Kind.OS)]


def evidence_ms(make: Sessions, rulebook: Rulebook, first: int, people: int) -> float:
    """Return the median of what a new row of evidence takes, in ms, with the standing, certificate and audit line it brings."""
    chosen = random.Random(people).sample(range(first, first + people), min(TRIED, people))
    now, took = datetime.now(UTC), []
    shown = rulebook.framework.competency("C5.2").indicator_codes
    for number, person in enumerate(chosen):
        claim = Claim(person, "C5.2", shown, Kind.SIM, 2, county_day(now), f"bench:{people}:{number}:{person}")
        began = time.perf_counter()
        with writing(make) as session:
            take_in(session, [claim], rulebook, now)
        took.append((time.perf_counter() - began) * 1000)
    return median(took)


def all_anew(make: Sessions, rulebook: Rulebook) -> dict[str, Any]:
    """Rebuild everybody's standing as it is served: the cache is empty before."""
    today, began = county_day(datetime.now(UTC)), time.perf_counter()
    people = rebuild_in_turns(make, rulebook.framework, today)
    return {"rebuild_s": round(time.perf_counter() - began, 1), "rebuilt": people}


def visitors(make: Sessions, rulebook: Rulebook, people: int) -> tuple[list[str], list[str]]:
    """Let some of the people have read the course and earned their certificate; return staff numbers and serials."""
    now, release = datetime.now(UTC), rulebook.catalogue.newest(COURSE)
    ids = random.Random(1).sample(range(1, people + 1), min(ACTIVE, people))
    steps = [(lesson.name, step.name) for lesson in release.lessons for step in lesson.steps]
    with writing(make) as session:
        for number, person in enumerate(ids):
            read = steps[: number % (len(steps) + 1)]
            session.add_all(
                StepDone(person_id=person, course=COURSE, lesson=a, step=b, done_at=now - timedelta(days=2)) for a, b in read
            )
    shown = {code: rulebook.framework.competency(code).indicator_codes for code, _ in EARNS}
    for person in ids[:CERTIFIED]:
        claims = [Claim(person, code, shown[code], kind, 3, county_day(now), f"{kind}:{code}:{person}") for code, kind in EARNS]
        with writing(make) as session:
            take_in(session, claims, rulebook, now)
    with reading(make) as session:
        numbers = list(session.scalars(select(Person.staff_number).where(Person.id.in_(ids)).order_by(Person.id)))
        serials = list(session.scalars(select(Certificate.serial).order_by(Certificate.id)))
    return numbers, serials


def requests(numbers: Sequence[str], serials: Sequence[str], sitters: Sequence[Sitter], count: int) -> list[Asked]:
    """Return so many requests in the shares of MIX, in an order nobody can guess but the same each time."""
    chance, asked = random.Random(2), []
    seqs: Counter[str] = Counter()
    for kind in chance.choices(list(MIX), list(MIX.values()), k=count):
        page = {"accept": "text/html", "accept-encoding": "gzip", "x-forwarded-for": _somewhere(chance)}
        who = {"cookie": f"who={chance.choice(numbers)}"}
        if kind == "home":
            sent = _load.request("GET", f"{PORTAL}/learning", page | who)
        elif kind == "course":
            sent = _load.request("GET", f"{PORTAL}/courses/{COURSE}", page | who)
        elif kind == "verify":
            sent = _load.request("GET", f"/verify/{chance.choice(serials)}", page)
        else:
            sent = _answer(chance.choice(sitters), chance, seqs)
        asked.append(Asked(kind, sent))
    return asked


def _somewhere(chance: random.Random) -> str:
    """Return an address to come from: whoever verifies is slowed down where one address asks too often."""
    return f"10.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(256)}"


def _answer(sitter: Sitter, chance: random.Random, seqs: Counter[str]) -> bytes:
    seqs[sitter.who] += 1
    slot, value = chance.choice(sitter.answers)
    headers = {"cookie": f"who={sitter.who}", "content-type": "application/json", "accept": "application/json"}
    headers["x-csrf-token"] = fresh_token(SECRET, f"session of {sitter.who}")
    body = json.dumps({"seq": seqs[sitter.who], "value": value}).encode()
    return _load.request("PUT", f"{PORTAL}/exams/{sitter.attempt}/answers/{slot}", headers, body)


def served(room: GradingRoom, people: int, each_second: int, seconds: int) -> dict[str, Any]:
    """Ask one portal process of everything at a steady pace; return how long its answers took, from when each was due."""
    numbers, serials = visitors(room.make, room.rulebook, people)
    sitters = seat(room.make, room.rulebook, min(SITTING, people))
    room.make.kw["bind"].dispose()
    with portal(room) as (_, port):
        _load.send(
            requests(numbers, serials, sitters, min(200, people)), port, 20
        )  # a portal that has just begun has things to fetch
        done = _load.send(requests(numbers, serials, sitters, each_second * seconds), port, each_second)
    faults = Counter(each.fault for each in done if each.fault)
    of_kind = {kind: [each.took * 1000 for each in done if each.kind == kind] for kind in MIX}
    return {
        "home_p95_ms": round(p95([each.took for each in done]) * 1000, 1),
        "home_errors": sum(faults.values()),
        "faults": dict(faults),
        **{f"{kind}_median_ms": round(median(took), 1) for kind, took in of_kind.items() if took},
        "requests_per_s": each_second,
        "requests": len(done),
    }


def measure(which: str, chosen: Any) -> dict[str, Any]:
    with database(which) as (url, folder):
        engine = open_engine(url)
        migrate.upgrade(engine)
        make, rulebook = sessions(engine), house.rulebook(folder / "releases")
        framework, now = rulebook.framework, datetime.now(UTC)
        few, began = min(FEW, chosen.people // 2), time.perf_counter()
        written = [_province.settle(engine, framework, 1, few, now)]
        small = evidence_ms(make, rulebook, 1, few)
        written.append(_province.settle(engine, framework, few + 1, chosen.people - few, now))
        settled = time.perf_counter() - began
        large = evidence_ms(make, rulebook, 1, chosen.people)
        found: dict[str, Any] = {
            "people": chosen.people,
            "evidence": sum(each.evidence for each in written),
            "units": sum(each.units for each in written),
            "settle_s": round(settled, 1),
            "evidence_growth": round(large / small, 2),
            "evidence_ms": {str(few): round(small, 2), str(chosen.people): round(large, 2)},
        }
        found |= all_anew(make, rulebook)
        _tidy(engine)
        room = GradingRoom(make, rulebook, folder / "gradebooks", folder / "huey.sqlite")
        found |= served(room, chosen.people, chosen.rate, chosen.seconds)
        if chosen.check:
            with reading(make) as session:
                found["standings_that_differ"] = len(differences(session, framework, county_day(now)))
        engine.dispose()
    return found | imported(which, min(chosen.people, chosen.imported))


def _tidy(engine: Engine) -> None:
    """Let PostgreSQL clear up after the bulk now and not while it is measured: nobody's province comes into being in a minute."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def imported(which: str, people: int) -> dict[str, Any]:
    """Import a file of people, and again, in processes of their own, so that the most they held is their own."""
    found = part("roster", people=people, postgresql=which == "postgresql")
    return {"imported": people} | {key: found[key] for key in ("import_s", "import_mb", "reimport_s", "reimport_mb")}


def main(argv: Sequence[str] | None = None) -> dict[str, Any]:
    chosen = options(
        __doc__ or "",
        argv,
        people=100_000,
        rate=200,
        seconds=30,
        check=0,
        imported=100_000,
        certificates=400,
        sqlite=1,
        postgresql=1,
    )
    printed = {"pdf_per_s": press.measure_pdf(chosen.certificates)["pdf_per_s"]}
    found = {which: measure(which, chosen) | printed for which in KINDS if getattr(chosen, which)} | machine()
    tell(found, chosen.json)
    return found


if __name__ == "__main__":
    done = main()
    sys.exit(sum(each.get("home_errors", 0) for each in done.values() if isinstance(each, dict)))
