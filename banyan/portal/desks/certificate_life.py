"""What may happen to a certificate before its end: suspended, resumed, issued anew with what it says put right."""

from typing import Annotated

from fastapi import Form
from fastapi.responses import Response

from banyan.domain.certification import Validity
from banyan.domain.permission import Action
from banyan.errors import BadInputError, BanyanError, NotYetError
from banyan.portal.desks.certificates import word_for
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.records.competence import Certificate
from banyan.tracker.awards import award_due
from banyan.tracker.certificate_life import MOST, changes, reissue, resume, suspend, suspensions_of
from banyan.tracker.registers import certificate_for
from banyan.tracker.verification import statement_of

routes = Routes()
Reason = Annotated[str, Form()]
FAULTS = (BadInputError, NotYetError)
TITLES = {"name": N_("姓名"), "certificate_title": N_("证书名称"), "issuer_name": N_("发证单位")}


@routes.get("/issued/{serial}/life", needs=Action.REVOKE)
def life(page: MyPage, serial: str) -> Response:
    return _show(page, serial)


@routes.post("/issued/{serial}/suspend", needs=Action.REVOKE)
def suspend_it(page: MyPage, serial: str, reason: Reason = "") -> Response:
    try:
        with page.writing() as session:
            suspend(session, serial, reason, page.me, page.now)
    except FAULTS as fault:
        return _show(page, serial, fault)
    return page.go(f"/issued/{serial}/life")


@routes.post("/issued/{serial}/resume", needs=Action.REVOKE)
def resume_it(page: MyPage, serial: str, reason: Reason = "") -> Response:
    try:
        with page.writing() as session:
            row = resume(session, serial, reason, page.me, page.now)
            award_due(session, session.get_one(Certificate, row.certificate_id).person_id, page.house.rulebook, page.now)
    except FAULTS as fault:
        return _show(page, serial, fault)
    return page.go(f"/issued/{serial}/life")


@routes.post("/issued/{serial}/reissue", needs=Action.REVOKE)
def reissue_it(page: MyPage, serial: str, reason: Reason = "") -> Response:
    """Issue it again as things are called now; the page of the new one says which it follows."""
    try:
        with page.writing() as session:
            new = reissue(session, serial, reason, page.me, page.house.rulebook, page.now).serial
    except FAULTS as fault:
        return _show(page, serial, fault)
    return page.go(f"/issued/{new}/life?instead={serial}")


def _show(page: MyPage, serial: str, fault: BanyanError | None = None) -> Response:
    page.here = f"{PORTAL}/issued"
    with page.reading() as session:
        line = certificate_for(session, serial, page.me, Action.REVOKE, page.today)
        stated = statement_of(line.row, page.house.rulebook.issuer)
        altered = changes(session, line.row, page.house.rulebook) if line.validity is Validity.VALID else []
        history = suspensions_of(session, line.row.id)
    return page.show(
        "desks/certificate_life.html",
        422 if fault else 200,
        line=line,
        word=word_for(line),
        stated=stated,
        altered=altered,
        titles=TITLES,
        history=history,
        fault=page.say(fault.message, **fault.params) if fault else "",
        instead=page.request.query_params.get("instead", "")[:40],
        most=MOST,
    )
