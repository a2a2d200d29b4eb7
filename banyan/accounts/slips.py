"""Slips: a page one is handed, which opens one's account once.

A slip carries a token in its QR code and eight digits to type beside a number of one's own. Only their HMACs are kept,
so a slip can be printed when it is issued and never again. A newer slip of a person voids the older ones.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from banyan.accounts.secrecy import mac
from banyan.accounts.takeover import openable
from banyan.domain.calendar import county_day
from banyan.errors import BadInputError, NotAllowedError
from banyan.records import audit
from banyan.records.entry import Slip
from banyan.records.people import Person

LASTS = timedelta(days=14)
BYTES, DIGITS = 16, 8  # a token of 128 bits is not guessed; digits are, so they are counted
PORTION = 5000  # rows a statement
SETUP = "setup"


@dataclass(frozen=True)
class PrintedSlip:
    """What stands on the paper; nobody has it afterwards but who holds the paper."""

    person: Person
    token: str
    digits: str
    expires_at: datetime

    def address(self, origin: str) -> str:
        """Return what the QR code says."""
        return f"{origin}/hub/enter?code={self.token}"


def issue_slips(session: Session, people: Iterable[Person], key: bytes, by: Person | None, now: datetime) -> list[PrintedSlip]:
    """Make a slip for each person; `by` is None for whoever sits at the server, who may do it for anybody.

    It is all of them or none: NotAllowedError names somebody for whom `by` may not.
    """
    given = list({each.id: each for each in people}.values())
    _refuse(session, given, by, now)
    slips = [PrintedSlip(each, secrets.token_urlsafe(BYTES), _digits(), now + LASTS) for each in given]
    for some in _portions(slips):
        void(session, [each.person.id for each in some], now)
        session.execute(insert(Slip), [_row(each, key, by, now) for each in some])
    if slips:
        _write_down(session, slips, by, now)
    return slips


def void(session: Session, ids: Sequence[int], now: datetime) -> None:
    """Let nobody come in any more by a slip these people were given and have not used."""
    unused = (Slip.person_id.in_(ids), Slip.used_at.is_(None), Slip.voided_at.is_(None))
    session.execute(update(Slip).where(*unused).values(voided_at=now).execution_options(synchronize_session=False))


def _refuse(session: Session, people: Sequence[Person], by: Person | None, now: datetime) -> None:
    today = county_day(now)
    gone = next((each for each in people if each.left_on and each.left_on < today), None)
    if gone:
        raise BadInputError("{name}已经离任，不能发登录条", name=gone.name)
    allowed = openable(session, by, people, today) if by else {each.id for each in people}
    other = next((each for each in people if each.id not in allowed), None)
    if other:
        raise NotAllowedError("不能给{name}发登录条：要由管着这个人全部职责的上级来发，也不能给自己发", name=other.name)


def _row(slip: PrintedSlip, key: bytes, by: Person | None, now: datetime) -> dict[str, object]:
    return {
        "person_id": slip.person.id,
        "token_mac": token_mac(key, slip.token),
        "code_mac": digits_mac(key, slip.person.id, slip.digits),
        "issued_by": by.id if by else None,
        "issued_at": now,
        "expires_at": slip.expires_at,
        "failures": 0,
    }


def token_mac(key: bytes, token: str) -> str:
    return mac(key, "slip", token)


def digits_mac(key: bytes, person_id: int, digits: str) -> str:
    return mac(key, "slip digits", person_id, digits)


def _digits() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def _write_down(session: Session, slips: Sequence[PrintedSlip], by: Person | None, now: datetime) -> None:
    """Add one audit row; who was given one of a batch is in the slips' own rows, by moment and issuer."""
    actor, until = by.staff_number if by else SETUP, county_day(slips[0].expires_at).isoformat()
    if len(slips) == 1:
        audit.append(session, now, actor, "slip.issue", slips[0].person.staff_number, until=until)
    else:
        audit.append(session, now, actor, "slip.batch", f"slips:{now:%Y%m%dT%H%M%S}", people=len(slips), until=until)


def _portions(slips: Sequence[PrintedSlip]) -> Iterable[Sequence[PrintedSlip]]:
    return (slips[start : start + PORTION] for start in range(0, len(slips), PORTION))
