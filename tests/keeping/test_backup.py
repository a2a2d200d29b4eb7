"""A backup is whole and consistent or not there; restored elsewhere, everything that was given out still holds."""

import json
import shutil
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from banyan.accounts.passwords import fits
from banyan.certificates import offline, qr
from banyan.cli import main
from banyan.domain.calendar import county_day
from banyan.keeping.archive import Archive
from banyan.keeping.backup import last_backup
from banyan.keeping.doctor import examine
from banyan.keeping.finding import Level
from banyan.keeping.recovery import adopt_code, draw_code
from banyan.records import answer_store, audit
from banyan.records.audit import AuditRow, without_salt
from banyan.records.bundles import Bundles
from banyan.records.competence import Certificate
from banyan.records.engine import reading, writing
from banyan.records.examinations import AnswerFile, Attempt, Submission
from banyan.records.people import Person
from banyan.settings import FORM, Home, Settings
from banyan.tracker.receipts import verify_receipt
from banyan.tracker.verification import State, check, statement_of
from banyan.wiring import open_issuer, open_records
from tests.conftest import Installed

RUN = CliRunner()


def backup(home: Home, place: Path, *options: str) -> Result:
    return RUN.invoke(main, ["backup", str(place), "--home", str(home.root), *options])


def restore(file: Path, place: Path, code: str, *options: str) -> Result:
    paper = file.with_name("code.txt")
    paper.write_text(code)
    return RUN.invoke(main, ["restore", str(file), "--home", str(place), "--code-file", str(paper), *options])


@pytest.fixture(scope="module")
def demo(demo_home: Home, tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, str]:
    """A copy of the demo county, which has certificates and receipts, with a recovery code."""
    home = Home.open(Path(shutil.copytree(demo_home.root, tmp_path_factory.mktemp("kept") / "home", ignore=_not_sockets)))
    code = draw_code()
    adopt_code(home, code)
    return home, code


def _not_sockets(folder: str, names: list[str]) -> list[str]:
    return [each for each in names if not (Path(folder) / each).is_dir() and not (Path(folder) / each).is_file()]


# ---- what was given out still holds


def test_in_another_home_old_certificates_receipts_codes_and_passwords_still_hold(demo: tuple[Home, str], tmp_path: Path):
    home, code = demo
    assert backup(home, tmp_path / "demo.banyan").exit_code == 0
    assert restore(tmp_path / "demo.banyan", tmp_path / "new", code).exit_code == 0
    new = Home.open(tmp_path / "new")
    old_issuer, issuer = (open_issuer(each, Settings.of(each)) for each in (home, new))
    assert issuer.public_key == old_issuer.public_key
    with reading(open_records(home, Settings.of(home))) as session:
        certificate = session.scalars(select(Certificate).where(Certificate.revoked_at.is_(None)).limit(1)).one()
        address = qr.url("https://old.example", statement_of(certificate, old_issuer), certificate.signature)
        receipts = session.scalars(select(Submission.receipt).limit(3)).all()
        people = session.scalars(select(Person).where(Person.password_hash.is_not(None))).all()
    key = tmp_path / "issuer.pub"
    key.write_text(issuer.public_key.text)
    today = county_day(datetime.now(UTC))
    assert "签名有效" in offline.verify(address, key, today)
    with reading(open_records(new, Settings.of(new))) as session:
        verdict = check(session, certificate.serial, issuer, today)
        assert verdict.state in (State.VALID, State.EXPIRED)
        kept = {row.staff_number: row.password_hash for row in session.scalars(select(Person))}
    for receipt in receipts:
        assert verify_receipt(receipt, issuer)
    accounts = [line.split("\t") for line in home.accounts.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    number, password = accounts[0][:2]
    assert fits(password, kept[number])
    assert {each.staff_number: each.password_hash for each in people}.items() <= kept.items()


def test_photos_that_were_handed_in_come_back_and_the_doctor_misses_one_that_is_gone(demo: tuple[Home, str], tmp_path: Path):
    home, code = demo
    digest = answer_store.put(home.answer_files, b"a photo")
    with writing(open_records(home, Settings.of(home))) as session:
        person, now = session.scalars(select(Person.id).limit(1)).one(), datetime.now(UTC)
        attempt = Attempt(person_id=person, course="x", release=1, number=1, form={}, started_at=now, deadline_at=now)
        session.add(attempt)
        session.flush()
        session.add(AnswerFile(attempt_id=attempt.id, slot="s01", digest=digest, bytes=7, sent_at=now, frozen=True))
    backup(home, tmp_path / "demo.banyan")
    restore(tmp_path / "demo.banyan", tmp_path / "new", code)
    new = Home.open(tmp_path / "new")
    assert answer_store.get(new.answer_files, digest) == b"a photo"
    assert not [each for each in examine(new.root, datetime.now(UTC)) if each.about == "answers"]
    shutil.rmtree(new.answer_files)
    missed = [each for each in examine(new.root, datetime.now(UTC)) if each.about == "answers"]
    assert [each.level for each in missed] == [Level.LOST]


def test_releases_and_gradebooks_come_back_as_they_were_with_their_modes(demo: tuple[Home, str], tmp_path: Path):
    home, code = demo
    backup(home, tmp_path / "demo.banyan")
    restore(tmp_path / "demo.banyan", tmp_path / "new", code)
    for folder in ("releases", "content"):
        assert contents(home.root / folder) == contents(tmp_path / "new" / folder)
    for course in home.gradebooks.glob("*/gradebook.db"):
        assert dump(course) == dump(tmp_path / "new" / course.relative_to(home.root))


def contents(root: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(root)): (path.stat().st_mode, path.read_bytes() if path.is_file() else b"")
        for path in sorted(root.rglob("*"))
    }


