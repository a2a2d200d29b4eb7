"""A new key to sign with, while nobody is served: the old one stays known, so that what it signed stays genuine.

A backup first, and one after, since a new key that is in no backup is lost with the disk. Broken off at any point, the next
run goes on: the new key is drawn into a file of its own, the records are signed in one transaction, and only then does the
file take its name.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from banyan.accounts.slips import SETUP
from banyan.certificates.issuer import Issuer
from banyan.certificates.keyring import Signer, read_past, write_past
from banyan.domain.calendar import county_day
from banyan.errors import BadInputError, HomeError
from banyan.keeping.backup import backup
from banyan.keeping.presence import alone_with
from banyan.keys import PAST, SIGNING, draw_signing, write
from banyan.records import audit
from banyan.records.engine import writing
from banyan.settings import Home, Settings
from banyan.tracker.resigning import Resigned, resign
from banyan.wiring import open_issuer, open_records

NEXT = SIGNING + "-next"


@dataclass(frozen=True)
class Rotated:
    """`signs` is the key that signs from now on; `backup` holds it."""

    signs: str
    resigned: Resigned
    backup: Path


def rotate(home: Home, now: datetime, without_records: bool = False) -> Rotated:
    """Let a new key sign from now on."""
    with alone_with(home):
        return _rotate(home, open_issuer(home, Settings.of(home)), now, None, without_records)


def give_up(home: Home, key_id: str, stolen_on: date, now: datetime, without_records: bool = False) -> Rotated:
    """Trust a key only for what it signed before a day; if it still signs, let a new one sign from now on."""
    if stolen_on > county_day(now):
        raise BadInputError("被盗的日期还没有到：{day}", day=stolen_on)
    with alone_with(home):
        issuer = open_issuer(home, Settings.of(home))
        known = {each.key.id: each for each in issuer.keyring.keys}
        if key_id not in known:
            raise BadInputError("没有 {id} 这把密钥；现有的：{known}", id=key_id, known="、".join(known))
        stolen_on = min(known[key_id].stolen_on or stolen_on, stolen_on)
        if key_id == issuer.public_key.id:
            return _rotate(home, issuer, now, stolen_on, without_records)
        _back_up(home, now, without_records)
        past = tuple(replace(each, stolen_on=stolen_on) if each.key.id == key_id else each for each in issuer.past)
        given_up = replace(known[key_id], stolen_on=stolen_on)
        resigned = _record(home, given_up, replace(issuer, past=past), now)
        _write_past(home, past)
    return Rotated(issuer.public_key.id, resigned, backup(home, home.backups, now, without_records))


def _rotate(home: Home, issuer: Issuer, now: datetime, stolen_on: date | None, without_records: bool) -> Rotated:
    _back_up(home, now, without_records)
    old = replace(issuer.keyring.keys[0], until=now, stolen_on=stolen_on)
    past = (*(each for each in issuer.past if each.key != old.key), old)
    fresh = home.keys / NEXT
    if not fresh.exists():
        draw_signing(fresh)
    pem = fresh.read_bytes()
    new = Issuer.load(pem, name=issuer.name, county=issuer.county, public_url=issuer.public_url, demo=issuer.demo, past=past)
    resigned = _record(home, old, new, now)
    _write_past(home, past)
    fresh.replace(home.keys / SIGNING)
    return Rotated(new.public_key.id, resigned, backup(home, home.backups, now, without_records))


def _back_up(home: Home, now: datetime, without_records: bool) -> None:
    home.backups.mkdir(mode=0o700, exist_ok=True)
    backup(home, home.backups, now, without_records)


def _record(home: Home, old: Signer, new: Issuer, now: datetime) -> Resigned:
    """Write down the change and, after a theft, sign anew what is ours."""
    make = open_records(home, Settings.of(home))
    try:
        with writing(make) as session:
            done = resign(session, old.key, old.stolen_on, new, now) if old.stolen_on else Resigned()
            told = {"stolen_on": str(old.stolen_on)} if old.stolen_on else {}
            audit.append(session, now, SETUP, "issuer.rotate", new.public_key.id, before=old.key.id, **told)
    finally:
        make.kw["bind"].dispose()
    return done


def _write_past(home: Home, past: tuple[Signer, ...]) -> None:
    text = write_past(past)
    if read_past(text) != past:
        raise HomeError("以前的密钥写不下来，没有换密钥")
    write(home.keys / PAST, text)
