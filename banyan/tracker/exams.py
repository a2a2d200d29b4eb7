"""Sitting an exam: begin, answer, hand in. Whatever was acknowledged is kept; whatever was frozen is signed for.

An answer counts by the phone's own count (`seq`), not by when it arrives, so a late resend never undoes a newer one.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.courseware.exam import draw, public_slot
from banyan.domain.examination import GRACE, Refusal, deadline, too_late
from banyan.errors import InvalidAnswerError, NotYetError, TimeLeftError
from banyan.records import audit
from banyan.records.answers import keep_newest
from banyan.records.examinations import Answer, Attempt, Submission
from banyan.records.invigilation import ExamRoom
from banyan.records.people import Person
from banyan.tracker import answer_files, attempts
from banyan.tracker.admission import Admission, admission
from banyan.tracker.drills import CaseState, Choice, case_state, take_step
from banyan.tracker.handing_in import hand_in
from banyan.tracker.people import Me
from banyan.tracker.rulebook import Rulebook
from grading import questions
from grading.questions import file

LONGEST = 32_000  # characters of one answer as JSON
HIGHEST_SEQ = 2**53 - 1
BATCH = 200  # overdue attempts closed in one transaction

__all__ = [
    "CaseState",
    "Choice",
    "Given",
    "Paper",
    "PaperSlot",
    "Saved",
    "begin",
    "case_state",
    "close_overdue",
    "paper",
    "running",
    "save_answer",
    "save_file",
    "submit",
    "submit_when_over",
    "take_step",
]

WHY_NOT = {
    Refusal.PASSED: "这门考试您已经通过，不用再考",
    Refusal.UNMARKED: "上一次的试卷还没有批完，出了成绩才能再考",
    Refusal.COOLING: "请先复习，{again} 以后可以再考",
    Refusal.USED_UP: "考试次数已经用完，请联系您的老师",
    Refusal.UNLEARNT: "请先学完“{lesson}”，再来考试",
    Refusal.NOT_OPEN: "这门考试{opens}才开始，到时再来",
    Refusal.CLOSED: "这门考试最晚{closes}要开考，已经赶不上了，请联系您的老师",
}


@dataclass(frozen=True)
class Given:
    """An answer as it arrives from a phone: hostile until read."""

    slot: str
    seq: int
    value: Any


@dataclass(frozen=True)
class Saved:
    """What is on disk for a slot now; `seq` is a newer one's if a newer answer was there already."""

    seq: int
    saved_at: datetime
    deadline_at: datetime


@dataclass(frozen=True)
class PaperSlot:
    """One slot as its learner sees it: the question without its key, and the latest answer (`seq` 0: none yet)."""

    slot: str
    points: float
    question: dict[str, Any]
    value: Any
    seq: int


@dataclass(frozen=True)
class Paper:
    attempt: Attempt
    slots: tuple[PaperSlot, ...]


def begin(session: Session, course: str, me: Me, rulebook: Rulebook, now: datetime, room: ExamRoom | None = None) -> Attempt:
    """Begin an attempt, or return the one under way; one whose time is up is handed in and returned.

    NotYetError says why none may begin: a lesson not finished, a mark awaited, too soon, too often, or no exam room
    where the exam asks for one (`room` is what `invigilation.knock` returned).

    Whoever taps twice gets the same attempt: the person's row is held, and (person, course, number) is unique.
    """
    release = rulebook.catalogue.newest(course)
    session.execute(select(Person.id).where(Person.id == me.person.id).with_for_update())
    if under_way := running(session, course, me):
        if too_late(under_way.deadline_at, now):
            hand_in(session, under_way, rulebook, now)
        return under_way
    door = admission(session, me.person.id, release, rulebook, now)
    _require_open(door, now)
    if door.terms.invigilated and room is None:
        raise NotYetError("这门考试要有老师监考：到场签到以后，输老师报的六位数字")
    number = door.next_number
    drawn_by = seed(rulebook.attempt_key, me.person.handle, course, release.number, number)
    form = draw(release.exam, drawn_by, attempts.met(session, me.person.id, course))
    attempt = Attempt(person_id=me.person.id, course=course, release=release.number, number=number, form=form.to_json())
    attempt.factor, attempt.started_at = door.factor, now
    attempt.room_id = room.id if room else None
    attempt.deadline_at = deadline(now, release.exam.terms, attempt.factor)
    session.add(attempt)
    session.flush()
    special = {"factor": door.time and attempt.factor, "room": attempt.room_id}
    detail = {"release": release.number, **{name: value for name, value in special.items() if value}}
    audit.append(session, now, me.person.staff_number, "exam.begin", f"attempt:{attempt.id}", **detail)
    return attempt


def running(session: Session, course: str, me: Me) -> Attempt | None:
    """Return one's own attempt that is not handed in yet."""
    mine = (Attempt.person_id == me.person.id, Attempt.course == course, Attempt.submitted_at.is_(None))
    return session.scalars(select(Attempt).where(*mine).order_by(Attempt.number)).first()


