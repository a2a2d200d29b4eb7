"""Certificates that were earned while none could be issued: how many wait, and issuing them once it can be done."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.domain.certification import Programme
from banyan.records.competence import Certificate, EvidenceRow
from banyan.records.engine import Sessions, reading, writing
from banyan.records.people import Person
from banyan.tracker.awards import award_due, owed
from banyan.tracker.rulebook import Rulebook


def count_withheld(session: Session, rulebook: Rulebook, today: date) -> int:
    """Return how many certificates are earned and not issued; those that wait for a second pair of eyes are not among them."""
    people = session.scalars(select(Person).where(Person.id.in_(_candidates(session, rulebook, today))))
    found = (award for each in people.all() for award in owed(session, each, rulebook, today))
    return sum(not award.programme.second_pair_of_eyes for award in found)


def issue_withheld(make: Sessions, rulebook: Rulebook, now: datetime) -> int:
    """Issue what waits, each person in a transaction of their own, and return how many it were."""
    if not rulebook.issuer.may_issue:
        return 0
    with reading(make) as session:
        people = _candidates(session, rulebook, county_day(now))
    return sum(_issue(make, each, rulebook, now) for each in people)


def _issue(make: Sessions, person_id: int, rulebook: Rulebook, now: datetime) -> int:
    with writing(make) as session:
        return len(award_due(session, person_id, rulebook, now))


def _candidates(session: Session, rulebook: Rulebook, today: date) -> list[int]:
    """Return who has shown something and lacks a certificate of some programme that lasts: few, once a county is trained."""
    shown = select(EvidenceRow.person_id).where(EvidenceRow.expires_on >= today)
    lacks = or_(*(_lacks(each, today) for each in rulebook.offered))
    return list(session.scalars(select(Person.id).where(Person.id.in_(shown), lacks).order_by(Person.id)))


def _lacks(programme: Programme, today: date) -> ColumnElement[bool]:
    """Return the condition that somebody holds no certificate, or one that may be renewed."""
    last = today + timedelta(days=programme.renew_within_days)
    holds = select(Certificate.person_id).where(
        Certificate.programme == programme.code, Certificate.revoked_at.is_(None), Certificate.expires_on > last
    )
    return Person.id.not_in(holds)
