"""`banyan doctor`: each fault is found, said in words and with what to do; a sound home is well."""

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from banyan.cli import main
from banyan.keeping import ground
from banyan.keeping.backup import backup
from banyan.keeping.doctor import examine, is_well
from banyan.keeping.finding import Finding, Level
from banyan.records import audit
from banyan.records.audit import AuditRow
from banyan.records.competence import Certificate
from banyan.records.engine import writing
from banyan.records.entry import Slip
from banyan.records.erasure import Erasure
from banyan.records.people import ChargeRow, Person
from banyan.settings import Home, Settings
from banyan.wiring import open_records
from grading.confinement import Protection
from tests.conftest import Installed

NOW = datetime.now(UTC)


def found(home: Home, about: str, now: datetime = NOW) -> list[Finding]:
    return [each for each in examine(home.root, now) if each.about == about]


def levels(findings: list[Finding]) -> set[Level]:
    return {each.level for each in findings}


@pytest.fixture
def home(installed: Installed, tmp_path: Path) -> Home:
    """An installed home that was backed up."""
    backup(installed.home, tmp_path / "b.banyan", NOW)
    return installed.home


def test_a_sound_home_is_well_and_every_finding_is_a_sentence(home: Home):
    findings = examine(home.root, NOW)
    assert is_well(findings), [each.said for each in findings if each.level is Level.LOST]
    for each in findings:
        assert each.said
        assert "{" not in each.said + each.advice
        assert bool(each.remedy) is (each.level is not Level.GOOD)


def test_the_command_says_what_to_do_and_its_exit_code_whether_it_must_be_done(home: Home):
    result = CliRunner().invoke(main, ["doctor", "--home", str(home.root)])
    assert result.exit_code == 0, result.output
    assert "还没有发布课程" in result.stdout
    assert "✓" not in result.stdout
    (home.keys / "entry").chmod(0o644)
    result = CliRunner().invoke(main, ["doctor", "--home", str(home.root), "--all"])
    assert result.exit_code == 1
    assert "chmod 600" in result.stdout
    assert "✓" in result.stdout


def test_looking_changes_nothing(home: Home):
    def everything() -> dict[str, object]:
        files = (path for path in home.root.rglob("*") if path.is_file() and not path.name.startswith(("records", "serve.lock")))
        with closing(sqlite3.connect(home.root / "records.sqlite")) as records:
            return {**{str(path): path.read_bytes() for path in files}, "records": list(records.iterdump())}

    before = everything()
    examine(home.root, NOW)
    assert everything() == before


def _short_of_space(home: Home, patch: pytest.MonkeyPatch, left: int) -> None:
    usage = shutil.disk_usage(home.root)._replace(free=left * 10**6)
    patch.setattr("banyan.keeping.ground.shutil.disk_usage", lambda _path: usage)


@pytest.mark.parametrize(("left", "level"), [(100, Level.LOST), (1000, Level.DUE), (5000, Level.GOOD)])
def test_little_space_is_said_before_it_is_too_late(left: int, level: Level, home: Home, monkeypatch: pytest.MonkeyPatch):
    _short_of_space(home, monkeypatch, left)
    assert levels(found(home, "space")) == {level}


@pytest.mark.parametrize(
    ("holds", "level", "said"),
    [
        pytest.param({}, Level.GOOD, "三道隔离墙", id="all walls"),
        pytest.param({"tree": False}, Level.DUE, "少一道隔离墙", id="one wall less"),
        pytest.param({"tree": False, "landlock": 0}, Level.DUE, "没有关严", id="files open"),
    ],
)
def test_what_shuts_lessons_in_is_tried(holds: dict[str, object], level: Level, said: str, monkeypatch: pytest.MonkeyPatch):
    protection = Protection(**{"network": True, "tree": True, "landlock": 7, "filtered": True} | holds)
    done = subprocess.CompletedProcess((), 1 if protection.open else 0, json.dumps(asdict(protection)).encode())
    monkeypatch.setattr("banyan.keeping.ground.subprocess.run", lambda *_args, **_kwargs: done)
    finding = ground.lessons()
    assert (finding.level, said in finding.what) == (level, True)


def test_walls_that_could_not_be_tried_are_one_finding(monkeypatch: pytest.MonkeyPatch):
    done = subprocess.CompletedProcess((), 1, b"", b"MemoryError")
    monkeypatch.setattr("banyan.keeping.ground.subprocess.run", lambda *_args, **_kwargs: done)
    assert "没试出" in ground.lessons().what


def test_the_walls_of_this_machine_are_found_without_harm_to_who_asks(home: Home):
    assert levels(found(home, "lessons")) <= {Level.GOOD, Level.DUE}
    assert (home.keys / "cookie").read_bytes()


def _open_to_others(home: Home) -> None:
    home.root.chmod(0o755)


def _toml(home: Home, line: str) -> None:
    kept = [each for each in home.toml.read_text().splitlines() if not each.startswith("public_url")]
    home.toml.write_text("\n".join([*kept, line, ""]))
    home.toml.chmod(0o600)


