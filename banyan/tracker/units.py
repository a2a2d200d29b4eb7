"""The tree of units: adding one, giving it another name, putting it and all below it under another unit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, literal, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from banyan.domain.calendar import county_day
from banyan.domain.organisation import lies_within, path_of
from banyan.domain.outline import Outline, check_code
from banyan.domain.permission import Action, Target
from banyan.errors import BadInputError, NotFoundError
from banyan.records import audit
from banyan.records.organisation import Facility, Unit, UnitMove
from banyan.records.people import Appointment
from banyan.records.tasks import HandOut
from banyan.tracker.people import NOT_HERE, Me, holds_on, require, under
from banyan.tracker.registers import reach

NAME = range(2, 41)  # characters
REASON = range(4, 201)
DRAWN = "U{number:06d}"
LONGEST_PATH = 200  # characters, Unit.path


@dataclass(frozen=True)
class UnitCard:
    """A unit as its administrator sees it: the chain above within reach, what is below and how many people work there."""

    unit: Unit
    above: list[Unit]
    below: list[tuple[Unit, int]]
    people: int
    facilities: list[Facility]
    moves: list[UnitMove]


def unit_card(session: Session, by: Me, code: str, now: datetime) -> UnitCard:
    """Return a unit of one's subtrees; others are not there."""
    unit, today = unit_of(session, by, code), county_day(now)
    codes = unit.path.strip("/").split("/")[:-1]
    above = session.scalars(select(Unit).where(Unit.code.in_(codes), under(reach(by))).order_by(Unit.level))
    below = list(session.scalars(select(Unit).where(Unit.parent_id == unit.id).order_by(Unit.code)))
    facilities = select(Facility).where(Facility.unit_id == unit.id).order_by(Facility.starts_on, Facility.id)
    moves = select(UnitMove).where(UnitMove.unit_id == unit.id).order_by(UnitMove.id.desc())
    return UnitCard(
        unit,
        list(above),
        [(each, _people(session, each.path, now)) for each in below],
        _people(session, unit.path, now),
        sorted(session.scalars(facilities), key=lambda each: each.ends_on is not None and each.ends_on < today),
        list(session.scalars(moves.options(joinedload(UnitMove.old_parent), joinedload(UnitMove.new_parent)))),
    )


def unit_of(session: Session, by: Me, code: str) -> Unit:
    """Return a unit somebody manages, by its code; what lies outside their subtrees is not there."""
    unit = session.scalars(select(Unit).where(Unit.code == code)).one_or_none()
    if unit is None:
        raise NotFoundError(NOT_HERE)
    require(by.actor, Action.MANAGE_UNITS, Target(frozenset({unit.path})))
    return unit


def add_unit(session: Session, by: Me, above: str, name: str, code: str, outline: Outline, now: datetime) -> Unit:
    """Put a new unit below another; without a code of the county's it is given one."""
    parent, name, code = unit_of(session, by, above), read_name(name), code.strip()
    level = outline.below(parent.level)
    if level is None:
        raise BadInputError("“{name}”已经是最末一级，下面不能再加单位", name=parent.name)
    if code:
        check_code(read_code(code), level.number, parent.code, outline)
        if session.scalars(select(Unit.id).where(Unit.code == code)).first():
            raise BadInputError("编码“{code}”已经用了，请核对", code=code)
    _ensure_new_name(session, parent, name)
    code = code or _drawn(session)
    unit = Unit(name=name, code=code, level=level.number, parent_id=parent.id, path=path_of(parent.path, code))
    session.add(unit)
    session.flush()
    audit.append(session, now, by.person.staff_number, "unit.add", code, name=name, unit=parent.name)
    return unit


def rename_unit(session: Session, by: Me, code: str, name: str, now: datetime) -> Unit:
    unit, name = unit_of(session, by, code), read_name(name)
    if name != unit.name:
        parent = session.get(Unit, unit.parent_id) if unit.parent_id else None
        if parent:
            _ensure_new_name(session, parent, name)
        old, unit.name = unit.name, name
        audit.append(session, now, by.person.staff_number, "unit.rename", code, old=old, new=name)
    return unit


def move_unit(session: Session, by: Me, code: str, to: str, reason: str, now: datetime) -> UnitMove:
    """Put a unit and all below it under another one, in this transaction; the cost is that of its subtree."""
    unit, parent, reason = unit_of(session, by, code), unit_of(session, by, to), " ".join(reason.split())
    old = session.get(Unit, unit.parent_id) if unit.parent_id else None
    _ensure_may_move(session, by, unit, old, parent)
    if len(reason) not in REASON:
        raise BadInputError("请写明为什么调整，4到200个字")
    detail = {"old": old.name if old else "", "new": parent.name, "reason": reason}
    move = put_under(session, unit, parent, reason, by.person.id, now)
    audit.append(session, now, by.person.staff_number, "unit.move", code, **detail)
    return move


