"""The hub's own pages as people meet them: signing in and out, language and size, and doors that are closed."""

from typing import Any
from urllib.parse import urlsplit

from jupyterhub.apihandlers.users import UserServerAPIHandler, UserTokenListAPIHandler
from jupyterhub.handlers.base import BaseHandler
from jupyterhub.handlers.login import LoginHandler, LogoutHandler
from jupyterhub.handlers.pages import AcceptShareHandler, AdminHandler, HomeHandler, SpawnHandler, TokenPageHandler
from jupyterhub.user import User
from tornado.web import HTTPError

from banyan.accounts.hub_language import LANGUAGE, LANGUAGES, SIZE, SIZES, language_of, say
from banyan.errors import BanyanError

STALE = "页面放得太久了，请再登录一次"
CLOSED = "这里不对学员开放；您的课程、考试和证书都在首页。"
YEAR = 365  # days


class Refusal(HTTPError):
    """A refusal in words a person reads, on a page or in the API's JSON."""

    def __init__(self, handler: BaseHandler, message: str) -> None:
        super().__init__(403)
        self.jupyterhub_message = self.sentence = say(language_of(handler.request), message, {})


class SignInPage(LoginHandler):
    """The hub's form and its safeguards; ours are the words."""

    async def post(self) -> None:
        try:
            await super().post()
        except BanyanError as fault:
            self.set_status(403)
            sentence = say(language_of(self.request), fault.message, fault.params)
            self.finish(await self._render(login_error=sentence, username=self.get_argument("username", "")))

    def check_xsrf_cookie(self) -> None:
        try:
            super().check_xsrf_cookie()
        except HTTPError as fault:
            self.log.warning("Stale sign-in form: %s", fault)
            raise Refusal(self, STALE) from fault

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Take someone who signed in from another tab where they wanted to go, instead of blaming the stale form."""
        fault = kwargs.get("exc_info", (None, None))[1]
        if isinstance(fault, Refusal) and isinstance(self.current_user, User):
            self.set_status(303)
            self.set_header("Location", self.get_next_url(self.current_user))
        else:
            super().write_error(status_code, **kwargs)


class SignOutPage(LogoutHandler):
    async def render_logout_page(self) -> None:
        self.finish(await self.render_template("logout.html"))


class PreferencePage(BaseHandler):
    """`/hub/preference?language=en&next=/…` keeps a choice in a cookie of the whole house and goes back."""

    def get(self) -> None:
        for name, cookie, choices in (("language", LANGUAGE, LANGUAGES), ("size", SIZE, SIZES)):
            if (choice := self.get_query_argument(name, "")) in choices:
                self.set_cookie(cookie, choice, path="/", expires_days=YEAR, samesite="lax")
        self.redirect(_local(self.get_query_argument("next", "/")))


def _local(url: str) -> str:
    """Return a path of this house, whatever was asked for."""
    parts = urlsplit(url.replace("\\", "/"))
    query = f"?{parts.query}" if parts.query else ""
    return "/" + parts.path.lstrip("/") + query


class Closed(BaseHandler):
    """A stock page or API for those alone who hold `scope` over themselves; learners hold none of them."""

    scope = ""

    async def prepare(self) -> None:
        await super().prepare()
        self._refuse_learners()

    def check_xsrf_cookie(self) -> None:
        if hasattr(self, "_jupyterhub_user"):
            self._refuse_learners()  # before the form's age is judged: the reason to give is this one
        super().check_xsrf_cookie()

    def _refuse_learners(self) -> None:
        person = self.current_user
        if isinstance(person, User) and not self.has_scope(f"{self.scope}!user={person.name}"):
            raise Refusal(self, CLOSED)


class ClosedHome(Closed, HomeHandler):
    scope = "servers"


class ClosedSpawn(Closed, SpawnHandler):
    scope = "servers"


class ClosedShare(Closed, AcceptShareHandler):
    scope = "servers"


class ClosedToken(Closed, TokenPageHandler):
    scope = "tokens"


class ClosedAdmin(Closed, AdminHandler):
    scope = "admin-ui"


class ClosedServers(Closed, UserServerAPIHandler):
    scope = "servers"


class ClosedTokens(Closed, UserTokenListAPIHandler):
    scope = "tokens"


PAGES = [
    (r"/login", SignInPage),
    (r"/logout", SignOutPage),
    (r"/preference", PreferencePage),
    (r"/home", ClosedHome),
    (r"/admin", ClosedAdmin),
    (r"/token", ClosedToken),
    (r"/accept-share", ClosedShare),
    (r"/spawn", ClosedSpawn),
    (r"/spawn/([^/]+)", ClosedSpawn),
    (r"/spawn/([^/]+)/([^/]+)", ClosedSpawn),
    (r"/api/users/([^/]+)/server", ClosedServers),
    (r"/api/users/([^/]+)/servers/([^/]*)", ClosedServers),
    (r"/api/users/([^/]+)/tokens", ClosedTokens),
]
