"""`banyan install`: a home for real people, as a whole or not at all."""

import os
import signal
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from banyan.accounts.slips import token_mac
from banyan.cli import main
from banyan.domain.organisation import UnitLevel
from banyan.domain.permission import Action, Target, may
from banyan.errors import HomeError
from banyan.keeping.install import install as install_at
from banyan.keeping.plan import Administrator, Plan
from banyan.records import audit
from banyan.records.engine import reading
from banyan.records.entry import Slip
from banyan.records.organisation import Unit
from banyan.records.people import Person
from banyan.settings import Home, Settings
from banyan.tracker.people import find_me, units_of
from banyan.wiring import open_records, open_rulebook
from tests.apart import run_apart
from tests.conftest import Installed

GIVEN = {
    "--public-url": "https://xuexi.example.gov.cn",
    "--county": "青河县",
    "--county-code": "350999",
    "--admin-name": "周建国",
    "--admin-number": "10001",
    "--admin-phone": "13800000001",
}


def install(path: Path, typed: str = "", **changed: str) -> Result:
    given = GIVEN | {f"--{name.replace('_', '-')}": value for name, value in changed.items()}
    options = [each for pair in given.items() for each in pair if pair[1] != "ask"]
    return CliRunner().invoke(main, ["install", "--home", str(path), *options], input=typed)


def assert_refused(result: Result, words: str, path: Path) -> None:
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1), result.output
    assert words in result.stderr
    assert not path.exists() or not any(path.iterdir())


def test_an_installed_home_holds_one_administrator_and_nothing_invented(installed: Installed):
    settings = Settings.of(installed.home)
    assert (settings.demo, settings.county, settings.public_url) == (False, "青河县", "https://xuexi.example.gov.cn")
    with reading(open_records(installed.home, settings)) as session:
        unit = session.scalars(select(Unit)).one()
        person = session.scalars(select(Person)).one()
        assert (unit.code, unit.level, unit.path) == ("350999000000", UnitLevel.COUNTY, "/350999000000/")
        assert (person.staff_number, person.name, person.phone) == ("10001", "周建国", "13800000001")
        assert person.password_hash is None
        assert [each.id for each in units_of(session, person.id, find_day(installed))] == [unit.id]
        assert audit.verify(session) == 2


def find_day(installed: Installed) -> date:
    with reading(open_records(installed.home, Settings.of(installed.home))) as session:
        return session.scalars(select(Person)).one().appointments[0].starts_on


def test_the_first_administrator_may_do_everything_that_is_an_administrator_s(installed: Installed):
    with reading(open_records(installed.home, Settings.of(installed.home))) as session:
        me = find_me(session, "10001", find_day(installed))
    everything = {
        Action.MANAGE_PEOPLE,
        Action.ISSUE_SLIP,
        Action.SET_COUNTY,
        Action.PUBLISH,
        Action.LOOK_AFTER,
        Action.READ_AUDIT,
    }
    target = Target(frozenset({"/350999000000/350999001000/"}))
    assert all(may(me.actor, each, target) for each in everything)


def test_the_slip_that_is_printed_is_the_one_that_opens(installed: Installed):
    token = installed.entry.partition("code=")[2]
    with reading(open_records(installed.home, Settings.of(installed.home))) as session:
        slip = session.scalars(select(Slip)).one()
    assert slip.token_mac == token_mac(installed.home.entry_key, token)
    assert slip.used_at is None
    assert len(installed.digits) == 8


def test_nothing_that_was_handed_over_is_kept(installed: Installed):
    secret = (installed.entry.partition("code=")[2], installed.recovery_code, installed.recovery_code.replace("-", ""))
    for path in installed.home.root.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(each.encode() in content for each in secret), path


def test_content_is_there_and_no_course_is_published(installed: Installed):
    rulebook = open_rulebook(installed.home, Settings.of(installed.home))
    assert rulebook.programmes
    assert rulebook.catalogue.courses() == []


def test_what_is_not_given_is_asked_for_until_it_fits(tmp_path: Path):
    asked = {name.strip("-").replace("-", "_"): "ask" for name in GIVEN}
    typed = "全国榕溪县\n青河县\n35099\n３５０９９９\n\n周建国\n10001\n138\n138 0000 0001\n"
    result = install(tmp_path / "home", typed, **asked)
    assert result.exit_code == 0, result.output
    settings = Settings.of(Home.open(tmp_path / "home"))
    assert (settings.county, settings.public_url) == ("青河县", "")
    assert "还不发证书" in result.stdout


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        pytest.param("public_url", "xuexi.example.gov.cn", "https://", id="no scheme"),
        pytest.param("public_url", "https://xuexi.example.gov.cn/learn", "后面没有路径", id="with a path"),
        pytest.param("public_url", "https://user@xuexi.example.gov.cn", "网址", id="with a user"),
        pytest.param("public_url", "https://x:port", "网址", id="broken port"),
        pytest.param("county", "中国国家培训中心", "不能写", id="claims too much"),
        pytest.param("county", "  ", "名称", id="no name"),
        pytest.param("county_code", "3509", "区划代码", id="short code"),
        pytest.param("admin_number", "张 三", "工号", id="no number"),
        pytest.param("admin_phone", "0595-1234", "11 位", id="no mobile"),
        pytest.param("admin_name", "", "姓名", id="nobody"),
    ],
)
def test_what_cannot_be_taken_is_one_sentence_and_nothing_is_made(field: str, value: str, words: str, tmp_path: Path):
    assert_refused(install(tmp_path / "home", **{field: value}), words, tmp_path / "home")


