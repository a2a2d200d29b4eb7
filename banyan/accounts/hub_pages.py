"""The hub's own pages as people meet them: signing in and out, language and size, and doors that are closed."""

from jupyterhub.apihandlers.users import UserTokenListAPIHandler
from jupyterhub.handlers.base import BaseHandler
from jupyterhub.handlers.login import LogoutHandler
from jupyterhub.handlers.pages import AcceptShareHandler, AdminHandler, TokenPageHandler

from banyan.accounts.hub_entrance import EnterPage, SignInPage
from banyan.accounts.hub_labs import DOORS, Closed
from banyan.accounts.hub_language import give
from banyan.words.choice import choices, local


class SignOutPage(LogoutHandler):
    async def render_logout_page(self) -> None:
        self.finish(await self.render_template("logout.html"))


class PreferencePage(BaseHandler):
    """`/hub/preference?language=en&size=elder&next=/…` keeps a choice in cookies and goes back, to `next` or whence one came."""

    def get(self) -> None:
        asked = {"lang": self.get_query_argument("language", ""), "size": self.get_query_argument("size", "")}
        give(self, choices(asked))
        self.redirect(local(self.get_query_argument("next", "") or self.request.headers.get("Referer", "/")))


class ClosedShare(Closed, AcceptShareHandler):
    scope = "shares"


class ClosedToken(Closed, TokenPageHandler):
    scope = "tokens"


class ClosedAdmin(Closed, AdminHandler):
    scope = "admin-ui"


class ClosedTokens(Closed, UserTokenListAPIHandler):
    scope = "tokens"


PAGES = [
    (r"/login", SignInPage),
    (r"/enter", EnterPage),
    (r"/logout", SignOutPage),
    (r"/preference", PreferencePage),
    (r"/admin", ClosedAdmin),
    (r"/token", ClosedToken),
    (r"/accept-share", ClosedShare),
    (r"/api/users/([^/]+)/tokens", ClosedTokens),
    *DOORS,
]
