"""One's own duties: what one is trusted with, and handing it to somebody for a time."""

from datetime import date
from typing import Annotated

from fastapi import Form
from fastapi.responses import Response

from banyan.domain.lending import Loan
from banyan.domain.permission import Action, Duty
from banyan.errors import BadInputError, BanyanError
from banyan.portal.desks.person import DATES, DUTIES
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage, SignedInPage
from banyan.portal.registry import Routes
from banyan.tracker.duties import duties_of
from banyan.tracker.lending import Borrower, call_back, lend, loans_of

routes = Routes()
FIELDS = ("charge", "number", "name", "from_day", "until", "reason")
routes.entry(N_("我的职责"), "/duties", Action.SEE_DUTIES)


@routes.get("/duties", needs=Action.SEE_DUTIES)
def my_duties(page: MyPage) -> Response:
    return _show(page)


@routes.post("/duties/lend", needs=Action.LEND)
def hand_on(
    page: MyPage,
    charge: Annotated[str, Form()] = "",
    number: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    from_day: Annotated[str, Form()] = "",
    until: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    said = {"charge": charge, "number": number, "name": name, "from_day": from_day, "until": until, "reason": reason}
    try:
        if not charge.isdecimal():
            raise BadInputError(N_("请选一项您自己的职责"))
        loan = Loan(_day(from_day), _day(until), " ".join(reason.split()))
        with page.writing() as session:
            lend(session, page.me, int(charge), Borrower(number, name), loan, page.now)
    except BadInputError as fault:
        return _show(page, said, fault)
    return page.go("/duties")


@routes.post("/duties/call-back", needs=Action.LEND)
def take_it_back(page: MyPage, loan: Annotated[int, Form()] = 0) -> Response:
    if loan:
        with page.writing() as session:
            call_back(session, page.me, loan, page.now)
    return page.go("/duties")


def _show(page: SignedInPage, said: dict[str, str] | None = None, fault: BanyanError | None = None) -> Response:
    with page.reading() as session:
        mine = duties_of(session, page.me.person.id, page.today)
        loans = loans_of(session, mine, page.today)
    may_lend = [
        each for each in mine if each.lent_from_id is None and each.duty != Duty.PLATFORM and each.starts_on <= page.today
    ]
    catalogue = page.house.rulebook.catalogue.all()
    return page.show(
        "desks/duties.html",
        422 if fault else 200,
        mine=mine,
        loans=loans,
        may_lend=may_lend,
        duties=DUTIES,
        courses={each.course: page.language.text(each.outline.title.model_dump()) for each in catalogue},
        said=said or dict.fromkeys(FIELDS, ""),
        fault=page.say(fault.message, **fault.params) if fault else "",
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInputError(DATES) from None
