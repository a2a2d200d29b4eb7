"""Practice under a supervisor, as who practised writes it down and sends it to be confirmed."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from fastapi.responses import Response

from banyan.domain.framework import Kind
from banyan.domain.permission import Action
from banyan.errors import BadInputError
from banyan.portal.desks.form import SentForm
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.tracker.pieces import Draft, hand_in, own, take_back
from banyan.tracker.practice import PRACTICE, guides
from banyan.tracker.trainings import suitable

routes = Routes()


@dataclass(frozen=True)
class Wish:
    """The form as it was filled in."""

    competency: str = ""
    first: str = ""
    last: str = ""
    hours: str = ""
    place: str = ""
    words: str = ""
    guide: str = ""
    form_key: str = ""
    replaces: str = ""

    @classmethod
    def read(cls, form: Mapping[str, str]) -> "Wish":
        return cls(*(form.get(each.name, "") for each in fields(cls)))


@routes.get("/record/practice", needs=Action.LEARN)
def new_practice(page: MyPage, again: int = 0) -> Response:
    wish = Wish(form_key=secrets.token_hex(16))
    if again:
        with page.reading() as session:
            old = own(session, again, page.me, Kind.SP)
            told, guide = old.details, str(old.addressed_to or "")
            days = (told["from"], told["to"], str(told["hours"]))
            wish = Wish(old.competency, *days, told["place"], told["words"], guide, wish.form_key, str(old.id))
    return _form(page, wish)


@routes.post("/record/practice", needs=Action.LEARN)
def send_practice(page: MyPage, form: SentForm) -> Response:
    wish = Wish.read(form)
    try:
        draft = _draft(wish)
        with page.writing() as session:
            hand_in(session, PRACTICE, draft, page.me, page.house.rulebook, page.now)
    except BadInputError as fault:
        return _form(page, wish, 422, page.say(fault.message, **fault.params))
    return page.go("/record#practice")


@routes.post("/record/practice/{practice_id}/take-back", needs=Action.LEARN)
def take_practice_back(page: MyPage, practice_id: int) -> Response:
    try:
        with page.writing() as session:
            take_back(session, PRACTICE, practice_id, page.me, page.now)
    except BadInputError as fault:
        return _form(page, Wish(form_key=secrets.token_hex(16)), 422, page.say(fault.message, **fault.params))
    return page.go("/record#practice")


def _draft(wish: Wish) -> Draft:
    details: dict[str, Any] = {"place": " ".join(wish.place.split()), "words": wish.words.strip()}
    try:
        details |= {"from": date.fromisoformat(wish.first.strip()).isoformat()}
        details |= {"to": date.fromisoformat(wish.last.strip()).isoformat()}
    except ValueError:
        raise BadInputError(N_("请选从哪天到哪天")) from None
    details["hours"] = number(wish.hours)
    key, guide, replaces = wish.form_key[:64] or secrets.token_hex(16), number(wish.guide), number(wish.replaces)
    return Draft(wish.competency, details, key, addressed_to=guide or None, replaces=replaces or None)


def number(text: str) -> int:
    """Return a whole number as it was typed; what is none is 0."""
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= 9 else 0


def _form(page: MyPage, wish: Wish, status: int = 200, fault: str = "") -> Response:
    with page.reading() as session:
        over = guides(session, page.me, page.today)
    page.here = f"{PORTAL}/record"
    fit = suitable(page.house.rulebook.framework, Kind.SP)
    return page.show(
        "learner/practice.html",
        status,
        wish=wish,
        guides=[(str(each.id), each.name) for each in over],
        competencies=[(each.code, page.language.text(each.name)) for each in fit],
        fault=fault,
    )
