"""Where a backup is restored to: a folder that is there already, a disk of its own; a kill, a full disk, an older version."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from banyan.cli import main
from banyan.errors import HomeError
from banyan.records import audit
from banyan.records.engine import reading
from banyan.settings import FORM, Home, Settings
from banyan.wiring import open_records
from tests.apart import run_apart
from tests.conftest import Installed
from tests.keeping.test_backup import RUN, backup, restore
from tests.keeping.test_upgrade import age, assert_whole, upgrade


def test_it_goes_into_a_folder_made_for_it_in_one_that_is_somebody_else_s(installed: Installed, saved: Path, tmp_path: Path):
    """As the guide has it: /srv is root's, /srv/banyan is the program's. Whoever is root is told by the folder's number."""
    place = tmp_path / "srv" / "banyan"
    place.mkdir(mode=0o700, parents=True)
    number = place.stat().st_ino
    place.parent.chmod(0o555)
    try:
        result = restore(saved, place, installed.recovery_code)
    finally:
        place.parent.chmod(0o755)
    assert result.exit_code == 0, result.output
    assert (place.stat().st_ino, os.listdir(place.parent)) == (number, ["banyan"])
    assert Home.open(place).key("signing") == installed.home.key("signing")


def test_a_disk_of_its_own_is_as_good_as_empty_and_comes_into_no_backup(installed: Installed, saved: Path, tmp_path: Path):
    place = tmp_path / "disk"
    (place / "lost+found").mkdir(parents=True)
    assert restore(saved, place, installed.recovery_code).exit_code == 0
    (place / "lost+found" / "#12").write_text("what a check of the disk found")
    assert backup(Home.open(place), tmp_path / "again.banyan").exit_code == 0
    assert restore(tmp_path / "again.banyan", tmp_path / "new", installed.recovery_code).exit_code == 0
    assert not (tmp_path / "new" / "lost+found").exists()


def test_what_fails_leaves_the_folder_as_empty_as_it_was(installed: Installed, saved: Path, tmp_path: Path):
    place = tmp_path / "disk"
    (place / "lost+found").mkdir(parents=True)
    done = starved(saved, place, installed.recovery_code)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
    assert "什么也没有改动" in done.stderr
    assert os.listdir(place) == ["lost+found"]
    assert restore(saved, place, installed.recovery_code).exit_code == 0


STARVED = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
from banyan.cli import main
main()
"""


def starved(saved: Path, place: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Restore where no file grows beyond 60 kB, which the records do."""
    paper = saved.with_name("code.txt")
    paper.write_text(code)
    return run_apart(STARVED, "restore", saved, "--home", place, "--code-file", paper)


NO_NOTE = """
import resource
from banyan.keeping import restore
real = restore._note
def note(*args):
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    real(*args)
restore._note = note
from banyan.cli import main
main()
"""


def test_a_disk_that_is_full_at_the_last_line_of_the_log_is_one_sentence_too(installed: Installed, saved: Path, tmp_path: Path):
    paper = tmp_path / "code.txt"
    paper.write_text(installed.recovery_code)
    done = run_apart(NO_NOTE, "restore", saved, "--home", tmp_path / "new", "--code-file", paper)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
    assert not (tmp_path / "new").exists()


KILLED = """
import os, signal
import {module} as module
real = module.{name}
def killed(*args, **kwargs):
    result = real(*args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)
module.{name} = killed
from banyan.cli import main
main()
"""
STEPS = {
    "marked": ("banyan.keeping.restore", "_clear"),
    "unpacked": ("banyan.keeping.restore", "_fill"),
    "keys": ("banyan.keeping.restore", "write"),
    "noted": ("banyan.keeping.restore", "_note"),
    "on the disk": ("banyan.keeping.restore", "to_disk"),
}


@pytest.mark.parametrize("step", STEPS)
def test_killed_half_way_nobody_gets_in_and_restoring_again_completes_it(
    step: str, installed: Installed, saved: Path, tmp_path: Path
):
    paper, place = tmp_path / "code.txt", tmp_path / "new"
    paper.write_text(installed.recovery_code)
    module, name = STEPS[step]
    script = KILLED.format(module=module, name=name)
    assert run_apart(script, "restore", saved, "--home", place, "--code-file", paper).returncode == -signal.SIGKILL
    with pytest.raises(HomeError):
        Home.open(place)
    assert restore(saved, place, installed.recovery_code).exit_code == 0
    assert_whole(Home.open(place))


def test_a_restoration_broken_off_is_not_installed_over(installed: Installed, saved: Path, tmp_path: Path):
    home = Home(shutil.copytree(installed.home.root, tmp_path / "half"))
    home.unfinished.write_text("restore")
    with pytest.raises(HomeError, match="再运行一次 banyan restore"):
        Home.open(home.root)
    who = ("--admin-name", "周", "--admin-number", "1", "--admin-phone", "13800000001", "--county", "青河县")
    where = ("--home", str(home.root), "--county-code", "350999", "--public-url", "")
    assert RUN.invoke(main, ["install", *where, *who]).exit_code == 1
    assert RUN.invoke(main, ["upgrade", "--home", str(home.root)]).exit_code == 1
    assert home.unfinished.exists()


def test_the_backup_an_upgrade_made_is_restored_as_the_old_version_and_upgraded_there(installed: Installed, tmp_path: Path):
    age(installed.home)
    said = upgrade(installed.home).stdout
    code = said.partition("恢复码（只显示这一次）：")[2].split()[0]
    (file,) = installed.home.backups.iterdir()
    result = restore(file, tmp_path / "new", code)
    assert result.exit_code == 0, result.output
    assert "请再运行 banyan upgrade" in result.stdout
    new = Home.found(tmp_path / "new")
    assert new.form < FORM
    assert upgrade(new).exit_code == 0
    assert_whole(new)
    with reading(open_records(new, Settings.of(new))) as session:
        assert audit.verify(session) > 2
