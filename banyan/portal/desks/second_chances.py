"""One attempt more for a learner who has none left: first what that means, then, with a reason, the deed."""

from typing import Annotated

from fastapi import Form
from fastapi.responses import Response

from banyan.domain.permission import Action
from banyan.errors import BadInputError
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.tracker.second_chances import REASON_LENGTH, Who, allow_another, standing_of

routes = Routes()


@routes.get("/second-chances/{course}/{person_id}", needs=Action.MARK)
def ask(page: MyPage, course: str, person_id: int) -> Response:
    return _shown(page, Who(person_id, course))


@routes.post("/second-chances/{course}/{person_id}", needs=Action.MARK)
def give(page: MyPage, course: str, person_id: int, reason: Annotated[str, Form()] = "") -> Response:
    """Sent twice, one is given; the page says which."""
    who = Who(person_id, course)
    try:
        with page.writing() as session:
            allow_another(session, who, reason, page.me, page.house.rulebook, page.now)
    except BadInputError as fault:
        return _shown(page, who, 422, page.say(fault.message, **fault.params), reason)
    return page.go(f"/second-chances/{course}/{person_id}")


def _shown(page: MyPage, who: Who, status: int = 200, fault: str = "", reason: str = "") -> Response:
    page.here = f"{PORTAL}/marking"
    with page.reading() as session:
        found = standing_of(session, who, page.me, page.house.rulebook, page.now)
    title = page.language.text(page.house.rulebook.catalogue.newest(who.course).title)
    asked = {"fault": fault, "reason": reason, "most": REASON_LENGTH}
    return page.show("desks/second_chance.html", status, found=found, who=who, title=title, **asked)
