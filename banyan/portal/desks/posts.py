"""Posts on a person's page: appoint, move, end."""

from datetime import date
from typing import Annotated

from fastapi import Form
from fastapi.responses import Response

from banyan.domain.permission import Action
from banyan.errors import BadInputError
from banyan.portal.desks.form import SentForm
from banyan.portal.desks.person import DATES, show_person
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes
from banyan.tracker.posts import Wanted, appoint, end_post, transfer

routes = Routes()


@routes.post("/people/{person_id}/posts", needs=Action.MANAGE_PEOPLE)
def give_post(page: MyPage, person_id: int, form: SentForm) -> Response:
    """`instead` is the post that ends as this one begins, "" for none; `at` a unit's code, `part` what lies below it."""
    try:
        wanted, instead = _wanted(form), form.get("instead", "")
        if instead and not instead.isdecimal():
            raise BadInputError(N_("请选原来的岗位"))
        with page.writing() as session:
            rulebook = page.house.rulebook
            if instead:
                transfer(session, page.me, person_id, int(instead), wanted, rulebook, page.now)
            else:
                appoint(session, page.me, person_id, wanted, rulebook, page.now)
    except BadInputError as fault:
        return show_person(page, person_id, fault)
    return page.go(f"/people/{person_id}")


@routes.post("/people/{person_id}/posts/end", needs=Action.MANAGE_PEOPLE)
def finish_post(
    page: MyPage, person_id: int, ending: Annotated[str, Form()] = "", last_day: Annotated[str, Form()] = ""
) -> Response:
    """Whoever is left without a post has left; their page is there no more once the day is over."""
    try:
        if not ending.isdecimal():
            raise BadInputError(N_("请选原来的岗位"))
        last = _day(last_day)
        with page.writing() as session:
            end_post(session, page.me, person_id, int(ending), last, page.now)
    except BadInputError as fault:
        return show_person(page, person_id, fault)
    return page.go("/people" if last < page.today else f"/people/{person_id}")


def _wanted(form: SentForm) -> Wanted:
    grade, until = form.get("grade", "").strip(), form.get("until", "")
    if grade and not (grade.isascii() and grade.isdigit()):
        raise BadInputError(N_("岗位等级是1到18"))
    return Wanted(
        form.get("at", ""),
        form.get("part", ""),
        form.get("role", ""),
        form.get("post", ""),
        int(grade) if grade else None,
        form.get("time", "full") == "full",
        _day(form.get("from_day", "")),
        _day(until) if until else None,
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInputError(DATES) from None
