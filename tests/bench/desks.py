"""What an administrator's and a trainer's first pages cost at a county of 3,000 people: seconds a page, warm, on SQLite.

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

from banyan.domain.organisation import UnitLevel
from banyan.records.engine import writing
from banyan.records.learning import Assignment, StepDone
from banyan.records.people import Appointment, Person
from tests import house as rules
from tests.bench._report import machine, options, tell
from tests.county import COURSE, LONG_AGO, NOW, TODAY, County
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


def fill(office: Office, people: int) -> None:
    """Appoint so many people, five a grid, all asked, each somewhere else in the lessons."""
    release = office.house.rulebook.catalogue.newest(COURSE)
    steps = [(lesson.name, step.name) for lesson in release.lessons for step in lesson.steps]
    code = office.house.rulebook.programmes[0].code
    with writing(office.house.make) as session:
        county, village = County(session), session.merge(office.at.xikou)
        grids = [
            county.unit(f"第{n}网格", UnitLevel.GRID, village, f"{village.code}9{n:05}").id for n in range(-(-people // PER_GRID))
        ]
        numbers = range(people)
        ids = [10_000 + n for n in numbers]
        session.execute(
            insert(Person),
            [
                {
                    "id": ids[n], "staff_number": f"B{n:07}", "handle": f"b{n}", "name": f"某{n}", "phone": f"139{n:08}",
                    "must_change_password": False, "created_at": NOW,
                }
                for n in numbers
            ],
        )  # fmt: skip
        posts = {"role": "GS", "post": "网格员", "full_time": True, "starts_on": LONG_AGO}
        session.execute(insert(Appointment), [{"person_id": ids[n], "unit_id": grids[n // PER_GRID], **posts} for n in numbers])
        asked = {"programme": code, "due_on": TODAY + timedelta(days=9), "assigned_at": NOW - timedelta(days=20)}
        session.execute(insert(Assignment), [{"person_id": each, **asked} for each in ids])
        read = [
            {"person_id": ids[n], "course": COURSE, "lesson": lesson, "step": step, "done_at": NOW - timedelta(days=n % 15)}
            for n in numbers
            for lesson, step in steps[: n % (len(steps) + 1)]
        ]
        session.execute(insert(StepDone), read)


def measure(office: Office, name: str, path: str, times: int) -> float:
    browser = office.browser(name)
    taken = []
    for _ in range(times + 1):
        began = time.perf_counter()
        assert browser.open(path).status_code == 200
        taken.append(time.perf_counter() - began)
    return round(statistics.median(taken[1:]), 3)


def main(argv: Sequence[str] | None = None) -> None:
    asked = options("Seconds a page of the desks takes.", argv, people=3000, times=5)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "gradebooks").mkdir()
        (root / "office").mkdir()
        office = open_office(root / "office", rules.rulebook(root / "releases"), root / "gradebooks")
        fill(office, asked.people)
        seconds = {path: measure(office, name, path, asked.times) for name, path in PAGES}
    tell({"people": asked.people, "seconds a page": seconds, "machine": machine()}, asked.json)


if __name__ == "__main__":
    main(sys.argv[1:])
