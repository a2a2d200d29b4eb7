"""How a password is kept and what it must be.

Argon2id at OWASP's floor (19 MiB, two passes, one lane): about 25 ms on a county's two-core machine, so that a hall of
three hundred people signs in within a few seconds while a guess stays dear. Chinese keyboards type full-width digits,
hence NFKC before anything is hashed or compared.
"""

import unicodedata
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.orm import Session

from banyan.errors import BadInputError, NotAllowedError
from banyan.records import audit
from banyan.records.people import Person

LEAST, MOST = 8, 200  # characters
HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


def hash_password(password: str) -> str:
    return HASHER.hash(_plain(password))


def fits(password: str, kept: str | None) -> bool:
    """Say whether a password is the kept one; without a kept one, take as long and say no."""
    try:
        return HASHER.verify(kept or _nobodys(), _plain(password)) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def change_password(session: Session, person: Person, old: str, new: str, now: datetime) -> None:
    """Give a person a new password, or say in plain words why not; nothing else of theirs changes."""
    if not fits(old, person.password_hash):
        raise NotAllowedError("现在的密码不对，请再输一次")
    choose_password(session, person, new, now)


def choose_password(session: Session, person: Person, new: str, now: datetime) -> None:
    """Give a password to who has shown by other means who they are; BadInputError says why one will not do."""
    if len(_plain(new)) < LEAST:
        raise BadInputError("新密码太短，至少要 {least} 位", least=LEAST)
    if len(new) > MOST:
        raise BadInputError("新密码太长，最多 {most} 位", most=MOST)
    if normalise_staff_number(new) in (person.staff_number, person.phone):
        raise BadInputError("新密码不能和工号、手机号一样")
    if fits(new, person.password_hash):
        raise BadInputError("新密码不能和现在的密码一样，请换一个")
    person.password_hash = hash_password(new)
    person.must_change_password = False
    audit.append(session, now, person.staff_number, "password.changed", person.staff_number)


def normalise_staff_number(typed: str) -> str:
    """Return a staff number as the records write it: half-width, no spaces, capitals."""
    return "".join(unicodedata.normalize("NFKC", typed).split()).upper()


def _plain(password: str) -> str:
    return unicodedata.normalize("NFKC", password[: MOST + 1])


@cache
def _nobodys() -> str:
    return HASHER.hash("nobody's")
