"""How the records are opened.

SQLite writes ahead, syncs fully (acknowledged means on disk) and begins a *writing* transaction at once, since a read
that turns into a write may find the chain it read already continued. PostgreSQL does the same by its own means.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import wraps
from pathlib import Path
from threading import Lock, get_ident
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import URL, Connection, Engine, Executable, Result, create_engine, event
from sqlalchemy.orm import Session, sessionmaker

from banyan.errors import TryLaterError
from banyan.records.courtesy import Courtesy

P = ParamSpec("P")
T = TypeVar("T")
PATIENCE = 15  # seconds
READ = "read once"  # where a session keeps it
READS = {"banyan_reads": True}
BUSY = "很多人正在保存，请等一分钟再试；已经保存的内容不会丢"
NOBODY_YET = -1  # has the turn while it is handed on
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={PATIENCE * 1000}", "secure_delete=ON")
"""What is deleted is overwritten, so that nothing of whoever was erased is left in a file's free pages."""


class Turn:
    """Lets the threads of a process write to SQLite one after the other, first come first served.

    Left to itself SQLite lets them sleep and look again, ever longer, and whoever has slept longest is not served first; a
    plain lock is taken again by whoever has just given it back. A thread that has the turn may take it once more within.
    """

    def __init__(self, courtesy: Courtesy) -> None:
        self._courtesy, self._guard = courtesy, Lock()
        self._gates: deque[Lock] = deque()  # a closed one for each who waits
        self._holder: int | None = None
        self._depth = 0

    @property
    def queued(self) -> int:
        """How many threads wait."""
        return len(self._gates)

    def __enter__(self) -> None:
        if self._holder != get_ident():
            self._come_in()
        self._depth += 1

    def __exit__(self, *_fault: object) -> None:
        self._depth -= 1
        if self._depth == 0:
            try:
                self._courtesy.let_in()
            finally:
                self._hand_on()

    def _come_in(self) -> None:
        gate = Lock()
        gate.acquire()
        with self._guard:
            free = self._holder is None
            if free:
                self._holder = get_ident()
            else:
                self._gates.append(gate)
        if not free and not gate.acquire(timeout=PATIENCE):
            self._leave(gate)
        self._holder = get_ident()

    def _leave(self, gate: Lock) -> None:
        """Raise TryLaterError, unless the gate was opened at the last moment."""
        with self._guard:
            if gate in self._gates:
                self._gates.remove(gate)
                raise TryLaterError(BUSY)

    def _hand_on(self) -> None:
        with self._guard:
            if self._gates:
                self._holder = NOBODY_YET
                self._gates.popleft().release()
            else:
                self._holder = None


class Sessions(sessionmaker[Session]):
    """Makes sessions over one engine; `turn` is None where the database lets many write at once."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, expire_on_commit=False)
        self.turn = Turn(_courtesy(engine.url)) if engine.dialect.name == "sqlite" else None
        self.brief = READS if self.turn else {"isolation_level": "AUTOCOMMIT"}


def open_engine(url: str) -> Engine:
    """Return an engine for `sqlite:///…` or `postgresql+psycopg://…`."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": PATIENCE})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def sessions(engine: Engine) -> Sessions:
    return Sessions(engine)


@contextmanager
def reading(make: Sessions, briefly: bool = False) -> Iterator[Session]:
    """A session that never waits for a writer; on SQLite it reads one state, on PostgreSQL each query what is then committed.

    What is read `briefly`, as a page is, is not streamed: on PostgreSQL it needs no transaction and is told of none, which
    saves two of a page's ten round trips.
    """
    with make() as session:
        session.connection(execution_options=make.brief if briefly else READS)
        read_anew(session)
        yield session


def read_anew(session: Session) -> None:
    """Let nothing that was read before be handed out again: its objects may belong to no session any more."""
    session.info[READ] = {}


def columns(session: Session, query: Executable, values: Mapping[str, Any] | None = None) -> Result[*tuple[Any, ...]]:
    """Return columns, of no object: who only reads goes past the session, which would take as long again to add nothing."""
    return session.connection().execute(query, values) if READ in session.info else session.execute(query, values)


def read_once(read: Callable[Concatenate[Session, P], T]) -> Callable[Concatenate[Session, P], T]:
    """Let what a page asks for in several places be read once while it is `reading`; whoever writes reads anew.

    What is read is shared, so it must be a value nobody changes.
    """

    @wraps(read)
    def once(session: Session, *args: P.args, **kwargs: P.kwargs) -> T:
        known: dict[Any, T] | None = session.info.get(READ)
        if known is None:
            return read(session, *args, **kwargs)
        key = (read, args, *sorted(kwargs.items()))
        if key not in known:
            known[key] = read(session, *args, **kwargs)
        return known[key]

    return once


@contextmanager
def writing(make: Sessions) -> Iterator[Session]:
    """A session that commits when the block ends well and changes nothing otherwise."""
    with make.turn or nullcontext(), make.begin() as session:
        yield session


def forget_pages(make: Sessions) -> None:
    """Let SQLite's write-ahead log hold no page of before; PostgreSQL sees to its own."""
    engine: Engine = make.kw["bind"]
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()
        try:
            raw.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()  # type: ignore[union-attr]
        finally:
            raw.close()


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _courtesy(url: URL) -> Courtesy:
    return Courtesy(Path(f"{url.database}-turn"))


def _begin(connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    if connection.get_execution_options().get("banyan_reads"):
        driver.execute("BEGIN")
        return
    if not _begun(driver) and not _courtesy(connection.engine.url).wait(lambda: _begun(driver), PATIENCE):
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # once more, so that the fault is SQLite's own


def _begun(driver: sqlite3.Connection) -> bool:
    """Begin to write if nobody else does."""
    driver.execute("PRAGMA busy_timeout=0")
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as fault:
        if fault.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    finally:
        driver.execute(f"PRAGMA busy_timeout={PATIENCE * 1000}")
    return True
