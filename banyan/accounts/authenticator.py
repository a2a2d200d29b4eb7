"""JupyterHub's view of our accounts: a staff number is a user's name; roles and posts stay in the records."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from jupyterhub.auth import Authenticator
from traitlets import Unicode

from banyan.accounts.hub_language import give
from banyan.accounts.hub_pages import PAGES
from banyan.accounts.limiter import Limiter
from banyan.accounts.passwords import normalise_staff_number
from banyan.accounts.preferences import cookies_for
from banyan.accounts.sign_in import Attempt, sign_in
from banyan.records.engine import open_engine, sessions

COMPARISONS = 2  # at once: each takes a core and 19 MiB


class StaffAuthenticator(Authenticator):
    """Sign-in by staff number and password; whoever the records know may come in."""

    records_url = Unicode(help="SQLAlchemy's address of the records").tag(config=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.allow_all = True
        self.records = sessions(open_engine(self.records_url))
        self.limiter = Limiter()
        self.threads = ThreadPoolExecutor(COMPARISONS, thread_name_prefix="sign-in")

    async def authenticate(self, handler: Any, data: dict[str, str]) -> str:
        """Return the staff number, or raise NotAllowedError, which the sign-in page puts into words."""
        typed = Attempt(data.get("username", ""), data.get("password", ""), handler.request.remote_ip)
        loop = asyncio.get_running_loop()
        person = await loop.run_in_executor(self.threads, sign_in, self.records, typed, datetime.now(UTC), self.limiter)
        give(handler, cookies_for(person))
        return person.staff_number

    def normalize_username(self, username: str) -> str:
        """Keep the records' spelling; the hub would write it in small letters."""
        return normalise_staff_number(username)

    def get_handlers(self, app: Any) -> list[Any]:
        return PAGES
