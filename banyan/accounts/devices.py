"""Phones that are remembered: six digits open them for their person alone, and only a few wrong ones are borne.

A wrong try is counted before it is compared, so that parallel ones count too. Five end in a pause, ten in forgetting:
then it takes a new slip. Whoever bears a charge has a password instead and never comes in by digits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from banyan.accounts.admission import Admission, Caller
from banyan.accounts.passwords import fits, hash_password
from banyan.accounts.refusal import NoEntryError
from banyan.accounts.secrecy import mac
from banyan.accounts.sign_in import is_employed, refuse, welcome, whom_to_ring
from banyan.accounts.takeover import charges_of
from banyan.domain.calendar import county_day
from banyan.domain.pins import Weak, weakness
from banyan.errors import BadInputError
from banyan.records.engine import Sessions, writing
from banyan.records.entry import Device
from banyan.records.people import Person

PAUSE_AT, FORGET_AT = 5, 10  # wrong tries since the last right one
PAUSE = timedelta(minutes=15)
WRONG = "数字不对，请再输一次；还可以试{n}次"
PAUSED = "连着输错了{n}次，先停一停：{minutes}分钟后再试"
FORGOTTEN = "这部手机不认得您了，请要一张新的登录条"
CHARGED = "您现在担着一项职责，要用密码登录；还没有密码，请要一张新的登录条"
EASY = {
    Weak.FORM: "要正好6位数字",
    Weak.SAME: "同一个数字或一小段重复的太好猜，请换一组",
    Weak.ROW: "123456这样连着的太好猜，请换一组",
    Weak.DAY: "像生日、像日子的太好猜，请换一组",
    Weak.OWN: "和您的手机号、工号一样的太好猜，请换一组",
}


@dataclass(frozen=True)
class Tried:
    """Six digits typed for one of the devices whose tokens a browser holds."""

    device_id: int
    tokens: Sequence[str]
    pin: str


def device_mac(key: bytes, token: str) -> str:
    return mac(key, "device", token)


def devices_of(session: Session, tokens: Sequence[str], key: bytes) -> list[Device]:
    """Return the devices a browser holds tokens of that are not forgotten, in the browser's order."""
    macs = [device_mac(key, each) for each in tokens]
    found = {each.token_mac: each for each in session.scalars(select(Device).where(Device.token_mac.in_(macs)))}
    return [found[each] for each in macs if each in found and found[each].ended_at is None]


def remembered(session: Session, tokens: Sequence[str], key: bytes, now: datetime) -> list[Device]:
    """Return the devices that six digits open now, each with its person."""
    mine = [each for each in devices_of(session, tokens, key) if each.pin_hash and is_employed(each.person, now)]
    bear = charges_of(session, [each.person_id for each in mine], county_day(now), begun=True)
    return [each for each in mine if each.person_id not in bear]


def set_pin(session: Session, device: Device, pin: str, key: bytes) -> None:
    """Let six digits open a device from now on, or raise BadInputError saying why they will not do."""
    person = device.person
    if why := weakness(pin, person.phone, person.staff_number):
        raise BadInputError(EASY[why])
    device.pin_hash = hash_password(_bound(key, device.id, pin))
    device.failures, device.locked_until = 0, None
    person.must_change_password = False


def open_with_pin(records: Sessions, tried: Tried, key: bytes, caller: Caller, now: datetime) -> Admission:
    """Return whose device it is when the digits are right, or raise NoEntryError."""
    device = check_pin(records, tried, key, caller, now)
    with writing(records) as session:
        welcome(session, device.person, caller, now)
    token = next(each for each in tried.tokens if device_mac(key, each) == device.token_mac)
    return Admission(device.person, token)


def check_pin(records: Sessions, tried: Tried, key: bytes, caller: Caller, now: datetime) -> Device:
    """Compare digits with those of a device, count wrong ones, and return the device when they are right."""
    with writing(records) as session:
        device = _at_door(session, tried, key, now)
        ring = whom_to_ring(session, device.person, now)
        _count(device, now)
    right = fits(_bound(key, device.id, tried.pin), device.pin_hash)
    with writing(records) as session:
        row = session.get_one(Device, device.id)
        if right:
            row.failures, row.locked_until, row.ended_at, row.last_seen_at = 0, None, None, now
            return device
        refuse(session, device.person, caller, now)
    raise _said(device, ring)


def forget_all(session: Session, person: Person, now: datetime) -> None:
    """End every way somebody has in; a slip makes them a new one. Pages they have open let them no further."""
    theirs = update(Device).where(Device.person_id == person.id, Device.ended_at.is_(None))
    session.execute(theirs.values(ended_at=now))
    person.password_hash, person.must_change_password = None, True


def _at_door(session: Session, tried: Tried, key: bytes, now: datetime) -> Device:
    """Return the device digits are tried for, unless none may be tried now."""
    device = next((each for each in devices_of(session, tried.tokens, key) if each.id == tried.device_id), None)
    if device is None or not device.pin_hash or not is_employed(device.person, now):
        raise NoEntryError(FORGOTTEN, whom_to_ring(session, device.person if device else None, now))
    ring = whom_to_ring(session, device.person, now)
    if charges_of(session, [device.person_id], county_day(now), begun=True):
        raise NoEntryError(CHARGED, ring)
    if minutes := pause(device, now):
        raise NoEntryError(PAUSED, ring, n=device.failures, minutes=minutes)
    return device


def pause(device: Device, now: datetime) -> int:
    """Return for how many minutes a device still pauses; one that would last longer than it may is of a clock gone wrong."""
    left = (device.locked_until or now) - now
    return -(-int(left.total_seconds()) // 60) if timedelta(0) < left <= PAUSE else 0


def _count(device: Device, now: datetime) -> None:
    device.failures += 1
    if device.failures == PAUSE_AT:
        device.locked_until = now + PAUSE
    if device.failures >= FORGET_AT:
        device.ended_at = now


def _said(device: Device, ring: Person | None) -> NoEntryError:
    if device.failures >= FORGET_AT:
        return NoEntryError(FORGOTTEN, ring)
    if device.failures == PAUSE_AT:
        return NoEntryError(PAUSED, ring, n=PAUSE_AT, minutes=int(PAUSE.total_seconds()) // 60)
    return NoEntryError(WRONG, ring, n=(PAUSE_AT if device.failures < PAUSE_AT else FORGET_AT) - device.failures)


def _bound(key: bytes, device_id: int, pin: str) -> str:
    """Digits alone are guessed from a stolen database in a minute; bound to the key they are not."""
    return mac(key, "pin", device_id, pin)
