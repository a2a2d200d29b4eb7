"""Voluntary service at the desk of the social worker who leads it: write it down, pair volunteers, confirm their hours."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from typing import Annotated

from fastapi import Form
from fastapi.responses import Response
from sqlalchemy.orm import Session

from banyan.domain.calendar import COUNTY_TIME
from banyan.domain.organisation import UnitLevel
from banyan.domain.permission import Action
from banyan.domain.service import Shift
from banyan.errors import BadInputError
from banyan.portal.desks.form import SentForm
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.records.people import Person
from banyan.records.service import ServiceActivity
from banyan.tracker.amending import Amendment
from banyan.tracker.registers import unit_under, units_to_choose, whereabouts
from banyan.tracker.search import answering_to
from banyan.tracker.service import (
    Activity,
    Hours,
    activities_of,
    activity_for,
    confirm,
    confirm_rest,
    enter,
    leads,
    left_behind,
    may_lead,
    pair,
    paired_people,
    shift_of,
    volunteers,
)

routes = Routes()
routes.entry(N_("志愿服务"), "/service", Action.LEAD_SERVICE)
Text = Annotated[str, Form()]


@dataclass(frozen=True)
class Wish:
    """The form as it was filled in."""

    kind: str = ""
    title: str = ""
    unit: str = ""
    place: str = ""
    day: str = ""
    begins: str = "09:00"
    ends: str = "11:00"
    form_key: str = ""

    @classmethod
    def read(cls, form: Mapping[str, str]) -> "Wish":
        return cls(*(form.get(each.name, "") for each in fields(cls)))


@routes.get("/service", needs=Action.LEAD_SERVICE)
def service(page: MyPage) -> Response:
    with page.reading() as session:
        rows = activities_of(session, page.me)
        lines = [_line(session, each) for each in rows]
        left = [(*_line(session, each), each.leader.name) for each in left_behind(session, page.me, page.now)]
    return page.show(
        "desks/service.html",
        lines=lines,
        left=left,
        kinds=page.house.rulebook.intakes.service.kinds,
    )


def _line(session: Session, row: ServiceActivity) -> tuple[ServiceActivity, int, int]:
    """Return an activity, how many go along, and of how many nothing was confirmed."""
    people = paired_people(session, row)
    return row, len(people), sum(held is None for _, held in people)


@routes.get("/service/new", needs=Action.LEAD_SERVICE)
def new_activity(page: MyPage) -> Response:
    return _form(page, Wish(day=page.today.isoformat(), form_key=secrets.token_hex(16)))


@routes.post("/service", needs=Action.LEAD_SERVICE)
def make_activity(page: MyPage, form: SentForm) -> Response:
    wish = Wish.read(form)
    try:
        shift = _shift(wish.day, wish.begins, wish.ends)
        with page.writing() as session:
            unit = unit_under(session, wish.unit, leads(page.me))
            key = wish.form_key[:64] or secrets.token_hex(16)
            told = Activity(unit.path, wish.kind, wish.title, wish.place, shift, key)
            number = enter(session, told, page.me, page.house.rulebook, page.now).id
    except BadInputError as fault:
        return _form(page, wish, 422, page.say(fault.message, **fault.params))
    return page.go(f"/service/{number}")


@routes.get("/service/{activity_id}", needs=Action.LEAD_SERVICE)
def one_activity(page: MyPage, activity_id: int, q: str = "", kept: str = "") -> Response:
    return _activity(page, activity_id, q.strip(), kept=bool(kept))


@routes.post("/service/{activity_id}/pairs", needs=Action.LEAD_SERVICE)
def pair_people(page: MyPage, activity_id: int, people: Annotated[Sequence[int], Form()] = ()) -> Response:
    try:
        with page.writing() as session:
            pair(session, activity_id, people, page.me, page.now)
    except BadInputError as fault:
        return _activity(page, activity_id, "", 422, page.say(fault.message, **fault.params))
    return page.go(f"/service/{activity_id}")


@routes.post("/service/{activity_id}/whole", needs=Action.LEAD_SERVICE)
def confirm_whole(page: MyPage, activity_id: int) -> Response:
    try:
        with page.writing() as session:
            confirm_rest(session, activity_id, page.me, page.house.rulebook, page.now)
    except BadInputError as fault:
        return _activity(page, activity_id, "", 422, page.say(fault.message, **fault.params))
    return page.go(f"/service/{activity_id}?kept=1")


@routes.post("/service/{activity_id}/people/{person_id}", needs=Action.LEAD_SERVICE)
def confirm_one(
    page: MyPage, activity_id: int, person_id: int, begins: Text = "", ends: Text = "", absent: Text = "", reason: Text = ""
) -> Response:
    try:
        with page.writing() as session:
            row = activity_for(session, activity_id, page.me)
            day = row.starts_at.astimezone(COUNTY_TIME).date().isoformat()
            shift = None if absent else _shift(day, begins, ends)
            hours = Hours(activity_id, person_id, shift)
            confirm(session, hours, Amendment(page.me, reason), page.house.rulebook, page.now)
    except BadInputError as fault:
        return _activity(page, activity_id, "", 422, page.say(fault.message, **fault.params))
    return page.go(f"/service/{activity_id}?kept=1")


def _activity(page: MyPage, activity_id: int, asked: str, status: int = 200, fault: str = "", kept: bool = False) -> Response:
    with page.reading() as session:
        row = activity_for(session, activity_id, page.me)
        people = paired_people(session, row)
        named = answering_to(asked)
        query = volunteers(row, page.me, page.now).where(named, Person.id.not_in([each.id for each, _ in people]))
        found = list(session.scalars(query.order_by(Person.staff_number).limit(60))) if asked else []
        where = whereabouts(session, [row.unit.path], page.today)
        _, mine = row.leader.name, may_lead(session, row, page.me, page.now)
    page.here = f"{PORTAL}/service"
    return page.show(
        "desks/service_activity.html",
        status,
        row=row,
        people=[(each, held, shift_of(held) if held else None) for each, held in people],
        rest=sum(held is None for _, held in people),
        found=found,
        where=where,
        kind=page.house.rulebook.intakes.service.kinds.get(row.kind),
        own=row.led_by == page.me.person.id,
        mine=mine,
        over=page.now >= row.ends_at,
        q=asked,
        fault=fault,
        kept=kept,
    )


def _shift(day: str, begins: str, ends: str) -> Shift:
    try:
        on, first, last = date.fromisoformat(day.strip()), _clock(begins), _clock(ends)
    except ValueError:
        raise BadInputError(N_("请选日期，填几点到几点")) from None
    shift = Shift(datetime.combine(on, first, COUNTY_TIME), datetime.combine(on, last, COUNTY_TIME))
    if shift.ends_at <= shift.starts_at:
        raise BadInputError(N_("结束的时间要晚于开始的时间"))
    return shift


def _clock(text: str) -> time:
    return time.fromisoformat(text.strip()).replace(tzinfo=None)


def _form(page: MyPage, wish: Wish, status: int = 200, fault: str = "") -> Response:
    with page.reading() as session:
        units = units_to_choose(session, leads(page.me))
    top = min((unit.level for unit in units), default=UnitLevel.COUNTY)
    page.here = f"{PORTAL}/service"
    kinds = page.house.rulebook.intakes.service.kinds
    return page.show(
        "desks/service_new.html",
        status,
        wish=wish,
        fault=fault,
        units=[(unit.code, "\u3000" * (unit.level - top) + unit.name) for unit in units],
        kinds=[(code, page.language.text(each.name)) for code, each in kinds.items()],
    )
