"""Asking a programme of many people: who and by when, then a look at whom that reaches, then the deed.

An order may stand: whoever comes later is asked too, until the rule is ended here.
"""

import hashlib
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, timedelta
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from banyan.domain.framework import Role
from banyan.domain.organisation import UnitLevel
from banyan.domain.permission import Action
from banyan.errors import BadInputError, NotYetError
from banyan.portal.desks.form import SentForm
from banyan.portal.desks.opening import onward
from banyan.portal.desks.words import ROLES
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes
from banyan.records.organisation import Unit
from banyan.records.people import Person
from banyan.tracker.enrolment import Order, addressed, assign
from banyan.tracker.people import places
from banyan.tracker.registers import asked_already, assigned_lines, reach, unit_under, units_to_choose
from banyan.tracker.standing_orders import checked_days, end_rule, make_rule, rules

routes = Routes()
routes.entry(N_("布置"), "/assignments", Action.ASSIGN, daily=True)

USUAL = timedelta(days=30)
SHOWN = 100
ROLE_KEYS = ("", *(role.value for role in ROLES))


@dataclass(frozen=True)
class Wish:
    """The form as it was filled in."""

    programme: str = ""
    unit: str = ""
    role: str = ""
    due_on: str = ""
    standing: str = ""
    days: str = ""

    @property
    def filled(self) -> dict[str, str]:
        """What was filled in, as hidden fields and addresses carry it on."""
        return {key: value for key, value in asdict(self).items() if value}


async def _asked(request: Request) -> Wish:
    return Wish(*(request.query_params.get(field.name, "") for field in fields(Wish)))


Asked = Annotated[Wish, Depends(_asked)]


@dataclass(frozen=True)
class Outlook:
    """What an order would do: `fresh` are asked anew, for `moved` the day changes, for `same` nothing does.

    `days` is what newcomers are given if the order is to stand, 0 if it is not.
    """

    order: Order
    unit: Unit
    people: list[Person]
    before: dict[int, date]
    days: int = 0

    @property
    def fresh(self) -> list[Person]:
        return [each for each in self.people if each.id not in self.before]

    @property
    def moved(self) -> list[Person]:
        return [each for each in self.people if self.before.get(each.id, self.order.due_on) != self.order.due_on]

    @property
    def same(self) -> int:
        return len(self.people) - len(self.fresh) - len(self.moved)

    @property
    def digest(self) -> str:
        """Tell two outlooks apart: what was looked at is what is done."""
        seen = [self.order, self.days, [(each.id, self.before.get(each.id)) for each in self.people]]
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


@routes.get("/assignments", needs=Action.ASSIGN)
def assignments(page: MyPage, done: str = "", ended: str = "", taken: str = "") -> Response:
    with page.reading() as session:
        lines = assigned_lines(session, reach(page.me), page.today)
        standing = rules(session, reach(page.me))
        where = places(session, [each.unit for each in standing])
        then = onward(session, page) if done else None
    return page.show(
        "desks/assignments.html",
        lines=lines,
        titles={each.code: each.title for each in page.house.rulebook.programmes},
        done=bool(done and lines),
        standing=standing,
        where=where,
        roles={role.value: name for role, name in ROLES.items()},
        ended=bool(ended),
        taken=bool(taken),
        onward=then,
    )


@routes.post("/assignments/rules/{rule_id}/end", needs=Action.ASSIGN)
def end(page: MyPage, rule_id: int) -> Response:
    with page.writing() as session:
        end_rule(session, rule_id, page.me, page.now)
    return page.go("/assignments?ended=1")


@routes.get("/assignments/new", needs=Action.ASSIGN)
def new_assignment(page: MyPage, wish: Asked) -> Response:
    usual = {"due_on": wish.due_on or (page.today + USUAL).isoformat(), "days": wish.days or str(USUAL.days)}
    return _form(page, replace(wish, **usual))


@routes.get("/assignments/check", needs=Action.ASSIGN)
def check_assignment(page: MyPage, wish: Asked) -> Response:
    """Show whom an order would reach; nothing is changed."""
    try:
        with page.reading() as session:
            outlook = _look(session, page, wish)
    except (BadInputError, NotYetError) as fault:
        return _form(page, wish, 422, page.say(fault.message, **fault.params))
    return _check(page, wish, outlook)


@routes.post("/assignments", needs=Action.ASSIGN)
def make_assignment(page: MyPage, form: SentForm) -> Response:
    """Do what was looked at; if it has changed since, show it again. Sent twice, it is done once."""
    wish = Wish(*(form.get(field.name, "") for field in fields(Wish)))
    with page.writing() as session:
        outlook = _look(session, page, wish)
        if outlook.people and not outlook.fresh and not outlook.moved and not outlook.days:
            return page.go("/assignments?done=1")
        if outlook.digest != form.get("seen", "") and (outlook.fresh or outlook.moved or not outlook.days):
            return _check(page, wish, outlook, 409)
        if outlook.fresh or outlook.moved:
            assign(session, outlook.order, page.me, page.house.rulebook, page.now)
        if outlook.days:
            make_rule(session, outlook.order, outlook.days, page.me, page.house.rulebook, page.now)
    return page.go("/assignments?done=1")


def _look(session: Session, page: MyPage, wish: Wish) -> Outlook:
    if not wish.unit:
        raise BadInputError(N_("请选给哪个单位的人布置"))
    unit = unit_under(session, wish.unit, reach(page.me))
    programme = page.house.rulebook.open_programme(wish.programme)
    if wish.role not in ROLE_KEYS:
        raise BadInputError(N_("没有这个岗位，请重新选"))
    order = Order(programme.code, unit.path, wish.role, _day(wish.due_on, page.today))
    people = addressed(session, order, page.me, page.today)
    days = _days(wish.days) if wish.standing else 0
    return Outlook(order, unit, people, asked_already(session, programme.code, people), days)


def _days(text: str) -> int:
    if not text.strip().isdecimal():
        raise BadInputError(N_("请写明给新来的人几天，例如 {n}"), n=USUAL.days)
    return checked_days(int(text))


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise BadInputError(N_("请写明哪一天前完成，例如 {day}"), day=(today + USUAL).isoformat()) from None
    if day < today:
        raise BadInputError(N_("完成日期不能早于今天，请改好再布置"))
    return day


def _form(page: MyPage, wish: Wish, status: int = 200, fault: str = "") -> Response:
    with page.reading() as session:
        units = units_to_choose(session, reach(page.me))
    top = min((unit.level for unit in units), default=UnitLevel.COUNTY)
    return page.show(
        "desks/assign.html",
        status,
        wish=wish,
        fault=fault,
        programmes=page.house.rulebook.offered,
        units=[(unit.code, "\u3000" * (unit.level - top) + unit.name) for unit in units],
        roles=[(role.value, page.say(name)) for role, name in ROLES.items()],
    )


def _check(page: MyPage, wish: Wish, outlook: Outlook, status: int = 200) -> Response:
    return page.show(
        "desks/assign_check.html",
        status,
        wish=wish,
        outlook=outlook,
        changed=status != 200,
        title=page.house.rulebook.programme(wish.programme).title,
        role=page.say(ROLES[Role(wish.role)]) if wish.role else "",
        shown=outlook.people[:SHOWN],
    )
