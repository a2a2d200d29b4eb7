"""Practice under a supervisor: from a day to a day, so many hours, at a place; it counts when the supervisor has confirmed it."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.framework import Kind
from banyan.domain.permission import GUIDES, Action
from banyan.errors import BadInputError
from banyan.records.organisation import Unit
from banyan.records.people import ChargeRow, Person
from banyan.records.pieces import Piece, PieceDecision
from banyan.tracker.intake import Claim
from banyan.tracker.people import Me, holds_on
from banyan.tracker.pieces import Draft, Intake, Verdict
from banyan.tracker.rulebook import Rulebook

LEAST_HOURS, A_DAY = 2, 12
LONGEST, OLDEST = timedelta(days=366), timedelta(days=366)
LEVEL = 2


def guides(session: Session, me: Me, today: date) -> list[Person]:
    """Return who may supervise somebody: whoever bears a duty today over a unit they work at, never themselves."""
    over = [path for unit in me.units for path in _above(unit.path)]
    query = (
        select(Person)
        .join(ChargeRow, ChargeRow.person_id == Person.id)
        .join(Unit, ChargeRow.unit_id == Unit.id)
        .where(Unit.path.in_(over), ChargeRow.duty.in_(GUIDES), holds_on(ChargeRow, today), Person.id != me.person.id)
    )
    return list(session.scalars(query.order_by(Unit.level.desc(), Person.staff_number)).unique())


def _above(path: str) -> list[str]:
    """Return a unit's path and those of all units it lies in."""
    steps = path.strip("/").split("/")
    return ["/" + "/".join(steps[:end]) + "/" for end in range(1, len(steps) + 1)]


def _check(session: Session, draft: Draft, me: Me, rulebook: Rulebook, today: date) -> None:
    details = draft.details
    if draft.competency not in rulebook.framework or Kind.SP not in rulebook.framework.competency(draft.competency).evidence:
        raise BadInputError("请选跟着学的是哪一项")
    first, last = date.fromisoformat(details["from"]), date.fromisoformat(details["to"])
    if not first <= last <= today or last - first > LONGEST or today - last > OLDEST:
        raise BadInputError("日期不对：先写从哪天，再写到哪天，不能晚于今天，也不能早过一年")
    most = min(((last - first).days + 1) * A_DAY, 2000)
    if not LEAST_HOURS <= details["hours"] <= most:
        raise BadInputError("小时数要在{least}到{most}之间：一天最多{day}小时", least=LEAST_HOURS, most=most, day=A_DAY)
    if not 2 <= len(details["place"]) <= 80:
        raise BadInputError("请写清楚在哪里，2到{most}个字", most=80)
    if not 10 <= len(details["words"]) <= 500:
        raise BadInputError("请写做了什么，10到{most}个字", most=500)
    if draft.addressed_to not in {each.id for each in guides(session, me, today)}:
        raise BadInputError("请选带您的人")


def _decide(piece: Piece, verdict: Verdict, by: Me, rulebook: Rulebook) -> None:
    if not verdict.indicators or piece.competency not in rulebook.framework:
        raise BadInputError("认可的话，请勾上看到他做到的，至少一项")
    if not verdict.indicators <= rulebook.framework.competency(piece.competency).indicator_codes:
        raise BadInputError("有的项目不在这里，请重新打开页面再勾")


def _claim(piece: Piece, row: PieceDecision, source: str, rulebook: Rulebook) -> Claim:
    done, seen = date.fromisoformat(piece.details["to"]), frozenset(row.indicators)
    return Claim(piece.person_id, piece.competency, seen, Kind.SP, LEVEL, done, source, assessor_id=row.decided_by)


PRACTICE = Intake(Kind.SP, Action.CONFIRM_PRACTICE, _check, _decide, _claim)
