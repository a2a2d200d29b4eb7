"""An assessor's checklist on a phone: whom, which competency, and of every indicator yes, not yet or not seen."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from fastapi.responses import Response
from sqlalchemy.orm import Session

from banyan.domain.framework import Competency
from banyan.domain.observation import ASSESSORS_FOR, Mark
from banyan.domain.permission import Action, Duty, subtrees
from banyan.errors import BadInputError
from banyan.portal.desks.form import SentForm
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.records.people import Person
from banyan.tracker.observations import (
    Sheet,
    beside,
    dispute,
    latest,
    latest_of,
    marks_of,
    may_read,
    may_withdraw,
    observable,
    observation_for,
    observations_by,
    read_marks,
    record,
)
from banyan.tracker.people import people_under, require, target_of
from banyan.tracker.registers import whereabouts
from banyan.tracker.search import answering_to

routes = Routes()
routes.entry(N_("观察"), "/observations", Action.ASSESS)
SHOWN = 60
LEVELS = {2: N_("能独立做日常的"), 3: N_("能处理复杂的"), 4: N_("能带别人做")}
MARKS = {Mark.YES: N_("做到了"), Mark.NOT_YET: N_("还没做到"), Mark.UNSEEN: N_("没看到")}


@dataclass(frozen=True)
class Wish:
    """The form as it was filled in; `marks` by indicator."""

    level: str = "3"
    note: str = ""
    day: str = ""
    place: str = ""
    reason: str = ""
    form_key: str = ""
    marks: Mapping[str, str] | None = None

    @classmethod
    def read(cls, form: Mapping[str, str]) -> "Wish":
        told = {name: form.get(name, "") for name in ("level", "note", "day", "place", "reason", "form_key")}
        return cls(**told, marks={name[5:]: value for name, value in form.items() if name.startswith("mark:")})


@routes.get("/observations", needs=Action.ASSESS)
def observations(page: MyPage, q: str = "", course: str = "") -> Response:
    assessed = _courses(page)
    if not assessed:
        return page.show("desks/no_course.html")
    chosen = course if course in assessed else assessed[0]
    name = q.strip()
    with page.reading() as session:
        found = _called(session, page, chosen, name) if name else []
        where = whereabouts(session, subtrees(page.me.actor, Duty.ASSESSOR), page.today) if found else {}
        mine = observations_by(session, page.me.person.id)
        names = {each.id: each.person.name for each in mine}
    return page.show(
        "desks/observations.html",
        courses=[(each, page.language.text(page.house.rulebook.catalogue.newest(each).title)) for each in assessed],
        course=chosen,
        q=name,
        found=found[:SHOWN],
        where=where,
        mine=mine,
        people=names,
        names=_names(page),
    )


@routes.get("/observations/new/{course}/{person_id}", needs=Action.ASSESS)
def new_observation(page: MyPage, course: str, person_id: int, competency: str = "") -> Response:
    wish = Wish(day=page.today.isoformat(), form_key=secrets.token_hex(16))
    return _form(page, course, person_id, competency, wish)


@routes.post("/observations/new/{course}/{person_id}", needs=Action.ASSESS)
def keep_observation(page: MyPage, course: str, person_id: int, form: SentForm) -> Response:
    wish, code = Wish.read(form), form.get("competency", "")
    try:
        with page.writing() as session:
            require(page.me.actor, Action.ASSESS, target_of(session, person_id, page.today, course))
            competency = next((each for each in _fit(page, course) if each.code == code), None)
            if competency is None:
                raise BadInputError(N_("请选看的是哪一项能力、到哪一步"))
            about = Sheet(person_id, course, code, 0, {}, "", page.today, "", "")
            row = record(session, sheet_of(about, competency, wish), page.me, page.house.rulebook, page.now)
    except BadInputError as fault:
        return _form(page, course, person_id, code, wish, 422, page.say(fault.message, **fault.params))
    return page.go(f"/observations/{row.id}")


@routes.get("/observations/{observation_id}", needs=Action.ASSESS)
def one_observation(page: MyPage, observation_id: int) -> Response:
    with page.reading() as session:
        row = observation_for(session, observation_id, page.me, page.today)
        newest = latest(session, row)
        if newest.id != row.id:
            return page.go(f"/observations/{newest.id}")
        others = beside(session, row) if may_read(session, row, page.me) else []
        _ = (row.person.name, row.assessor.name, [each.assessor.name for each in others])
        readable, mine = may_read(session, row, page.me), may_withdraw(session, row, page.me, page.today)
    page.here = f"{PORTAL}/observations"
    differ = dispute([row, *others])
    return page.show(
        "desks/observation.html",
        row=row,
        readable=readable,
        others=[(each, marks_of(each)) for each in others],
        marks=marks_of(row),
        indicators=_indicators(page, row.competency),
        differ=differ,
        lacks=max(0, ASSESSORS_FOR.get(row.level, 1) - 1 - len(others)),
        mine=mine,
        matter=_names(page).get(row.competency),
        levels=LEVELS,
        words=MARKS,
    )


def sheet_of(about: Sheet, competency: Competency, wish: Wish) -> Sheet:
    """Return a checklist as its form says it, about a person, course and competency; BadInputError where it says nothing."""
    try:
        day, level = date.fromisoformat(wish.day.strip()), int(wish.level)
    except ValueError:
        raise BadInputError(N_("请选哪天看到的")) from None
    marks = read_marks(competency, wish.marks or {})
    key = wish.form_key[:64] or secrets.token_hex(16)
    return replace(about, level=level, marks=marks, note=wish.note, observed_on=day, place=wish.place, form_key=key)


def _form(
    page: MyPage, course: str, person_id: int, code: str, wish: Wish, status: int = 200, fault: str = ""
) -> Response:
    with page.reading() as session:
        require(page.me.actor, Action.ASSESS, target_of(session, person_id, page.today, course))
        person = session.get_one(Person, person_id)
        earlier = [each for each in latest_of(session, person_id) if each.course == course]
        _ = [each.assessor.name for each in earlier]
    fit = _fit(page, course)
    page.here = f"{PORTAL}/observations"
    return page.show(
        "desks/observation_new.html",
        status,
        person=person,
        course=course,
        fit=fit,
        chosen=next((each for each in fit if each.code == code), fit[0] if len(fit) == 1 else None),
        earlier=earlier,
        names=_names(page),
        fault=fault,
        **asked(page, wish),
    )


def asked(page: MyPage, wish: Wish) -> dict[str, object]:
    """Return what the form of a checklist is filled in with."""
    levels = [(str(level), page.say(words)) for level, words in LEVELS.items()]
    return {"wish": replace(wish, marks=wish.marks or {}), "levels": levels, "words": MARKS}


def _fit(page: MyPage, course: str) -> list[Competency]:
    return observable(page.house.rulebook.catalogue.newest(course), page.house.rulebook.framework)


def _indicators(page: MyPage, code: str) -> list[tuple[str, object]]:
    framework = page.house.rulebook.framework
    return [(each.code, each.plain) for each in framework.competency(code).indicators] if code in framework else []


def _courses(page: MyPage) -> list[str]:
    """Return the courses somebody assesses that were published, in the order of names."""
    mine = {each.course for each in page.me.actor.charges if each.duty is Duty.ASSESSOR}
    return [each for each in page.house.rulebook.catalogue.courses() if each in mine]


def _called(session: Session, page: MyPage, course: str, asked: str) -> list[Person]:
    """Return whom somebody may assess in a course who answers to a text; never themselves."""
    paths = subtrees(page.me.actor, Duty.ASSESSOR, course)
    query = people_under(paths, page.today).where(answering_to(asked), Person.id != page.me.person.id)
    return list(session.scalars(query.order_by(Person.staff_number).limit(SHOWN)))


def _names(page: MyPage) -> dict[str, object]:
    return {each.code: each.name for each in page.house.rulebook.framework}
