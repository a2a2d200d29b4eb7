"""Whether somebody has JupyterLab today: what an administrator turned on, while what it is for still holds."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from banyan.domain.permission import Duty
from banyan.records.labs import LabGrant, Purpose
from banyan.records.people import ChargeRow, Person
from banyan.records.traces import only_with


@dataclass(frozen=True)
class Lab:
    """`handle` names the person's folder: it says nothing of them. `language` is the one they read in, "" until chosen."""

    handle: str
    purpose: Purpose
    language: str = ""


GRANT = (
    select(LabGrant)
    .where(LabGrant.person_id == bindparam("person"), LabGrant.taken_back_at.is_(None))
    .order_by(LabGrant.id.desc())
    .limit(1)
)


@only_with(LabGrant, lambda: None)
def standing_grant(session: Session, person_id: int) -> LabGrant | None:
    return session.scalars(GRANT, {"person": person_id}).first()


def lab_of(session: Session, staff_number: str, today: date) -> Lab | None:
    """Return somebody's lab; None for who has none, has left, or is no trainer any more and had it for gradebooks."""
    here = or_(Person.left_on.is_(None), Person.left_on >= today)
    person = session.scalars(select(Person).where(Person.staff_number == staff_number, here)).one_or_none()
    return lab_for(session, person, today) if person else None


def lab_for(session: Session, person: Person, today: date) -> Lab | None:
    """Return the lab of somebody who is here; None as above."""
    grant = standing_grant(session, person.id)
    if grant is None:
        return None
    purpose = Purpose(grant.purpose)
    if purpose is Purpose.GRADING and not teaches(session, person.id, today):
        return None
    return Lab(person.handle, purpose, person.language)


def teaches(session: Session, person_id: int, today: date) -> bool:
    """Say whether somebody bears a trainer's duty today."""
    query = select(ChargeRow.id).where(ChargeRow.person_id == person_id, ChargeRow.duty == Duty.TRAINER)
    query = query.where(ChargeRow.starts_on <= today, or_(ChargeRow.ends_on.is_(None), ChargeRow.ends_on >= today))
    return session.scalars(query.limit(1)).first() is not None


def was_trusted(session: Session, staff_number: str) -> bool:
    """Say whether somebody ever bore a duty or had JupyterLab: others would not know what it is."""
    whose = select(Person.id).where(Person.staff_number == staff_number).scalar_subquery()
    duty = select(ChargeRow.id).where(ChargeRow.person_id == whose)
    given = select(LabGrant.id).where(LabGrant.person_id == whose)
    return any(session.scalars(query.limit(1)).first() for query in (duty, given))
