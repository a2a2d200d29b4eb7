"""Slips for a whole roster, on A4, in the order they are handed out: by town, then village.

The codes are not kept, so the sheet is shown once, in the answer to the form; the page says so before.
"""

from collections.abc import Mapping
from itertools import groupby
from typing import Annotated

from fastapi import Form
from fastapi.responses import Response
from sqlalchemy.orm import Session

from banyan.accounts.slips import LASTS, PrintedSlip, issue_slips
from banyan.accounts.supervisor import supervisors
from banyan.domain.framework import Role
from banyan.domain.permission import Action
from banyan.errors import BadInputError
from banyan.portal.desks.slip_paper import Paper, paper
from banyan.portal.desks.words import ROLES
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage, SignedInPage
from banyan.portal.registry import Routes
from banyan.records.organisation import Unit
from banyan.records.people import Person
from banyan.tracker.handing_out import choose, posts_of
from banyan.tracker.people import places
from banyan.tracker.registers import reach, units_to_choose

routes = Routes()
routes.entry(N_("登录条"), "/slips", Action.ISSUE_SLIP)
A_SHEET, MOST = 10, 1000
NOBODY = N_("这样选下来没有人：可能都已经进来过了")
TOO_MANY = N_("一次最多打印{most}张，这里有{n}张；请按镇街分开打印")


@routes.get("/slips", needs=Action.ISSUE_SLIP)
def slips_form(page: MyPage) -> Response:
    return _form(page, {})


@routes.post("/slips", needs=Action.ISSUE_SLIP)
def print_slips(
    page: MyPage,
    unit: Annotated[str, Form()] = "",
    role: Annotated[str, Form()] = "",
    who: Annotated[str, Form()] = "newcomers",
) -> Response:
    asked = {"unit": unit, "role": role, "who": who}
    try:
        if not unit or (role and role not in list(Role)):
            raise BadInputError(N_("请选单位和岗位"))
        with page.writing() as session:
            chosen = choose(session, page.me, unit, role, who != "everybody", page.today)
            if not chosen.people:
                raise BadInputError(NOBODY)
            if len(chosen.people) > MOST:
                raise BadInputError(TOO_MANY, most=MOST, n=len(chosen.people))
            slips = issue_slips(session, chosen.people, page.house.entry_key, page.me.person, page.now)
            papers = _papers(session, page, slips)
    except BadInputError as fault:
        return _form(page, asked, page.say(fault.message, **fault.params))
    above = [each.name for each in chosen.above]
    return page.show("desks/slip_sheets.html", stacks=stacks(papers), count=len(papers), unit=chosen.unit, above=above)


def stacks(papers: list[Paper]) -> list[tuple[str, list[list[Paper]]]]:
    """Return the sheets to print, a stack for each village or town with its name on top; slips of two never share one."""
    found = []
    for where, mine in groupby(papers, key=lambda each: each.place[:2]):
        stack = list(mine)
        found.append((" ".join(where), [stack[start : start + A_SHEET] for start in range(0, len(stack), A_SHEET)]))
    return found


def _papers(session: Session, page: SignedInPage, slips: list[PrintedSlip]) -> list[Paper]:
    posts = posts_of(session, {each.person.id for each in slips}, page.today)
    where = places(session, posts.values())
    over = supervisors(session, [unit.path for unit in posts.values()], page.today)
    drawn = [_paper(page, each, posts.get(each.person.id), where, over) for each in slips]
    order = {each.person.id: posts[each.person.id].path for each in slips if each.person.id in posts}
    return sorted(drawn, key=lambda each: (order.get(each.slip.person.id, ""), each.slip.person.staff_number))


def _paper(
    page: SignedInPage, slip: PrintedSlip, unit: Unit | None, where: Mapping[int, tuple[str, ...]], over: Mapping[str, Person]
) -> Paper:
    place, ring = (where[unit.id], over.get(unit.path)) if unit else ((), None)
    return paper(slip, page.origin, place, ring)


def _form(page: SignedInPage, asked: Mapping[str, str], fault: str = "") -> Response:
    with page.reading() as session:
        units = units_to_choose(session, reach(page.me))
    return page.show(
        "desks/slips.html",
        422 if fault else 200,
        asked={"unit": "", "role": "", "who": "newcomers", **asked},
        units=[(each.code, "　" * (each.level - units[0].level) + each.name) for each in units],
        roles=[(role.value, page.say(word)) for role, word in ROLES.items()],
        days=LASTS.days,
        fault=fault,
    )
