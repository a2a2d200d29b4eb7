"""Invigilating: open a room for a unit, call out its code, tick who is there, close it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from typing import Annotated

from fastapi import Form
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.calendar import COUNTY_TIME
from banyan.domain.organisation import UnitLevel
from banyan.domain.permission import Action, Duty, subtrees
from banyan.domain.readiness import Stage
from banyan.errors import BadInputError, NotFoundError
from banyan.portal.desks.form import SentForm
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.records.people import Person
from banyan.tracker.exam_rooms import (
    Plan,
    Roll,
    Room,
    begun_in,
    call_roll,
    close_room,
    learners_in,
    open_room,
    present_in,
    room_for,
    rooms_of,
)
from banyan.tracker.people import places
from banyan.tracker.registers import unit_under, units_to_choose, whereabouts
from banyan.tracker.reports import people

routes = Routes()
routes.entry(N_("监考"), "/exam-rooms", Action.INVIGILATE)


@dataclass(frozen=True)
class Wish:
    """The form as it was filled in."""

    course: str = ""
    unit: str = ""
    day: str = ""
    begins: str = "14:30"
    ends: str = "16:30"
    place: str = ""


@routes.get("/exam-rooms", needs=Action.INVIGILATE)
def rooms(page: MyPage, course: str = "") -> Response:
    taught = taught_by(page)
    if not taught:
        return page.show("desks/no_course.html")
    chosen = _of_mine(course or taught[0], taught)
    with page.reading() as session:
        mine = rooms_of(session, page.me, chosen, page.now)
    titles = [(each, page.language.text(page.house.rulebook.catalogue.newest(each).title)) for each in taught]
    return page.show(
        "desks/exam_rooms.html",
        courses=titles,
        course=chosen,
        coming=[each for each in reversed(mine) if not each.is_over(page.now)],
        past=[each for each in mine if each.is_over(page.now)],
    )


@routes.get("/exam-rooms/new", needs=Action.INVIGILATE)
def new_room(page: MyPage, course: str = "") -> Response:
    return _form(page, Wish(course, day=page.today.isoformat()))


@routes.post("/exam-rooms", needs=Action.INVIGILATE)
def make_room(page: MyPage, form: SentForm) -> Response:
    wish = Wish(*(form.get(field.name, "") for field in fields(Wish)))
    try:
        starts_at, ends_at = _moment(wish.day, wish.begins), _moment(wish.day, wish.ends)
        with page.writing() as session:
            unit = unit_under(session, wish.unit, subtrees(page.me.actor, Duty.TRAINER, wish.course))
            plan = Plan(wish.course, unit.path, starts_at, ends_at, wish.place)
            number = open_room(session, plan, page.me, page.house.rulebook, page.now).id
    except BadInputError as fault:
        return _form(page, wish, 422, page.say(fault.message, **fault.params))
    return page.go(f"/exam-rooms/{number}")


@routes.get("/exam-rooms/{room_id}", needs=Action.INVIGILATE)
def one_room(page: MyPage, room_id: int, q: str = "", kept: str = "") -> Response:
    return _room(page, room_id, q.strip(), kept=bool(kept))


@routes.post("/exam-rooms/{room_id}/roll", needs=Action.INVIGILATE)
def roll(
    page: MyPage,
    room_id: int,
    shown: Annotated[Sequence[int], Form()] = (),
    present: Annotated[Sequence[int], Form()] = (),
) -> Response:
    try:
        with page.writing() as session:
            call_roll(session, Roll(room_id, shown, present), page.me, page.now)
    except BadInputError as fault:
        return _room(page, room_id, "", 422, page.say(fault.message, **fault.params))
    return page.go(f"/exam-rooms/{room_id}?kept=1#roll")


@routes.post("/exam-rooms/{room_id}/close", needs=Action.INVIGILATE)
def close(page: MyPage, room_id: int) -> Response:
    with page.writing() as session:
        close_room(session, room_id, page.me, page.now)
    return page.go(f"/exam-rooms/{room_id}")


def taught_by(page: MyPage) -> list[str]:
    """Return the courses somebody trains, in the order of names."""
    mine = {each.course for each in page.me.actor.charges if each.duty is Duty.TRAINER}
    return [each for each in page.house.rulebook.catalogue.courses() if each in mine]


def _of_mine(course: str, taught: Sequence[str]) -> str:
    if course not in taught:
        raise NotFoundError(N_("没有找到这门课，请回到上一页重新选"))
    return course


def _moment(day: str, clock: str) -> datetime:
    try:
        return datetime.combine(
            date.fromisoformat(day.strip()), time.fromisoformat(clock.strip()).replace(tzinfo=None), COUNTY_TIME
        )
    except ValueError:
        raise BadInputError(N_("请选监考的日期和时间")) from None


def _room(page: MyPage, room_id: int, asked: str, status: int = 200, fault: str = "", kept: bool = False) -> Response:
    with page.reading() as session:
        room = room_for(session, room_id, page.me)
        present, begun = present_in(session, room_id), begun_in(session, room_id)
        listed = _listed(session, page, room, asked, present)
        where = whereabouts(session, [room.unit.path], page.today)
        at = places(session, [room.unit])[room.unit.id]
    page.here = f"{PORTAL}/exam-rooms"
    return page.show(
        "desks/exam_room.html",
        status,
        room=room,
        title=page.language.text(page.house.rulebook.catalogue.newest(room.row.course).title),
        at=at or (room.unit.name,),
        listed=listed,
        present=present,
        begun=begun,
        where=where,
        q=asked,
        kept=kept,
        fault=fault,
    )


def _listed(session: Session, page: MyPage, room: Room, asked: str, present: set[int]) -> list[Person]:
    """Return whom the roster shows: whoever is called so; without a name, who is ticked and who is ready to sit the exam."""
    if asked:
        return learners_in(session, room, page.me, asked, page.now)
    programme = page.house.rulebook.programme_with(room.row.course)
    lines = people(session, [room.unit.path], programme, page.house.rulebook, page.today) if programme else []
    ready = {each.person.id for each in lines if each.stage is Stage.NOT_EXAMINED} - {page.me.person.id}
    query = select(Person).where(Person.id.in_(ready | present)).order_by(Person.staff_number)
    return sorted(session.scalars(query), key=lambda each: each.id not in present)


def _form(page: MyPage, wish: Wish, status: int = 200, fault: str = "") -> Response:
    taught = taught_by(page)
    if not taught:
        return page.show("desks/no_course.html")
    course = _of_mine(wish.course or taught[0], taught)
    with page.reading() as session:
        units = units_to_choose(session, subtrees(page.me.actor, Duty.TRAINER, course))
    top = min((unit.level for unit in units), default=UnitLevel.COUNTY)
    page.here = f"{PORTAL}/exam-rooms"
    return page.show(
        "desks/exam_room_new.html",
        status,
        wish=wish,
        fault=fault,
        course=course,
        title=page.house.rulebook.catalogue.newest(course).title,
        units=[(unit.code, "\u3000" * (unit.level - top) + unit.name) for unit in units],
    )
