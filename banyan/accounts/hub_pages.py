"""The hub's own pages as people meet them: signing in and out, language and size, and doors that are closed."""

from jupyterhub.apihandlers.users import UserServerAPIHandler, UserTokenListAPIHandler
from jupyterhub.handlers.base import BaseHandler
from jupyterhub.handlers.login import LogoutHandler
from jupyterhub.handlers.pages import AcceptShareHandler, AdminHandler, HomeHandler, SpawnHandler, TokenPageHandler
from jupyterhub.user import User

from banyan.accounts.hub_entrance import EnterPage, SignInPage
from banyan.accounts.hub_language import give
from banyan.accounts.hub_refusal import Refusal
from banyan.words.choice import choices, local

CLOSED = "这里不对学员开放；您的课程、考试和证书都在首页。"


class SignOutPage(LogoutHandler):
    async def render_logout_page(self) -> None:
        self.finish(await self.render_template("logout.html"))


class PreferencePage(BaseHandler):
    """`/hub/preference?language=en&size=elder&next=/…` keeps a choice in cookies and goes back, to `next` or whence one came."""

    def get(self) -> None:
        asked = {"lang": self.get_query_argument("language", ""), "size": self.get_query_argument("size", "")}
        give(self, choices(asked))
        self.redirect(local(self.get_query_argument("next", "") or self.request.headers.get("Referer", "/")))


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
    (r"/enter", EnterPage),
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
