"""Asking to be erased, and deciding on it: by an administrator over the person, within fifteen working days, never on oneself.

Whoever has left is in the hands of whoever administers where they were last.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from banyan.domain.calendar import county_day
from banyan.domain.erasure import REQUEST, Hindrance, due_on, mac
from banyan.domain.examination import State
from banyan.domain.permission import Action, Target, may
from banyan.domain.task import TaskState
from banyan.errors import BadInputError, NotAllowedError, NotFoundError
from banyan.records import audit
from banyan.records.certification import CertificateProposal
from banyan.records.competence import Certificate
from banyan.records.corrections import CertificateDoubt, CorrectedResult
from banyan.records.erasure import Erasure, ErasureRequest
from banyan.records.examinations import Attempt, Submission
from banyan.records.marking import Appeal
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, ChargeRow, Person
from banyan.records.tasks import TaskSubmission
from banyan.tracker.erasing import Deed, erase
from banyan.tracker.erasure_deciders import in_reach, places_of, target
from banyan.tracker.people import NOT_HERE, Me, require
from banyan.tracker.rulebook import Rulebook

LEAST, MOST = 4, 300  # characters of a reason
MOST_WORDS = 300
OPEN = (ErasureRequest.decided_at.is_(None), ErasureRequest.withdrawn_at.is_(None))


@dataclass(frozen=True)
class RequestLine:
    """A request, where the person works or worked last, what stands in its way, and whether it is late."""

    row: ErasureRequest
    units: tuple[Unit, ...]
    at_work: bool
    hindrances: tuple[Hindrance, ...]
    late: bool


def ask(session: Session, me: Me, words: str, now: datetime) -> ErasureRequest:
    """Ask for one's own data to be erased; asked twice while it waits, it is asked once."""
    session.execute(select(Person.id).where(Person.id == me.person.id).with_for_update())
    return open_request(session, me.person.id) or _put(session, me.person, _words(words), None, me.person.staff_number, now)


def withdraw(session: Session, me: Me, now: datetime) -> None:
    """Take one's request back while nobody has decided; where there is none, nothing happens."""
    session.execute(select(Person.id).where(Person.id == me.person.id).with_for_update())
    row = open_request(session, me.person.id)
    if row:
        row.withdrawn_at = now
        session.flush()
        audit.append(session, now, me.person.staff_number, "erasure.withdraw", me.person.staff_number)


def record(session: Session, staff_number: str, words: str, by: Me, now: datetime) -> ErasureRequest:
    """Write down that somebody asked otherwise than on their own page: by letter, by telephone, having left."""
    person = session.scalars(select(Person).where(Person.staff_number == staff_number.strip().upper())).one_or_none()
    if person is None or not may(by.actor, Action.ERASE, target(session, person.id, county_day(now))):
        raise BadInputError("没有找到这个工号，或者不归您管；是您自己的，请上一级管理员来办")
    said = _words(words)
    if len(said) < LEAST:
        raise BadInputError("请写他是怎么提出的，例如：本人写信来，已核对身份")
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
    return open_request(session, person.id) or _put(session, person, said, by.person.id, by.person.staff_number, now)


def open_request(session: Session, person_id: int) -> ErasureRequest | None:
    return session.scalars(select(ErasureRequest).where(ErasureRequest.person_id == person_id, *OPEN)).one_or_none()


def last_request(session: Session, person_id: int) -> ErasureRequest | None:
    query = select(ErasureRequest).where(ErasureRequest.person_id == person_id, ErasureRequest.withdrawn_at.is_(None))
    return session.scalars(query.order_by(ErasureRequest.id.desc()).limit(1)).first()


def requests_for(session: Session, by: Me, now: datetime) -> list[RequestLine]:
    """Return what waits in an administrator's subtrees, the earliest due first; never their own."""
    theirs = ErasureRequest.person_id.in_(in_reach(by.actor))
    query = select(ErasureRequest).where(*OPEN, theirs).options(joinedload(ErasureRequest.person))
    rows = session.scalars(query.order_by(ErasureRequest.due_on, ErasureRequest.id)).all()
    today = county_day(now)
    mine = [row for row in rows if may(by.actor, Action.ERASE, _target(session, row, today))]
    return [_line(session, row, now) for row in mine]


def request_for(session: Session, request_id: int, by: Me, now: datetime) -> RequestLine:
    """Return one request to an administrator over the person; to others it is not there."""
    row = session.get(ErasureRequest, request_id)
    if row is None:
        raise NotFoundError(NOT_HERE)
    require(by.actor, Action.ERASE, _target(session, row, county_day(now)))
    return _line(session, row, now)


def refuse(session: Session, request_id: int, reason: str, by: Me, now: datetime) -> ErasureRequest:
    """Refuse for a reason that the person reads; they may ask again once it no longer holds."""
    row = _held(session, request_id, by, now)
    said = " ".join(reason.split())
    if not LEAST <= len(said) <= MOST:
        raise BadInputError("请写明为什么不能删、什么时候可以再提，{least}到{most}个字", least=LEAST, most=MOST)
    row.decided_by, row.decided_at, row.granted, row.answer = by.person.id, now, False, said
    session.flush()
    audit.append(session, now, by.person.staff_number, "erasure.refuse", row.person.staff_number, reason=said)
    return row


