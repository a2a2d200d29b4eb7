"""What waits too long at the trainers' desks, for the administrator who can do something about it; certificates to decide."""

from typing import Any

from fastapi.responses import Response

from banyan.domain.permission import Action
from banyan.errors import BadInputError
from banyan.portal.desks.form import SentForm
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes
from banyan.tracker.awards import REASON_LENGTH
from banyan.tracker.doubts import keep_certificate
from banyan.tracker.oversight import oversight
from banyan.tracker.registers import certificate_for, reach
from banyan.tracker.service import LATER

routes = Routes()
routes.entry(N_("阅卷情况"), "/oversight", Action.OVERSEE)


@routes.get("/oversight", needs=Action.OVERSEE)
def overview(page: MyPage, kept: str = "") -> Response:
    with page.reading() as session:
        found = oversight(session, reach(page.me), page.house.rulebook, page.now)
    lists: tuple[Any, ...] = (found.short, found.failed, found.appeals)
    courses = {each.course for some in lists for each in some}
    catalogue = page.house.rulebook.catalogue
    titles = {each: page.language.text(catalogue.newest(each).title) for each in courses}
    return page.show("desks/oversight.html", found=found, titles=titles, kept=bool(kept), later=LATER)


@routes.get("/issued/{serial}/keep", needs=Action.REVOKE)
def ask_keep(page: MyPage, serial: str) -> Response:
    return _keep(page, serial)


@routes.post("/issued/{serial}/keep", needs=Action.REVOKE)
def keep(page: MyPage, serial: str, form: SentForm) -> Response:
    """Let a certificate stand that a corrected key no longer bears out, for a reason."""
    reason = form.get("reason", "")
    try:
        with page.writing() as session:
            keep_certificate(session, serial, reason, page.me, page.now)
    except BadInputError as fault:
        return _keep(page, serial, 422, page.say(fault.message, **fault.params), reason)
    return page.go("/oversight?kept=1")


def _keep(page: MyPage, serial: str, status: int = 200, fault: str = "", reason: str = "") -> Response:
    with page.reading() as session:
        line = certificate_for(session, serial, page.me, Action.REVOKE, page.today)
    return page.show("desks/keep.html", status, line=line, fault=fault, reason=reason, most=REASON_LENGTH)
