"""Certificates of others that learners bring, checked by an administrator who is not the one who brings it."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Form
from fastapi.responses import Response

from banyan.domain.permission import Action
from banyan.errors import BadInputError
from banyan.portal.desks.piece_desk import Given, deciding, show_list, show_piece
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes
from banyan.portal.sent_photos import show
from banyan.tracker.documents import DOCUMENTS, document_of, same_number
from banyan.tracker.pieces import piece_for
from banyan.tracker.registers import reach

routes = Routes()
routes.entry(N_("外来证书"), "/documents", Action.CHECK_DOCUMENT)
LIST, ONE = "desks/documents.html", "desks/document.html"


@routes.get("/documents", needs=Action.CHECK_DOCUMENT)
def documents(page: MyPage) -> Response:
    return show_list(page, DOCUMENTS, reach(page.me), LIST)


@routes.get("/documents/{document_id}", needs=Action.CHECK_DOCUMENT)
def document(page: MyPage, document_id: int) -> Response:
    return _one(page, document_id)


@routes.post("/documents/{document_id}", needs=Action.CHECK_DOCUMENT)
def decide_document(page: MyPage, document_id: int, given: Given, seen: Annotated[Sequence[str], Form()] = ()) -> Response:
    try:
        deciding(page, DOCUMENTS, document_id, given, frozenset(seen), 1)
    except BadInputError as fault:
        return _one(page, document_id, 422, page.say(fault.message, **fault.params))
    return page.go(f"/documents/{document_id}?kept=1")


@routes.get("/documents/{document_id}/photos/{position}", needs=Action.CHECK_DOCUMENT)
def document_photo(page: MyPage, document_id: int, position: int) -> Response:
    with page.reading() as session:
        row = piece_for(session, DOCUMENTS, document_id, page.me, page.today)
        return show(row, position, page.house.answer_files)


def _one(page: MyPage, document_id: int, status: int = 200, fault: str = "") -> Response:
    with page.reading() as session:
        row = piece_for(session, DOCUMENTS, document_id, page.me, page.today)
        twice = [each.person.name for each in same_number(session, row)]
    known = document_of(page.house.rulebook, row.details["document"])
    return show_piece(page, DOCUMENTS, document_id, ONE, status, fault, document=known, twice=twice)
