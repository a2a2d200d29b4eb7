"""More time at an exam for one learner: who has it, finding somebody, giving it with a reason, taking it back."""

from typing import Annotated

from fastapi import Form
from fastapi.responses import Response

from banyan.domain.examination import FACTORS
from banyan.domain.permission import Action, Duty
from banyan.errors import BadInputError, NotFoundError, NotYetError
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.tracker.extra_time import Wish, called, entitled, lengthen, lengthened, take_time_back, theirs
from banyan.tracker.registers import whereabouts
from banyan.tracker.second_chances import REASON_LENGTH, Who

routes = Routes()
routes.entry(N_("考试时间"), "/extra-time", Action.LENGTHEN)


@routes.get("/extra-time", needs=Action.LENGTHEN)
def everybody(page: MyPage, course: str = "", q: str = "") -> Response:
    """Without a name: who has more time; with one: whoever of my area is called so."""
    mine = courses_of(page)
    if not mine:
        return page.show("desks/no_course.html")
    chosen, asked = course or mine[0], q.strip()
    if chosen not in mine:
        raise NotFoundError(N_("没有找到这门课，请回到上一页重新选"))
    with page.reading() as session:
        found = called(session, page.me, chosen, asked, page.today) if asked else []
        given = lengthened(session, page.me, chosen, page.today)
        where = whereabouts(session, theirs(page.me, chosen), page.today) if found or given else {}
    return page.show(
        "desks/extra_times.html",
        courses=[(each, page.language.text(page.house.rulebook.catalogue.newest(each).title)) for each in mine],
        course=chosen,
        q=asked,
        found=found,
        given={each.person_id: each for each in given},
        where=where,
    )


@routes.get("/extra-time/{course}/{person_id}", needs=Action.LENGTHEN)
def one(page: MyPage, course: str, person_id: int) -> Response:
    return _shown(page, Who(person_id, course))


@routes.post("/extra-time/{course}/{person_id}", needs=Action.LENGTHEN)
def give(
    page: MyPage, course: str, person_id: int, factor: Annotated[str, Form()] = "", reason: Annotated[str, Form()] = ""
) -> Response:
    who = Who(person_id, course)
    wish = Wish(who, next((each for each in FACTORS if f"{each:g}" == factor), 0), reason)
    try:
        with page.writing() as session:
            lengthen(session, wish, page.me, page.now)
    except (BadInputError, NotYetError) as fault:
        return _shown(page, who, 422, page.say(fault.message, **fault.params), wish)
    return page.go(f"/extra-time/{course}/{person_id}")


@routes.post("/extra-time/{course}/{person_id}/take-back", needs=Action.LENGTHEN)
def take_back(page: MyPage, course: str, person_id: int) -> Response:
    who = Who(person_id, course)
    try:
        with page.writing() as session:
            take_time_back(session, who, page.me, page.now)
    except NotYetError as fault:
        return _shown(page, who, 422, page.say(fault.message, **fault.params))
    return page.go(f"/extra-time/{course}/{person_id}")


def courses_of(page: MyPage) -> list[str]:
    """Return the courses at whose exam somebody may give more time, in the order of names: an administrator at any."""
    released = page.house.rulebook.catalogue.courses()
    over = any(each.duty is Duty.ADMINISTRATOR for each in page.me.actor.charges)
    taught = {each.course for each in page.me.actor.charges if each.duty is Duty.TRAINER}
    return [each for each in released if over or each in taught]


def _shown(page: MyPage, who: Who, status: int = 200, fault: str = "", wish: Wish | None = None) -> Response:
    with page.reading() as session:
        found = entitled(session, who, page.me, page.now)
    release = page.house.rulebook.catalogue.newest(who.course)
    page.here = f"{PORTAL}/extra-time"
    return page.show(
        "desks/extra_time.html",
        status,
        found=found,
        who=who,
        title=page.language.text(release.title),
        usual=release.exam.terms.minutes,
        choices=[(f"{each:g}", release.exam.terms.minutes_at(each)) for each in FACTORS],
        minutes=release.exam.terms.minutes_at(found.time.factor) if found.time else 0,
        wish=wish or Wish(who, 0, ""),
        fault=fault,
        most=REASON_LENGTH,
    )
