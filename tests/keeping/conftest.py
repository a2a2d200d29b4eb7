"""A small installed home, made once and copied, since installing takes seconds."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from banyan.cli import main
from banyan.settings import Home
from tests.conftest import Installed, install


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return install(tmp_path_factory.mktemp("pristine") / "home")


@pytest.fixture
def installed(pristine: Installed, tmp_path: Path) -> Installed:
    """An installed home of the test's own."""
    place = shutil.copytree(pristine.home.root, tmp_path / "home")
    return replace(pristine, home=Home.open(place))


@pytest.fixture
def saved(installed: Installed, tmp_path: Path) -> Path:
    """A backup of the installed home."""
    file = tmp_path / "county.banyan"
    result = CliRunner().invoke(main, ["backup", str(file), "--home", str(installed.home.root)])
    assert result.exit_code == 0, result.output
    return file
