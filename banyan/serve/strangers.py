"""The hub keeps a row for everybody who ever signed in, under their staff number. Before it starts, those go whom the records no
longer know: of somebody who was erased the hub then holds nothing. Nobody else may touch its database while it runs."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import select

from banyan.records.engine import Sessions, reading
from banyan.records.people import Person


def forget_strangers(hub: Path, make: Sessions) -> int:
    """Take out of the hub's database whoever the records do not know, and return how many; none where there is none yet."""
    if not hub.is_file():
        return 0
    with closing(sqlite3.connect(hub, timeout=15)) as opened:
        opened.execute("PRAGMA secure_delete=ON")
        opened.execute("PRAGMA foreign_keys=ON")  # what hangs on a user goes with them
        if not opened.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'users'").fetchone():
            return 0
        names = [name for (name,) in opened.execute("SELECT name FROM users")]
        gone = set(names) - _known(make, names)
        with opened:
            opened.executemany("DELETE FROM users WHERE name = ?", [(name,) for name in sorted(gone)])
    return len(gone)


def _known(make: Sessions, names: list[str]) -> set[str]:
    found: set[str] = set()
    with reading(make) as session:
        for first in range(0, len(names), 500):
            some = names[first : first + 500]
            found |= set(session.scalars(select(Person.staff_number).where(Person.staff_number.in_(some))))
    return found
