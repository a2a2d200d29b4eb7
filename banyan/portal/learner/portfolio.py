"""Pieces for one's portfolio: written, with photos, sent to be reviewed."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields

from fastapi.responses import Response

from banyan.domain.framework import Kind
from banyan.domain.permission import Action
from banyan.errors import BadInputError
from banyan.portal.desks.form import SentForm
from banyan.portal.learner.practice import number
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.portal.sent_photos import SentPhotos, kept, show
from banyan.tracker.pieces import Draft, hand_in, own, take_back
from banyan.tracker.portfolio import PORTFOLIO, collectable

routes = Routes()


@dataclass(frozen=True)
class Wish:
    """The form as it was filled in; `about` is a course and a competency."""

    about: str = ""
    title: str = ""
    words: str = ""
    teaching_log: str = ""
    form_key: str = ""
    replaces: str = ""

    @classmethod
    def read(cls, form: Mapping[str, str]) -> "Wish":
        return cls(*(form.get(each.name, "") for each in fields(cls)))


@routes.get("/record/portfolio", needs=Action.LEARN)
def new_piece(page: MyPage, again: int = 0) -> Response:
    wish = Wish(form_key=secrets.token_hex(16))
    if again:
        with page.reading() as session:
            old = own(session, again, page.me, Kind.PF)
            told, about = old.details, f"{old.course}:{old.competency}"
            log = "1" if told["teaching_log"] else ""
            wish = Wish(about, told["title"], told["words"], log, wish.form_key, str(old.id))
    return _form(page, wish)


@routes.post("/record/portfolio", needs=Action.LEARN, long=True)
def send_piece(page: MyPage, form: SentForm, photos: SentPhotos) -> Response:
    wish = Wish.read(form)
    course, _, competency = wish.about.partition(":")
    details = {"title": " ".join(wish.title.split()), "words": wish.words.strip(), "teaching_log": bool(wish.teaching_log)}
    try:
        files = kept(page.house.answer_files, photos)
        key = wish.form_key[:64] or secrets.token_hex(16)
        draft = Draft(competency, details, key, course, files=files, replaces=number(wish.replaces) or None)
        with page.writing() as session:
            hand_in(session, PORTFOLIO, draft, page.me, page.house.rulebook, page.now)
    except BadInputError as fault:
        return _form(page, wish, 422, page.say(fault.message, **fault.params))
    return page.go("/record#portfolio")


@routes.post("/record/portfolio/{portfolio_id}/take-back", needs=Action.LEARN)
def take_piece_back(page: MyPage, portfolio_id: int) -> Response:
    try:
        with page.writing() as session:
            take_back(session, PORTFOLIO, portfolio_id, page.me, page.now)
    except BadInputError as fault:
        return _form(page, Wish(form_key=secrets.token_hex(16)), 422, page.say(fault.message, **fault.params))
    return page.go("/record#portfolio")


@routes.get("/record/portfolio/{portfolio_id}/photos/{position}", needs=Action.LEARN)
def piece_photo(page: MyPage, portfolio_id: int, position: int) -> Response:
    with page.reading() as session:
        return show(own(session, portfolio_id, page.me, Kind.PF), position, page.house.answer_files)


def _form(page: MyPage, wish: Wish, status: int = 200, fault: str = "") -> Response:
    rulebook, choices = page.house.rulebook, []
    for course in rulebook.catalogue.courses():
        release = rulebook.catalogue.newest(course)
        title = page.language.text(release.title)
        fit = collectable(release, rulebook.framework)
        choices += [(f"{course}:{each.code}", f"{page.language.text(each.name)} · {title}") for each in fit]
    page.here = f"{PORTAL}/record"
    return page.show("learner/portfolio.html", status, wish=wish, choices=choices, fault=fault)
