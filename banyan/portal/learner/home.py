"""Home: what comes next, by when, and what one already holds."""

from fastapi.responses import Response

from banyan.domain.permission import Action
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes

routes = Routes()
routes.entry(N_("学习"), "/", Action.LEARN)


@routes.get("/", needs=Action.LEARN)
def home(page: MyPage) -> Response:
    return page.show("learner/home.html")
