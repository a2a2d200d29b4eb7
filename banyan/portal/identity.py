"""Who is at the door. The hub supplies a name, nothing else; what a person may do is read from the records each time.

The token lives in a sealed cookie, so a restart signs nobody out and replicas agree; so does the state of a sign-in
under way, one cookie per tab. The hub is given three seconds: a hub that hangs must not hang the portal.
"""

import asyncio
import base64
import hashlib
import json
import secrets
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from cryptography.fernet import Fernet, InvalidToken
from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from jupyterhub.services.auth import HubOAuth
from tornado.web import HTTPError

from banyan.errors import TryLaterError

DAY, TEN_MINUTES = 24 * 3600, 600  # seconds
PATIENCE = 3  # seconds
T = TypeVar("T")


@dataclass(frozen=True)
class Visitor:
    """A person the hub knows; `session` is what forms are sealed to and never leaves the server."""

    staff_number: str
    session: str


class SignInNeededError(Exception):
    """Nobody is signed in, or no longer; not a fault, a detour."""


class Door(Protocol):
    """Where visitors come in and go out."""

    async def visitor(self, request: Request) -> Visitor:
        """Return who asks, or raise SignInNeededError, or TryLaterError when that cannot be told now."""

    async def bearer(self, request: Request) -> Visitor:
        """Return whose program asks, by the token it bears and by nothing else; raises as `visitor` does."""

    def to_sign_in(self, request: Request) -> Response:
        """Send a browser to sign in and back to where it wanted to go."""

    async def back_from_sign_in(self, request: Request, code: str, state: str) -> Response:
        """Take in a browser that comes back with a code."""

    def sign_out(self) -> Response:
        """Send a browser out."""


class HubDoor:
    """JupyterHub's OAuth; what it needs to know it reads from JUPYTERHUB_* variables."""

    def __init__(self, secret: bytes) -> None:
        self.hub = HubOAuth(cache_max_age=60)  # seconds a revoked session may live on
        self.box = Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"door:" + secret).digest()))

    async def visitor(self, request: Request) -> Visitor:
        token = self._open(request.cookies.get(self.hub.cookie_name), DAY)
        if not isinstance(token, str):
            raise SignInNeededError
        session = request.cookies.get("jupyterhub-session-id", "")  # without it, signing out at the hub goes unnoticed
        return await self._known(token, session)

    async def bearer(self, request: Request) -> Visitor:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() not in ("token", "bearer") or not token.strip():
            raise SignInNeededError
        return await self._known(token.strip(), "")

    async def _known(self, token: str, session: str) -> Visitor:
        """Ask the hub whose a token is; one that was not given for the portal opens nothing here."""
        user = await _in_time(self.hub.user_for_token(token, session_id=session, sync=False))
        if not user or user.get("kind", "user") != "user" or not self.hub.check_scopes(self.hub.access_scopes, user):
            raise SignInNeededError
        return Visitor(user["name"], token)

    def to_sign_in(self, request: Request) -> Response:
        verifier, challenge, method = self.hub.generate_pkce_code_challenge()
        state = secrets.token_urlsafe(16)
        proof = f"&state={state}&code_challenge={challenge}&code_challenge_method={method}"
        reply = RedirectResponse(self.hub.login_url + proof, 302)
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        reply.set_cookie(self._state_cookie(state), self._seal([verifier, here]), **self._terms(request, TEN_MINUTES))
        return reply

    async def back_from_sign_in(self, request: Request, code: str, state: str) -> Response:
        name = self._state_cookie(state)
        kept = self._open(request.cookies.get(name), TEN_MINUTES)
        if not (code and state and isinstance(kept, list)):
            return RedirectResponse(self.hub.base_url, 303)  # an old link or a second tab: start again
        verifier, here = kept
        token = await _in_time(self.hub.token_for_code(code, code_verifier=verifier, sync=False))
        reply = RedirectResponse("/" + here.lstrip("/\\"), 303)
        reply.delete_cookie(name, path=self.hub.base_url)
        reply.set_cookie(self.hub.cookie_name, self._seal(token), **self._terms(request, DAY))
        return reply

    def sign_out(self) -> Response:
        reply = RedirectResponse(self.hub.hub_prefix + "logout", 303)  # the hub revokes every token of this session
        reply.delete_cookie(self.hub.cookie_name, path=self.hub.base_url)
        return reply

    def _state_cookie(self, state: str) -> str:
        return f"{self.hub.state_cookie_name}-{state}"

    def _terms(self, request: Request, age: int) -> dict[str, Any]:
        https = _outermost_scheme(request) == "https"
        return {"path": self.hub.base_url, "httponly": True, "samesite": "lax", "secure": https, "max_age": age}

    def _seal(self, value: Any) -> str:
        return self.box.encrypt(json.dumps(value).encode()).decode()

    def _open(self, text: str | None, age: int) -> Any:
        try:
            return json.loads(self.box.decrypt((text or "").encode(), age))
        except InvalidToken:
            return None


def _outermost_scheme(request: Request) -> str:
    """Return how the browser came: each proxy on the way adds its own scheme behind the others."""
    return request.headers.get("x-forwarded-proto", request.url.scheme).partition(",")[0].strip()


async def _in_time(asked: Awaitable[T]) -> T:
    try:
        async with asyncio.timeout(PATIENCE):
            return await asked
    except (HTTPError, TimeoutError) as fault:
        raise TryLaterError("登录服务正在重启，请等一分钟再试；已经保存的内容不会丢") from fault
