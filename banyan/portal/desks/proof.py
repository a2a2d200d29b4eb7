"""Why somebody is qualified, or not yet: the whole chain, as of any day, for their administrator and for the auditor."""

from datetime import date
from typing import Annotated

from fastapi import Query
from fastapi.responses import Response

from banyan.domain.calendar import county_day
from banyan.domain.permission import Action
from banyan.errors import BadInputError
from banyan.portal.desks.words import KINDS, LEVELS, SOURCES, WHYS
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.tracker.chain import chain_for, person_numbered

routes = Routes()
Day = Annotated[str, Query(max_length=20)]
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


@routes.get("/people/{person_id}/proof", needs=Action.SEE_PEOPLE)
def proof(page: MyPage, person_id: int, on: Day = "") -> Response:
    page.here = f"{PORTAL}/people"
    return _show(page, person_id, on, f"{PORTAL}/people/{person_id}")


@routes.get("/audit/people/{staff_number}", needs=Action.READ_AUDIT)
def proof_for_auditors(page: MyPage, staff_number: str, on: Day = "") -> Response:
    page.here = f"{PORTAL}/audit"
    with page.reading() as session:
        person_id = person_numbered(session, staff_number)
    return _show(page, person_id, on, f"{PORTAL}/audit")


def _show(page: MyPage, person_id: int, on: str, back: str) -> Response:
    fault, day = None, page.today
    try:
        day = _day(on) if on else day
    except BadInputError as found:
        fault = found
    with page.reading() as session:
        chain = chain_for(session, person_id, page.me, page.house.rulebook, day, page.today)
        return page.show(
            "desks/proof.html",
            422 if fault else 200,
            chain=chain,
            back=back,
            fault=page.say(fault.message, **fault.params) if fault else "",
            kinds=KINDS,
            levels=LEVELS,
            sources=SOURCES,
            county_day=county_day,
            whys=WHYS,
            names={each.code: each.name for each in page.house.rulebook.framework},
        )


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadInputError(N_("日期写得不对，请从日历里选")) from None
    if not EARLIEST <= day <= LATEST:
        raise BadInputError(N_("日期写得不对，请从日历里选"))
    return day
