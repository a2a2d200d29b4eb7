"""Every route says what it needs; one that does not fails at start.

A desk makes one `Routes` a file and lists it in `banyan.portal.desks.ROUTES`:

    routes = Routes()

    @routes.get("/marking", needs=Action.MARK)
    def marking(page: MyPage) -> Response:
        with page.reading() as session:
            return page.show("desks/marking.html", waiting=pending(session, page.me, page.today))

    routes.entry(N_("阅卷"), "/marking", Action.MARK, daily=True)

An action lets in whoever may do it somewhere; whether it may be done here, to this person, the verb decides.
Handlers are plain `def`: they run in threads and may wait for the records; but see `answer`. What reads files that were
sent, or makes one of many rows, is `long`: no page waits for it. Forms are checked for their
seal before any handler runs (`{{ seal(page) }}` of macros/form.html puts it in).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute

from banyan.domain.permission import Action
from banyan.portal.guard import Guard
from banyan.portal.lanes import apart
from banyan.portal.navigation import PUBLIC, SIGNED_IN, Entry, Needs
from banyan.portal.templating import PORTAL

Handler = TypeVar("Handler", bound=Callable[..., Any])


@dataclass(frozen=True)
class Declared:
    """One route: `path` is whole, with its parameters in braces; `by_token` is for programs, which bear a token of the hub."""

    method: str
    path: str
    needs: Needs
    by_token: bool = False


class Routes:
    """The routes of one file. `prefix` is the portal's unless the address must be short, as for `/verify`.

    Those `by_token` are for a person's programs: they take a token the hub gave for the portal, and no cookie.
    """

    def __init__(self, prefix: str = PORTAL, by_token: bool = False) -> None:
        self.by_token = by_token
        self.router = APIRouter(prefix=prefix)
        self.declared: list[Declared] = []
        self.entries: list[Entry] = []

    def get(self, path: str, *, needs: Needs, before_password: bool = False, long: bool = False) -> Callable[[Handler], Handler]:
        if needs is PUBLIC or self.by_token:
            return self._declare("GET", path, needs, self._checks(needs, before_password), long)
        register = self._declare("GET", path, needs, [], long)

        def guarded(handler: Handler) -> Handler:
            register(Guard(needs, before_password).before(handler, long))
            return handler

        return guarded

    def post(self, path: str, *, needs: Needs, before_password: bool = False, long: bool = False) -> Callable[[Handler], Handler]:
        return self._declare("POST", path, needs, self._checks(needs, before_password), long)

    def put(self, path: str, *, needs: Needs, before_password: bool = False, long: bool = False) -> Callable[[Handler], Handler]:
        return self._declare("PUT", path, needs, self._checks(needs, before_password), long)

    def answer(self, method: str, path: str) -> Callable[[Handler], Handler]:
        """A way for learners' own answers: its handler is `async`, takes an `Answering` page, and that lets them in."""
        return self._declare(method, path, Action.LEARN, [])

    def entry(self, label: str, path: str, needs: Needs, *, daily: bool = False) -> None:
        """Show a way here in the header to whoever may go; what is not daily work stands behind 更多."""
        self.entries.append(Entry(label, self.router.prefix + path, needs, daily))

    @property
    def all_declared(self) -> bool:
        """Say whether every route of this file came through the methods above."""
        known = {(each.method, each.path) for each in self.declared}
        found = {(method, each.path) for each in self.api_routes for method in each.methods or ()}
        return found == known and len(self.api_routes) == len(self.router.routes)

    @property
    def api_routes(self) -> list[APIRoute]:
        return [each for each in self.router.routes if isinstance(each, APIRoute)]

    def _checks(self, needs: Needs, before_password: bool) -> list[Any]:
        """`before_password` lets in people who have not yet replaced their first password."""
        guard = Guard(needs, before_password)
        return [Depends(guard.program if self.by_token else guard.browser)] if needs is not PUBLIC else []

    def _declare(
        self, method: str, path: str, needs: Needs, checks: list[Any], long: bool = False
    ) -> Callable[[Handler], Handler]:
        self.declared.append(Declared(method, self.router.prefix + path, needs, self.by_token))

        def register(handler: Handler) -> Handler:
            made = apart(handler) if long else handler
            self.router.add_api_route(path, made, methods=[method], dependencies=checks, response_model=None)
            return handler

        return register


def declared(app: FastAPI) -> tuple[Declared, ...]:
    """Return every route of the portal with what it needs; the permission tests walk this list."""
    found: tuple[Declared, ...] = app.state.declared
    return found


__all__ = ["PORTAL", "PUBLIC", "SIGNED_IN", "Declared", "Routes", "declared"]
