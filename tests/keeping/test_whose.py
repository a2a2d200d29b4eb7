"""Nothing begins an empty county where there was one, nor leaves files its owner cannot read."""

import os
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from click.testing import CliRunner

from banyan.cli import main
from tests.apart import run_apart
from tests.conftest import Installed

OTHER = 12345
NEEDS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="it is root that is refused")
COMMANDS = {
    "a slip": ("people", "slip", "10001"),
    "an export": ("people", "export", "-"),
    "the audit log": ("records", "audit"),
    "the standing": ("records", "rebuild"),
    "an upgrade": ("upgrade",),
    "a backup": ("backup",),
    "serving": ("serve",),
}


def run(*words: str) -> CompletedProcess[str]:
    return run_apart("from banyan.cli import main\nmain()", *words)


@pytest.mark.parametrize("what", COMMANDS)
def test_without_its_records_no_command_begins_empty_ones(what: str, installed: Installed, tmp_path: Path):
    installed.home.records.unlink()
    place = (str(tmp_path / "b.banyan"),) if what == "a backup" else ()
    done = run(*COMMANDS[what], *place, "--home", str(installed.home.root))
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
    assert "不见了" in done.stderr
    assert "banyan restore" in done.stderr
    assert not installed.home.records.exists()
    assert not (tmp_path / "b.banyan").exists()


@NEEDS_ROOT
@pytest.mark.parametrize("words", [("doctor",), ("upgrade",), ("people", "slip", "10001"), ("recovery", "renew")], ids=" ".join)
def test_root_is_sent_to_the_owner_and_writes_nothing(words: tuple[str, ...], installed: Installed):
    home = installed.home
    for path in (home.root, *home.root.rglob("*")):
        os.chown(path, OTHER, OTHER)
    before = {path: path.stat().st_mtime_ns for path in home.root.rglob("*")}
    result = CliRunner().invoke(main, [*words, "--home", str(home.root)])
    assert (result.exit_code, f"sudo -u '#{OTHER}'" in result.stderr) == (1, True)
    assert {path: path.stat().st_mtime_ns for path in home.root.rglob("*")} == before


@NEEDS_ROOT
def test_root_neither_installs_nor_restores_into_somebody_else_s_folder(installed: Installed, tmp_path: Path):
    place = tmp_path / "banyan"
    place.mkdir()
    os.chown(place, OTHER, OTHER)
    who = ("--admin-name", "周", "--admin-number", "1", "--admin-phone", "13800000001", "--county", "青河县")
    asked = ("install", "--home", str(place), "--county-code", "350999", "--public-url", "", *who)
    assert "sudo -u" in CliRunner().invoke(main, asked).stderr
    saved = tmp_path / "b.banyan"
    assert CliRunner().invoke(main, ["backup", str(saved), "--home", str(installed.home.root)]).exit_code == 0
    asked = ("restore", str(saved), "--home", str(place))
    assert "sudo -u" in CliRunner().invoke(main, asked, input=installed.recovery_code).stderr
    assert os.listdir(place) == []


FULL = """
import resource
from banyan.cli import slip
real = slip.issue_slips
def issue(*args):
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    return real(*args)
slip.issue_slips = issue
from banyan.cli import main
main()
"""


def test_a_disk_that_is_full_under_any_command_is_one_sentence(installed: Installed):
    done = run_apart(FULL, "people", "slip", "10001", "--home", installed.home.root)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1), done.stderr
    assert "banyan doctor" in done.stderr
