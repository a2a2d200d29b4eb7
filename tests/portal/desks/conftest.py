"""A fresh office for every test; what takes seconds is made once."""

from pathlib import Path

import pytest

from banyan.tracker.rulebook import Rulebook
from tests import house as rules
from tests.portal.office import Office, open_office


@pytest.fixture(scope="session")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    return rules.rulebook(tmp_path_factory.mktemp("releases"))


@pytest.fixture
def office(tmp_path: Path, rulebook: Rulebook) -> Office:
    return open_office(tmp_path, rulebook)
