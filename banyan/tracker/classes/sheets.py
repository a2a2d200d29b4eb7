"""The form a unit's classes are reported on: brought once, mapped once, and every class goes out filled in on it.

The nearest one holds: a town's own before the county's. Rows are only added, so it is known who changed what when.
"""

import re
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from banyan.domain.organisation import upwards
from banyan.domain.permission import Action, Target
from banyan.errors import BadInputError, NotFoundError
from banyan.records import answer_store, audit
from banyan.records.classes import ClassSheet
from banyan.records.organisation import Unit
from banyan.tracker.classes.form import look
from banyan.tracker.classes.mapping import Mapped, Proposal, propose
from banyan.tracker.people import NOT_HERE, Me, require
from banyan.tracker.registers import reach


def bring(session: Session, name: str, digest: str, size: int, by: Me, now: datetime) -> ClassSheet:
    """Keep a form that was looked at and is in the store; it holds once it is mapped. Brought twice in a row it is one."""
    unit = home(session, by)
    last = brought(session, unit)
    if last and last.digest == digest:
        return last
    row = ClassSheet(unit_id=unit.id, file_name=_last_part(name), digest=digest, bytes=size)
    return _add(session, row, None, unit, by, now)


def proposal_of(row: ClassSheet, folder: Path, asked: str = "") -> Proposal:
    """Return how a form that was brought is probably meant."""
    return propose(look(answer_store.get(folder, row.digest)), asked)


def map_sheet(session: Session, digest: str, mapped: Mapped, by: Me, now: datetime) -> ClassSheet:
    """Keep what goes where on the form that was brought last; the same again is one."""
    unit = home(session, by)
    session.refresh(unit, with_for_update=True)
    last = brought(session, unit)
    if last is None or last.digest != digest:
        raise BadInputError("刚才换过一张表，请对着新的那张再选一次")
    if last.mapping == mapped.to_json():
        return last
    row = ClassSheet(unit_id=unit.id, file_name=last.file_name, digest=last.digest, bytes=last.bytes)
    return _add(session, row, mapped, unit, by, now)


def home(session: Session, by: Me) -> Unit:
    """Return the unit whose form somebody looks after: the highest one they administer."""
    paths = sorted(reach(by), key=len)
    if not paths:
        raise NotFoundError(NOT_HERE)
    require(by.actor, Action.SET_COUNTY, Target(frozenset({paths[0]})))
    return session.scalars(select(Unit).where(Unit.path == paths[0])).one()


def brought(session: Session, unit: Unit) -> ClassSheet | None:
    """Return the form that was brought last, mapped or not."""
    query = select(ClassSheet).where(ClassSheet.unit_id == unit.id)
    return session.scalars(query.order_by(ClassSheet.id.desc()).limit(1)).first()


def sheet_for(session: Session, path: str) -> ClassSheet | None:
    """Return the form that holds at a place: mapped, and the nearest upwards."""
    query = select(ClassSheet).join(Unit).where(Unit.path.in_([*upwards(path)]), ClassSheet.mapping.is_not(None))
    rows = session.scalars(query.options(joinedload(ClassSheet.unit)))
    return max((each for each in rows if each.mapping), key=lambda each: (len(each.unit.path), each.id), default=None)


def _add(session: Session, row: ClassSheet, mapped: Mapped | None, unit: Unit, by: Me, now: datetime) -> ClassSheet:
    row.mapping = mapped.to_json() if mapped else None
    row.put_by, row.put_at = by.person.id, now
    session.add(row)
    session.flush()
    action = "class.map_sheet" if mapped else "class.sheet"
    audit.append(session, now, by.person.staff_number, action, unit.path, file=row.file_name, digest=row.digest)
    return row


def _last_part(name: str) -> str:
    """Return the name of a file without its folders, as some browsers send them."""
    return re.sub(r"[\x00-\x1f]", "", re.split(r"[\\/]", name)[-1])[:120] or "form.xlsx"
