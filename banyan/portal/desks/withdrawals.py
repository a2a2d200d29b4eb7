"""Taking back what was asked: from whom, then a look at whom that reaches, then the deed with its reason."""

from dataclasses import asdict, dataclass, fields
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from banyan.domain.framework import Role
from banyan.domain.organisation import UnitLevel
from banyan.domain.permission import Action
from banyan.errors import BadInputError
from banyan.portal.desks.form import SentForm
from banyan.portal.desks.words import ROLES
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.records.organisation import Unit
from banyan.tracker.registers import reach, unit_under, units_to_choose
from banyan.tracker.withdrawals import Recall, Waiver, look_back, take_back

routes = Routes()
SHOWN = 100


@dataclass(frozen=True)
class Wish:
    """The form as it was filled in."""

    programme: str = ""
    unit: str = ""
    role: str = ""
    reason: str = ""

    @property
    def filled(self) -> dict[str, str]:
        return {key: value for key, value in asdict(self).items() if value}


async def _asked(request: Request) -> Wish:
    return Wish(*(request.query_params.get(field.name, "") for field in fields(Wish)))


Asked = Annotated[Wish, Depends(_asked)]


@routes.get("/assignments/take-back", needs=Action.ASSIGN)
def choose_whom(page: MyPage, wish: Asked) -> Response:
    return _form(page, wish)


@routes.get("/assignments/take-back/check", needs=Action.ASSIGN)
def check_recall(page: MyPage, wish: Asked) -> Response:
    """Show from whom it would be taken back; nothing is changed."""
    try:
        with page.reading() as session:
            unit, waiver = _waiver(session, page, wish)
            recall = look_back(session, waiver, page.me, page.house.rulebook, page.now)
    except BadInputError as fault:
        return _form(page, wish, 422, page.say(fault.message, **fault.params))
    return _check(page, wish, unit, recall)


@routes.post("/assignments/take-back", needs=Action.ASSIGN)
def recall_assignment(page: MyPage, form: SentForm) -> Response:
    """Do what was looked at; if it has changed since, show it again. Sent twice, it is done once."""
    wish = Wish(*(form.get(field.name, "") for field in fields(Wish)))
    with page.writing() as session:
        unit, waiver = _waiver(session, page, wish)
        recall = look_back(session, waiver, page.me, page.house.rulebook, page.now)
        if recall.asked and recall.digest != form.get("seen", ""):
            return _check(page, wish, unit, recall, 409)
        try:
            take_back(session, waiver, page.me, page.house.rulebook, page.now)
        except BadInputError as fault:
            return _check(page, wish, unit, recall, 422, page.say(fault.message, **fault.params))
    return page.go("/assignments?taken=1")


def _waiver(session: Session, page: MyPage, wish: Wish) -> tuple[Unit, Waiver]:
    if not wish.unit:
        raise BadInputError(N_("请选收回哪个单位的"))
    unit = unit_under(session, wish.unit, reach(page.me))
    if wish.role not in ("", *(role.value for role in ROLES)):
        raise BadInputError(N_("没有这个岗位，请重新选"))
    return unit, Waiver(page.house.rulebook.programme(wish.programme).code, unit.path, wish.role, reason=wish.reason)


def _form(page: MyPage, wish: Wish, status: int = 200, fault: str = "") -> Response:
    with page.reading() as session:
        units = units_to_choose(session, reach(page.me))
    top = min((unit.level for unit in units), default=UnitLevel.COUNTY)
    page.here = f"{PORTAL}/assignments"
    return page.show(
        "desks/take_back.html",
        status,
        wish=wish,
        fault=fault,
        programmes=page.house.rulebook.programmes,
        units=[(unit.code, "\u3000" * (unit.level - top) + unit.name) for unit in units],
        roles=[(role.value, page.say(name)) for role, name in ROLES.items()],
    )


def _check(page: MyPage, wish: Wish, unit: Unit, recall: Recall, status: int = 200, fault: str = "") -> Response:
    page.here = f"{PORTAL}/assignments"
    return page.show(
        "desks/take_back_check.html",
        status,
        wish=wish,
        unit=unit,
        recall=recall,
        changed=status == 409,
        fault=fault,
        title=page.house.rulebook.programme(wish.programme).title,
        role=page.say(ROLES[Role(wish.role)]) if wish.role else "",
        shown=recall.asked[:SHOWN],
    )
