"""How the records are opened.

SQLite writes ahead, syncs fully (acknowledged means on disk) and begins a *writing* transaction at once, since a read
that turns into a write may find the chain it read already continued. PostgreSQL does the same by its own means.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import RLock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session, sessionmaker

Sessions = sessionmaker[Session]

_turns: WeakKeyDictionary[Engine, AbstractContextManager[Any]] = WeakKeyDictionary()
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000")


def open_engine(url: str) -> Engine:
    """Return an engine for `sqlite:///…` or `postgresql+psycopg://…`."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": 15})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def sessions(engine: Engine) -> Sessions:
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def reading(make: Sessions) -> Iterator[Session]:
    """A session that reads one consistent state and never waits for a writer."""
    with make() as session:
        session.connection(execution_options={"banyan_reads": True})
        yield session


@contextmanager
def writing(make: Sessions) -> Iterator[Session]:
    """A session that commits when the block ends well and changes nothing otherwise."""
    with _turn(make.kw["bind"]), make.begin() as session:
        yield session


def _turn(engine: Engine) -> AbstractContextManager[Any]:
    """Let the threads of a process write to SQLite one after the other.

    Left to itself it lets them sleep and try again, ever longer, and whoever slept longest is not served first.
    """
    return _turns.setdefault(engine, RLock()) if engine.dialect.name == "sqlite" else nullcontext()


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    reads = connection.get_execution_options().get("banyan_reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
