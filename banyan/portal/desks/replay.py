"""An exam, replayed for who reads the audit log: whether it holds, and what was asked and answered, in words."""

from fastapi.responses import Response

from banyan.domain.permission import Action
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.tracker.replay import CLAIMS, replay_for

routes = Routes()


@routes.get("/audit/exams/{attempt}", needs=Action.READ_AUDIT)
def replayed(page: MyPage, attempt: int) -> Response:
    page.here = f"{PORTAL}/audit"
    with page.reading() as session:
        found = replay_for(session, attempt, page.me, page.house.rulebook)
    release = page.house.rulebook.catalogue.open(found.attempt.course, found.attempt.release)
    return page.show("desks/replay.html", found=found, title=release.title, claims=CLAIMS)
