"""A fresh office for every test; what takes seconds is made once."""

from pathlib import Path

import pytest

from banyan.tracker.rulebook import Rulebook
from tests import house as rules
from tests.portal.office import Office, open_office, prepare_gradebooks


@pytest.fixture(scope="session")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    return rules.rulebook(tmp_path_factory.mktemp("releases"))


@pytest.fixture(scope="session")
def prepared(rulebook: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare_gradebooks(tmp_path_factory.mktemp("gradebooks"), rulebook)


@pytest.fixture
def office(tmp_path: Path, rulebook: Rulebook, prepared: Path) -> Office:
    return open_office(tmp_path, rulebook, prepared)
