"""In the room: the code on the trainer's screen, the roster of a part, what one person was seen to do and for how long."""

import base64
from collections.abc import Sequence
from typing import Annotated

from fastapi import Form
from fastapi.responses import Response
from sqlalchemy.orm import Session

from banyan.certificates import qr_picture
from banyan.domain.permission import Action
from banyan.errors import BadInputError, NotFoundError
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.records.people import Person
from banyan.records.training import TrainingPart, TrainingSession
from banyan.tracker.amending import Amendment
from banyan.tracker.attendance import Correction, Roll, call_roll, correct, screen_code
from banyan.tracker.people import NOT_HERE
from banyan.tracker.registers import whereabouts
from banyan.tracker.settling import Ticks, tick
from banyan.tracker.training_rolls import attended, rolls_of, seen_in, span_of
from banyan.tracker.trainings import part_for, roster, seated, training_for

routes = Routes()
Numbers = Annotated[Sequence[int], Form()]
Text = Annotated[str, Form()]


@routes.get("/training-parts/{part_id}", needs=Action.OBSERVE)
def one_part(page: MyPage, part_id: int, kept: str = "") -> Response:
    return _part(page, part_id, kept=bool(kept))


@routes.post("/training-parts/{part_id}/roll", needs=Action.OBSERVE)
def roll(page: MyPage, part_id: int, shown: Numbers = (), present: Numbers = ()) -> Response:
    try:
        with page.writing() as session:
            call_roll(session, Roll(part_id, shown, present), page.me, page.now)
    except BadInputError as fault:
        return _part(page, part_id, 422, page.say(fault.message, **fault.params))
    return page.go(f"/training-parts/{part_id}?kept=1")


@routes.get("/training-parts/{part_id}/screen", needs=Action.OBSERVE)
def screen(page: MyPage, part_id: int) -> Response:
    with page.reading() as session:
        part = part_for(session, part_id, page.me)
        here, row = _here(session, part), part.session
    page.here = f"{PORTAL}/trainings"
    takes = span_of(part).takes_codes(page.now) and not row.closed_at and not row.called_off_at
    return page.show("desks/training_screen.html", part=part, row=row, here=here, picture=_picture(page, part), takes=takes)


@routes.get("/training-parts/{part_id}/code", needs=Action.OBSERVE)
def code(page: MyPage, part_id: int) -> Response:
    """The code of this moment as a picture, and how many are here: what the screen asks for every few seconds."""
    with page.reading() as session:
        part = part_for(session, part_id, page.me)
        here = _here(session, part)
    return page.json({"picture": _picture(page, part), "here": here})


@routes.get("/trainings/{training_id}/people/{person_id}", needs=Action.OBSERVE)
def one_person(page: MyPage, training_id: int, person_id: int, kept: str = "") -> Response:
    return _person(page, training_id, person_id, kept=bool(kept))


@routes.post("/trainings/{training_id}/people/{person_id}/seen", needs=Action.OBSERVE)
def keep_seen(
    page: MyPage, training_id: int, person_id: int, seen: Annotated[Sequence[str], Form()] = (), reason: Text = ""
) -> Response:
    try:
        with page.writing() as session:
            ticks = Ticks(training_id, person_id, frozenset(seen))
            tick(session, ticks, Amendment(page.me, reason), page.house.rulebook, page.now)
    except BadInputError as fault:
        return _person(page, training_id, person_id, 422, page.say(fault.message, **fault.params))
    return page.go(f"/trainings/{training_id}/people/{person_id}?kept=1")


@routes.post("/trainings/{training_id}/people/{person_id}/minutes", needs=Action.OBSERVE)
def put_minutes_right(
    page: MyPage, training_id: int, person_id: int, part: Annotated[int, Form()] = 0, minutes: Text = "", reason: Text = ""
) -> Response:
    try:
        with page.writing() as session:
            _require_part(session, page, training_id, part)
            fix = Correction(part, person_id, int(minutes) if minutes.strip().isdecimal() and len(minutes) < 6 else -1)
            correct(session, fix, Amendment(page.me, reason), page.house.rulebook, page.now)
    except BadInputError as fault:
        return _person(page, training_id, person_id, 422, page.say(fault.message, **fault.params))
    return page.go(f"/trainings/{training_id}/people/{person_id}?kept=1")


def _require_part(session: Session, page: MyPage, training_id: int, part_id: int) -> None:
    row = training_for(session, training_id, page.me)
    if part_id not in {each.id for each in row.parts}:
        raise BadInputError("请选是哪一段")


def _picture(page: MyPage, part: TrainingPart) -> str:
    """Return the QR code of this moment as an address a picture may have."""
    address = f"{page.origin}{PORTAL}/here/{part.id}?c={screen_code(page.house.rulebook, part, page.now)}"
    drawn = qr_picture.inline(address, qr_picture.UNSCRATCHED).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.encode()).decode()


def _here(session: Session, part: TrainingPart) -> int:
    held = rolls_of(session, part.session)
    return sum(part.id in each and each[part.id].minutes > 0 for each in held.values())


def _part(page: MyPage, part_id: int, status: int = 200, fault: str = "", kept: bool = False) -> Response:
    with page.reading() as session:
        part = part_for(session, part_id, page.me)
        row = part.session
        listed, rolls = roster(session, row), rolls_of(session, row)
        where = whereabouts(session, [row.unit.path], page.today)
    page.here = f"{PORTAL}/trainings"
    return page.show(
        "desks/training_part.html",
        status,
        part=part,
        row=row,
        listed=[(each, rolls.get(each.id, {}).get(part.id)) for each in listed],
        here=sum(part.id in each and each[part.id].minutes > 0 for each in rolls.values()),
        where=where,
        over=bool(row.closed_at or row.called_off_at),
        fault=fault,
        kept=kept,
    )


def _person(page: MyPage, training_id: int, person_id: int, status: int = 200, fault: str = "", kept: bool = False) -> Response:
    with page.reading() as session:
        row = training_for(session, training_id, page.me)
        if person_id not in seated(session, row.id) or person_id == page.me.person.id:
            raise NotFoundError(NOT_HERE)
        person, seen = session.get_one(Person, person_id), seen_in(session, row)
        rolls = rolls_of(session, row, [person_id]).get(person_id, {})
        after = next((each for each in roster(session, row) if each.id not in seen and each.id != person_id), None)
    page.here = f"{PORTAL}/trainings"
    return page.show(
        "desks/training_person.html",
        status,
        row=row,
        person=person,
        rolls=rolls,
        attended=attended(row, rolls),
        seen=frozenset(seen[person_id].indicators) if person_id in seen else frozenset(),
        shows=_shows(page, row),
        after=after,
        fault=fault,
        kept=kept,
    )


def _shows(page: MyPage, row: TrainingSession) -> list[tuple[object, list[object]]]:
    """Return the competencies of a session and what of each can be seen, in words."""
    framework = page.house.rulebook.framework
    known = [framework.competency(code) for code in row.shows if code in framework]
    return [(each, [one for one in each.indicators if one.code in row.shows[each.code]]) for each in known]
