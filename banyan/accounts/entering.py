"""Coming in by a slip: looked at as often as one likes, used once.

Whoever uses a slip begins anew: their other phones are forgotten and the password is gone, so that a slip also ends what
a stranger got hold of. Of two who use it at once one gets in; the other is told when and on what the first did.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from banyan.accounts.admission import Admission, Caller
from banyan.accounts.devices import device_mac, forget_all
from banyan.accounts.limiter import LOCKED, Limiter
from banyan.accounts.phones import UNKNOWN, kind_of
from banyan.accounts.refusal import NoEntryError
from banyan.accounts.sign_in import account_of, find_person, is_employed, refuse, whom_to_ring
from banyan.accounts.slips import BYTES, DIGITS, digits_mac, token_mac
from banyan.records import audit
from banyan.records.engine import Sessions, reading, writing
from banyan.records.entry import Device, Slip
from banyan.records.people import Person

GUESSES = 5
NO_SUCH = "这个二维码打不开：可能没有扫全，也可能不是登录条上的。请对准登录条再扫一次"
USED = "这张登录条在{at}用过了，用的是{phone}，不能再用。是您自己用的，就直接登录；不是您用的，请马上打电话说一声"
VOID = "这张登录条作废了，因为后来又给您发过一张。请用新的那一张；没有收到的话，请要一张"
LATE = "这张登录条过期了，请要一张新的"
LEFT = "名册上您已经离任，登录条不能用了；如果不对，请打电话说一声"
NO_MATCH = "号码和8位数字对不上，请看着登录条再输一次"
CLOSED = "这张登录条的数字输错太多次，不能再用数字进了。请扫登录条上的二维码，或者要一张新的"


@dataclass(frozen=True)
class Typed:
    """A staff or mobile number, and the eight digits that stand on the slip."""

    number: str
    digits: str


def look(session: Session, token: str, key: bytes, now: datetime) -> Slip:
    """Return the slip that a token opens now, or raise NoEntryError saying why it does not; nothing is used up."""
    slip = session.scalars(select(Slip).where(Slip.token_mac == token_mac(key, token))).one_or_none()
    if slip is None:
        raise NoEntryError(NO_SUCH, whom_to_ring(session, None, now))
    _ensure_open(session, slip, now)
    return slip


def redeem(session: Session, token: str, key: bytes, caller: Caller, now: datetime) -> Admission:
    """Use a slip, once: return its person with the token of a new device, or raise as `look` does."""
    return _use(session, look(session, token, key, now), key, caller, now)


def redeem_typed(records: Sessions, typed: Typed, key: bytes, caller: Caller, limiter: Limiter, now: datetime) -> Admission:
    """Use a slip by its digits; wrong ones are counted on the slip and against account and address."""
    with reading(records) as session:
        person = find_person(session, typed.number, now)
        ring = whom_to_ring(session, person, now)
    account = account_of(person, typed.number)
    if wait := limiter.wait(account, caller.address):
        raise NoEntryError(LOCKED, ring, minutes=wait)
    with writing(records) as session:
        slip, fault = _match(session, person, typed.digits, key)
        if slip is not None:
            _ensure_open(session, slip, now)
            limiter.forget(account)
            return _use(session, slip, key, caller, now)
        refuse(session, person, caller, now)
        limiter.count_failure(caller.address)
    raise NoEntryError(fault, ring)


def _match(session: Session, person: Person | None, digits: str, key: bytes) -> tuple[Slip | None, str]:
    """Return a person's slip with these digits, or why there is none, having counted it on the slip that is open."""
    if person is None:
        return None, NO_MATCH
    theirs = select(Slip).where(Slip.person_id == person.id).order_by(Slip.id.desc())
    unused = theirs.where(Slip.used_at.is_(None), Slip.voided_at.is_(None))
    newest = session.scalars(unused.limit(1).with_for_update()).first()
    if newest and newest.failures >= GUESSES:
        return None, CLOSED
    plain = "".join(str(int(each)) for each in digits if each.isdecimal()).zfill(DIGITS)
    found = session.scalars(theirs.where(Slip.code_mac == digits_mac(key, person.id, plain))).first()
    if found is None and newest:
        newest.failures += 1
        return None, CLOSED if newest.failures >= GUESSES else NO_MATCH
    return found, NO_MATCH


def _ensure_open(session: Session, slip: Slip, now: datetime) -> None:
    ring = whom_to_ring(session, slip.person, now)
    if slip.used_at:
        first = session.scalars(select(Device.label).where(Device.person_id == slip.person_id, Device.created_at == slip.used_at))
        raise NoEntryError(USED, ring, slip.person_id, at=slip.used_at, phone=first.first() or UNKNOWN)
    if slip.voided_at:
        raise NoEntryError(VOID, ring, slip.person_id)
    if slip.expires_at <= now:
        raise NoEntryError(LATE, ring, slip.person_id)
    if not is_employed(slip.person, now):
        raise NoEntryError(LEFT, ring)


def _use(session: Session, slip: Slip, key: bytes, caller: Caller, now: datetime) -> Admission:
    mine = update(Slip).where(Slip.id == slip.id, Slip.used_at.is_(None), Slip.voided_at.is_(None)).values(used_at=now)
    if session.execute(mine.execution_options(synchronize_session=False)).rowcount != 1:  # type: ignore[attr-defined]
        session.refresh(slip)
        _ensure_open(session, slip, now)
    person, token = slip.person, secrets.token_urlsafe(BYTES)
    forget_all(session, person, now)
    person.entered_at = person.entered_at or now
    kept = {"person_id": person.id, "token_mac": device_mac(key, token), "label": kind_of(caller.agent)}
    session.add(Device(**kept, created_at=now, last_seen_at=now))
    audit.append(session, now, person.staff_number, "slip.use", person.staff_number, address=caller.address)
    return Admission(person, token)
