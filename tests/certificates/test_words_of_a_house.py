"""A house whose certificates would claim too much does not open, rather than fail when the first one is due."""

from pathlib import Path

import pytest

from banyan.errors import BadInputError
from banyan.settings import Home, Settings
from banyan.wiring import load_content, open_rulebook

CONTENT = Path(__file__).parents[2] / "content"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home.create(tmp_path / "home", demo=True)
    load_content(made, CONTENT)
    return made


def test_the_shipped_programmes_claim_nothing(home: Home) -> None:
    assert open_rulebook(home, Settings.of(home)).programmes


def test_a_programme_that_claims_too_much_is_named(home: Home) -> None:
    file = home.root / "content" / "programmes" / "er-t1.yaml"
    file.write_text(file.read_text("utf-8").replace("培训考核合格证明", "国家级合格证书"), "utf-8")
    with pytest.raises(BadInputError, match="国家级合格证书"):
        open_rulebook(home, Settings.of(home))


def test_an_issuer_that_claims_too_much_is_named(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "home", demo=False, county="全国培训中心")
    load_content(home, CONTENT)
    with pytest.raises(BadInputError, match="全国培训中心"):
        open_rulebook(home, Settings.of(home))
