"""Who is at the page: the hub signs people in, the records say whether they still belong here.

The hub supplies a staff number and nothing else; who has left is refused, who must change the first password does that first.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from jupyterhub.services.auth import HubOAuth
from jupyterhub.singleuser.extension import JupyterHubIdentityProvider
from jupyterhub.utils import url_path_join
from tornado.web import Finish, HTTPError
from traitlets import default

from banyan.accounts.hub_language import speech_of
from banyan.domain.calendar import county_day
from banyan.errors import NotFoundError
from banyan.records.engine import Sessions, reading
from banyan.tracker.people import find_person, units_of
from banyan.words.language import Language

REMEMBERED = 60  # seconds a session revoked at the hub may live on
PASSWORD_PAGE = "/services/portal/password"  # noqa: S105 - an address


@dataclass(frozen=True)
class Learner:
    person_id: int
    name: str
    must_change_password: bool
    paths: tuple[str, ...]  # of the units they are appointed to, nearest the grid first


def find_learner(make: Sessions, staff_number: str, now: datetime) -> Learner:
    """Return who reads; NotFoundError for those who have left."""
    with reading(make) as session:
        today = county_day(now)
        person = find_person(session, staff_number, today)
        paths = tuple(unit.path for unit in units_of(session, person.id, today))
        return Learner(person.id, person.name, person.must_change_password, paths)


class HubIdentity(JupyterHubIdentityProvider):
    """Signs people in through the hub; Voilà mounts handlers as given, so ours carry the service's prefix."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._patched: set[type] = set()

    @default("hub_auth")
    def _default_hub_auth(self) -> HubOAuth:
        return HubOAuth(parent=self, cache_max_age=REMEMBERED)

    def _patch_xsrf(self, handler: Any) -> None:
        """Have the hub's way of telling forged requests put into a kind of handler once, not anew with each request.

        The hub means to, but looks for what it has done under another name; and to change a class costs Python all it had
        remembered of that class and those below it.
        """
        if type(handler) not in self._patched:
            super()._patch_xsrf(handler)
            self._patched.add(type(handler))

    def get_handlers(self) -> list[Any]:
        return [(url_path_join(self.parent.base_url, path), *rest) for path, *rest in super().get_handlers()]


class Signed(JupyterHandler):
    """What every handler of ours begins with: after the hub's word, `learner` is who reads."""

    learner: Learner

    async def prepare(self, **kwargs: Any) -> None:
        await super().prepare(**kwargs)
        if not self._finished:
            await self.know()

    async def know(self) -> None:
        """Find out who reads."""
        staff_number = self.current_user.username
        try:
            self.learner = await asyncio.to_thread(find_learner, self.records, staff_number, datetime.now(UTC))
        except NotFoundError as fault:
            self.refuse(str(fault))
        if self.learner.must_change_password:
            self.send_to_password()

    @property
    def speech(self) -> Language:
        """The language this request is answered in."""
        return speech_of(self.request)

    @property
    def records(self) -> Sessions:
        make: Sessions = self.settings["records"]
        return make

    def refuse(self, sentence: str) -> None:
        raise HTTPError(403, sentence)

    def send_to_password(self) -> None:
        self.redirect(PASSWORD_PAGE)
        raise Finish


async def in_thread(verb: Callable[..., Any], *args: Any) -> Any:
    """Run what waits for the disk beside the loop that serves everybody."""
    return await asyncio.to_thread(verb, *args)