def dump(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as opened:
        return list(opened.iterdump())


def test_a_restored_home_says_in_its_audit_log_that_it_is_one(installed: Installed, saved: Path, tmp_path: Path):
    assert restore(saved, tmp_path / "new", installed.recovery_code).exit_code == 0
    new = Home.open(tmp_path / "new")
    with reading(open_records(new, Settings.of(new))) as session:
        last = session.scalars(select(AuditRow).order_by(AuditRow.position.desc())).first()
        assert last
        assert (last.action, without_salt(last.detail)) == ("home.restore", {"position": 2})
        assert audit.verify(session) == 3


def test_the_signing_keys_are_nowhere_in_the_file_for_whoever_lacks_the_code(installed: Installed, saved: Path):
    with ZipFile(saved) as archive:
        everything = b"".join(archive.read(each) for each in archive.namelist())
    for key in installed.home.keys.iterdir():
        assert key.read_bytes().strip() not in everything


def test_what_only_passes_through_a_home_is_not_in_its_backup(installed: Installed, tmp_path: Path):
    home = installed.home
    for name in ("logs/portal.log", "run/serve.pid", "backups/old.banyan", "hub.sqlite", "accounts.txt", "uploads/.part"):
        (home.root / name).parent.mkdir(exist_ok=True)
        (home.root / name).write_text("x")
    (home.uploads / "roster.xlsx").write_text("kept")
    work = f"works/{Bundles(home.works).keep(b'a notebook')[:2]}"
    backup(home, tmp_path / "b.banyan")
    with Archive.open(tmp_path / "b.banyan") as archive:
        names = set(archive.manifest.files)
    assert "uploads/roster.xlsx" in names
    assert [each for each in names if each.startswith(f"{work}/")], "what learners handed in is in the backup"
    assert not {"logs/portal.log", "run/serve.pid", "backups/old.banyan", "hub.sqlite", "accounts.txt", "uploads/.part"} & names
    assert not [each for each in names if each.startswith("keys")]


# ---- while people work


def test_a_backup_made_while_people_write_is_of_one_moment(installed: Installed, tmp_path: Path):
    home = installed.home
    make = open_records(home, Settings.of(home))
    stop, written = threading.Event(), []

    def write() -> None:
        now = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
        while not stop.is_set():
            with writing(make) as session:
                row = audit.append(session, now, "setup", "sign_in", f"n{len(written)}", address="127.0.0.1")
                session.add(Person(staff_number=f"n{row.position}", handle=f"h{row.position}", name="某人", created_at=now))
            written.append(row.position)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            before = len(written)
            assert backup(home, tmp_path / f"{number}.banyan").exit_code == 0
            assert len(written) > before
    finally:
        stop.set()
        writer.join()
    for number in range(3):
        place = tmp_path / f"new{number}"
        assert restore(tmp_path / f"{number}.banyan", place, installed.recovery_code).exit_code == 0
        with closing(sqlite3.connect(place / "records.sqlite")) as records:
            assert records.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        new = Home.open(place)
        with reading(open_records(new, Settings.of(new))) as session:
            audit.verify(session)
            signed = session.scalars(select(AuditRow.position).where(AuditRow.action == "sign_in")).all()
            people = session.scalars(select(Person.staff_number).where(Person.staff_number.like("n%"))).all()
        assert {f"n{each}" for each in signed} == set(people)


# ---- where it is kept


def test_a_folder_gets_a_file_named_by_the_time_and_keeps_the_newest(installed: Installed, tmp_path: Path):
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "letter.txt").write_text("not ours")
    for day in range(1, 5):
        (folder / f"banyan-2026010{day}-020000.banyan").write_text("old")
    result = backup(installed.home, folder, "--keep", "3")
    assert result.exit_code == 0, result.output
    left = sorted(each.name for each in folder.iterdir())
    assert len(left) == 4
    assert {"letter.txt", "banyan-20260103-020000.banyan", "banyan-20260104-020000.banyan"} < set(left)


