"""Records with nothing in them: migrated once in a process of tests, copied for each test, as migrating takes half a second."""

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from banyan.records import migrate
from banyan.records.engine import open_engine


@cache
def _migrated() -> TemporaryDirectory[str]:
    folder = TemporaryDirectory()
    engine = open_engine(f"sqlite:///{folder.name}/records.sqlite")
    migrate.upgrade(engine)
    engine.dispose()
    return folder


def blank_records(path: Path) -> Engine:
    """Put blank records at a path and open them."""
    shutil.copyfile(Path(_migrated().name) / "records.sqlite", path)
    return open_engine(f"sqlite:///{path}")
