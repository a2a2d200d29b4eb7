"""A grave act is confirmed by whoever does it: with their password or, where they have none, the six digits of this phone."""

from sqlalchemy.orm import Session

from banyan.accounts.admission import Caller
from banyan.accounts.device_cookie import COOKIE, tokens_of
from banyan.accounts.devices import Tried, check_pin, devices_of
from banyan.accounts.passwords import fits
from banyan.errors import NotAllowedError
from banyan.portal.i18n import N_
from banyan.portal.pages import SignedInPage
from banyan.records.entry import Device
from banyan.records.people import Person


def confirm(page: SignedInPage, typed: str) -> None:
    """Raise NotAllowedError unless somebody shows that it is them; wrong digits are counted."""
    with page.reading() as session:
        kept = session.get_one(Person, page.me.person.id).password_hash
    if kept is None:
        prove(page, typed)
    elif not fits(typed, kept):
        raise NotAllowedError(N_("密码不对，请再输一次；什么也没有改动"))


def device_of(session: Session, page: SignedInPage) -> Device | None:
    """Return the phone before us, if it is one this person came in on and nobody has forgotten it."""
    held = devices_of(session, tokens_of(page.request.cookies.get(COOKIE)), page.house.entry_key)
    return next((each for each in held if each.person_id == page.me.person.id), None)


def prove(page: SignedInPage, pin: str) -> None:
    """Compare six digits with those of the phone before us, or raise NotAllowedError; wrong ones are counted."""
    with page.reading() as session:
        device = device_of(session, page)
    if device is None:
        raise NotAllowedError(N_("请用您平时登录的那部手机来改"))
    tried = Tried(device.id, tokens_of(page.request.cookies.get(COOKIE)), pin)
    address = page.request.client.host if page.request.client else ""
    check_pin(page.house.make, tried, page.house.entry_key, Caller(address), page.now)
