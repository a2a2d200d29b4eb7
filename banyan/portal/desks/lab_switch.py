"""JupyterLab for one person: what it means, turned on with a reason, turned off again."""

from typing import Annotated

from fastapi import Form
from fastapi.responses import Response

from banyan.accounts.labs import standing_grant, teaches
from banyan.domain.permission import Action
from banyan.errors import BadInputError
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.records.labs import Purpose
from banyan.records.people import Person
from banyan.tracker.labs import LabWish, turn_off, turn_on
from banyan.tracker.people import require, target_of
from banyan.tracker.second_chances import REASON_LENGTH

routes = Routes()
PURPOSES = {Purpose.GRADING: N_("看成绩册"), Purpose.TASKS: N_("做上机作业")}


@routes.get("/people/{person_id}/lab", needs=Action.SWITCH_LAB)
def switch(page: MyPage, person_id: int) -> Response:
    return _shown(page, person_id)


@routes.post("/people/{person_id}/lab", needs=Action.SWITCH_LAB)
def on(page: MyPage, person_id: int, purpose: Annotated[str, Form()] = "", reason: Annotated[str, Form()] = "") -> Response:
    wish = LabWish(person_id, purpose, reason)
    try:
        with page.writing() as session:
            turn_on(session, wish, page.me, page.now)
    except BadInputError as fault:
        return _shown(page, person_id, page.say(fault.message, **fault.params), wish)
    return page.go(f"/people/{person_id}/lab")


@routes.post("/people/{person_id}/lab/off", needs=Action.SWITCH_LAB)
def off(page: MyPage, person_id: int) -> Response:
    with page.writing() as session:
        turn_off(session, person_id, page.me, page.now)
    return page.go(f"/people/{person_id}/lab")


def _shown(page: MyPage, person_id: int, fault: str = "", wish: LabWish | None = None) -> Response:
    page.here = f"{PORTAL}/people"
    with page.reading() as session:
        require(page.me.actor, Action.SWITCH_LAB, target_of(session, person_id, page.today))
        person, grant = session.get_one(Person, person_id), standing_grant(session, person_id)
        trains = teaches(session, person_id, page.today)
        giver = grant.giver.name if grant else ""
    return page.show(
        "desks/lab_switch.html",
        422 if fault else 200,
        who=person,
        grant=grant,
        giver=giver,
        trains=trains,
        purposes=PURPOSES if trains else {Purpose.TASKS: PURPOSES[Purpose.TASKS]},
        names=PURPOSES,
        wish=wish or LabWish(person_id, "", ""),
        most=REASON_LENGTH,
        fault=fault,
    )
