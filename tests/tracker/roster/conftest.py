"""A county on SQLite, and the rules of the house; no course is taught here."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from banyan.courseware.catalogue import Catalogue
from banyan.courseware.content import open_framework, open_programmes
from banyan.records.engine import sessions
from banyan.tracker.rulebook import Rulebook
from tests import house
from tests.blank import blank_records
from tests.tracker.roster.registry import Registry, open_registry


@pytest.fixture(scope="session")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    content = house.ROOT / "content"
    framework, programmes = open_framework(content), open_programmes(content)
    return Rulebook(framework, programmes, house.issuer(), bytes(32), Catalogue(tmp_path_factory.mktemp("releases")))


@pytest.fixture
def registry(tmp_path: Path, rules: Rulebook) -> Iterator[Registry]:
    engine = blank_records(tmp_path / "records.sqlite")
    yield open_registry(sessions(engine), rules)
    engine.dispose()
