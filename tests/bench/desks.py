"""What an administrator's and a trainer's first pages cost at a county of 3,000 people: seconds a page, warm, on SQLite.

Beside the clock's seconds stand the processor's, which a busy machine stretches less. Queries may not grow with people.

./dev bench desks [--people 3000] [--times 5] [--json]
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.orm import Session

from banyan.domain.examination import State
from banyan.domain.organisation import UnitLevel
from banyan.records.competence import Certificate, StandingRow
from banyan.records.engine import writing
from banyan.records.examinations import Attempt, Submission
from banyan.records.learning import Assignment, StepDone
from banyan.records.people import Appointment, Person
from tests import house as rules
from tests.bench._report import machine, options, tell
from tests.county import COURSE, LONG_AGO, NOW, TODAY, County
from tests.portal.desks.test_coverage import queries
from tests.portal.office import Office, open_office

PAGES = (
    ("周建国", "/coverage"),
    ("周建国", "/coverage.xlsx"),
    ("周建国", "/unfinished"),
    ("周建国", "/unfinished.xlsx"),
    ("周建国", "/people"),
    ("何老师", "/teaching"),
)
PER_GRID = 5
FIRST = 10_001


def fill(office: Office, people: int) -> None:
    """Appoint so many people, five a grid, all asked, each somewhere else on the way; half of them have been examined."""
    release = office.house.rulebook.catalogue.newest(COURSE)
    steps = [(lesson.name, step.name) for lesson in release.lessons for step in lesson.steps]
    ids = [FIRST + n for n in range(people)]
    with writing(office.house.make) as session:
        _appoint(session, office, ids)
        asked = {"programme": office.house.rulebook.programmes[0].code, "assigned_at": NOW - timedelta(days=20)}
        due = [{"person_id": each, "due_on": TODAY + timedelta(days=each % 12 - 3), **asked} for each in ids]
        session.execute(insert(Assignment), due)
        read = [
            {"person_id": each, "course": COURSE, "lesson": lesson, "step": step, "done_at": NOW - timedelta(days=each % 15)}
            for each in ids
            for lesson, step in (steps if each % 2 else steps[: each % (len(steps) + 1)])
        ]
        session.execute(insert(StepDone), read)
        _examine(session, office, [each for each in ids if each % 2])


def _appoint(session: Session, office: Office, ids: Sequence[int]) -> None:
    county, village = County(session), session.merge(office.at.xikou)
    count = -(-len(ids) // PER_GRID)
    grids = [county.unit(f"第{n}网格", UnitLevel.GRID, village, f"{village.code}9{n:05}").id for n in range(count)]
    session.execute(
        insert(Person),
        [
            {
                "id": each, "staff_number": f"B{each:07}", "handle": f"b{each}", "name": f"某{each}", "phone": f"139{each:08}",
                "must_change_password": False, "created_at": NOW,
            }
            for each in ids
        ],
    )  # fmt: skip
    posts = {"role": "GS", "post": "网格员", "full_time": True, "starts_on": LONG_AGO}
    held = [{"person_id": each, "unit_id": grids[n // PER_GRID], **posts} for n, each in enumerate(ids)]
    session.execute(insert(Appointment), held)


def _examine(session: Session, office: Office, ids: Sequence[int]) -> None:
    """Let a third of these fail, and the others pass; every second of these holds a certificate, some of them no more."""
    programme = office.house.rulebook.programmes[0]
    sat = {"course": COURSE, "release": 1, "number": 1, "form": {}, "started_at": NOW, "deadline_at": NOW, "submitted_at": NOW}
    session.execute(insert(Attempt), [{"id": each, "person_id": each, **sat} for each in ids])
    sent = {"frozen": "{}", "digest": "", "receipt": "", "submitted_at": NOW, "state": State.GRADED.value}
    session.execute(insert(Submission), [{"attempt_id": each, **sent, "passed": each % 3 > 0} for each in ids])
    passed = [each for each in ids if each % 3]
    standing = [
        {"person_id": each, "competency": code, "level": level, "until": TODAY + timedelta(days=200), "as_of": TODAY}
        for each in passed
        for code, level in programme.targets.items()
    ]
    session.execute(insert(StandingRow), standing)
    held = {"programme": programme.code, "issued_on": LONG_AGO, "payload": {"name": "某某"}, "signature": "-" * 700}
    certificates = [
        {
            "person_id": each, "serial": f"B{each}", "expires_on": TODAY + timedelta(days=each % 400 - 60),
            "revoked_at": None if each % 29 else NOW, **held,
        }
        for each in passed[::2]
    ]  # fmt: skip
    session.execute(insert(Certificate), certificates)


def measure(office: Office, name: str, path: str, times: int) -> tuple[float, float]:
    """Return the seconds a page takes, by the clock and of the processor."""
    browser, taken = office.browser(name), []
    assert browser.open(path).status_code == 200
    for _ in range(times):
        began = time.perf_counter(), time.process_time()
        browser.open(path)
        taken.append((time.perf_counter() - began[0], time.process_time() - began[1]))
    clock, processor = (statistics.median(each) for each in zip(*taken, strict=True))
    return round(clock, 3), round(processor, 3)


def main(argv: Sequence[str] | None = None) -> None:
    asked = options("Seconds a page of the desks takes.", argv, people=3000, times=5)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "office").mkdir()
        office = open_office(root / "office", rules.rulebook(root / "releases"))
        few = {path: queries(office, path, name) for name, path in PAGES}
        fill(office, asked.people)
        grown = sum(queries(office, path, name) > few[path] for name, path in PAGES)
        seconds = {path: measure(office, name, path, asked.times) for name, path in PAGES}
    found = {
        "people": asked.people,
        "seconds a page": {path: clock for path, (clock, _) in seconds.items()},
        "of the processor": {path: processor for path, (_, processor) in seconds.items()},
        "pages that ask more": grown,
        "machine": machine(),
    }
    tell(found, asked.json)


if __name__ == "__main__":
    main(sys.argv[1:])