def grant(session: Session, request_id: int, by: Me, rulebook: Rulebook, now: datetime) -> Erasure:
    """Erase the person who asked, all of it or nothing; BadInputError while something stands in the way.

    Whoever wrote a request down does not grant it: nobody erases somebody with their own word alone.
    """
    row = _held(session, request_id, by, now)
    if row.recorded_by == by.person.id:
        raise NotAllowedError("这个申请是您记下的，要请另一位管理员来批：删了找不回来，不能一个人说了算")
    if hindrances(session, row.person_id, county_day(now)):
        raise BadInputError("还有没办完的事，现在不能删；办完再来，或者写明原因不批准")
    row.decided_by, row.decided_at, row.granted = by.person.id, now, True
    session.flush()
    return erase(session, row.person_id, rulebook, Deed(by.person.staff_number, REQUEST, now))


def readmit(session: Session, number: str, by: Me, rulebook: Rulebook, now: datetime) -> None:
    """Let somebody who was erased, by their staff number or phone of then, be taken in by a roster again, as somebody new;
    nothing of before comes back."""
    sign, today = mac(rulebook.attempt_key, number.strip().upper()), county_day(now)
    query = select(Erasure).where(or_(Erasure.number_mac == sign, Erasure.phone_mac == sign))
    found = session.scalars(query.order_by(Erasure.person_id)).all() if sign else ()
    rows = [each for each in found if may(by.actor, Action.ERASE, target(session, each.person_id, today))]
    if not rows:
        raise BadInputError("删除过的人里没有这个工号或手机号，或者不归您管")
    for row in rows:
        row.number_mac = row.phone_mac = ""
        session.flush()
        audit.append(session, now, by.person.staff_number, "erasure.readmit", row.person.staff_number)


def hindrances(session: Session, person_id: int, today: date) -> tuple[Hindrance, ...]:
    """Return what must be done with first, in the order of the page."""
    return tuple(each for each, query in _looked_for(person_id, today) if session.scalar(select(query.exists())))


def _looked_for(person_id: int, today: date) -> Iterator[tuple[Hindrance, Select[int]]]:
    lasts = or_(ChargeRow.ends_on.is_(None), ChargeRow.ends_on >= today)
    sat = select(Submission.id).join(Attempt, Submission.attempt_id == Attempt.id).where(Attempt.person_id == person_id)
    open_cases = (CertificateDoubt.kept_at.is_(None), Certificate.revoked_at.is_(None))
    yield Hindrance.DUTY, select(ChargeRow.id).where(ChargeRow.person_id == person_id, lasts)
    yield Hindrance.EXAM, select(Attempt.id).where(Attempt.person_id == person_id, Attempt.submitted_at.is_(None))
    yield Hindrance.GRADING, sat.where(Submission.state != State.GRADED)
    yield Hindrance.TASK, _waiting_tasks(person_id)
    yield Hindrance.APPEAL, sat.join(Appeal, Appeal.submission_id == Submission.id).where(Appeal.answered_at.is_(None))
    redone = (CorrectedResult.submission_id == Submission.id, CorrectedResult.done_at.is_(None))
    yield Hindrance.CORRECTION, sat.where(exists().where(*redone))
    proposed = (CertificateProposal.person_id == person_id, CertificateProposal.decided_at.is_(None))
    yield Hindrance.PROPOSAL, select(CertificateProposal.id).where(*proposed)
    doubted = select(Certificate.id).join(CertificateDoubt, CertificateDoubt.certificate_id == Certificate.id)
    yield Hindrance.DOUBT, doubted.where(Certificate.person_id == person_id, *open_cases)


def _waiting_tasks(person_id: int) -> Select[int]:
    """Select notebook tasks that are being graded or wait for points; what came after one takes its place."""
    later = aliased(TaskSubmission)
    same = (later.person_id == person_id, later.course == TaskSubmission.course, later.task == TaskSubmission.task)
    waits = TaskSubmission.state.in_((TaskState.SUBMITTED, TaskState.UNMARKED))
    newest = ~exists().where(*same, later.id > TaskSubmission.id)
    return select(TaskSubmission.id).where(TaskSubmission.person_id == person_id, waits, newest)


def _put(session: Session, person: Person, words: str, recorded_by: int | None, actor: str, now: datetime) -> ErasureRequest:
    row = ErasureRequest(person_id=person.id, words=words, recorded_by=recorded_by, asked_at=now, due_on=due_on(county_day(now)))
    session.add(row)
    session.flush()
    audit.append(session, now, actor, "erasure.ask", person.staff_number, due_on=row.due_on.isoformat())
    return row


def _held(session: Session, request_id: int, by: Me, now: datetime) -> ErasureRequest:
    """Return a request that waits, its person's row held."""
    row = request_for(session, request_id, by, now).row
    session.execute(select(Person.id).where(Person.id == row.person_id).with_for_update())
    session.refresh(row)
    if row.decided_at or row.withdrawn_at:
        raise BadInputError("这个申请已经办完了，或者本人收回了")
    return row


def _target(session: Session, row: ErasureRequest, today: date) -> Target:
    return target(session, row.person_id, today, row.recorded_by)


def _line(session: Session, row: ErasureRequest, now: datetime) -> RequestLine:
    today = county_day(now)
    standing = select(Appointment.id).where(Appointment.person_id == row.person_id, Appointment.starts_on <= today)
    lasts = or_(Appointment.ends_on.is_(None), Appointment.ends_on >= today)
    at_work = session.scalars(standing.where(lasts).limit(1)).first() is not None
    found = hindrances(session, row.person_id, today) if row.decided_at is None else ()
    late = row.decided_at is None and row.due_on < today
    return RequestLine(row, places_of(session, row.person_id, today), at_work, found, late)


def _words(text: str) -> str:
    said = " ".join(text.split())
    if len(said) > MOST_WORDS:
        raise BadInputError("最多写{most}个字，现在有{count}个", most=MOST_WORDS, count=len(said))
    return said
