"""How the platform is, for whoever looks after it: what must be mended first, each with what to do."""

from collections.abc import Mapping

from fastapi.responses import Response

from banyan.domain.permission import Action
from banyan.keeping.finding import Level
from banyan.portal.desks.words import Word
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes

routes = Routes()
routes.entry(N_("平台状况"), "/doctor", Action.LOOK_AFTER)

WORDS: Mapping[Level, Word] = {
    Level.LOST: Word(N_("要处理"), "lost"),
    Level.DUE: Word(N_("留意"), "due"),
    Level.GOOD: Word(N_("正常"), "good"),
}


@routes.get("/doctor", needs=Action.LOOK_AFTER)
def look_over(page: MyPage) -> Response:
    findings = page.house.examine(page.now)
    return page.show(
        "desks/doctor.html",
        troubles=[each for each in findings if each.level is not Level.GOOD],
        well=[each for each in findings if each.level is Level.GOOD],
        lost=sum(each.level is Level.LOST for each in findings),
        words=WORDS,
    )
