"""Coming in and going out, and the password that is one's own."""

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import Response
from sqlalchemy import select

from banyan.accounts.passwords import change_password, choose_password
from banyan.errors import BadInputError, NotAllowedError
from banyan.portal import welcome
from banyan.portal.confirmation import prove
from banyan.portal.pages import WELCOME, MyPage, PublicPage, SignedInPage
from banyan.portal.registry import PUBLIC, SIGNED_IN, Routes
from banyan.portal.welcome import DIFFER
from banyan.records.people import Person

routes = Routes()


@routes.get("/oauth_callback", needs=PUBLIC)
async def oauth_callback(request: Request, code: str = "", state: str = "") -> Response:
    reply: Response = await request.app.state.door.back_from_sign_in(request, code, state)
    return reply


@routes.post("/logout", needs=SIGNED_IN, before_password=True)
def sign_out(page: MyPage) -> Response:
    reply: Response = page.request.app.state.door.sign_out()
    return reply


@routes.get("/health", needs=PUBLIC)
def health(page: PublicPage) -> Response:
    """Say that the portal is there and reads its records."""
    with page.reading() as session:
        session.execute(select(1))
    return page.json({"ok": True})


@routes.get("/password", needs=SIGNED_IN, before_password=True)
def password_form(page: MyPage) -> Response:
    person = page.me.person
    if person.must_change_password and not person.password_hash:
        return page.go(WELCOME)
    return page.show("learner/password.html", fault="")


@routes.post("/password", needs=SIGNED_IN, before_password=True)
def set_password(
    page: MyPage, old: Annotated[str, Form()] = "", new: Annotated[str, Form()] = "", again: Annotated[str, Form()] = ""
) -> Response:
    try:
        _change(page, old, new, again)
    except (BadInputError, NotAllowedError) as fault:
        return _asked_again(page, page.say(fault.message, **fault.params))
    return page.go("/")


def _change(page: SignedInPage, old: str, new: str, again: str) -> None:
    """Whoever has no password yet shows by the six digits of this phone that it is them."""
    if new != again:
        raise BadInputError(DIFFER)
    by_digits = page.me.person.password_hash is None
    if by_digits:
        prove(page, old)
    with page.writing() as session:
        person = session.get_one(Person, page.me.person.id)
        if by_digits:
            choose_password(session, person, new, page.now)
        else:
            change_password(session, person, old, new, page.now)


def _asked_again(page: SignedInPage, fault: str) -> Response:
    return page.show("learner/password.html", 422, fault=fault)


ROUTES = (routes, welcome.routes)
