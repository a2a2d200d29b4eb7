"""The second pair of eyes: a certifier grants what was proposed, or refuses it with a reason.

Whoever proposed does not grant; where the programme wants the trainer apart, neither does who taught or assessed the
person. The person's row is held, so that of two who grant at once one is told of the other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, joinedload

from banyan.domain.calendar import county_day
from banyan.domain.certification import Programme
from banyan.domain.permission import BY_COURSE, Action, Duty, subtrees
from banyan.errors import BadInputError, NotAllowedError, NotFoundError, NotYetError
from banyan.records import audit
from banyan.records.certification import CertificateProposal
from banyan.records.competence import Certificate, EvidenceRow
from banyan.records.examinations import Attempt, Mark, Submission
from banyan.records.people import Person
from banyan.tracker.awards import owed
from banyan.tracker.issuing import issue
from banyan.tracker.people import NOT_HERE, Me, people_under, require, target_of
from banyan.tracker.proposing import propose
from banyan.tracker.registers import whereabouts
from banyan.tracker.rulebook import Rulebook

LEAST, MOST = 4, 200  # characters of a reason


@dataclass(frozen=True)
class ProposalLine:
    """A certificate that waits; `barred` says why this certifier may not grant it, "" if they may."""

    row: CertificateProposal
    place: tuple[str, ...]
    barred: str = ""


def proposals_for(session: Session, me: Me, rulebook: Rulebook, now: datetime) -> list[ProposalLine]:
    """Return what waits in a certifier's subtrees, the oldest first; never their own."""
    today, held = county_day(now), subtrees(me.actor, Duty.CERTIFIER)
    theirs = people_under(held, today).with_only_columns(Person.id)
    query = select(CertificateProposal).where(
        CertificateProposal.decided_at.is_(None),
        CertificateProposal.person_id.in_(theirs),
        CertificateProposal.person_id != me.person.id,
    )
    rows = session.scalars(query.options(joinedload(CertificateProposal.person)).order_by(CertificateProposal.id)).all()
    where = whereabouts(session, held, today) if rows else {}
    known = {each.code: each for each in rulebook.programmes}
    return [
        ProposalLine(row, where.get(row.person_id, ()), barred(session, row, known[row.programme], me))
        for row in rows
        if row.programme in known
    ]


def proposal_for(session: Session, proposal_id: int, me: Me, rulebook: Rulebook, now: datetime) -> ProposalLine:
    """Return one proposal to a certifier over the person; to others it is not there."""
    row = session.get(CertificateProposal, proposal_id)
    if row is None:
        raise NotFoundError(NOT_HERE)
    today = county_day(now)
    require(me.actor, Action.CERTIFY, target_of(session, row.person_id, today))
    where = whereabouts(session, subtrees(me.actor, Duty.CERTIFIER), today)
    return ProposalLine(row, where.get(row.person_id, ()), barred(session, row, rulebook.programme(row.programme), me))


def grant(session: Session, proposal_id: int, by: Me, rulebook: Rulebook, now: datetime) -> Certificate:
    """Issue what was proposed, if it is still earned; NotYetError says if it no longer is."""
    row = _held(session, proposal_id, by, now)
    programme = rulebook.programme(row.programme)
    why = barred(session, row, programme, by)
    if why:
        raise NotAllowedError(why)
    if not rulebook.issuer.may_issue:
        raise NotYetError("现在还发不了证，请联系平台管理员")
    person = session.get_one(Person, row.person_id)
    award = next((each for each in owed(session, person, rulebook, county_day(now)) if each.programme == programme), None)
    if award is None:
        raise NotYetError("{name}现在不再够格（有凭据到期或被更正），不能批准；请退回", name=person.name)
    certificate = issue(session, award, rulebook.issuer, now, by.person.staff_number)
    _decide(session, row, by, now, granted=True)
    row.certificate_id = certificate.id
    session.flush()
    return certificate


