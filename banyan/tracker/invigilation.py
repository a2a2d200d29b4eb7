"""The invigilator's code, as a learner types it, and what a certificate may say of it.

A wrong code and a right one of somebody who was not ticked are answered alike: a code heard from a friend tells nothing.
"""

from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from banyan.domain.calendar import COUNTY_TIME
from banyan.domain.certification import Programme
from banyan.domain.invigilation import WITHIN, free_to_try, read_code
from banyan.errors import NotYetError
from banyan.records import audit
from banyan.records.examinations import Attempt, Submission
from banyan.records.invigilation import ExamPresence, ExamRoom, WrongCode
from banyan.records.people import Person
from banyan.tracker.people import Me


def knock(session: Session, course: str, typed: str, me: Me, now: datetime) -> ExamRoom | None:
    """Return the room a code opens to somebody now; None if it opens none, which is kept and counts against them.

    NotYetError tells from when somebody may try again who was wrong too often; until then the right code opens nothing.
    """
    session.execute(select(Person.id).where(Person.id == me.person.id).with_for_update())
    counts_no_more = or_(WrongCode.tried_at <= now - WITHIN, WrongCode.tried_at > now)
    session.execute(delete(WrongCode).where(WrongCode.person_id == me.person.id, counts_no_more))
    wrong = session.scalars(select(WrongCode.tried_at).where(WrongCode.person_id == me.person.id)).all()
    if again := free_to_try(wrong, now):
        raise NotYetError("考场码输错太多次了，{again}以后再试；请举手找监考老师", again=f"{again.astimezone(COUNTY_TIME):%H:%M}")
    room = _opened_by(session, course, read_code(typed), me, now)
    if room is None:
        session.add(WrongCode(person_id=me.person.id, tried_at=now))
        session.flush()
        audit.append(session, now, me.person.staff_number, "room.wrong_code", course)
    return room


def invigilated(session: Session, person_id: int, programme: Programme) -> bool:
    """Say whether the exams of all the courses a programme asks for were passed in an exam room, each the last time."""
    query = select(Attempt.course, Attempt.room_id).join(Submission, Submission.attempt_id == Attempt.id)
    query = query.where(Attempt.person_id == person_id, Attempt.course.in_(programme.courses), Submission.passed.is_(True))
    rooms: dict[str, int | None] = {course: room for course, room in session.execute(query.order_by(Attempt.number))}  # noqa: C416
    return all(rooms.get(course) is not None for course in programme.courses)


def _opened_by(session: Session, course: str, code: str | None, me: Me, now: datetime) -> ExamRoom | None:
    """The room is held, so that nobody is taken off its roster while they begin."""
    query = select(ExamRoom).join(ExamPresence, ExamPresence.room_id == ExamRoom.id)
    query = query.where(ExamPresence.person_id == me.person.id, ExamRoom.course == course, ExamRoom.code == (code or ""))
    query = query.where(ExamRoom.closed_at.is_(None), ExamRoom.starts_at <= now, ExamRoom.ends_at >= now)
    return session.scalars(query.order_by(ExamRoom.id).limit(1).with_for_update(of=ExamRoom, read=True)).first()