def put_under(session: Session, unit: Unit, parent: Unit, reason: str, by: int | None, now: datetime) -> UnitMove:
    """Give a unit and all below it their new paths and keep what was; whoever calls has seen that it may be."""
    move = UnitMove(unit_id=unit.id, old_parent_id=unit.parent_id, new_parent_id=parent.id, moved_on=county_day(now))
    move.reason, move.moved_by, move.recorded_at = reason, by, now
    session.add(move)
    before, after = unit.path, path_of(parent.path, unit.code)
    unit.parent_id = parent.id
    session.flush()
    _rewrite(session, unit, before, after)
    session.expire_all()
    return move


def places_to_move(session: Session, by: Me, unit: Unit) -> list[Unit]:
    """Return the units a unit may be put under: those of its parent's level within reach, but not its parent."""
    old = session.get(Unit, unit.parent_id) if unit.parent_id else None
    if old is None or not any(lies_within(old.path, path) for path in reach(by)):
        return []
    query = select(Unit).where(under(reach(by)), Unit.level == old.level, Unit.id != old.id).order_by(Unit.path)
    return list(session.scalars(query))


def _ensure_may_move(session: Session, by: Me, unit: Unit, old: Unit | None, parent: Unit) -> None:
    if lies_within(parent.path, unit.path):
        raise BadInputError("“{name}”就在“{unit}”下面，不能倒过来放", name=parent.name, unit=unit.name)
    if old is None:
        raise BadInputError("“{unit}”是最上面的单位，不能放到别的单位下面", unit=unit.name)
    require(by.actor, Action.MANAGE_UNITS, Target(frozenset({old.path})))
    if parent.id == old.id:
        raise BadInputError("“{unit}”已经在“{name}”下面了", unit=unit.name, name=parent.name)
    if parent.level != old.level:
        raise BadInputError("“{name}”和“{old}”不是同一级，“{unit}”放不进去", name=parent.name, old=old.name, unit=unit.name)
    _ensure_new_name(session, parent, unit.name)
    ensure_fits(session, unit, parent)


def ensure_fits(session: Session, unit: Unit, parent: Unit) -> None:
    """Raise BadInputError where the paths of all below a unit would grow too long under another one."""
    deepest = session.scalar(select(func.max(func.length(Unit.path))).where(Unit.id.in_(_subtree(unit)))) or 0
    if deepest - len(unit.path) + len(path_of(parent.path, unit.code)) > LONGEST_PATH:
        raise BadInputError("层级太深，放不下“{unit}”", unit=unit.name)


def _rewrite(session: Session, unit: Unit, before: str, after: str) -> None:
    """Give everything that knows a place by its path the new one; who is below is found through the index on parents."""
    for change in (
        update(Unit).where(Unit.id.in_(_subtree(unit))).values(path=_changed(Unit.path, before, after)),
        update(HandOut)  # a few dozen in a county
        .where(HandOut.path.startswith(before, autoescape=True))
        .values(path=_changed(HandOut.path, before, after)),
    ):
        session.execute(change.execution_options(synchronize_session=False))


def _changed(path: InstrumentedAttribute[str], before: str, after: str) -> ColumnElement[str]:
    return literal(after).concat(func.substr(path, len(before) + 1))


def _subtree(unit: Unit) -> Select[int]:
    """Select a unit and all below it, going from parent to child: a path's beginning is no help to every database."""
    below = select(Unit.id).where(Unit.id == unit.id).cte("below", recursive=True)
    below = below.union_all(select(Unit.id).where(Unit.parent_id == below.c.id))
    return select(below.c.id)


def _ensure_new_name(session: Session, parent: Unit, name: str) -> None:
    if session.scalars(select(Unit.id).where(Unit.parent_id == parent.id, Unit.name == name)).first():
        raise BadInputError("“{parent}”下面已经有“{name}”了", parent=parent.name, name=name)


def read_name(text: str) -> str:
    """Return a unit's name as it is kept, or raise BadInputError."""
    name = " ".join(text.split())
    if len(name) not in NAME:
        raise BadInputError("请填单位名称，2到40个字")
    return name


def read_code(text: str) -> str:
    """Return a unit's code as it is kept, or raise BadInputError."""
    code = text.strip()
    if not (code and code.isascii() and code.isalnum() and len(code) <= 20):
        raise BadInputError("编码只能是字母和数字，最多20个")
    return code


def _drawn(session: Session) -> str:
    last = session.scalar(select(func.max(Unit.code)).where(Unit.code.like("U______"))) or "U000000"
    return DRAWN.format(number=int(last[1:]) + 1 if last[1:].isdigit() else 1)


def _people(session: Session, path: str, now: datetime) -> int:
    query = select(func.count(Appointment.person_id.distinct())).join(Unit, Appointment.unit_id == Unit.id)
    return session.scalar(query.where(under([path]), holds_on(Appointment, county_day(now)))) or 0


def tops(session: Session, paths: Iterable[str]) -> list[Unit]:
    """Return the units at the head of subtrees."""
    codes = [path.strip("/").rsplit("/", 1)[-1] for path in paths]
    return list(session.scalars(select(Unit).where(Unit.code.in_(codes)).order_by(Unit.path)))
