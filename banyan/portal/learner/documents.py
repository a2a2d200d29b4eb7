"""Certificates of others that one brings: number, issuer, dates and a photo, sent to be checked."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

from fastapi.responses import Response

from banyan.domain.framework import Kind
from banyan.domain.permission import Action
from banyan.errors import BadInputError
from banyan.portal.desks.form import SentForm
from banyan.portal.i18n import N_
from banyan.portal.learner.practice import number
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.portal.sent_photos import SentPhotos, kept, show
from banyan.tracker.documents import DOCUMENTS, document_of
from banyan.tracker.pieces import Draft, hand_in, own, take_back

routes = Routes()


@dataclass(frozen=True)
class Wish:
    """The form as it was filled in."""

    document: str = ""
    number: str = ""
    issuer: str = ""
    issued_on: str = ""
    expires_on: str = ""
    form_key: str = ""
    replaces: str = ""

    @classmethod
    def read(cls, form: Mapping[str, str]) -> "Wish":
        return cls(*(form.get(each.name, "") for each in fields(cls)))


@routes.get("/record/document", needs=Action.LEARN)
def new_document(page: MyPage, again: int = 0) -> Response:
    wish = Wish(form_key=secrets.token_hex(16))
    if again:
        with page.reading() as session:
            old = own(session, again, page.me, Kind.EC)
            told = {each: str(old.details[each]) for each in ("document", "number", "issuer", "issued_on", "expires_on")}
            wish = Wish(**told, form_key=wish.form_key, replaces=str(old.id))
    return _form(page, wish)


@routes.post("/record/document", needs=Action.LEARN, long=True)
def send_document(page: MyPage, form: SentForm, photos: SentPhotos) -> Response:
    wish = Wish.read(form)
    try:
        known = document_of(page.house.rulebook, wish.document)
        details = {
            "document": wish.document[:40],
            "number": " ".join(wish.number.split()),
            "issuer": " ".join(wish.issuer.split()),
            "issued_on": _day(wish.issued_on),
            "expires_on": _day(wish.expires_on) if wish.expires_on.strip() else "",
        }
        files = kept(page.house.answer_files, photos)
        key, competency = wish.form_key[:64] or secrets.token_hex(16), known.competency if known else ""
        draft = Draft(competency, details, key, files=files, replaces=number(wish.replaces) or None)
        with page.writing() as session:
            hand_in(session, DOCUMENTS, draft, page.me, page.house.rulebook, page.now)
    except BadInputError as fault:
        return _form(page, wish, 422, page.say(fault.message, **fault.params))
    return page.go("/record#documents")


@routes.post("/record/document/{document_id}/take-back", needs=Action.LEARN)
def take_document_back(page: MyPage, document_id: int) -> Response:
    try:
        with page.writing() as session:
            take_back(session, DOCUMENTS, document_id, page.me, page.now)
    except BadInputError as fault:
        return _form(page, Wish(form_key=secrets.token_hex(16)), 422, page.say(fault.message, **fault.params))
    return page.go("/record#documents")


@routes.get("/record/document/{document_id}/photos/{position}", needs=Action.LEARN)
def document_photo(page: MyPage, document_id: int, position: int) -> Response:
    with page.reading() as session:
        return show(own(session, document_id, page.me, Kind.EC), position, page.house.answer_files)


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        raise BadInputError(N_("请照证书选日期")) from None


def _form(page: MyPage, wish: Wish, status: int = 200, fault: str = "") -> Response:
    page.here = f"{PORTAL}/record"
    known = [(each.code, page.language.text(each.name)) for each in page.house.rulebook.intakes.documents]
    return page.show("learner/document.html", status, wish=wish, documents=known, fault=fault)
