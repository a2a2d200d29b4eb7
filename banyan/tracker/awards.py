"""Certificates: issued once when due, never changed, revoked with a reason.

Whoever writes about a person locks their row first and the audit log after, so that two workers cannot both issue.
"""

from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from banyan.domain.award import Rules, due
from banyan.domain.calendar import county_day
from banyan.domain.certification import Programme
from banyan.domain.permission import Action
from banyan.domain.renewal import next_expiry
from banyan.errors import BadInputError, NotFoundError
from banyan.records import audit
from banyan.records.competence import Certificate
from banyan.records.engine import read_once
from banyan.records.learning import Assignment, Withdrawal
from banyan.records.people import Appointment, Person
from banyan.records.traces import only_with
from banyan.tracker.holding import chain, evidence_for
from banyan.tracker.issuing import Award, issue
from banyan.tracker.people import NOT_HERE, Me, holds_on, require, target_of
from banyan.tracker.proposing import propose
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.verification import State, Verdict, check, find_certificate

__all__ = ["REASON_LENGTH", "Award", "State", "Verdict", "award_due", "certificates_of", "check", "owed", "revoke"]

REASON_LENGTH = 200
GIVEN = (
    select(Certificate)
    .where(Certificate.person_id == bindparam("person"))
    .order_by(Certificate.issued_on.desc(), Certificate.id.desc())
)


def award_due(session: Session, person_id: int, rulebook: Rulebook, now: datetime) -> list[Certificate]:
    """Issue what a person is owed and return it; called again, it returns nothing. What wants a second pair of eyes is proposed.

    Where the issuer may not issue yet, the evidence waits: banyan.tracker.withheld issues it afterwards.
    """
    if not rulebook.issuer.may_issue:
        return []
    person = session.scalars(select(Person).where(Person.id == person_id).with_for_update()).one()
    awards = owed(session, person, rulebook, county_day(now))
    for each in awards:
        if each.programme.second_pair_of_eyes:
            propose(session, each, None, now)
    return [issue(session, each, rulebook.issuer, now) for each in awards if not each.programme.second_pair_of_eyes]


def owed(session: Session, person: Person, rulebook: Rulebook, today: date) -> list[Award]:
    """Return the certificates a person has earned and was not given.

    A programme is theirs if it was assigned to them, or if it is in force and they are appointed in its role today.
    """
    if person.left_on and person.left_on < today:
        return []
    found = []
    for programme in _programmes_of(session, person.id, rulebook, today):
        given = chain(session, person.id, programme.code)
        past = [each.past for each in given]
        evidence = evidence_for(session, person.id, programme, past, today)
        if due(Rules(programme, rulebook.framework), evidence, past, today):
            found.append(Award(person, programme, given[-1].row.id if given else None, next_expiry(programme, past, today)))
    return found


def revoke(session: Session, serial: str, reason: str, by: Me, now: datetime) -> Certificate:
    """Revoke for good, with a reason for the record; one revoked before stays as it is and that is said."""
    today = county_day(now)
    row = find_certificate(session, serial)
    if row is None:
        raise NotFoundError(NOT_HERE)
    require(by.actor, Action.REVOKE, target_of(session, row.person_id, today))
    session.execute(select(Person.id).where(Person.id == row.person_id).with_for_update())
    session.refresh(row)
    if row.revoked_at:
        raise BadInputError("证书 {serial} 在 {day} 已经撤销，不用再撤", serial=row.serial, day=county_day(row.revoked_at))
    row.revoked_at, row.revoked_by, row.revoked_reason = now, by.person.id, _reason(reason)
    session.flush()
    audit.append(session, now, by.person.staff_number, "certificate.revoke", row.serial, reason=row.revoked_reason)
    return row


@only_with(Certificate, tuple)
@read_once
def certificates_of(session: Session, person_id: int) -> tuple[Certificate, ...]:
    """Return all certificates a person was ever given, the latest first."""
    return tuple(session.scalars(GIVEN, {"person": person_id}))


def _programmes_of(session: Session, person_id: int, rulebook: Rulebook, today: date) -> list[Programme]:
    asked = select(Assignment.programme).where(Assignment.person_id == person_id)
    taken_back = select(Withdrawal.programme).where(Withdrawal.person_id == person_id)  # who goes on has not lost the certificate
    assigned = {*session.scalars(asked), *session.scalars(taken_back)}
    posts = select(Appointment.role).where(Appointment.person_id == person_id, holds_on(Appointment, today))
    roles = set(session.scalars(posts))
    in_force = [each for each in rulebook.offered if each.effective_from <= today]
    own = {each.code for each in in_force if each.role.value in roles}
    return [each for each in rulebook.offered if each.code in assigned | own]


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not reason:
        raise BadInputError("请写明撤销的原因")
    if len(reason) > REASON_LENGTH:
        raise BadInputError("撤销原因最多 {most} 个字，现在有 {count} 个", most=REASON_LENGTH, count=len(reason))
    return reason
