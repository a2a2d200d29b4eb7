"""A backup that a full disk, a kill or a damaged source meets is whole or not there, and says which."""

import os
from pathlib import Path

import pytest

from tests.apart import run_apart
from tests.conftest import Installed
from tests.keeping.test_backup import backup, restore

NO_ROOM = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room}))
from banyan.cli import main
main()
"""


@pytest.mark.parametrize("room", [10_000, 360_000], ids=["no room for the copy", "no room for the file"])
def test_a_full_disk_is_one_sentence_and_no_half_file(room: int, installed: Installed, tmp_path: Path):
    (installed.home.uploads / "photo.jpg").write_bytes(os.urandom(600_000))
    folder = tmp_path / "disk"
    folder.mkdir()
    done = run_apart(NO_ROOM.format(room=room), "backup", folder, "--home", installed.home.root)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
    assert "没有留下半份" in done.stderr
    assert os.listdir(folder) == []


HOME_FULL = """
import resource
from banyan.keeping import backup
real = backup.writing
def writing(make):
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    return real(make)
backup.writing = writing
from banyan.cli import main
main()
"""


def test_a_backup_of_a_home_whose_own_disk_is_full_is_kept_and_says_where_it_is_full(installed: Installed, tmp_path: Path):
    file = tmp_path / "usb.banyan"
    done = run_apart(HOME_FULL, "backup", file, "--home", installed.home.root)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
    assert f"备份做好了：{file}" in done.stderr
    assert f"{installed.home.root} 写不进去" in done.stderr
    assert restore(file, tmp_path / "new", installed.recovery_code).exit_code == 0


def test_what_a_killed_backup_left_is_cleared_up_by_the_next(installed: Installed, tmp_path: Path):
    folder = tmp_path / "disk"
    folder.mkdir()
    script = (
        "import os, signal\nfrom banyan.keeping import backup\n"
        "backup.seal = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\nfrom banyan.cli import main\nmain()"
    )
    assert run_apart(script, "backup", folder, "--home", installed.home.root).returncode == -9
    assert not list(folder.glob("banyan-*"))
    assert backup(installed.home, folder).exit_code == 0
    assert [each.name.startswith("banyan-") for each in folder.iterdir()] == [True]


def test_damaged_records_are_not_passed_off_as_a_backup(installed: Installed, tmp_path: Path):
    records = installed.home.root / "records.sqlite"
    whole = bytearray(records.read_bytes())
    whole[4096 * 3 : 4096 * 6] = os.urandom(4096 * 3)
    records.write_bytes(whole)
    result = backup(installed.home, tmp_path / "b.banyan")
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
    assert not (tmp_path / "b.banyan").exists()
