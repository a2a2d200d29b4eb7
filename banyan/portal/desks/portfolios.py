"""Pieces of portfolios and teaching logs, reviewed by who trains or assesses in the course."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Form
from fastapi.responses import Response

from banyan.domain.permission import OBSERVERS, Action, subtrees
from banyan.errors import BadInputError
from banyan.portal.desks.piece_desk import Given, deciding, show_list, show_piece
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes
from banyan.portal.sent_photos import show
from banyan.tracker.pieces import piece_for
from banyan.tracker.portfolio import COACHING, LEVEL, PORTFOLIO

routes = Routes()
routes.entry(N_("档案"), "/portfolios", Action.REVIEW)
LIST, ONE = "desks/portfolios.html", "desks/portfolio.html"


@routes.get("/portfolios", needs=Action.REVIEW)
def portfolios(page: MyPage) -> Response:
    return show_list(page, PORTFOLIO, subtrees(page.me.actor, OBSERVERS), LIST)


@routes.get("/portfolios/{portfolio_id}", needs=Action.REVIEW)
def portfolio(page: MyPage, portfolio_id: int) -> Response:
    return show_piece(page, PORTFOLIO, portfolio_id, ONE)


@routes.post("/portfolios/{portfolio_id}", needs=Action.REVIEW)
def decide_portfolio(page: MyPage, portfolio_id: int, given: Given, seen: Annotated[Sequence[str], Form()] = ()) -> Response:
    with page.reading() as session:
        row = piece_for(session, PORTFOLIO, portfolio_id, page.me, page.today)
    try:
        deciding(page, PORTFOLIO, portfolio_id, given, frozenset(seen), COACHING if row.details["teaching_log"] else LEVEL)
    except BadInputError as fault:
        return show_piece(page, PORTFOLIO, portfolio_id, ONE, 422, page.say(fault.message, **fault.params))
    return page.go(f"/portfolios/{portfolio_id}?kept=1")


@routes.get("/portfolios/{portfolio_id}/photos/{position}", needs=Action.REVIEW)
def portfolio_photo(page: MyPage, portfolio_id: int, position: int) -> Response:
    with page.reading() as session:
        row = piece_for(session, PORTFOLIO, portfolio_id, page.me, page.today)
        return show(row, position, page.house.answer_files)
