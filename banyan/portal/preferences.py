"""How I like to read: kept with the person, so that the next phone knows it too. No script is needed."""

from typing import Annotated

from fastapi import Form
from fastapi.responses import RedirectResponse, Response

from banyan.accounts import preferences
from banyan.portal.pages import MyPage, keep
from banyan.portal.registry import SIGNED_IN, Routes
from banyan.words.choice import choices, local

routes = Routes()


@routes.post("/preferences", needs=SIGNED_IN, before_password=True)
def prefer(
    page: MyPage, lang: Annotated[str, Form()] = "", size: Annotated[str, Form()] = "", back: Annotated[str, Form()] = "/"
) -> Response:
    """A link with `?lang=` only sets a cookie; what is remembered of a person takes a form with the seal."""
    chosen = choices({"lang": lang, "size": size})
    with page.writing() as session:
        preferences.keep(session, page.me.person.id, chosen)
    reply = RedirectResponse(local(back), 303)
    keep(reply, chosen)
    return reply


ROUTES = (routes,)