def seed(key: bytes, handle: str, course: str, release: int, number: int) -> bytes:
    """Return what an attempt is drawn by: nobody can guess it, and the same attempt is drawn the same years later."""
    return hmac.new(key, f"{handle}:{course}:{release}:{number}".encode(), hashlib.sha256).digest()


def paper(session: Session, attempt_id: int, me: Me, rulebook: Rulebook) -> Paper:
    """Return one's own attempt as the exam page shows it, with all that was saved."""
    attempt = attempts.mine(session, attempt_id, me)
    exam, form = attempts.exam_of(attempt, rulebook), attempts.form_of(attempt)
    rows = {row.slot: row for row in session.scalars(select(Answer).where(Answer.attempt_id == attempt.id))}
    slots = []
    for seat in form.slots:
        path = attempts.path_of(session, attempt, seat.name) if exam.items[seat.question].type in questions.STEPPED else ()
        row = rows.get(seat.name)
        value, seq = (row.value, row.seq) if row else (None, 0)
        slots.append(PaperSlot(seat.name, seat.points, public_slot(exam, seat, path), value, seq))
    return Paper(attempt, tuple(slots))


def save_answer(session: Session, attempt_id: int, me: Me, given: Given, rulebook: Rulebook, now: datetime) -> Saved:
    """Keep an answer if it is newer than what is kept; acknowledged means on disk once the transaction commits."""
    attempt = attempts.mine(session, attempt_id, me)
    attempts.require_open(attempt, now)
    seat = attempts.form_of(attempt).slot(given.slot)
    _require_seq(given.seq)
    item = attempts.exam_of(attempt, rulebook).items[seat.question]
    value = read(item, given.value)
    if isinstance(item, file.Item) and value is not None:
        answer_files.require_tied(session, attempt, seat.name, value)
    return _put(session, attempt, Given(seat.name, given.seq, value), now)


def save_file(session: Session, attempt_id: int, me: Me, given: Given, now: datetime) -> Saved:
    """Keep a file as an answer; `given.value` is what `answer_files.keep` returned, for a slot that takes one."""
    attempt = attempts.mine(session, attempt_id, me)
    attempts.require_open(attempt, now)
    _require_seq(given.seq)
    answer_files.tie(session, attempt, given.slot, given.value, now)
    return _put(session, attempt, replace(given, value=given.value.value), now)


def _require_seq(seq: Any) -> None:
    if type(seq) is not int or not 0 < seq <= HIGHEST_SEQ:
        raise InvalidAnswerError("答案的序号不对，请刷新页面再答")


def _put(session: Session, attempt: Attempt, given: Given, now: datetime) -> Saved:
    answer = {"attempt_id": attempt.id, "slot": given.slot, "seq": given.seq, "value": given.value, "saved_at": now}
    kept = keep_newest(session, answer)
    return Saved(kept.seq, kept.saved_at, attempt.deadline_at)


def read(item: questions.Item, raw: Any) -> Any:
    """Return an answer as it is kept, or raise InvalidAnswerError."""
    if questions.type_of(item).stepped:
        raise InvalidAnswerError("演练要一步一步选，不能直接填答案")
    kept = questions.as_kept(item, raw)
    if len(json.dumps(kept if isinstance(kept, str) else raw, ensure_ascii=False)) > LONGEST:
        raise InvalidAnswerError("答案太长了，请写短一些")
    return kept


def submit(session: Session, attempt_id: int, me: Me, rulebook: Rulebook, now: datetime) -> Submission:
    """Hand in one's own attempt as it stands; handed in twice it is the same submission."""
    attempt = attempts.mine(session, attempt_id, me)
    return attempt.submission or hand_in(session, attempt, rulebook, now)


def submit_when_over(session: Session, attempt_id: int, me: Me, rulebook: Rulebook, now: datetime) -> Submission:
    """Hand in because a phone takes the time to be up; TimeLeftError, and nothing done, while there is some left."""
    attempt = attempts.mine(session, attempt_id, me)
    if attempt.submission is None and now < attempt.deadline_at:
        raise TimeLeftError(attempt.deadline_at)
    return submit(session, attempt_id, me, rulebook, now)


def close_overdue(session: Session, rulebook: Rulebook, now: datetime) -> int:
    """Hand in what was saved of attempts whose time is up; return how many. Call again while it returns any."""
    query = select(Attempt).where(Attempt.submitted_at.is_(None), Attempt.deadline_at < now - GRACE)
    overdue = session.scalars(query.order_by(Attempt.id).limit(BATCH).with_for_update(skip_locked=True)).all()
    for attempt in overdue:
        hand_in(session, attempt, rulebook, now)
    return len(overdue)


def _require_open(door: Admission, now: datetime) -> None:
    if door.refusal:
        terms, lesson = door.terms, door.next_lesson
        raise NotYetError(
            WHY_NOT[door.refusal],
            again=door.free_again,
            opens=terms.opens_at,
            closes=terms.closes_at,
            lesson=lesson.title["zh"] if lesson else "",
        )
