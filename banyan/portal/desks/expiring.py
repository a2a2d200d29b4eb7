"""Whose certificate runs out: to ring while there is time to renew it."""

from typing import Annotated

from fastapi import Form
from fastapi.responses import Response

from banyan.domain.permission import Action
from banyan.portal.desks.paging import sheet
from banyan.portal.desks.programme import chosen
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes
from banyan.tracker.expiring import expiring
from banyan.tracker.notices import noticed_under
from banyan.tracker.registers import in_care
from banyan.tracker.reminders import remind

routes = Routes()
routes.entry(N_("快到期"), "/expiring", Action.REMIND)


@routes.get("/expiring", needs=Action.REMIND)
def expiring_list(page: MyPage, p: int = 1, told: int = 0) -> Response:
    """`told` is whom somebody else had reminded when 已提醒 was pressed."""
    with page.reading() as session:
        lines = expiring(session, in_care(page.me), page.now)
        noticed = noticed_under(session, in_care(page.me), page.today)
    return page.show(
        "desks/expiring.html",
        sheet=sheet(lines, p),
        over=sum(line.over for line in lines),
        titles={each.code: each.title for each in page.house.rulebook.programmes},
        noticed=noticed,
        told=next((line for line in lines if line.person.id == told), None),
    )


@routes.post("/expiring/{person_id}/reminded", needs=Action.REMIND)
def reminded(page: MyPage, person_id: int, programme: Annotated[str, Form()] = "", p: Annotated[str, Form()] = "") -> Response:
    """Keep that somebody was reminded; whoever comes second within a day is told of the first."""
    with page.writing() as session:
        _, new = remind(session, person_id, chosen(page, programme), page.me, page.now)
    asked = [f"p={p}" if p.isdecimal() else "", "" if new else f"told={person_id}"]
    return page.go(f"/expiring?{'&'.join(filter(None, asked))}#person-{person_id}")