def refuse(session: Session, proposal_id: int, reason: str, by: Me, now: datetime) -> CertificateProposal:
    """Refuse what was proposed, for a reason that its person's administrator reads."""
    row = _held(session, proposal_id, by, now)
    row.reason = _reason(reason)
    _decide(session, row, by, now, granted=False)
    person = session.get_one(Person, row.person_id)
    detail = {"programme": row.programme, "reason": row.reason}
    audit.append(session, now, by.person.staff_number, "certificate.refuse", person.staff_number, **detail)
    return row


def propose_again(
    session: Session, person_id: int, programme: str, by: Me, rulebook: Rulebook, now: datetime
) -> CertificateProposal:
    """Propose again what was refused, as the person's administrator; who proposes cannot grant."""
    today = county_day(now)
    require(by.actor, Action.REVOKE, target_of(session, person_id, today))
    person = session.scalars(select(Person).where(Person.id == person_id).with_for_update()).one()
    awards = (each for each in owed(session, person, rulebook, today) if each.programme.second_pair_of_eyes)
    award = next((each for each in awards if each.programme.code == programme), None)
    if award is None:
        raise NotYetError("{name}现在还不够格，不能再报", name=person.name)
    row = propose(session, award, by.person.id, now)
    if row is None:
        raise BadInputError("已经报上去了，正等着批")
    return row


def refusals_of(session: Session, person_id: int) -> dict[str, CertificateProposal]:
    """Return the latest proposal of each programme that was refused and not proposed again."""
    query = select(CertificateProposal).where(CertificateProposal.person_id == person_id).order_by(CertificateProposal.id)
    latest = {row.programme: row for row in session.scalars(query.options(joinedload(CertificateProposal.decider)))}
    return {code: row for code, row in latest.items() if row.granted is False}


def barred(session: Session, row: CertificateProposal, programme: Programme, by: Me) -> str:
    """Return why somebody may not grant a certificate, "" if they may."""
    if row.proposed_by == by.person.id:
        return "这张证书是您报上来的，要另一位发证人来批"
    if not programme.trainer_apart:
        return ""
    courses = (*programme.foundation, *programme.courses)
    if any(each.duty in BY_COURSE and each.course in courses for each in by.actor.charges):
        return "您教或考这个培训的课，要另一位发证人来批"
    return "您考过或批过他，要另一位发证人来批" if _assessed(session, row.person_id, programme, courses, by.person.id) else ""


def _assessed(session: Session, person_id: int, programme: Programme, courses: Iterable[str], by: int) -> bool:
    """Say whether somebody saw a person show anything the programme asks for, or marked a paper of its courses."""
    saw = exists().where(
        EvidenceRow.person_id == person_id, EvidenceRow.competency.in_(programme.targets), EvidenceRow.assessor_id == by
    )
    marked = exists(
        select(Mark.id)
        .join(Submission, Mark.submission_id == Submission.id)
        .join(Attempt, Submission.attempt_id == Attempt.id)
        .where(Attempt.person_id == person_id, Attempt.course.in_(list(courses)), Mark.marked_by == by)
    )
    return bool(session.scalar(select(or_(saw, marked))))


def _held(session: Session, proposal_id: int, by: Me, now: datetime) -> CertificateProposal:
    """Return a proposal that waits for its decision, its person's row held."""
    row = session.get(CertificateProposal, proposal_id)
    if row is None:
        raise NotFoundError(NOT_HERE)
    require(by.actor, Action.CERTIFY, target_of(session, row.person_id, county_day(now)))
    session.execute(select(Person.id).where(Person.id == row.person_id).with_for_update())
    session.refresh(row)
    if row.decided_at:
        decider = session.get(Person, row.decided_by)
        day = county_day(row.decided_at)
        raise BadInputError("{name}在 {day} 已经定了，不用再定", name=decider.name if decider else "", day=day)
    return row


def _decide(session: Session, row: CertificateProposal, by: Me, now: datetime, granted: bool) -> None:
    row.decided_by, row.decided_at, row.granted = by.person.id, now, granted
    session.flush()


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not LEAST <= len(reason) <= MOST:
        raise BadInputError("请写为什么退回，{least}到{most}个字", least=LEAST, most=MOST)
    return reason
