"""Slips: how long 100,000 take to make, and how long an administrator waits for 300 on A4, QR codes and page included."""

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from starlette.testclient import TestClient

from banyan.accounts.slips import issue_slips
from banyan.portal.app import create_app
from banyan.portal.forms import fresh_token
from banyan.portal.house import House
from banyan.records import migrate
from banyan.records.engine import Sessions, open_engine, sessions, writing
from banyan.records.people import Appointment, Person
from tests.bench._report import machine, options, tell
from tests.county import LONG_AGO, NOW, County, Places, places
from tests.portal.conftest import PORTAL, TestDoor

KEY, SECRET = b"a key of this bench", b"a secret of this bench"


def populate(make: Sessions, count: int, sheet: int) -> tuple[Places, str]:
    """Fill 青石镇's grids with `sheet` people and 云溪镇's with the rest; return also the county administrator's number."""
    with writing(make) as session:
        county = County(session)
        at = places(county)
        boss = county.person("周建国", at.county)
        county.trust(boss, "administrator", at.county)
        first = 20000000
        people = [
            {
                "staff_number": str(first + n),
                "handle": f"b{n}",
                "name": f"学员{n % 977}",
                "phone": f"139{n:08}",
                "created_at": NOW,
            }
            for n in range(count)
        ]
        session.execute(insert(Person), people)
        ids = session.scalars(select(Person.id).where(Person.handle.startswith("b")).order_by(Person.id))
        grids = (at.xikou_1.id, at.xikou_2.id)
        posts = [
            {"person_id": each, "unit_id": grids[n % 2] if n < sheet else at.shangping_1.id, "starts_on": LONG_AGO}
            for n, each in enumerate(ids)
        ]
        session.execute(insert(Appointment), [{**each, "role": "GS", "post": "网格员", "full_time": True} for each in posts])
        return at, boss.staff_number


def make_all(make: Sessions) -> tuple[float, int]:
    with writing(make) as session:
        people = list(session.scalars(select(Person)))
        began = time.perf_counter()
        made = issue_slips(session, people, KEY, None, NOW)
    return time.perf_counter() - began, len(made)


def print_sheet(make: Sessions, unit: str, boss: str, folder: Path) -> tuple[float, int]:
    unused: dict[str, Any] = {"rulebook": None, "press": lambda: None, "workshop": None}
    unused |= dict.fromkeys(("gradebooks", "uploads", "answer_files", "works", "labs", "prints"), folder)
    house = House(
        make=make, secret=SECRET, county="榕溪县", entry_key=KEY, origin="https://xuexi.example", clock=lambda: NOW, **unused
    )
    browser = TestClient(create_app(house, TestDoor()), cookies={"who": boss})
    began = time.perf_counter()
    reply = browser.post(f"{PORTAL}/slips", data={"csrf": fresh_token(SECRET, f"session of {boss}"), "unit": unit})
    took = time.perf_counter() - began
    assert reply.status_code == 200, reply.text
    return took, reply.text.count('class="slip"')


def measure(folder: Path, count: int, sheet: int) -> dict[str, Any]:
    make = sessions(open_engine(f"sqlite:///{folder}/records.sqlite"))
    migrate.upgrade(make.kw["bind"])
    at, boss = populate(make, count, sheet)
    seconds, made = make_all(make)
    waited, printed = print_sheet(make, at.qingshi.code, boss, folder)
    make.kw["bind"].dispose()
    figures = {"slips": made, "make_s": round(seconds, 2), "slips_per_s": round(made / seconds)}
    return figures | {"printed": printed, "print_page_s": round(waited, 2), "missing": sheet - printed}


def main(argv: Sequence[str] | None = None) -> dict[str, Any]:
    chosen = options(__doc__ or "", argv, people=100_000, sheet=300)
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), chosen.people, chosen.sheet) | machine()
    tell(found, chosen.json)
    return found


if __name__ == "__main__":
    sys.exit(main()["missing"])
