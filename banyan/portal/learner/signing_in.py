"""Signing in to a session: a phone that scanned the trainer's screen asks once, with a name on it, and is told."""

from typing import Annotated

from fastapi import Form
from fastapi.responses import Response

from banyan.domain.permission import Action
from banyan.errors import BadInputError, NotYetError
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.tracker.attendance import open_code, part_for_learner, sign_in
from banyan.tracker.training_rolls import rolls_of

routes = Routes()


@routes.get("/here/{part_id}", needs=Action.LEARN)
def scanned(page: MyPage, part_id: int, c: str = "") -> Response:
    ticket, fault = "", ""
    try:
        with page.reading() as session:
            part_for_learner(session, part_id, page.me, page.now)
            ticket = open_code(session, part_id, c, page.me, page.house.rulebook, page.now)[1] if c else ""
    except (BadInputError, NotYetError) as sorry:
        fault = page.say(sorry.message, **sorry.params)
    return _show(page, part_id, ticket, fault)


@routes.post("/here/{part_id}", needs=Action.LEARN)
def here(page: MyPage, part_id: int, ticket: Annotated[str, Form()] = "") -> Response:
    try:
        with page.writing() as session:
            sign_in(session, part_id, ticket, page.me, page.house.rulebook, page.now)
    except BadInputError as sorry:
        return _show(page, part_id, "", page.say(sorry.message, **sorry.params), 422)
    return page.go(f"/here/{part_id}")


def _show(page: MyPage, part_id: int, ticket: str, fault: str, status: int = 200) -> Response:
    with page.reading() as session:
        part = part_for_learner(session, part_id, page.me, page.now)
        row = part.session
        known = rolls_of(session, row, [page.me.person.id]).get(page.me.person.id, {}).get(part.id)
    page.here = f"{PORTAL}/record"
    return page.show("learner/here.html", status, part=part, row=row, known=known, ticket=ticket, fault="" if known else fault)
