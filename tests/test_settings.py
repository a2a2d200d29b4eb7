"""A home: what is made, what is kept secret, and what is said about one that is not fit to serve."""

import os
import stat
from pathlib import Path

import pytest

from banyan.errors import HomeError
from banyan.keys import KEYS, SECRETS
from banyan.records import migrate
from banyan.settings import FOLDERS, FORM, Home, Settings, current_home


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_nobody_but_the_owner_may_look_into_a_home(home: Home):
    assert {mode_of(path) for path in (home.root, *(home.root / name for name in FOLDERS))} == {0o700}
    assert {mode_of(home.keys / name) for name in KEYS} == {0o600}


def test_every_secret_is_drawn_afresh(home: Home, tmp_path: Path):
    other = Home.create(tmp_path / "other", demo=True)
    drawn = [each.key(name) for each in (home, other) for name in SECRETS]
    assert len(set(drawn)) == len(drawn)
    assert {len(bytes.fromhex(key.decode())) for key in drawn} == {32}
    assert home.key("signing").startswith(b"-----BEGIN PRIVATE KEY-----")
    assert home.key("signing") != other.key("signing")


def test_a_home_is_never_made_anew_over_an_old_one(home: Home):
    before = home.key("signing")
    with pytest.raises(HomeError, match="已经建好"):
        Home.create(home.root, demo=False)
    assert home.key("signing") == before


def test_a_creation_that_was_broken_off_is_completed_with_the_keys_it_drew(home: Home):
    before = home.key("attempt")
    home.toml.unlink()
    (home.keys / "cookie").unlink()
    assert Home.create(home.root, demo=True).key("attempt") == before


def test_the_environment_comes_before_the_file(home: Home, monkeypatch: pytest.MonkeyPatch):
    assert Settings.of(home).port == 8000
    monkeypatch.setenv("BANYAN_PORT", "9100")
    assert Settings.of(home).origin == "http://127.0.0.1:9100"


def test_the_address_given_to_people_is_the_one_on_certificates(home: Home):
    home.toml.write_text(home.toml.read_text() + 'public_url = "https://xuexi.example.gov.cn/"\n')
    assert Settings.of(home).origin == "https://xuexi.example.gov.cn"


def test_without_a_home_it_is_said_how_to_name_one(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("BANYAN_HOME", raising=False)
    with pytest.raises(HomeError, match="--home"):
        current_home()


def refusal(path: Path) -> str:
    with pytest.raises(HomeError) as refused:
        Home.open(path)
    sentence = str(refused.value)
    assert "\n" not in sentence
    return sentence


def test_a_missing_home_says_so(tmp_path: Path):
    assert f"找不到 {tmp_path}/none" in refusal(tmp_path / "none")


def test_a_folder_that_is_no_home_says_so(tmp_path: Path):
    assert "不是榕学的数据目录" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("demo = tru", "写坏了", id="not toml"),
        pytest.param('demo = true\ncounty = "x"\ncolour = 1', "colour", id="unknown setting"),
        pytest.param("demo = true", "county", id="missing setting"),
        pytest.param('demo = true\ncounty = "x"\nport = "many"', "port", id="wrong type"),
    ],
)
def test_broken_settings_name_the_place(home: Home, text: str, words: str):
    home.toml.write_text(text)
    assert words in refusal(home.root)


def test_a_missing_key_is_named(home: Home):
    (home.keys / "signing").unlink()
    assert "signing" in refusal(home.root)


def test_an_empty_key_is_named(home: Home):
    (home.keys / "attempt").write_text("")
    assert "attempt" in refusal(home.root)


def test_a_key_others_can_read_is_refused_with_the_remedy(home: Home):
    (home.keys / "attempt").chmod(0o640)
    assert "chmod 600" in refusal(home.root)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_home_of_somebody_else_says_so(home: Home):
    home.root.chmod(0)
    try:
        assert "没有权限" in refusal(home.root)
    finally:
        home.root.chmod(0o700)


def test_a_home_of_an_older_form_is_sent_to_the_upgrade(home: Home):
    home.version.unlink()
    assert "banyan upgrade" in refusal(home.root)


def test_a_home_of_a_newer_form_asks_for_the_newer_program(home: Home):
    home.version.write_text(f"{FORM + 1}\n")
    assert "更新程序" in refusal(home.root)


def test_a_broken_version_file_is_named(home: Home):
    home.version.write_text("two")
    assert str(home.version) in refusal(home.root)


@pytest.mark.parametrize("command", ["install", "upgrade"])
def test_what_was_broken_off_is_to_be_run_again(home: Home, command: str):
    home.unfinished.write_text(command)
    assert f"再运行一次 banyan {command}" in refusal(home.root)


def test_the_form_of_a_home_is_the_records_last_migration():
    assert [f"{FORM:04d}"] == migrate.heads()


def test_settings_given_at_the_start_are_kept_as_they_were_written(tmp_path: Path):
    home = Home.create(tmp_path / "home", False, '榕"溪\\县', 8001, public_url="https://xuexi.example.gov.cn")
    settings = Settings.of(home)
    assert (settings.county, settings.port, settings.origin) == ('榕"溪\\县', 8001, "https://xuexi.example.gov.cn")
