"""Somebody who was erased does not come back with an older backup: the list beside it is learnt, and they are erased again."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from banyan.cli import main
from banyan.domain.erasure import NAME, REQUEST
from banyan.errors import HomeError
from banyan.records import erased_list
from banyan.records.engine import writing
from banyan.records.people import Person
from banyan.settings import Home, Settings
from banyan.tracker.erasing import Deed, erase
from banyan.tracker.erasure_sweep import Grounds, sweep
from banyan.wiring import open_records, open_rulebook
from tests.conftest import Installed
from tests.keeping.test_backup import RUN, backup, restore

NOW = datetime.now(UTC)


def erase_the_first(home: Home) -> str:
    """Erase whoever was there first, files and all, and return their handle."""
    settings = Settings.of(home)
    make, rulebook = open_records(home, settings), open_rulebook(home, settings)
    with writing(make) as session:
        person = session.scalars(select(Person).order_by(Person.id)).first()
        assert person
        handle = person.handle
        erase(session, person.id, rulebook, Deed("10019999", REQUEST, NOW))
    assert sweep(make, Grounds.of(home.root), rulebook, NOW) == 1
    make.kw["bind"].dispose()
    return handle


def name_of(home: Home, handle: str) -> str:
    make = open_records(home, Settings.of(home))
    with writing(make) as session:
        found = session.scalars(select(Person.name).where(Person.handle == handle)).one()
    make.kw["bind"].dispose()
    return found


def test_a_backup_from_before_brings_nobody_back(installed: Installed, saved: Path, tmp_path: Path) -> None:
    handle = erase_the_first(installed.home)
    assert backup(installed.home, tmp_path / "later.banyan").exit_code == 0
    assert erased_list.read(tmp_path / erased_list.BESIDE).keys() == {handle}
    result = restore(saved, tmp_path / "new", installed.recovery_code)
    assert result.exit_code == 0
    assert "旁边没有" not in result.output
    new = Home.open(tmp_path / "new")
    assert name_of(new, handle) == installed.name
    settings = Settings.of(new)
    make, rulebook = open_records(new, settings), open_rulebook(new, settings)
    assert sweep(make, Grounds.of(new.root), rulebook, NOW + timedelta(days=1)) == 1
    assert sweep(make, Grounds.of(new.root), rulebook, NOW + timedelta(days=1)) == 0
    make.kw["bind"].dispose()
    assert name_of(new, handle) == NAME


def test_a_home_where_nobody_was_erased_leaves_no_list(installed: Installed, saved: Path) -> None:
    assert not saved.with_name(erased_list.BESIDE).exists()
    assert not (installed.home.root / erased_list.NAME).exists()


def test_a_restore_without_the_list_says_so(installed: Installed, saved: Path, tmp_path: Path) -> None:
    result = restore(saved, tmp_path / "new", installed.recovery_code)
    assert result.exit_code == 0
    assert f"旁边没有 {erased_list.BESIDE}" in result.output


def test_a_list_that_cannot_be_read_is_not_taken_for_none(installed: Installed, saved: Path, tmp_path: Path) -> None:
    saved.with_name(erased_list.BESIDE).write_text("{half", encoding="utf-8")
    result = restore(saved, tmp_path / "new", installed.recovery_code)
    assert result.exit_code == 1
    assert erased_list.BESIDE in result.output
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("text", ["[]", "7", "", "\ufeff"])
def test_a_spoilt_list_is_said_to_be_one(tmp_path: Path, text: str) -> None:
    (tmp_path / "erased.json").write_text(text, encoding="utf-8")
    with pytest.raises(HomeError):
        erased_list.read(tmp_path / "erased.json")


def test_what_is_on_the_list_stays_on_it(tmp_path: Path) -> None:
    erased_list.add(tmp_path / "l.json", {"a": "2026-01-01"})
    erased_list.add(tmp_path / "l.json", {"a": "2027-01-01", "b": "2026-02-02"})
    assert erased_list.read(tmp_path / "l.json") == {"a": "2027-01-01", "b": "2026-02-02"}


def test_the_command_counts_first_and_clears_when_asked(installed: Installed) -> None:
    said = RUN.invoke(main, ["records", "clear", "--home", str(installed.home.root), "--dry-run"])
    assert said.exit_code == 0, said.output
    assert "离岗的人（36 个月）：0" in said.output
    assert "什么也没有删" in said.output
    assert "已删" in RUN.invoke(main, ["records", "clear", "--home", str(installed.home.root)]).output
