"""Publishing courses: what is published, what changed since, what it waits for; one button each."""

from typing import Annotated

from fastapi import Form
from fastapi.responses import Response

from banyan.domain.county import BY_KEY
from banyan.domain.permission import Action
from banyan.errors import BanyanError, CourseError, NotYetError
from banyan.portal.desks.opening import onward
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.tracker.county import county_unit, may_set, towns
from banyan.tracker.publishing import publish, shelf

routes = Routes()


@routes.get("/publishing", needs=Action.PUBLISH)
def publishing(page: MyPage, done: str = "") -> Response:
    return _shown(page, done=done)


@routes.post("/publishing", needs=Action.PUBLISH)
def publish_one(page: MyPage, course: Annotated[str, Form()] = "") -> Response:
    if not course:
        return page.go("/publishing")
    try:
        with page.writing() as session:
            publish(session, page.house.workshop, course, page.me, page.now)
    except (NotYetError, CourseError) as fault:
        return _shown(page, fault=fault)
    return page.go(f"/publishing?done={course}")


def _shown(page: MyPage, done: str = "", fault: BanyanError | None = None) -> Response:
    page.here = f"{PORTAL}/county"
    with page.reading() as session:
        standings = shelf(session, page.house.workshop)
        units = {unit.path: unit for unit in (county_unit(session), *towns(session))}
        top = county_unit(session)
        then = onward(session, page) if done else None
    return page.show(
        "desks/publishing.html",
        422 if fault else 200,
        standings=standings,
        settings=BY_KEY,
        units=units,
        top=top,
        onward=then,
        whole=may_set(page.me, top.path),
        done=next((each for each in standings if each.course == done and each.release), None),
        faults=fault.faults if isinstance(fault, CourseError) else [],
        fault=page.say(fault.message, **fault.params) if isinstance(fault, NotYetError) else "",
    )
