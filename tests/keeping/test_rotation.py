"""A house changes the key it signs with: what was signed before stays genuine, unless the key was stolen by then."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from banyan.certificates import controller, qr
from banyan.certificates.serial import new_serial
from banyan.certificates.statement import Statement
from banyan.cli import main
from banyan.domain.calendar import county_day
from banyan.errors import BadInputError, HomeError, TamperedError
from banyan.keeping import rotation
from banyan.keeping.doctor import examine
from banyan.keeping.finding import Level
from banyan.keeping.presence import alone_with
from banyan.keeping.restore import restore
from banyan.keeping.rotation import give_up, rotate
from banyan.records import audit
from banyan.records.competence import Certificate
from banyan.records.engine import reading, writing
from banyan.records.people import Person
from banyan.settings import Home, Settings
from banyan.tracker.verification import State, check
from banyan.wiring import open_issuer, open_records
from tests.conftest import Installed

NOW = datetime.now(UTC)
TODAY = county_day(NOW)
WORDS = ("培训考核合格证明", "ER-T1", "报告员", ())


@pytest.fixture
def home(installed: Installed) -> Home:
    return installed.home


def issuer(home: Home):
    return open_issuer(home, Settings.of(home))


def certify(home: Home, day: date, audited: bool = True) -> str:
    """Let somebody have a certificate of a day, signed with the key that signs now, and return its serial."""
    with writing(open_records(home, Settings.of(home))) as session:
        person, signs = session.scalars(select(Person).limit(1)).one(), issuer(home)
        expires, id = day + timedelta(days=700), signs.public_key.id
        said = Statement(new_serial(2026), person.name, *WORDS, day, expires, "县", id, False)
        row = Certificate(serial=said.serial, person_id=person.id, programme="ER-T1", issued_on=day, expires_on=expires)
        row.payload, row.signature = said.payload(), signs.sign(said.payload())
        session.add(row)
        if audited:
            audit.append(session, NOW, "awards", "certificate.issue", said.serial)
        return said.serial


def state(home: Home, serial: str) -> State:
    with reading(open_records(home, Settings.of(home))) as session:
        return check(session, serial, issuer(home), TODAY).state


def address(home: Home, serial: str) -> str:
    with reading(open_records(home, Settings.of(home))) as session:
        row = session.scalars(select(Certificate).where(Certificate.serial == serial)).one()
        return qr.url("https://x.cn", Statement.parse(row.payload), row.signature)


def banyan(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


def test_what_the_old_key_signed_stays_genuine_and_the_new_one_signs(home: Home):
    old, serial = issuer(home).public_key, certify(home, TODAY)
    paper = address(home, serial)
    rotate(home, NOW)
    new = issuer(home)
    assert new.public_key != old
    assert [each.key for each in new.keyring.keys] == [new.public_key, old]
    assert state(home, serial) is State.VALID
    assert qr.read_offline(paper, new.keyring).serial == serial
    assert state(home, certify(home, TODAY)) is State.VALID


def test_it_can_be_changed_many_times_and_the_document_for_verifiers_lists_all(home: Home):
    keys = [issuer(home).public_key]
    for _ in range(3):
        rotate(home, NOW)
        keys.append(issuer(home).public_key)
    listed = controller.document(issuer(home))
    assert listed["assertionMethod"] == [controller.method(issuer(home), key) for key in reversed(keys)]
    assert [each["id"] for each in listed["verificationMethod"]] == listed["assertionMethod"]
    until = [each.until for each in issuer(home).keyring.keys]
    assert until == [None, NOW, NOW, NOW]


def test_a_stolen_key_counts_before_the_theft_and_what_is_ours_since_is_signed_anew(home: Home):
    before, since = certify(home, TODAY - timedelta(days=9)), certify(home, TODAY)
    old, papers = issuer(home), [address(home, before), address(home, since)]
    done = give_up(home, old.public_key.id, TODAY - timedelta(days=1), NOW)
    assert done.resigned.certificates == (since,)
    assert [state(home, each) for each in (before, since)] == [State.VALID, State.VALID]
    keys = issuer(home).keyring
    assert qr.read_offline(papers[0], keys).serial == before
    with pytest.raises(TamperedError):
        qr.read_offline(papers[1], keys)
    assert qr.read_offline(address(home, since), keys).serial == since
    listed = controller.document(issuer(home))
    assert listed["assertionMethod"] == [controller.method(issuer(home), issuer(home).public_key)]
    assert [("revoked" in each) for each in listed["verificationMethod"]] == [False, True]


def test_a_certificate_that_the_log_never_saw_issued_is_refused_after_a_theft(home: Home):
    slipped_in = certify(home, TODAY, audited=False)
    done = give_up(home, issuer(home).public_key.id, TODAY, NOW)
    assert (done.resigned.certificates, done.resigned.doubtful) == ((), (slipped_in,))
    assert state(home, slipped_in) is State.TAMPERED


def test_that_an_earlier_key_was_stolen_can_be_said_later(home: Home):
    old, serial = issuer(home).public_key.id, certify(home, TODAY)
    rotate(home, NOW)
    signs = issuer(home).public_key.id
    assert give_up(home, old, TODAY, NOW).resigned.certificates == (serial,)
    assert issuer(home).public_key.id == signs
    assert state(home, serial) is State.VALID
    assert give_up(home, old, TODAY + timedelta(days=0), NOW).resigned.certificates == ()


@pytest.mark.parametrize("step", ["_record", "_write_past"])
def test_broken_off_it_is_finished_by_the_next_run(home: Home, monkeypatch: pytest.MonkeyPatch, step: str):
    serial, old = certify(home, TODAY), issuer(home).public_key
    real = getattr(rotation, step)

    def killed_after(*given: object) -> object:
        real(*given)
        raise KeyboardInterrupt

    monkeypatch.setattr(rotation, step, killed_after)
    with pytest.raises(KeyboardInterrupt):
        give_up(home, old.id, TODAY, NOW)
    assert issuer(home).public_key == old
    assert Level.DUE in {each.level for each in examine(home.root, NOW) if each.about == "rotation"}
    monkeypatch.setattr(rotation, step, real)
    give_up(home, old.id, TODAY, NOW)
    assert state(home, serial) is State.VALID
    assert [each.key == old for each in issuer(home).keyring.keys] == [False, True]
    assert {each.level for each in examine(home.root, NOW) if each.about in ("rotation", "keys")} == {Level.GOOD}


def test_while_the_house_is_served_no_key_is_changed(home: Home):
    old = issuer(home).public_key
    with alone_with(home), pytest.raises(HomeError, match="先停掉"):
        rotate(home, NOW)
    assert issuer(home).public_key == old


@pytest.mark.parametrize(("key", "day"), [("nosuchky", TODAY), ("", TODAY + timedelta(days=1))], ids=["no key", "not yet"])
def test_what_cannot_be_is_refused(home: Home, key: str, day: date):
    with pytest.raises(BadInputError):
        give_up(home, key or issuer(home).public_key.id, day, NOW)


def test_the_backup_made_after_it_brings_back_both_keys(installed: Installed, tmp_path: Path):
    home = installed.home
    serial = certify(home, TODAY)
    done = rotate(home, NOW)
    restore(done.backup, tmp_path / "again", lambda: installed.recovery_code, NOW)
    again = Home.open(tmp_path / "again")
    assert issuer(again).keyring == issuer(home).keyring
    assert state(again, serial) is State.VALID


def test_the_command_says_what_came_of_it_and_that_readers_need_the_new_key(home: Home, tmp_path: Path):
    serial = certify(home, TODAY)
    said = banyan("certificates", "rotate", "--home", home.root, "--stolen-on", TODAY)
    assert said.exit_code == 0, said.output
    assert "1 张证书、0 张回执已经重新签名" in said.output
    assert serial in said.output
    keys = tmp_path / "issuer.pub"
    keys.write_text(banyan("certificates", "key", "--home", home.root).output)
    assert len(keys.read_text().splitlines()) == 2
    assert "签名有效" in banyan("certificates", "verify", address(home, serial), "--key", keys).output


def test_a_history_that_cannot_be_read_is_found_and_stops_the_house(home: Home):
    rotate(home, NOW)
    (home.keys / "signed-before").write_text("[{}]")
    with pytest.raises(HomeError, match="从备份恢复"):
        issuer(home)
    assert Level.LOST in {each.level for each in examine(home.root, NOW) if each.about == "keys"}