@pytest.mark.parametrize("url", ["", "http://10.0.0.5:8000"])
def test_without_https_it_installs_and_says_that_no_certificate_is_issued(url: str, tmp_path: Path):
    result = install(tmp_path / "home", public_url=url)
    assert result.exit_code == 0, result.output
    assert "还不发证书" in result.stdout


def test_with_https_nothing_is_said_of_missing_certificates(tmp_path: Path):
    assert "还不发证书" not in install(tmp_path / "home").stdout


def test_an_installed_home_is_never_installed_over(installed: Installed):
    before = installed.home.key("signing")
    result = install(installed.home.root)
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
    assert "已经建好" in result.stderr
    assert installed.home.key("signing") == before


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path):
    (tmp_path / "letter.txt").write_text("hello")
    result = install(tmp_path)
    assert (result.exit_code, os.listdir(tmp_path)) == (1, ["letter.txt"])
    assert "别的东西" in result.stderr


def test_a_place_one_may_not_write_to_is_one_sentence():
    result = install(Path("/proc/self/home"))
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
    assert "没有建成" in result.stderr or "空间" in result.stderr


def test_a_disk_without_room_is_said_before_anything_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("banyan.keeping.install.ROOM", 10**18)
    assert_refused(install(tmp_path / "home"), "空间", tmp_path / "home")


def test_a_machine_whose_clock_never_ran_is_put_right_first(tmp_path: Path):
    """The slip of 1970 would have run out, and duties of then are none of today's."""
    administrator = Administrator("周建国", "10001", "13800000001")
    plan = Plan("青河县", "350999", "", administrator)
    with pytest.raises(HomeError, match="timedatectl set-ntp true"):
        install_at(tmp_path / "new", plan, datetime(1970, 1, 2, tzinfo=UTC))
    assert not (tmp_path / "new").exists()


def test_demo_people_never_get_in(installed: Installed):
    result = CliRunner().invoke(main, ["demo", "prepare", "--home", str(installed.home.root)])
    assert result.exit_code == 1
    with reading(open_records(installed.home, Settings.of(installed.home))) as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 1


KILLED = """
import os, signal, sys
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
EARLY = "os.kill(os.getpid(), signal.SIGKILL)"


@pytest.mark.parametrize("early", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("name", ["write", "load_content", "_begin_anew", "_people", "adopt_code"])
def test_an_installation_killed_half_way_is_completed_by_the_next(name: str, early: bool, tmp_path: Path):
    path = tmp_path / "home"
    script = KILLED.format(module="banyan.keeping.install", name=name, early=EARLY if early else "pass")
    options = [each for pair in GIVEN.items() for each in pair]
    assert run_apart(script, "install", "--home", path, *options).returncode == -signal.SIGKILL
    begun = (path / "unfinished").exists()
    drawn = {each.name: each.read_bytes() for each in (path / "keys").glob("*")} if begun else {}
    if (path / "banyan.toml").exists():
        served = CliRunner().invoke(main, ["records", "audit", "--home", str(path)])
        assert "再运行一次 banyan install" in served.stderr
    assert install(path).exit_code == 0
    home = Home.open(path)
    assert {name: (home.keys / name).read_bytes() for name in drawn} == drawn
    with reading(open_records(home, Settings.of(home))) as session:
        assert session.scalars(select(Person)).one().staff_number == "10001"
        assert session.scalar(select(func.count()).select_from(Slip)) == 1
        assert audit.verify(session) == 2


def test_a_lost_slip_is_replaced_at_the_server_and_that_is_written_down(installed: Installed):
    result = CliRunner().invoke(main, ["people", "slip", "１０００１", "--home", str(installed.home.root)])
    assert result.exit_code == 0, result.output
    assert "https://xuexi.example.gov.cn/hub/enter?code=" in result.stdout
    with reading(open_records(installed.home, Settings.of(installed.home))) as session:
        old, new = session.scalars(select(Slip).order_by(Slip.id))
        assert old.voided_at
        assert not new.voided_at
        row = session.scalars(select(audit.AuditRow).order_by(audit.AuditRow.position.desc())).first()
        assert row
        assert (row.action, row.subject) == ("slip.issue", "10001")
    nobody = CliRunner().invoke(main, ["people", "slip", "99999", "--home", str(installed.home.root)])
    assert (nobody.exit_code, len(nobody.stderr.splitlines())) == (1, 1)
