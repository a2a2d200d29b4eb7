"""`banyan upgrade`: a home of the first form becomes one of this form, as a whole or not at all."""

import os
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from banyan.cli import main
from banyan.errors import HomeError
from banyan.keeping.presence import alone_with
from banyan.keys import KEYS
from banyan.records import audit, migrate
from banyan.records.audit import AuditRow
from banyan.records.engine import open_engine, reading
from banyan.records.people import Person
from banyan.settings import FORM, Home, Settings
from banyan.wiring import open_records
from tests.apart import run_apart
from tests.conftest import Installed

NEW_KEYS = ("entry",)


@pytest.fixture(scope="session")
def aged(pristine: Installed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = shutil.copytree(pristine.home.root, tmp_path_factory.mktemp("aged") / "home")
    return age(Home.open(place)).root


@pytest.fixture
def old(aged: Path, tmp_path: Path) -> Home:
    return Home(shutil.copytree(aged, tmp_path / "home"))


def age(home: Home) -> Home:
    """Return a home as the first form had it: records of migration 0001, no keys or files that came later."""
    engine = open_engine(home.records_url)
    migrate.downgrade(engine, "0001")
    engine.dispose()
    for path in (home.version, home.recovery, *(home.keys / each for each in NEW_KEYS)):
        path.unlink()
    shutil.rmtree(home.uploads)
    (home.content / "facts.yaml").write_text("# of the old version\n")
    return home


def upgrade(home: Home) -> Result:
    return CliRunner().invoke(main, ["upgrade", "--home", str(home.root)])


def assert_whole(home: Home) -> None:
    """It opens, has everything of this form, and still everybody it had."""
    Home.open(home.root)
    assert home.form == FORM
    assert not home.unfinished.exists()
    make = open_records(home, Settings.of(home))
    assert migrate.drift(make.kw["bind"]) == []
    with reading(make) as session:
        assert session.scalars(select(Person.staff_number)).all() == ["10001"]
        audit.verify(session)
        assert [row.action for row in session.scalars(select(AuditRow))].count("home.install") == 1
    assert "of the old version" not in (home.content / "facts.yaml").read_text(encoding="utf-8")


def state(home: Home) -> dict[str, bytes]:
    """Return everything that counts of a home; the audit log may tell of a backup."""
    kept = {
        str(path.relative_to(home.root)): path.read_bytes()
        for folder in (home.keys, home.content)
        for path in folder.rglob("*")
        if path.is_file()
    }
    kept |= {each.name: each.read_bytes() for each in (home.toml, home.version) if each.exists()}
    with closing(sqlite3.connect(home.root / "records.sqlite")) as records:
        dumped = [line for line in records.iterdump() if 'INTO "audit"' not in line]
    return kept | {"records": "\n".join(dumped).encode()}


def test_an_old_home_is_not_opened_but_sent_to_the_upgrade(old: Home):
    with pytest.raises(HomeError, match="banyan upgrade"):
        Home.open(old.root)
    result = CliRunner().invoke(main, ["records", "audit", "--home", str(old.root)])
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)


def test_an_old_home_becomes_one_of_this_form_with_a_backup_and_a_code(old: Home):
    before = {name: old.key(name) for name in KEYS if name not in NEW_KEYS}
    result = upgrade(old)
    assert result.exit_code == 0, result.output
    assert "恢复码（只显示这一次）" in result.stdout
    assert_whole(old)
    assert {name: old.key(name) for name in before} == before
    assert len(list(old.backups.glob("before-upgrade-*.banyan"))) == 1


def test_upgrading_again_changes_nothing(old: Home):
    upgrade(old)
    before = state(old)
    result = upgrade(old)
    assert result.exit_code == 0, result.output
    assert "恢复码" not in result.stdout
    assert state(old) == before


def test_a_home_that_is_served_is_not_upgraded(old: Home):
    before = state(old)
    with alone_with(old):
        result = upgrade(old)
    assert (result.exit_code, result.stderr.strip()) == (1, f"{old.root} 已经有一个榕学在运行；请先停掉它")
    assert state(old) == before


def test_a_home_of_a_newer_form_is_left_alone(installed: Installed):
    installed.home.version.write_text(f"{FORM + 1}\n")
    result = upgrade(installed.home)
    assert result.exit_code == 1
    assert "更新程序" in result.stderr


