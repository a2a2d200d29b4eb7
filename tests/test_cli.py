"""The commands: each does its work, and a fault is one sentence."""

import stat
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from banyan.certificates import qr
from banyan.cli import main
from banyan.records import migrate
from banyan.records.competence import Certificate
from banyan.records.engine import open_engine, reading
from banyan.settings import Home, Settings
from banyan.tracker.classes.archive import digests, made, stream
from banyan.tracker.classes.manifest import PLAIN, SIGNED, About, plain, signed
from banyan.tracker.receipts import Receipt, issue
from banyan.tracker.verification import statement_of
from banyan.wiring import open_issuer, open_records


def banyan(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


def assert_one_sentence(result: Result, words: str) -> None:
    assert result.exit_code == 1
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "home"
    done = banyan("demo", "prepare", "--home", path)
    assert done.exit_code == 0, done.output
    return path


def test_a_home_is_made_once(tmp_path: Path):
    path = tmp_path / "home"
    assert banyan("home", "create", "--home", path, "--demo").exit_code == 0
    assert_one_sentence(banyan("home", "create", "--home", path), "已经建好")


@pytest.mark.parametrize("command", [("records", "migrate"), ("records", "audit"), ("courses", "build"), ("demo", "seed")])
def test_a_missing_home_is_one_sentence(command: tuple[str, str], tmp_path: Path):
    assert_one_sentence(banyan(*command, "--home", tmp_path / "none"), "找不到")


def test_the_courses_of_the_house_have_no_fault():
    assert banyan("courses", "check").exit_code == 0


def test_a_prepared_demo_tells_its_owner_alone_how_to_sign_in(demo: Path):
    accounts = demo / "accounts.txt"
    assert stat.S_IMODE(accounts.stat().st_mode) == 0o600
    lines = [line.split("\t") for line in accounts.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert len(lines) >= 8
    assert {len(line) for line in lines} == {4}
    assert len({password for _, password, _, _ in lines}) == len(lines)


def test_a_certificate_is_verified_without_a_line_and_an_altered_one_refused(demo: Path, tmp_path: Path):
    home = Home.open(demo)
    settings = Settings.of(home)
    with reading(open_records(home, settings)) as session:
        row = session.scalars(select(Certificate).limit(1)).one()
    key, address = tmp_path / "issuer.pub", qr.url(settings.origin, statement_of(row, open_issuer(home, settings)), row.signature)
    key.write_text(banyan("certificates", "key", "--home", demo).output)
    assert "签名有效" in banyan("certificates", "verify", address, "--key", key).output
    other = "B" if address.endswith("A") else "A"
    assert banyan("certificates", "verify", address[:-1] + other, "--key", key).exit_code == 1


def test_a_receipt_is_verified_and_an_altered_one_refused(demo: Path):
    home = Home.open(demo)
    issuer = open_issuer(home, Settings.of(home))
    at = "2026-11-23T02:00:00+00:00"
    text = issue(Receipt("p1", "x-1-reporter", 1, 1, "0" * 64, at, at, issuer.public_key.id), issuer)
    assert "2026-11-23 10:00:00" in banyan("receipts", "verify", "--home", demo, text).output
    assert_one_sentence(banyan("receipts", "verify", "--home", demo, text[:-2]), "核对不上")


def test_a_class_s_archive_is_verified_and_an_altered_one_refused(demo: Path, tmp_path: Path):
    home = Home.open(demo)
    issuer, entries = open_issuer(home, Settings.of(home)), [made("01 通知.pdf", b"%PDF")]
    about = About(1, "第一期", "x-1-reporter", issuer.name, datetime(2026, 11, 23, tzinfo=UTC), "10010005", False, True)
    for content, told in ((b"%PDF", ""), (b"%PDF changed", "01 通知.pdf：内容被改过")):
        lists = {SIGNED: signed(about, digests(entries), issuer), PLAIN: plain(digests(entries))}
        path = tmp_path / "class.zip"
        path.write_bytes(b"".join(stream([replace(entries[0], read=lambda found=content: found)], lists, date(2026, 11, 23))))
        done = banyan("classes", "verify", "--home", demo, path)
        assert (done.exit_code, told in done.stderr) == (1 if told else 0, True)
        assert "“第一期”" in done.output
    assert_one_sentence(banyan("classes", "verify", "--home", demo, demo / "accounts.txt"), "不是一期一档的压缩包")


def test_preparing_again_changes_no_account_and_publishes_nothing_new(demo: Path):
    accounts, releases = (demo / "accounts.txt").read_text(encoding="utf-8"), sorted((demo / "releases").glob("*/*"))
    assert banyan("demo", "prepare", "--home", demo).exit_code == 0
    assert (demo / "accounts.txt").read_text(encoding="utf-8") == accounts
    assert sorted((demo / "releases").glob("*/*")) == releases


def test_the_audit_chain_of_a_fresh_demo_holds(demo: Path):
    assert "没有改动" in banyan("records", "audit", "--home", demo).output


def test_standing_can_be_worked_out_anew(demo: Path):
    assert banyan("records", "rebuild", "--home", demo).exit_code == 0


def test_a_county_in_earnest_takes_no_demo_people(tmp_path: Path):
    home = Home.create(tmp_path / "home", demo=False)
    banyan("records", "migrate", "--home", home.root)
    banyan("courses", "build", "--home", home.root)
    assert_one_sentence(banyan("demo", "seed", "--home", home.root), "不是演示用")


def test_going_back_asks_before_everything_is_lost(demo: Path):
    assert banyan("records", "migrate", "--down", "--home", demo).exit_code == 1
    assert "没有改动" in banyan("records", "audit", "--home", demo).output


def test_a_county_in_earnest_publishes_nothing_while_it_has_left_its_numbers_empty(tmp_path: Path):
    home = Home.create(tmp_path / "home", demo=False, county="榕溪县")
    migrate.upgrade(open_engine(home.records_url))
    result = banyan("courses", "build", "--home", home.root)
    assert result.exit_code == 1
    assert "本县设置里还缺：\n镇值班电话\n" in result.output
    assert not list(home.releases.iterdir())
