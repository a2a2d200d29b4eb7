"""What nbgrader makes anew for every submission, made once by a worker and kept.

nbgrader opens its gradebook some ten times for a submission, each time with an engine of its own, which must ask for the
tables and compile every query anew; it commits after every cell, and checks its schema of cells before it checks a cell.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import fastjsonschema
from nbgrader import api
from nbgrader.converters import autograde
from nbgrader.nbgraderformat import common
from nbgrader.preprocessors import latesubmissions, overwritekernelspec
from sqlalchemy import Engine
from sqlalchemy.orm import scoped_session

Validator = common.jsonschema.Draft4Validator  # nbgrader's own, as its schema names it


class KeptGradebook(api.Gradebook):
    """A gradebook whose engine stays when it is closed."""

    def __init__(self, db_url: str, course_id: str = "default_course", authenticator: Any = None) -> None:
        self.engine, self.db = _opened(db_url, course_id, os.getpid(), _which(db_url))
        self.course_id, self.authenticator = course_id, authenticator

    def close(self) -> None:
        self.db.remove()


@lru_cache(maxsize=32)
def _opened(db_url: str, course_id: str, _process: int, _file: int) -> tuple[Engine, "scoped_session[Any]"]:
    """Return what one process needs of one file; a fork, or a file put in another's place, gets its own."""
    opened = api.Gradebook(db_url, course_id)
    return opened.engine, opened.db


def _which(db_url: str) -> int:
    return os.stat(db_url.removeprefix("sqlite:///").partition("?")[0]).st_ino


class CheckedSchema:
    """Stands for the module jsonschema where nbgrader checks its cells; the schema is always the same one.

    It is compiled to Python, as nbformat does with its own; what that refuses jsonschema explains, in its own words.
    """

    @staticmethod
    def validate(cell: Any, schema: Any) -> None:
        compiled, explained = _checkers(schema["properties"]["schema_version"]["maximum"])
        try:
            compiled(cell)
        except fastjsonschema.JsonSchemaException:
            explained.validate(cell)


@cache
def _checkers(version: int) -> tuple[Any, Any]:
    schema = json.loads((Path(common.root) / f"v{version}.json").read_text(encoding="utf-8"))
    Validator.check_schema(schema)
    return fastjsonschema.compile(schema), Validator(schema)


KEPT: tuple[tuple[Any, str, Any], ...] = (
    (autograde, "Gradebook", KeptGradebook),
    (latesubmissions, "Gradebook", KeptGradebook),
    (overwritekernelspec, "Gradebook", KeptGradebook),
    (common, "jsonschema", CheckedSchema),
)
"""Where nbgrader asks for what, and what it gets."""


@contextmanager
def kept() -> Iterator[None]:
    """Let nbgrader use what is kept while the block runs."""
    before = [getattr(module, name) for module, name, _ours in KEPT]
    for module, name, ours in KEPT:
        setattr(module, name, ours)
    try:
        yield
    finally:
        for (module, name, _ours), theirs in zip(KEPT, before, strict=True):
            setattr(module, name, theirs)


class Sheet:
    """What nbgrader asks a gradebook for, cell by cell, read in one query; its changes are written when `keep` is called."""

    def __init__(self, gradebook: api.Gradebook, **rows: Mapping[str, Any]) -> None:
        self.gradebook, self.rows, self.db = gradebook, rows, self

    def commit(self) -> None:
        """Not yet: a submission's cells are written together."""

    def keep(self) -> None:
        self.gradebook.db.commit()

    def find_grade(self, name: str, *_of: str) -> Any:
        return self._found("grades", name)

    def find_comment(self, name: str, *_of: str) -> Any:
        return self._found("comments", name)

    def find_source_cell(self, name: str, *_of: str) -> Any:
        return self._found("sources", name)

    def find_graded_cell(self, name: str, *_of: str) -> Any:
        return self._found("graded", name)

    def _found(self, kind: str, name: str) -> Any:
        if name not in self.rows[kind]:
            raise api.MissingEntry(f"no such cell: {name}")
        return self.rows[kind][name]
