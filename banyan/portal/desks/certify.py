"""The certifier's desk: certificates that were earned and wait for a second pair of eyes."""

from typing import Annotated

from fastapi import Form
from fastapi.responses import Response

from banyan.domain.permission import Action
from banyan.errors import BadInputError, BanyanError, NotAllowedError, NotYetError
from banyan.portal.desks.words import KINDS, LEVELS, SOURCES
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes
from banyan.tracker.certifying import MOST, grant, proposal_for, proposals_for, refuse
from banyan.tracker.chain import programme_chain

routes = Routes()
routes.entry(N_("批准证书"), "/certify", Action.CERTIFY, daily=True)
FAULTS = (BadInputError, NotAllowedError, NotYetError)


@routes.get("/certify", needs=Action.CERTIFY)
def waiting(page: MyPage, done: str = "") -> Response:
    with page.reading() as session:
        lines = proposals_for(session, page.me, page.house.rulebook, page.now)
    titles = {each.code: each.title for each in page.house.rulebook.programmes}
    return page.show("desks/certify.html", lines=lines, titles=titles, done=done if done in ("granted", "refused") else "")


@routes.get("/certify/{proposal_id}", needs=Action.CERTIFY)
def one(page: MyPage, proposal_id: int) -> Response:
    return _show(page, proposal_id)


@routes.post("/certify/{proposal_id}/grant", needs=Action.CERTIFY)
def grant_it(page: MyPage, proposal_id: int) -> Response:
    try:
        with page.writing() as session:
            grant(session, proposal_id, page.me, page.house.rulebook, page.now)
    except FAULTS as fault:
        return _show(page, proposal_id, fault)
    return page.go("/certify?done=granted")


@routes.post("/certify/{proposal_id}/refuse", needs=Action.CERTIFY)
def refuse_it(page: MyPage, proposal_id: int, reason: Annotated[str, Form()] = "") -> Response:
    try:
        with page.writing() as session:
            refuse(session, proposal_id, reason, page.me, page.now)
    except FAULTS as fault:
        return _show(page, proposal_id, fault, reason)
    return page.go("/certify?done=refused")


def _show(page: MyPage, proposal_id: int, fault: BanyanError | None = None, reason: str = "") -> Response:
    with page.reading() as session:
        line = proposal_for(session, proposal_id, page.me, page.house.rulebook, page.now)
        programme = page.house.rulebook.programme(line.row.programme)
        one, origins = programme_chain(session, line.row.person_id, programme, page.house.rulebook, page.today)
        return page.show(
            "desks/certify_one.html",
            422 if fault else 200,
            line=line,
            one=one,
            origins=origins,
            fault=page.say(fault.message, **fault.params) if fault else "",
            reason=reason,
            most=MOST,
            kinds=KINDS,
            levels=LEVELS,
            sources=SOURCES,
        )
