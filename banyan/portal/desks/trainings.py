"""Sessions at a training base, at the desk: plan one, fill its roster, settle it when it is over."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Annotated

from fastapi import Form
from fastapi.responses import Response

from banyan.domain.attendance import Span
from banyan.domain.calendar import COUNTY_TIME
from banyan.domain.organisation import UnitLevel
from banyan.domain.permission import OBSERVERS, Action, subtrees
from banyan.errors import BadInputError, NotYetError
from banyan.portal.desks.form import SentForm
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.records.training import TrainingSession
from banyan.tracker.people import places
from banyan.tracker.registers import unit_under, units_to_choose, whereabouts
from banyan.tracker.settling import close
from banyan.tracker.training_rolls import attended, rolls_of, seen_in
from banyan.tracker.trainings import (
    MOST_PEOPLE,
    TrainingPlan,
    call_off,
    plan,
    roster,
    seat,
    suitable,
    to_seat,
    training_for,
    trainings_of,
    unseat,
)

routes = Routes()
routes.entry(N_("实训"), "/trainings", Action.OBSERVE)
ROWS = 4
"""Parts the form has room for; a session of more is planned as two."""
Codes = Annotated[Sequence[str], Form()]
Numbers = Annotated[Sequence[int], Form()]


@dataclass(frozen=True)
class Wish:
    """The form as it was filled in; `times` are its rows of day, begin and end."""

    course: str = ""
    unit: str = ""
    title: str = ""
    place: str = ""
    capacity: str = "40"
    level: str = "3"
    form_key: str = ""
    shows: tuple[str, ...] = ()
    times: tuple[tuple[str, str, str], ...] = field(default=(("", "09:00", "11:30"), ("", "14:30", "17:00"), *[("", "", "")] * 2))

    @classmethod
    def read(cls, form: Mapping[str, str], shows: Sequence[str]) -> "Wish":
        told = {each: form.get(each, "") for each in ("course", "unit", "title", "place", "capacity", "level", "form_key")}
        times = [(form.get(f"day-{n}", ""), form.get(f"begins-{n}", ""), form.get(f"ends-{n}", "")) for n in range(ROWS)]
        return cls(**told, shows=tuple(shows), times=tuple(times))


@routes.get("/trainings", needs=Action.OBSERVE)
def trainings(page: MyPage) -> Response:
    taught = _observed_by(page)
    if not taught:
        return page.show("desks/no_course.html")
    with page.reading() as session:
        rows = trainings_of(session, page.me, taught)
        lines = [(each, len(roster(session, each))) for each in rows]
    return page.show(
        "desks/trainings.html",
        coming=[each for each in reversed(lines) if _is_ahead(each[0])],
        past=[each for each in lines if not _is_ahead(each[0])],
    )


@routes.get("/trainings/new", needs=Action.OBSERVE)
def new_training(page: MyPage) -> Response:
    return _form(page, Wish(form_key=secrets.token_hex(16)))


@routes.post("/trainings", needs=Action.OBSERVE)
def make_training(page: MyPage, form: SentForm, shows: Codes = ()) -> Response:
    wish = Wish.read(form, shows)
    try:
        _require_choice(wish)
        with page.writing() as session:
            unit = unit_under(session, wish.unit, subtrees(page.me.actor, OBSERVERS, wish.course))
            number = plan(session, _plan(wish, unit.path), page.me, page.house.rulebook, page.now).id
    except BadInputError as fault:
        return _form(page, wish, 422, page.say(fault.message, **fault.params))
    return page.go(f"/trainings/{number}")


@routes.get("/trainings/{training_id}", needs=Action.OBSERVE)
def one_training(page: MyPage, training_id: int, q: str = "") -> Response:
    return _training(page, training_id, q.strip())


@routes.post("/trainings/{training_id}/seats", needs=Action.OBSERVE)
def give_seats(page: MyPage, training_id: int, people: Numbers = (), q: Annotated[str, Form()] = "") -> Response:
    try:
        with page.writing() as session:
            seat(session, training_id, people, page.me, page.now)
    except BadInputError as fault:
        return _training(page, training_id, q, 422, page.say(fault.message, **fault.params))
    return page.go(f"/trainings/{training_id}#roster")


@routes.post("/trainings/{training_id}/people/{person_id}/unseat", needs=Action.OBSERVE)
def take_seat_back(page: MyPage, training_id: int, person_id: int) -> Response:
    try:
        with page.writing() as session:
            unseat(session, training_id, person_id, page.me, page.now)
    except BadInputError as fault:
        return _training(page, training_id, "", 422, page.say(fault.message, **fault.params))
    return page.go(f"/trainings/{training_id}#roster")


@routes.post("/trainings/{training_id}/call-off", needs=Action.OBSERVE)
def call_training_off(page: MyPage, training_id: int) -> Response:
    try:
        with page.writing() as session:
            call_off(session, training_id, page.me, page.now)
    except BadInputError as fault:
        return _training(page, training_id, "", 422, page.say(fault.message, **fault.params))
    return page.go(f"/trainings/{training_id}")


@routes.post("/trainings/{training_id}/close", needs=Action.OBSERVE)
def settle_training(page: MyPage, training_id: int) -> Response:
    try:
        with page.writing() as session:
            close(session, training_id, page.me, page.house.rulebook, page.now)
    except (BadInputError, NotYetError) as fault:
        return _training(page, training_id, "", 422, page.say(fault.message, **fault.params))
    return page.go(f"/trainings/{training_id}#roster")


def _is_ahead(row: TrainingSession) -> bool:
    return row.closed_at is None and row.called_off_at is None


def _training(page: MyPage, training_id: int, asked: str, status: int = 200, fault: str = "") -> Response:
    with page.reading() as session:
        row = training_for(session, training_id, page.me)
        listed = roster(session, row)
        rolls, seen = rolls_of(session, row), seen_in(session, row)
        found = to_seat(session, row, page.me, asked, page.now) if asked and _is_ahead(row) else []
        where = whereabouts(session, [row.unit.path], page.today)
        at = places(session, [row.unit])[row.unit.id]
    page.here = f"{PORTAL}/trainings"
    framework = page.house.rulebook.framework
    return page.show(
        "desks/training.html",
        status,
        row=row,
        at=at or (row.unit.name,),
        shows=[framework.competency(code) for code in row.shows if code in framework],
        listed=[(each, attended(row, rolls.get(each.id, {})), rolls.get(each.id, {}), seen.get(each.id)) for each in listed],
        whole=sum(len(each) for each in row.shows.values()),
        found=found,
        where=where,
        q=asked,
        over=page.now >= row.parts[-1].ends_at,
        fault=fault,
    )


def _require_choice(wish: Wish) -> None:
    if not wish.course or not wish.unit:
        raise BadInputError(N_("请选配哪门课、给哪里的人"))


def _plan(wish: Wish, unit_path: str) -> TrainingPlan:
    shows: dict[str, set[str]] = {}
    for code in wish.shows:
        shows.setdefault(code.rpartition(".")[0], set()).add(code)
    return TrainingPlan(
        course=wish.course,
        unit_path=unit_path,
        title=wish.title,
        place=wish.place,
        capacity=_number(wish.capacity),
        shows={code: frozenset(each) for code, each in shows.items()},
        level=_number(wish.level),
        spans=tuple(_span(*each) for each in wish.times if each[0].strip()),
        form_key=wish.form_key[:64] or secrets.token_hex(16),
    )


def _span(day: str, begins: str, ends: str) -> Span:
    try:
        on, first, last = date.fromisoformat(day.strip()), _clock(begins), _clock(ends)
    except ValueError:
        raise BadInputError(N_("每一段时间都要选日期，填几点到几点")) from None
    return Span(datetime.combine(on, first, COUNTY_TIME), datetime.combine(on, last, COUNTY_TIME))


def _clock(text: str) -> time:
    return time.fromisoformat(text.strip()).replace(tzinfo=None)


def _number(text: str) -> int:
    """Return a small number as it was typed; what is none is 0, which no field takes."""
    digits = text.strip()
    return int(digits) if digits.isdecimal() and len(digits) <= 6 else 0


def _observed_by(page: MyPage) -> list[str]:
    """Return the courses somebody trains or assesses, in the order of names."""
    mine = {each.course for each in page.me.actor.charges if each.duty in OBSERVERS}
    return [each for each in page.house.rulebook.catalogue.courses() if each in mine]


def _form(page: MyPage, wish: Wish, status: int = 200, fault: str = "") -> Response:
    taught = _observed_by(page)
    if not taught:
        return page.show("desks/no_course.html")
    with page.reading() as session:
        units = units_to_choose(session, subtrees(page.me.actor, OBSERVERS))
    top = min((unit.level for unit in units), default=UnitLevel.COUNTY)
    catalogue = page.house.rulebook.catalogue
    page.here = f"{PORTAL}/trainings"
    return page.show(
        "desks/training_new.html",
        status,
        wish=wish,
        fault=fault,
        courses=[(each, page.language.text(catalogue.newest(each).title)) for each in taught],
        units=[(unit.code, "\u3000" * (unit.level - top) + unit.name) for unit in units],
        competencies=suitable(page.house.rulebook.framework),
        levels=[("2", page.say(N_("日常情形"))), ("3", page.say(N_("复杂情形")))],
        most=MOST_PEOPLE,
    )
