"""One person: where they stand, how they come in, a new slip in two taps, duties given and taken back."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Annotated

from fastapi import Form
from fastapi.responses import Response

from banyan.accounts.labs import standing_grant
from banyan.accounts.refusal import called
from banyan.accounts.slips import issue_slips
from banyan.domain.permission import BY_COURSE, Action, Duty
from banyan.errors import BadInputError, BanyanError
from banyan.portal.desks.opening import onward
from banyan.portal.desks.slip_paper import paper
from banyan.portal.desks.words import ROLES, STAGES
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage, SignedInPage
from banyan.portal.registry import Routes
from banyan.records.people import Appointment
from banyan.tracker.duties import GIVEN, Wish, give, take_back
from banyan.tracker.person_card import card, for_slip, mend, stop
from banyan.tracker.registers import reach, units_to_choose
from banyan.tracker.reports import people
from banyan.tracker.withdrawals import Waiver, asked_of
from banyan.tracker.withdrawals import take_back as waive

routes = Routes()
DUTIES = {
    Duty.TRAINER: N_("老师"),
    Duty.ASSESSOR: N_("考评员"),
    Duty.CERTIFIER: N_("发证人"),
    Duty.SUPERVISOR: N_("主管"),
    Duty.ADMINISTRATOR: N_("管理员"),
    Duty.PLATFORM: N_("平台管理员"),
}
DATES = N_("日期写得不对，请从日历里选")


@routes.get("/people/{person_id}", needs=Action.SEE_PEOPLE)
def person(page: MyPage, person_id: int, given: str = "") -> Response:
    return show_person(page, person_id, given=bool(given))


@routes.post("/people/{person_id}/slip", needs=Action.ISSUE_SLIP)
def new_slip(page: MyPage, person_id: int) -> Response:
    """Issue a slip and show it at once; nobody can show it again."""
    with page.writing() as session:
        whose = for_slip(session, page.me, person_id, page.today)
        slip = issue_slips(session, [whose], page.house.entry_key, page.me.person, page.now)[0]
        found = card(session, page.me, person_id, page.today)
    where = found.places[found.posts[0].unit_id] if found.posts else ()
    return page.show("desks/slip.html", paper=paper(slip, page.origin, where, found.supervisor))


@routes.post("/people/{person_id}/stop", needs=Action.ISSUE_SLIP)
def stop_entry(page: MyPage, person_id: int) -> Response:
    with page.writing() as session:
        stop(session, page.me, person_id, page.now)
    return page.go(f"/people/{person_id}")


@routes.post("/people/{person_id}/details", needs=Action.MANAGE_PEOPLE)
def put_right(page: MyPage, person_id: int, name: Annotated[str, Form()] = "", phone: Annotated[str, Form()] = "") -> Response:
    try:
        with page.writing() as session:
            mend(session, page.me, person_id, name, phone, page.now)
    except BadInputError as fault:
        return show_person(page, person_id, fault)
    return page.go(f"/people/{person_id}")


@routes.post("/people/{person_id}/duties", needs=Action.GRANT)
def give_duty(
    page: MyPage,
    person_id: int,
    duty: Annotated[str, Form()] = "",
    unit: Annotated[str, Form()] = "",
    from_day: Annotated[str, Form()] = "",
    until: Annotated[str, Form()] = "",
) -> Response:
    """`duty` is administrator, supervisor or certifier; trainer:COURSE or assessor:COURSE."""
    try:
        kind, course = _duty(duty, _courses(page))
        wish = Wish(kind, unit, course, _day(from_day) or page.today, _day(until))
        with page.writing() as session:
            give(session, page.me, person_id, wish, page.now)
    except BadInputError as fault:
        return show_person(page, person_id, fault)
    return page.go(f"/people/{person_id}?given=1")


@routes.post("/people/{person_id}/duties/end", needs=Action.GRANT)
def end_duty(page: MyPage, person_id: int, charge: Annotated[int, Form()] = 0) -> Response:
    try:
        with page.writing() as session:
            take_back(session, page.me, person_id, charge, page.now)
    except BadInputError as fault:
        return show_person(page, person_id, fault)
    return page.go(f"/people/{person_id}")


@routes.post("/people/{person_id}/take-back", needs=Action.ASSIGN)
def no_longer_asked(
    page: MyPage, person_id: int, programme: Annotated[str, Form()] = "", reason: Annotated[str, Form()] = ""
) -> Response:
    """Take back what was asked of one person, for a reason; what they learnt stays."""
    waiver = Waiver(programme, person_id=person_id, reason=reason)
    try:
        if programme not in {each.code for each in page.house.rulebook.programmes}:
            raise BadInputError(N_("请选收回哪个培训"))
        with page.writing() as session:
            waive(session, waiver, page.me, page.house.rulebook, page.now)
    except BadInputError as fault:
        return show_person(page, person_id, fault)
    return page.go(f"/people/{person_id}")


def show_person(page: SignedInPage, person_id: int, fault: BanyanError | None = None, given: bool = False) -> Response:
    rulebook = page.house.rulebook
    with page.reading() as session:
        found = card(session, page.me, person_id, page.today)
        at = [each.unit.path for each in found.posts]  # reading these few units is cheaper than one's whole subtree
        stands = [
            (programme, line)
            for programme in rulebook.offered
            for line in people(session, at, programme, rulebook, page.today)
            if line.person.id == person_id
        ]
        units = units_to_choose(session, reach(page.me))
        asked = asked_of(session, person_id)
        lab = standing_grant(session, person_id) is not None
        then = onward(session, page) if given else None
    return page.show(
        "desks/person.html",
        422 if fault else 200,
        card=found,
        given=given and bool(found.duties),
        onward=then,
        stands=stands,
        asked=asked,
        lab=lab,
        stages=STAGES,
        duties=DUTIES,
        courses=_courses(page),
        roles=[(role.value, page.say(word)) for role, word in ROLES.items()],
        units=[(unit.code, unit.name) for unit in units if not found.oneself],
        own_units=[(unit.code, unit.name) for unit in units],
        usual_unit=_usual(found.posts, {unit.code for unit in units}),
        phones={each.id: called(each.label, page.language) for each in found.devices},
        fault=page.say(fault.message, **fault.params) if fault else "",
    )


def _usual(posts: Sequence[Appointment], offered: Collection[str]) -> str:
    """Return where somebody works now, or the unit nearest above that can be chosen: most who move stay close by."""
    codes = posts[0].unit.path.strip("/").split("/") if posts else []
    return next((code for code in reversed(codes) if code in offered), "")


def _courses(page: SignedInPage) -> dict[str, str]:
    return {each.course: page.language.text(each.outline.title.model_dump()) for each in page.house.rulebook.catalogue.all()}


def _duty(text: str, courses: Collection[str]) -> tuple[Duty, str]:
    """Return a duty that may be given, and its course."""
    kind, _, course = text.partition(":")
    if kind not in GIVEN or (course not in courses if kind in BY_COURSE else course):
        raise BadInputError(N_("请选一项职责"))
    return Duty(kind), course


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInputError(DATES) from None
