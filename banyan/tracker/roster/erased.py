"""Whoever had their data erased is not brought back by a roster that still names them: somebody has to ask them first."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.domain.erasure import mac
from banyan.records.erasure import Erasure
from banyan.tracker.roster.cells import CellError, Fault
from banyan.tracker.roster.fields import Field
from banyan.tracker.roster.identity import Group, fault_of

AT_ONCE = 500
A_YEAR = timedelta(days=365)
MESSAGE = "这个人{day}按规定删除了资料，不能照名册重新登记；他确实又来了，请先问过本人，再到“删除申请”里点“让他重新登记”"


def turned_away(session: Session, groups: Iterable[Group], key: bytes, today: date) -> list[Fault]:
    """Return a fault for each person new to the records whose number is that of somebody erased, or whose phone was theirs
    within a year: later a number belongs to somebody else."""
    fresh = [each for each in groups if each.person is None]
    signs = ((mac(key, said), each) for each in fresh for said in (each.staff_number, each.phone) if said)
    found: dict[Group, Erasure] = {}
    while some := dict(islice(signs, AT_ONCE)):
        rows = session.scalars(select(Erasure).where(Erasure.number_mac.in_(some) | Erasure.phone_mac.in_(some)))
        found |= {some[sign]: row for row in rows for sign in _told_by(row, today) if sign in some}
    return [_fault(group, row) for group, row in found.items()]


def _told_by(row: Erasure, today: date) -> tuple[str, ...]:
    young = county_day(row.erased_at) > today - A_YEAR
    return (row.number_mac, row.phone_mac) if young else (row.number_mac,)


def _fault(group: Group, row: Erasure) -> Fault:
    return fault_of(group.entries[0], CellError(MESSAGE, day=county_day(row.erased_at)).at(Field.NAME))
