"""What cannot be restored is one sentence and leaves nothing behind; what lacks its code comes back with other keys."""

import random
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import select

from banyan.cli import main
from banyan.errors import HomeError
from banyan.keeping.archive import Archive
from banyan.keeping.recovery import draw_code
from banyan.records.engine import reading
from banyan.records.people import Person
from banyan.settings import FORM, Home, Settings
from banyan.wiring import open_records
from tests.conftest import Installed
from tests.keeping.test_backup import RUN, restore


def assert_refused(result: Result, words: str, place: Path) -> None:
    assert result.exit_code == 1, result.output
    assert words in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert not place.exists()


@pytest.mark.parametrize("left", [0, 3, 100, 0.5, 0.99, -1], ids=str)
def test_a_backup_that_was_cut_off_is_refused(left: float, installed: Installed, saved: Path, tmp_path: Path):
    whole = saved.read_bytes()
    saved.write_bytes(whole[: int(left * len(whole)) if isinstance(left, float) else left])
    words = "不是榕学的备份" if left in (0, 3) else "不完整"
    assert_refused(restore(saved, tmp_path / "new", installed.recovery_code), words, tmp_path / "new")


def test_a_byte_that_flipped_anywhere_is_refused(installed: Installed, saved: Path, tmp_path: Path):
    whole = saved.read_bytes()
    chance = random.Random(1)
    for place in [0, 4, len(whole) - 1, *chance.sample(range(len(whole)), 60)]:
        saved.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :])
        with pytest.raises(HomeError), Archive.open(saved):
            pass
    assert_refused(restore(saved, tmp_path / "new", installed.recovery_code), "", tmp_path / "new")


@pytest.mark.parametrize("text", ["", "hello", "PK"], ids=["empty", "text", "short"])
def test_something_else_is_no_backup(text: str, tmp_path: Path):
    (tmp_path / "file").write_text(text)
    assert_refused(restore(tmp_path / "file", tmp_path / "new", "x"), "不是榕学的备份", tmp_path / "new")
    assert_refused(restore(tmp_path / "none", tmp_path / "new", "x"), "打不开备份", tmp_path / "new")


def test_the_wrong_code_opens_nothing(installed: Installed, saved: Path, tmp_path: Path):
    assert_refused(restore(saved, tmp_path / "new", draw_code()), "不配", tmp_path / "new")
    mistyped = installed.recovery_code[:-1] + ("A" if installed.recovery_code[-1] != "A" else "B")
    assert_refused(restore(saved, tmp_path / "new", mistyped), "抄错", tmp_path / "new")


@pytest.mark.parametrize(("field", "value"), [("form", FORM + 1), ("format", 2)])
def test_a_backup_of_a_newer_version_asks_for_the_newer_program(
    field: str, value: int, installed: Installed, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    if field == "form":
        monkeypatch.setattr("banyan.keeping.restore.FORM", FORM - 1)
    else:
        monkeypatch.setattr("banyan.keeping.archive.FORMAT", 0)
    assert_refused(restore(saved, tmp_path / "new", installed.recovery_code), "更新程序", tmp_path / "new")


def test_a_place_that_is_taken_is_left_alone(installed: Installed, saved: Path):
    before = installed.home.toml.read_bytes()
    result = restore(saved, installed.home.root, installed.recovery_code)
    assert (result.exit_code, "新的目录" in result.stderr) == (1, True)
    assert installed.home.toml.read_bytes() == before


def test_a_name_that_leads_out_of_the_home_is_refused(installed: Installed, saved: Path, tmp_path: Path):
    with Archive.open(saved) as archive:
        entry = archive.manifest.files.pop("banyan.toml")
        for name in ("../evil", "/tmp/evil", "a/../../evil"):
            archive.manifest.files[name] = entry
            with pytest.raises(HomeError, match="不该有"):
                archive.unpack(tmp_path / "out")
            del archive.manifest.files[name]
    assert not (tmp_path / "evil").exists()


def test_without_the_code_the_data_comes_back_with_other_keys(installed: Installed, saved: Path, tmp_path: Path):
    result = RUN.invoke(main, ["restore", str(saved), "--home", str(tmp_path / "new"), "--without-keys"], input="y\n")
    assert result.exit_code == 0, result.output
    new = Home.open(tmp_path / "new")
    assert new.key("signing") != installed.home.key("signing")
    assert "恢复码（只显示这一次）" in result.stdout
    with reading(open_records(new, Settings.of(new))) as session:
        assert session.scalars(select(Person.staff_number)).all() == ["10001"]
    refused = RUN.invoke(main, ["restore", str(saved), "--home", str(tmp_path / "other"), "--without-keys"], input="n\n")
    assert (refused.exit_code, (tmp_path / "other").exists()) == (1, False)


def test_a_code_that_is_not_in_a_file_is_asked_for(installed: Installed, saved: Path, tmp_path: Path):
    result = RUN.invoke(main, ["restore", str(saved), "--home", str(tmp_path / "new")], input=installed.recovery_code + "\n")
    assert result.exit_code == 0, result.output