@pytest.fixture
def broken_migration(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A migration that works on the copy and fails on the records themselves, in its middle."""
    real, calls = migrate.upgrade, []

    def fail(engine, revision="head"):
        calls.append(engine)
        if len(calls) == 2:
            real(engine, "0001")
            with engine.begin() as connection:
                connection.exec_driver_sql("CREATE TABLE half_done (id INTEGER)")
                connection.exec_driver_sql("SELECT * FROM no_such_table")
        real(engine, revision)

    monkeypatch.setattr("banyan.records.migrate.upgrade", fail)
    yield
    assert len(calls) == 2


def test_a_migration_that_fails_leaves_what_was_there(old: Home, broken_migration: None):
    before = state(old)
    result = upgrade(old)
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
    assert "一切还是原样" in result.stderr
    assert state(old) == before
    assert not old.unfinished.exists()


def test_a_migration_that_fails_on_the_copy_touches_nothing(old: Home, monkeypatch: pytest.MonkeyPatch):
    before = state(old)
    monkeypatch.setattr("banyan.records.migrate.drift", lambda _engine: ["something"])
    assert "没有升级" in upgrade(old).stderr
    assert state(old) == before


KILLED = """
import os, signal, sys
import banyan.keeping.upgrade
import {module} as module
real = module.{name}
def killed(*args, **kwargs):
    {early}
    result = real(*args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)
module.{name} = killed
from banyan.cli import main
main(sys.argv[1:])
"""
STEPS = {
    "code": ("banyan.keeping.upgrade", "adopt_code"),
    "backup": ("banyan.keeping.upgrade", "backup"),
    "trial": ("banyan.keeping.upgrade", "copy_database"),
    "marker": ("banyan.keeping.upgrade", "_change"),
    "content kept": ("banyan.keeping.upgrade", "_keep_content"),
    "content": ("banyan.keeping.upgrade", "load_content"),
    "marker written": ("banyan.keeping.upgrade", "write"),
}


@pytest.mark.parametrize("early", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_an_upgrade_killed_half_way_is_finished_by_the_next(step: str, early: bool, old: Home):
    module, name = STEPS[step]
    kill = "os.kill(os.getpid(), signal.SIGKILL)" if early else "pass"
    script = KILLED.format(module=module, name=name, early=kill)
    killed(script, old)
    assert upgrade(old).exit_code == 0
    assert_whole(old)


@pytest.mark.parametrize("where", ["before the records", "within the records", "after the records"])
def test_an_upgrade_killed_at_the_records_themselves_is_finished_by_the_next(where: str, old: Home):
    script = AT_THE_RECORDS.format(where=where)
    killed(script, old)
    assert upgrade(old).exit_code == 0
    assert_whole(old)


AT_THE_RECORDS = """
import os, signal, sys
import banyan.keeping.upgrade
from banyan.records import migrate
from sqlalchemy import event
real, calls, where = migrate.upgrade, [], {where!r}
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
def killed(engine, revision="head"):
    calls.append(1)
    if len(calls) == 2:
        if where == "before the records":
            die()
        if where == "within the records":
            event.listen(engine, "commit", die)
        real(engine, revision)
        die()
    real(engine, revision)
migrate.upgrade = killed
from banyan.cli import main
main(sys.argv[1:])
"""


def killed(script: str, home: Home) -> None:
    done = run_apart(script, "upgrade", "--home", home.root)
    assert done.returncode == -signal.SIGKILL, done.stderr
    if home.unfinished.exists():
        with pytest.raises(HomeError, match="再运行一次 banyan upgrade"):
            Home.open(home.root)


def test_a_disk_that_is_full_stops_it_before_anything_is_touched(old: Home):
    before = state(old)
    script = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))\nfrom banyan.cli import main; main()"
    )
    done = run_apart(script, "upgrade", "--home", old.root)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
    assert not old.unfinished.exists()
    assert os.listdir(old.backups) == []
    assert state(old) == before


def test_the_demo_of_an_updated_clone_is_upgraded_on_the_way(tmp_path: Path):
    home = Home.create(tmp_path / "demo", demo=True)
    home.version.unlink()
    (home.keys / "entry").unlink()
    result = CliRunner().invoke(main, ["demo", "seed", "--home", str(home.root)])
    assert "banyan upgrade" in result.stderr
