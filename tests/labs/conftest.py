"""One house with JupyterLab for all tests that do not end it."""

from collections.abc import Iterator

import pytest

from tests.labs.house import LabHouse, open_house


@pytest.fixture(scope="session")
def lab_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabHouse]:
    with open_house(tmp_path_factory.mktemp("labs")) as house:
        yield house
