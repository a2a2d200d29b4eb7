"""Practice that somebody says they did under one: confirmed with what was seen, or sent back with words."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Form
from fastapi.responses import Response

from banyan.domain.permission import GUIDES, Action, subtrees
from banyan.errors import BadInputError
from banyan.portal.desks.piece_desk import Given, deciding, show_list, show_piece
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes
from banyan.tracker.practice import PRACTICE

routes = Routes()
routes.entry(N_("跟岗"), "/practices", Action.CONFIRM_PRACTICE)
LIST, ONE = "desks/practices.html", "desks/practice.html"


@routes.get("/practices", needs=Action.CONFIRM_PRACTICE)
def practices(page: MyPage) -> Response:
    return show_list(page, PRACTICE, subtrees(page.me.actor, GUIDES), LIST)


@routes.get("/practices/{practice_id}", needs=Action.CONFIRM_PRACTICE)
def practice(page: MyPage, practice_id: int) -> Response:
    return show_piece(page, PRACTICE, practice_id, ONE)


@routes.post("/practices/{practice_id}", needs=Action.CONFIRM_PRACTICE)
def decide_practice(page: MyPage, practice_id: int, given: Given, seen: Annotated[Sequence[str], Form()] = ()) -> Response:
    try:
        deciding(page, PRACTICE, practice_id, given, frozenset(seen), 2)
    except BadInputError as fault:
        return show_piece(page, PRACTICE, practice_id, ONE, 422, page.say(fault.message, **fault.params))
    return page.go(f"/practices/{practice_id}?kept=1")
