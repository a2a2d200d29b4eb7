"""The tree of units, one at a time: what is below it, its facilities, another name, another place in the tree."""

from datetime import date
from typing import Annotated

from fastapi import Form
from fastapi.responses import Response

from banyan.domain.permission import Action
from banyan.errors import BadInputError, BanyanError
from banyan.portal.desks.person import DATES
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage, SignedInPage
from banyan.portal.registry import Routes
from banyan.tracker.facilities import Site, add_facility, close_facility
from banyan.tracker.registers import reach
from banyan.tracker.units import add_unit, move_unit, places_to_move, rename_unit, tops, unit_card

routes = Routes()
routes.entry(N_("单位"), "/units", Action.MANAGE_UNITS)


@routes.get("/units", needs=Action.MANAGE_UNITS)
def own_units(page: MyPage) -> Response:
    """Lead to the unit somebody administers; of several, the first."""
    with page.reading() as session:
        found = tops(session, reach(page.me))
    return page.go(f"/units/{found[0].code}")


@routes.get("/units/{code}", needs=Action.MANAGE_UNITS)
def unit(page: MyPage, code: str) -> Response:
    return _show(page, code)


@routes.post("/units/{code}/below", needs=Action.MANAGE_UNITS)
def new_unit(page: MyPage, code: str, name: Annotated[str, Form()] = "", new_code: Annotated[str, Form()] = "") -> Response:
    try:
        with page.writing() as session:
            add_unit(session, page.me, code, name, new_code, page.house.rulebook.outline, page.now)
    except BadInputError as fault:
        return _show(page, code, fault)
    return page.go(f"/units/{code}")


@routes.post("/units/{code}/name", needs=Action.MANAGE_UNITS)
def other_name(page: MyPage, code: str, name: Annotated[str, Form()] = "") -> Response:
    try:
        with page.writing() as session:
            rename_unit(session, page.me, code, name, page.now)
    except BadInputError as fault:
        return _show(page, code, fault)
    return page.go(f"/units/{code}")


@routes.post("/units/{code}/move", needs=Action.MANAGE_UNITS)
def other_place(page: MyPage, code: str, to: Annotated[str, Form()] = "", reason: Annotated[str, Form()] = "") -> Response:
    try:
        if not to:
            raise BadInputError(N_("请选放到哪个单位下面"))
        with page.writing() as session:
            move_unit(session, page.me, code, to, reason, page.now)
    except BadInputError as fault:
        return _show(page, code, fault)
    return page.go(f"/units/{code}")


@routes.post("/units/{code}/facilities", needs=Action.MANAGE_UNITS)
def new_facility(
    page: MyPage,
    code: str,
    kind: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    address: Annotated[str, Form()] = "",
    from_day: Annotated[str, Form()] = "",
) -> Response:
    try:
        site = Site(kind, name, address, _day(from_day) if from_day else page.today)
        with page.writing() as session:
            add_facility(session, page.me, code, site, page.house.rulebook.outline, page.now)
    except BadInputError as fault:
        return _show(page, code, fault)
    return page.go(f"/units/{code}")


@routes.post("/units/{code}/facilities/end", needs=Action.MANAGE_UNITS)
def end_facility(page: MyPage, code: str, facility: Annotated[int, Form()] = 0) -> Response:
    if facility:
        with page.writing() as session:
            close_facility(session, page.me, code, facility, page.now)
        return page.go(f"/units/{code}")
    return _show(page, code, BadInputError(N_("请选一个设施")))


def _show(page: SignedInPage, code: str, fault: BanyanError | None = None) -> Response:
    outline = page.house.rulebook.outline
    with page.reading() as session:
        card = unit_card(session, page.me, code, page.now)
        targets = places_to_move(session, page.me, card.unit)
    level, below = outline.level(card.unit.level), outline.below(card.unit.level)
    return page.show(
        "desks/unit.html",
        422 if fault else 200,
        card=card,
        level=page.language.text(level.name) if level else "",
        below=page.language.text(below.name) if below else "",
        targets=[(each.code, each.name) for each in targets],
        kinds=[(each.code, page.language.text(each.name)) for each in outline.facilities],
        kind_names={each.code: page.language.text(each.name) for each in outline.facilities},
        fault=page.say(fault.message, **fault.params) if fault else "",
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInputError(DATES) from None
