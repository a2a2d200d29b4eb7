"""Facilities of a unit: where there is a training base, a 妇女微家, a health site, and until when there was."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.domain.outline import Outline
from banyan.errors import BadInputError, NotFoundError
from banyan.records import audit
from banyan.records.organisation import Facility, Unit
from banyan.tracker.people import NOT_HERE, Me
from banyan.tracker.units import unit_of

NAME = range(2, 81)  # characters
LONGEST_ADDRESS = 200


@dataclass(frozen=True)
class Site:
    """A facility as somebody enters it."""

    kind: str
    name: str
    address: str
    starts_on: date


def add_facility(session: Session, by: Me, code: str, site: Site, outline: Outline, now: datetime) -> Facility:
    """Note a facility of a unit one manages; the same kind under the same name is there once at a time."""
    unit, name, address = unit_of(session, by, code), " ".join(site.name.split()), " ".join(site.address.split())
    if outline.kind(site.kind) is None:
        raise BadInputError("请选设施是哪一类")
    if len(name) not in NAME or len(address) > LONGEST_ADDRESS:
        raise BadInputError("请填设施名称，2到80个字；地址最多200个字")
    same = select(Facility.id).where(Facility.unit_id == unit.id, Facility.kind == site.kind, Facility.name == name)
    if session.scalars(same.where(Facility.ends_on.is_(None))).first():
        raise BadInputError("“{name}”已经记下了", name=name)
    row = Facility(unit_id=unit.id, kind=site.kind, name=name, address=address, starts_on=site.starts_on)
    session.add(row)
    session.flush()
    detail = {"unit": unit.name, "starts_on": site.starts_on.isoformat(), "place": address}
    audit.append(session, now, by.person.staff_number, "facility.add", name, **{k: v for k, v in detail.items() if v})
    return row


def close_facility(session: Session, by: Me, code: str, facility_id: int, now: datetime) -> Facility:
    """Let a facility end with yesterday; closed twice it is closed once."""
    unit, row = unit_of(session, by, code), session.get(Facility, facility_id)
    if row is None or row.unit_id != unit.id:
        raise NotFoundError(NOT_HERE)
    if row.ends_on is None:
        row.ends_on = county_day(now) - timedelta(days=1)
        audit.append(session, now, by.person.staff_number, "facility.close", row.name, unit=unit.name)
    return row


def facilities_of(session: Session, unit: Unit) -> list[Facility]:
    return list(session.scalars(select(Facility).where(Facility.unit_id == unit.id).order_by(Facility.starts_on, Facility.id)))
