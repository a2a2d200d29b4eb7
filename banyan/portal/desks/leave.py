"""Somebody's leave: what is recorded, recording it, taking back what was a mistake; and refused certificates, proposed again."""

from datetime import date
from typing import Annotated

from fastapi import Form
from fastapi.responses import Response

from banyan.domain.permission import Action
from banyan.errors import BadInputError, BanyanError, NotYetError
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.records.people import Person
from banyan.tracker.awards import award_due
from banyan.tracker.certifying import propose_again, refusals_of
from banyan.tracker.leaves import Away, leaves_of, record_leave, take_back_leave
from banyan.tracker.people import require, target_of

routes = Routes()


@routes.get("/people/{person_id}/leave", needs=Action.REVOKE)
def leave(page: MyPage, person_id: int) -> Response:
    return _show(page, person_id)


@routes.post("/people/{person_id}/leave", needs=Action.REVOKE)
def record(
    page: MyPage,
    person_id: int,
    starts_on: Annotated[str, Form()] = "",
    ends_on: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    try:
        away = Away(person_id, _day(starts_on), _day(ends_on), reason)
        with page.writing() as session:
            record_leave(session, away, page.me, page.now)
            award_due(session, person_id, page.house.rulebook, page.now)
    except BadInputError as fault:
        return _show(page, person_id, fault, (starts_on[:20], ends_on[:20], reason[:200]))
    return page.go(f"/people/{person_id}/leave")


@routes.post("/people/{person_id}/leave/take-back", needs=Action.REVOKE)
def take_back(page: MyPage, person_id: int, leave_id: Annotated[int, Form()] = 0) -> Response:
    try:
        with page.writing() as session:
            take_back_leave(session, person_id, leave_id, page.me, page.now)
    except BadInputError as fault:
        return _show(page, person_id, fault)
    return page.go(f"/people/{person_id}/leave")


@routes.post("/people/{person_id}/propose", needs=Action.REVOKE)
def propose(page: MyPage, person_id: int, programme: Annotated[str, Form()] = "") -> Response:
    """Propose again what a certifier refused."""
    try:
        with page.writing() as session:
            propose_again(session, person_id, programme, page.me, page.house.rulebook, page.now)
    except (BadInputError, NotYetError) as fault:
        return _show(page, person_id, fault)
    return page.go(f"/people/{person_id}/leave")


def _show(page: MyPage, person_id: int, fault: BanyanError | None = None, wish: tuple[str, str, str] = ("", "", "")) -> Response:
    page.here = f"{PORTAL}/people"
    with page.reading() as session:
        require(page.me.actor, Action.REVOKE, target_of(session, person_id, page.today))
        who = session.get_one(Person, person_id)
        return page.show(
            "desks/leave.html",
            422 if fault else 200,
            who=who,
            leaves=leaves_of(session, person_id),
            refused=refusals_of(session, person_id),
            titles={each.code: each.title for each in page.house.rulebook.programmes},
            stops=[each.title for each in page.house.rulebook.offered if each.leave_suspends],
            fault=page.say(fault.message, **fault.params) if fault else "",
            wish=wish,
        )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInputError(N_("日期写得不对，请从日历里选")) from None
