"""快到期了: that certificates run out is noticed 90, 60 and 30 days before, kept once each, and told to holder and supervisor."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Date, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from banyan.domain.calendar import county_day
from banyan.domain.notice import DAYS, due_notice
from banyan.records.certification import ExpiryNotice
from banyan.records.competence import Certificate
from banyan.records.people import Person
from banyan.records.traces import only_with
from banyan.tracker.holding import counts_now
from banyan.tracker.people import people_under

MOST = 2000  # by one look; the next one goes on
_LATER = aliased(Certificate)
FOLLOWED = exists().where(
    _LATER.person_id == Certificate.person_id,
    _LATER.programme == Certificate.programme,
    _LATER.expires_on > Certificate.expires_on,
    _LATER.revoked_at.is_(None),
)
"""The condition that another certificate of the same programme lasts longer."""
ENDING = (
    select(Certificate)
    .join(ExpiryNotice, ExpiryNotice.certificate_id == Certificate.id)
    .where(Certificate.person_id == bindparam("person"), ExpiryNotice.seen_at.is_(None))
    .where(counts_now(bindparam("today", type_=Date())), ~FOLLOWED)
    .order_by(Certificate.expires_on)
)


def notice(session: Session, now: datetime) -> int:
    """Keep what is to be noticed today, and return how many notices are new; called again there are none.

    A certificate that was followed by another is not spoken of, nor one whose holder has left.
    """
    today = county_day(now)
    query = (
        select(Certificate.id, Certificate.expires_on)
        .join(Person, Certificate.person_id == Person.id)
        .where(counts_now(today), _due(today), Person.left_on.is_(None) | (Person.left_on >= today), ~FOLLOWED)
        .order_by(Certificate.expires_on, Certificate.id)
        .limit(MOST)
    )
    found = session.execute(query).all()
    for certificate_id, expires_on in found:
        session.add(ExpiryNotice(certificate_id=certificate_id, days=due_notice(expires_on, today), noticed_at=now))
    session.flush()
    return len(found)


def _due(today: date) -> ColumnElement[bool]:
    """Return the condition that a certificate calls for a notice and had none so near its end: `due_notice` in the database."""
    near = exists().where(ExpiryNotice.certificate_id == Certificate.id)
    return or_(*(Certificate.expires_on.between(today, today + timedelta(d)) & ~near.where(ExpiryNotice.days <= d) for d in DAYS))


@only_with(Certificate, list)
def notices_for(session: Session, person_id: int, today: date) -> list[Certificate]:
    """Return a person's certificates of whose end they have not yet put the latest word away, the nearest end first."""
    return list(session.scalars(ENDING, {"person": person_id, "today": today}).unique())


def noticed_under(session: Session, paths: Iterable[str], today: date) -> dict[tuple[int, str], int]:
    """Return how many days before their end the certificates in the subtrees were last noticed, by holder and programme."""
    holders = people_under(tuple(paths), today).with_only_columns(Person.id)
    query = select(Certificate.person_id, Certificate.programme, func.min(ExpiryNotice.days))
    query = query.join(ExpiryNotice, ExpiryNotice.certificate_id == Certificate.id).where(Certificate.person_id.in_(holders))
    rows = session.execute(query.where(~FOLLOWED).group_by(Certificate.person_id, Certificate.programme))
    return {(person_id, programme): days for person_id, programme, days in rows}


def put_away(session: Session, person_id: int, now: datetime) -> None:
    """Let a person have read what was said of the end of their certificates."""
    mine = select(Certificate.id).where(Certificate.person_id == person_id)
    rows = update(ExpiryNotice).where(ExpiryNotice.certificate_id.in_(mine), ExpiryNotice.seen_at.is_(None))
    session.execute(rows.values(seen_at=now).execution_options(synchronize_session=False))