def _change_log(home: Home) -> None:
    with writing(open_records(home, Settings.of(home))) as session:
        session.execute(update(AuditRow).where(AuditRow.position == 1).values(actor="somebody"))


def _damage(home: Home) -> None:
    records = home.root / "records.sqlite"
    whole = bytearray(records.read_bytes())
    whole[4096 * 2 : 4096 * 5] = bytes(4096 * 3)
    for each in ("-wal", "-shm"):
        Path(f"{records}{each}").unlink(missing_ok=True)
    records.write_bytes(whole)


def _use_slip(home: Home) -> None:
    with writing(open_records(home, Settings.of(home))) as session:
        session.execute(update(Slip).values(used_at=NOW))


def _dismiss(home: Home) -> None:
    with writing(open_records(home, Settings.of(home))) as session:
        session.execute(update(ChargeRow).values(ends_on=NOW.date() - timedelta(days=2)))


FAULTS: dict[str, tuple[Callable[[Home], object], str, Level, str]] = {
    "a folder others can enter": (_open_to_others, "permissions", Level.LOST, "chmod 700"),
    "a key others can read": (lambda home: (home.keys / "signing").chmod(0o640), "permissions", Level.LOST, "chmod 600"),
    "no address": (lambda home: _toml(home, ""), "address", Level.DUE, "https"),
    "an address with a path": (lambda home: _toml(home, 'public_url = "https://a.example/b"'), "address", Level.LOST, "路径"),
    "broken settings": (lambda home: _toml(home, "port = oops"), "home", Level.LOST, "照这句话做"),
    "an unfinished upgrade": (lambda home: home.unfinished.write_text("upgrade"), "home", Level.LOST, "照这句话做"),
    "an altered audit log": (_change_log, "audit", Level.LOST, "备份核对"),
    "damaged records": (_damage, "records", Level.LOST, "备份恢复"),
    "no recovery code": (lambda home: home.recovery.unlink(), "recovery", Level.LOST, "banyan recovery renew"),
    "a release that is not whole": (
        lambda home: (home.releases / "x-1-reporter" / "1").mkdir(parents=True), "releases", Level.LOST, "备份恢复",
    ),
    "content that is gone": (lambda home: shutil.rmtree(home.content), "content", Level.LOST, "banyan upgrade"),
    "somebody who cannot come in": (_use_slip, "entry", Level.DUE, "登录条"),
    "nobody who looks after it": (_dismiss, "platform", Level.LOST, "banyan people duty"),
    "county settings that are empty": (lambda _home: None, "county", Level.DUE, "本县设置"),
    "nobody serving": (lambda _home: None, "presence", Level.DUE, "banyan serve"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_with_its_remedy(fault: str, home: Home):
    cause, about, level, advice = FAULTS[fault]
    cause(home)
    findings = [each for each in found(home, about) if each.level is level]
    assert findings
    assert advice in findings[0].advice


def test_a_home_that_was_never_backed_up_says_so(installed: Installed):
    assert levels(found(installed.home, "backup")) == {Level.DUE}
    assert levels(found(installed.home, "backup", NOW + timedelta(days=2))) == {Level.LOST}


@pytest.mark.parametrize(("days", "level"), [(1, Level.GOOD), (4, Level.DUE), (20, Level.LOST)])
def test_a_backup_grows_old(days: int, level: Level, home: Home):
    assert levels(found(home, "backup", NOW + timedelta(days=days))) == {level}


@pytest.mark.parametrize(
    ("now", "last", "level"),
    [
        pytest.param(datetime(2020, 1, 1, tzinfo=UTC), None, Level.LOST, id="before it was built"),
        pytest.param(NOW - timedelta(hours=3), NOW, Level.LOST, id="jumped back"),
    ],
)
def test_a_clock_that_is_wrong_is_noticed(now: datetime, last: datetime | None, level: Level):
    assert ground.clock(now, last).level is level


@pytest.mark.parametrize(
    ("now", "level"),
    [
        pytest.param(timedelta(hours=3), Level.LOST, id="not believed yet"),
        pytest.param(timedelta(hours=3, minutes=10), Level.DUE, id="believed"),
        pytest.param(timedelta(minutes=5), Level.DUE, id="set right"),
        pytest.param(timedelta(days=2), Level.GOOD, id="long ago"),
    ],
)
def test_a_clock_that_jumped_ahead_is_told_for_a_day(now: timedelta, level: Level, home: Home):
    with writing(open_records(home, Settings.of(home))) as session:
        audit.append(session, NOW, "grader", "clock.ahead", "clock", minutes=180, to=(NOW + timedelta(hours=3)).isoformat())
    told = [each for each in found(home, "clock", NOW + now) if "跳" in each.said]
    assert levels(told) == ({level} if level is not Level.GOOD else set())


def test_a_clock_that_jumps_back_breaks_neither_the_audit_log_nor_the_look_at_it(home: Home):
    with writing(open_records(home, Settings.of(home))) as session:
        audit.append(session, NOW + timedelta(days=30), "setup", "sign_in", "10001")
        audit.append(session, NOW, "setup", "sign_in", "10001")
        assert audit.verify(session) == 5
    assert levels(found(home, "audit")) == {Level.GOOD}


def test_a_demo_is_not_asked_for_an_address(tmp_path: Path):
    home = Home.create(tmp_path / "demo", demo=True)
    assert ground.address(Settings.of(home)).level is Level.GOOD


# ---- what is missing, broken, or somebody else's


def _write(name: str, text: str) -> Callable[[Home], object]:
    return lambda home: (home.root / name).write_text(text)


def _strange_owner(home: Home) -> None:
    os.chown(home.keys / "entry", 12345, 12345)


def _unpublish(home: Home) -> None:
    with writing(open_records(home, Settings.of(home))) as session:
        audit.append(session, NOW, "10001", "course.publish", "x-1-reporter", release=1)
    shutil.rmtree(home.releases)


BROKEN: dict[str, tuple[Callable[[Home], object], str, str]] = {
    "no keys at all": (lambda home: shutil.rmtree(home.keys), "keys", "恢复码"),
    "a key that is gone": (lambda home: (home.keys / "entry").unlink(), "keys", "恢复码"),
    "an empty key": (_write("keys/attempt", ""), "keys", "恢复码"),
    "a key that is none": (_write("keys/portal", "zz"), "keys", "恢复码"),
    "a signing key that is none": (_write("keys/signing", "zz"), "keys", "恢复码"),
    "a recovery code's half that is none": (_write("recovery.pub", "zz"), "recovery", "banyan recovery renew"),
    "records that are gone": (lambda home: home.records.unlink(), "records", "备份恢复"),
    "records that are empty": (_write("records.sqlite", ""), "records", "备份恢复"),
    "a hub's file that is none": (_write("hub.sqlite", "x" * 5000), "caches", "hub.sqlite，再启动"),
    "a queue that is none": (_write("huey.sqlite", "x" * 5000), "caches", "huey.sqlite，再启动"),
    "courses that are gone": (_unpublish, "releases", "备份恢复"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_what_is_gone_or_broken_is_found_and_nothing_is_made_in_its_place(fault: str, home: Home):
    cause, about, advice = BROKEN[fault]
    cause(home)
    there = home.records.exists() and home.records.stat().st_size
    findings = [each for each in found(home, about) if each.level is Level.LOST]
    assert len(findings) == 1
    assert advice in findings[0].advice
    assert "Errno" not in "".join(each.said for each in examine(home.root, NOW))
    assert (home.records.exists() and home.records.stat().st_size) == there


def test_a_gradebook_that_is_broken_is_found(home: Home):
    (home.gradebooks / "x-1").mkdir()
    (home.gradebooks / "x-1" / "gradebook.db").write_text("x" * 5000)
    assert levels(found(home, "gradebooks")) == {Level.LOST}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file away")
def test_a_file_somebody_else_owns_is_found_with_whose_it_must_be(home: Home):
    assert not found(home, "owner")
    _strange_owner(home)
    (finding,) = found(home, "owner")
    assert f"chown -R {ground.user_name(os.geteuid())}: {home.root}" in finding.advice


def test_a_journal_that_goes_while_one_looks_is_no_fault(home: Home, monkeypatch: pytest.MonkeyPatch):
    real = ground.within
    monkeypatch.setattr(ground, "within", lambda folder: [*real(folder), folder / "records.sqlite-shm"])
    assert not found(home, "owner")


def test_records_a_full_disk_shuts_are_not_told_to_be_restored(home: Home, monkeypatch: pytest.MonkeyPatch):
    _short_of_space(home, monkeypatch, 0)
    (home.records).write_text("x" * 5000)
    (finding,) = found(home, "records")
    assert "腾出空间" in finding.advice
    assert "先不要恢复备份" in finding.advice


def test_a_name_that_cannot_be_printed_is_found_with_whose_it_is(home: Home):
    assert levels(found(home, "names")) == {Level.GOOD}
    make = open_records(home, Settings.of(home))
    with writing(make) as session:
        person = session.scalars(select(Person).limit(1)).one()
        row = Certificate(serial="BY26-7K3M-92Q3", person_id=person.id, programme="ER-T1", payload={"n": "林𪚥"}, signature="")
        row.issued_on, row.expires_on = NOW.date(), NOW.date() + timedelta(days=300)
        session.add(row)
    (finding,) = found(home, "names")
    assert finding.level is Level.DUE
    assert "林𪚥" in finding.said


def test_files_of_who_was_erased_that_are_still_there_after_an_hour_are_told(home: Home) -> None:
    assert levels(found(home, "erasures")) == {Level.GOOD}
    make = open_records(home, Settings.of(home))
    with writing(make) as session:
        person = session.scalars(select(Person.id)).first()
        row = Erasure(person_id=person, erased_at=NOW, why="request", number_mac="", phone_mac="", remains={}, swept_at=None)
        session.add(row)
    make.kw["bind"].dispose()
    assert levels(found(home, "erasures", NOW + timedelta(minutes=59))) == {Level.GOOD}
    (finding,) = found(home, "erasures", NOW + timedelta(minutes=61))
    assert finding.level is Level.LOST
