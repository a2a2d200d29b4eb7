"""Putting a practical right: ticked or dated wrongly, it is said anew; somebody else, or none at all, and it is withdrawn."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Form
from fastapi.responses import Response

from banyan.domain.permission import Action
from banyan.errors import BadInputError
from banyan.portal.desks.practicals import day_of, recorded_in
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.records.competence import Practical
from banyan.tracker.amending import Amendment
from banyan.tracker.practicals import TickList, earliest, latest, may_withdraw, put_right, withdraw

routes = Routes()
Text = Annotated[str, Form()]


@dataclass(frozen=True)
class Wish:
    """The form as it was filled in; `whole` where all of it is to be withdrawn."""

    seen: Sequence[str]
    held_on: str
    place: str
    reason: str = ""
    whole: bool = False
    form_key: str = ""


@routes.get("/practicals/{course}/records/{practical_id}/correct", needs=Action.OBSERVE)
def before_putting_right(page: MyPage, course: str, practical_id: int) -> Response:
    with page.reading() as session:
        row = recorded_in(session, page, course, practical_id)
        newest = latest(session, row)
        mine = may_withdraw(session, newest, page.me, page.today)
    if not mine or newest.id != row.id:
        return page.go(f"/practicals/{course}/records/{newest.id}{'/correct' if mine else ''}")
    return _form(page, row, Wish(row.ticked, row.held_on.isoformat(), row.place, form_key=secrets.token_hex(16)))


@routes.post("/practicals/{course}/records/{practical_id}/correct", needs=Action.OBSERVE)
def put_practical_right(
    page: MyPage,
    course: str,
    practical_id: int,
    seen: Annotated[Sequence[str], Form()] = (),
    held_on: Text = "",
    place: Text = "",
    reason: Text = "",
    whole: Text = "",
    form_key: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    wish = Wish(seen, held_on, place, reason, bool(whole), form_key or secrets.token_hex(16))
    with page.reading() as session:
        old = recorded_in(session, page, course, practical_id)
    try:
        row = _withdraw(page, old, wish) if wish.whole else _put_right(page, old, wish)
    except BadInputError as fault:
        return _form(page, old, wish, 422, page.say(fault.message, **fault.params))
    return page.go(f"/practicals/{course}/records/{row.id}")


def _put_right(page: MyPage, old: Practical, wish: Wish) -> Practical:
    day = day_of(wish.held_on)
    ticks = TickList(old.person_id, old.course, frozenset(wish.seen), day, wish.place, wish.form_key)
    with page.writing() as session:
        return put_right(session, old.id, ticks, Amendment(page.me, wish.reason), page.house.rulebook, page.now)


def _withdraw(page: MyPage, old: Practical, wish: Wish) -> Practical:
    with page.writing() as session:
        return withdraw(session, old.id, wish.form_key, Amendment(page.me, wish.reason), page.house.rulebook, page.now)


def _form(page: MyPage, row: Practical, wish: Wish, status: int = 200, fault: str = "") -> Response:
    with page.reading() as session:
        old = recorded_in(session, page, row.course, row.id)
        first, mine = earliest(session, old), may_withdraw(session, old, page.me, page.today)
        _ = (old.person.name, old.assessor.name)
    page.here = f"{PORTAL}/practicals"
    return page.show(
        "desks/practical_correct.html",
        status,
        row=old,
        wish=wish,
        fault=fault,
        first=first,
        mine=mine,
        own=old.assessor_id == page.me.person.id,
        practical=page.house.rulebook.catalogue.open(old.course, old.release).practical,
    )
