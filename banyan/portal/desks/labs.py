"""A person's own JupyterLab: opening it and, for a trainer, putting a fresh copy of a gradebook into it."""

from urllib.parse import quote, urlencode

from fastapi.responses import RedirectResponse, Response

from banyan.accounts.labs import lab_of
from banyan.accounts.supervisor import supervisor_of
from banyan.domain.permission import Action, Duty
from banyan.errors import NotYetError
from banyan.portal.pages import MyPage
from banyan.portal.registry import SIGNED_IN, Routes
from banyan.records.labs import Purpose
from banyan.tracker.lab_rooms import Room, order_copy, put_copy
from grading.bridge.gradebook import Course

routes = Routes()
FORMGRADER, LAB = "formgrader/gradebook", "lab"


@routes.get("/lab", needs=SIGNED_IN)
def own(page: MyPage) -> Response:
    return _shown(page)


@routes.post("/lab/gradebooks/{course}", needs=Action.READ_GRADEBOOK)
def open_copy(page: MyPage, course: str) -> Response:
    """Put a copy in place and lead to it; the hub starts the server, or starts it again with the new copy."""
    try:
        with page.writing() as session:
            learners = order_copy(session, course, page.me, page.now)
        put_copy(Room(page.house.labs / page.me.person.handle), Course(page.house.gradebooks / course), learners)
    except NotYetError as fault:
        return _shown(page, page.say(fault.message, **fault.params))
    return RedirectResponse(_way(page, FORMGRADER), 303)


def _shown(page: MyPage, fault: str = "") -> Response:
    with page.reading() as session:
        lab = lab_of(session, page.me.person.staff_number, page.today)
        ring = supervisor_of(session, page.me.person.id, page.today) if lab is None else None
    grading = lab is not None and lab.purpose is Purpose.GRADING
    room = Room(page.house.labs / page.me.person.handle)
    return page.show(
        "desks/lab.html",
        422 if fault else 200,
        lab=lab,
        grading=grading,
        courses=_courses(page) if grading else {},
        copied=room.copied if grading else None,
        formgrader=_way(page, FORMGRADER),
        open=_way(page, LAB),
        ring=ring,
        fault=fault,
    )


def _courses(page: MyPage) -> dict[str, str]:
    """Return the titles of the courses somebody teaches, by name."""
    mine = {each.course for each in page.me.actor.charges if each.duty is Duty.TRAINER}
    releases = [each for each in page.house.rulebook.catalogue.all() if each.course in mine]
    return {each.course: page.language.text(each.outline.title.model_dump()) for each in releases}


def _way(page: MyPage, path: str) -> str:
    return "/hub/spawn?" + urlencode({"next": f"/user/{quote(page.me.person.staff_number)}/{path}"})
