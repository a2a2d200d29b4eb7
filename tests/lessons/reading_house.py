"""The lessons service of a small home with the portal's files beside it and no hub: run with a home and a port.

Whoever the cookie `who` names is signed in. It is for what happens on the phone: keeping, queueing, explaining, printing.
"""

import sys
from pathlib import Path
from typing import Any

from jupyter_server.auth.identity import IdentityProvider, User
from tornado.web import RequestHandler, StaticFileHandler

from banyan.lessons.ahead import LESSONS, PORTAL
from banyan.lessons.app import Lessons, initialized
from banyan.lessons.page import STATIC
from banyan.settings import Home

DOOR = "/hub/login"


class ByCookie(IdentityProvider):
    def get_user(self, handler: RequestHandler) -> User | None:  # type: ignore[override]
        name = handler.get_cookie("who")
        return User(username=name, name=name) if name else None

    def get_handlers(self) -> list[Any]:
        return []


class Door(RequestHandler):
    """What the hub's pages of signing in and out do."""

    def get(self) -> None:
        self.finish(f'<h1>登录</h1><script src="{PORTAL}static/forget.js"></script>')


class Elsewhere(RequestHandler):
    def get(self) -> None:
        self.finish("<h1>别处</h1>")


class ReadingHouse(Lessons):
    identity = ByCookie

    def init_settings(self) -> dict[str, Any]:
        return super().init_settings() | {"login_url": DOOR}

    def init_handlers(self) -> list[Any]:
        own = [
            (rf"{PORTAL}static/([^/]+)", StaticFileHandler, {"path": str(STATIC)}),
            (DOOR, Door),
            (rf"{PORTAL}.*", Elsewhere),
        ]
        return own + super().init_handlers()


if __name__ == "__main__":
    with initialized(ReadingHouse, Home.open(Path(sys.argv[1])), f"http://127.0.0.1:{sys.argv[2]}", LESSONS) as app:
        app.start()