def test_a_clock_that_went_back_does_not_make_the_newest_backup_the_first_to_go(installed: Installed, tmp_path: Path):
    folder = tmp_path / "backups"
    folder.mkdir()
    for day in range(1, 5):
        (folder / f"banyan-2099010{day}-020000.banyan").write_text("of a clock that ran ahead")
    result = backup(installed.home, folder, "--keep", "2")
    made = Path(result.stdout.partition("已备份到 ")[2].partition("（")[0])
    assert {each.name for each in folder.iterdir()} == {made.name, "banyan-20990104-020000.banyan"}


def test_only_its_owner_may_read_a_backup(saved: Path):
    assert saved.stat().st_mode & 0o777 == 0o600


def test_a_backup_is_never_written_over_or_into_the_home(installed: Installed, saved: Path, tmp_path: Path):
    before = saved.read_bytes()
    for place, words in ((saved, "已经有"), (installed.home.root / "b.banyan", "里面"), (tmp_path / "no" / "b", "文件夹")):
        result = backup(installed.home, place)
        assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
        assert words in result.stderr
    assert saved.read_bytes() == before


def test_when_the_last_backup_was_made_is_known(installed: Installed, saved: Path):
    made = last_backup(installed.home, Settings.of(installed.home))
    assert made
    assert datetime.now(UTC) - made < timedelta(minutes=5)


def test_a_home_without_a_code_says_how_to_get_one(installed: Installed, tmp_path: Path):
    installed.home.recovery.unlink()
    assert "banyan recovery renew" in backup(installed.home, tmp_path / "b.banyan").stderr
    renewed = RUN.invoke(main, ["recovery", "renew", "--home", str(installed.home.root)])
    code = renewed.stdout.splitlines()[0].partition("：")[2]
    assert backup(installed.home, tmp_path / "b.banyan").exit_code == 0
    assert restore(tmp_path / "b.banyan", tmp_path / "new", code).exit_code == 0


def test_after_a_renewal_the_old_backup_still_wants_the_old_code(installed: Installed, saved: Path, tmp_path: Path):
    RUN.invoke(main, ["recovery", "renew", "--home", str(installed.home.root)])
    assert restore(saved, tmp_path / "new", installed.recovery_code).exit_code == 0


def test_records_in_another_database_are_left_to_its_own_dumps(
    installed: Installed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    elsewhere = tmp_path / "elsewhere.sqlite"
    shutil.copyfile(installed.home.root / "records.sqlite", elsewhere)
    monkeypatch.setenv("BANYAN_RECORDS_URL", f"sqlite:///{elsewhere}")
    result = backup(installed.home, tmp_path / "b.banyan")
    assert (result.exit_code, "pg_dump" in result.stderr) == (1, True)
    (installed.home.root / "records.sqlite").unlink()
    assert backup(installed.home, tmp_path / "b.banyan", "--without-records").exit_code == 0
    assert "PostgreSQL" in restore(tmp_path / "b.banyan", tmp_path / "new", installed.recovery_code).stdout


def test_the_manifest_says_how_far_the_audit_log_went(saved: Path):
    with ZipFile(saved) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert (manifest["form"], manifest["position"], len(manifest["seal"])) == (FORM, 2, 64)
