"""Coming in and going out, and the password that is one's own."""

from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import Response
from sqlalchemy import select

from banyan.accounts.passwords import change_password
from banyan.errors import BadInputError, BanyanError, NotAllowedError
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage, PublicPage
from banyan.portal.registry import PUBLIC, SIGNED_IN, Routes
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
    return page.show("learner/password.html", fault="")


@routes.post("/password", needs=SIGNED_IN, before_password=True)
def set_password(
    page: MyPage, old: Annotated[str, Form()] = "", new: Annotated[str, Form()] = "", again: Annotated[str, Form()] = ""
) -> Response:
    try:
        _change(page, old, new, again)
    except (BadInputError, NotAllowedError) as fault:
        return _asked_again(page, fault)
    return page.go("/")


def _change(page: MyPage, old: str, new: str, again: str) -> None:
    if new != again:
        raise BadInputError(N_("两次输入的新密码不一样，请再输一次"))
    with page.writing() as session:
        change_password(session, session.get_one(Person, page.me.person.id), old, new, page.now)


def _asked_again(page: MyPage, fault: BanyanError) -> Response:
    return page.show("learner/password.html", 422, fault=page.say(fault.message, **fault.params))


ROUTES = (routes,)
