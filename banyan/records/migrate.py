"""Bringing the records to the present shape, and back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from banyan.errors import HomeError
from banyan.records.tables import metadata

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Migrate to a revision in one transaction; nothing happens when it is there already."""
    with _migrating(engine) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    with _migrating(engine) as connection:
        command.downgrade(_config(connection), revision)


def heads() -> list[str]:
    """Return the revisions this version ends with: one, unless two were written beside each other."""
    return list(ScriptDirectory(str(MIGRATIONS)).get_heads())


def revision_of(engine: Engine) -> str | None:
    """Return where the records stand; None if they were never migrated."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def drift(engine: Engine) -> list[object]:
    """Return how the tables in code differ from the migrated records; none is as it should be."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def draft(engine: Engine, revision: str, message: str) -> None:
    """Write a migration for what has drifted, to be read and mended by hand."""
    with engine.begin() as connection:
        command.revision(_config(connection), message, autogenerate=True, rev_id=revision)


@contextmanager
def _migrating(engine: Engine) -> Iterator[Connection]:
    """One transaction, within which SQLite may exchange a table that others point to; in the end all must point somewhere."""
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        bound = engine.dialect.name == "sqlite"
        if bound:
            driver.execute("PRAGMA foreign_keys=OFF")  # heard only before a transaction
        try:
            with connection.begin():
                yield connection
                if bound and driver.execute("PRAGMA foreign_key_check").fetchone():
                    raise HomeError("档案里有对不上的行，没有升级；请从备份恢复")
        finally:
            if bound:
                driver.execute("PRAGMA foreign_keys=ON")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
