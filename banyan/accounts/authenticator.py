"""JupyterHub's view of our accounts: a staff number is a user's name; roles and posts stay in the records.

There are four ways in: number and password; six digits on a phone that is remembered; a slip by its QR code; a slip by
its eight digits. Each ends in an Admission.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, TypeVar

from jupyterhub.auth import Authenticator
from traitlets import Unicode

from banyan.accounts import device_cookie
from banyan.accounts.admission import Admission, Caller
from banyan.accounts.devices import Tried, open_with_pin, remembered
from banyan.accounts.entering import Typed, look, redeem, redeem_typed
from banyan.accounts.hub_language import give
from banyan.accounts.hub_pages import PAGES
from banyan.accounts.labs import Lab, lab_of, was_trusted
from banyan.accounts.limiter import Limiter
from banyan.accounts.passwords import normalise_staff_number
from banyan.accounts.preferences import cookies_for
from banyan.accounts.sign_in import Attempt, sign_in
from banyan.domain.calendar import county_day
from banyan.records.engine import open_engine, reading, sessions, writing
from banyan.records.entry import Device, Slip

LONGEST_ID = 18  # digits of a number the records hold
COMPARISONS = 2  # at once: each takes a core and 19 MiB
T = TypeVar("T")


class StaffAuthenticator(Authenticator):
    """Whoever the records know may come in, each in the way that is theirs."""

    records_url = Unicode(help="SQLAlchemy's address of the records").tag(config=True)
    entry_key = Unicode(help="the home's key for slips and devices, in hex").tag(config=True)
    county = Unicode(help="the county's name, as slips say it").tag(config=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.allow_all = True
        self.records = sessions(open_engine(self.records_url))
        self.key = bytes.fromhex(self.entry_key)
        self.limiter = Limiter()
        self.threads = ThreadPoolExecutor(COMPARISONS, thread_name_prefix="sign-in")

    async def authenticate(self, handler: Any, data: dict[str, str]) -> str:
        """Return the staff number, or raise NoEntryError, which the page puts into words."""
        ways = {"pin": self._by_pin, "slip": self._by_slip, "digits": self._by_digits}
        way = ways.get(data.get("way", ""), self._by_password)
        cookie = handler.get_cookie(device_cookie.COOKIE)
        caller = Caller(handler.request.remote_ip, handler.request.headers.get("User-Agent", ""))
        came = await self._apart(lambda: way(data, cookie, caller, datetime.now(UTC)))
        if came.token:
            kept = device_cookie.with_first(cookie, came.token)
            handler.set_cookie(device_cookie.COOKIE, kept, **device_cookie.terms(handler.request.protocol == "https"))
        give(handler, cookies_for(came.person))
        return came.person.staff_number

    async def slip(self, token: str) -> Slip:
        """Return the slip of a token, or raise NoEntryError; nothing is used up."""

        def find() -> Slip:
            with reading(self.records) as session:
                return look(session, token, self.key, datetime.now(UTC))

        return await self._apart(find)

    async def faces(self, cookie: str | None) -> list[Device]:
        """Return the devices of those a browser remembers who come in by six digits."""

        def find() -> list[Device]:
            with reading(self.records) as session:
                return remembered(session, device_cookie.tokens_of(cookie), self.key, datetime.now(UTC))

        return await self._apart(find) if cookie else []

    async def lab_of(self, staff_number: str) -> Lab | None:
        """Return what JupyterLab somebody has today."""
        return (await self.lab_and_trust(staff_number))[0]

    async def lab_and_trust(self, staff_number: str) -> tuple[Lab | None, bool]:
        """Return what JupyterLab somebody has today, and whether they would know what that is."""

        def find() -> tuple[Lab | None, bool]:
            with reading(self.records) as session:
                found = lab_of(session, staff_number, county_day(datetime.now(UTC)))
                return found, found is not None or was_trusted(session, staff_number)

        return await self._apart(find)

    def normalize_username(self, username: str) -> str:
        """Keep the records' spelling; the hub would write it in small letters."""
        return normalise_staff_number(username)

    def get_handlers(self, app: Any) -> list[Any]:
        return PAGES

    def _by_password(self, data: dict[str, str], _cookie: str | None, caller: Caller, now: datetime) -> Admission:
        attempt = Attempt(data.get("username", ""), data.get("password", ""))
        return sign_in(self.records, attempt, caller, self.limiter, now)

    def _by_pin(self, data: dict[str, str], cookie: str | None, caller: Caller, now: datetime) -> Admission:
        who = data.get("who", "")
        device = int(who) if who.isdecimal() and len(who) <= LONGEST_ID else 0
        tried = Tried(device, device_cookie.tokens_of(cookie), data.get("pin", ""))
        return open_with_pin(self.records, tried, self.key, caller, now)

    def _by_slip(self, data: dict[str, str], _cookie: str | None, caller: Caller, now: datetime) -> Admission:
        with writing(self.records) as session:
            return redeem(session, data.get("code", ""), self.key, caller, now)

    def _by_digits(self, data: dict[str, str], _cookie: str | None, caller: Caller, now: datetime) -> Admission:
        typed = Typed(data.get("username", ""), data.get("digits", ""))
        return redeem_typed(self.records, typed, self.key, caller, self.limiter, now)

    async def _apart(self, work: Callable[[], T]) -> T:
        """Do in a thread what waits for the records or takes a core, so that the hub goes on meanwhile."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, work)
