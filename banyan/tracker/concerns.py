"""这题有问题, 看不懂: what learners say of a question or a step, and the one answer they all get.

Said again while nobody has answered it is the same concern. A trainer sees what the learners of their course and subtree
say; whoever said it reads the answer once.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, bindparam, false, func, or_, select
from sqlalchemy.orm import Session

from banyan.courseware.release import Release
from banyan.domain.calendar import COUNTY_TIME, county_day
from banyan.domain.permission import Duty, subtrees
from banyan.errors import BadInputError, NotFoundError, NotYetError
from banyan.records import audit
from banyan.records.learning import Concern
from banyan.records.people import Person
from banyan.records.traces import only_with
from banyan.tracker.attempts import form_of, mine
from banyan.tracker.people import NOT_HERE, Me, people_under
from banyan.tracker.registers import whereabouts

LONGEST = 500  # characters, of what is said and of what is answered
A_DAY = 20  # concerns a person may raise; whoever finds more talks to the trainer
STEP = "#"
ANSWERED = (
    select(Concern)
    .where(Concern.person_id == bindparam("person"), Concern.answered_at.is_not(None), Concern.seen_at.is_(None))
    .order_by(Concern.answered_at.desc(), Concern.id.desc())
)


class Kind(StrEnum):
    WRONG = "wrong"
    UNCLEAR = "unclear"


@dataclass(frozen=True, order=True)
class Part:
    """What a concern is about: `name` is a question's, or a step's with # before it; `lesson` is "" in an exam."""

    course: str
    lesson: str
    name: str


@dataclass(frozen=True)
class Said:
    part: Part
    release: int
    kind: str
    words: str = ""


def part_of(release: Release, lesson: str, question: str = "", step: str = "") -> Part:
    """Return the question or the step of a lesson somebody means, or raise NotFoundError."""
    outline = release.lesson(lesson)
    if question in outline.questions:
        return Part(release.course, lesson, question)
    if step in {each.name for each in outline.steps}:
        return Part(release.course, lesson, STEP + step)
    raise NotFoundError("这里已经换了新的内容，请刷新页面再说")


def raise_concern(session: Session, person_id: int, said: Said, now: datetime) -> Concern:
    """Keep what somebody says of a part; while it is unanswered, saying it again only changes the words."""
    kind, words = _kind(said.kind), _words(said.words)
    part = said.part
    query = select(Concern).where(Concern.person_id == person_id, Concern.answered_at.is_(None), _about(part))
    row = session.scalars(query.order_by(Concern.id)).first()
    if row is None:
        _require_few(session, person_id, now)
        row = Concern(person_id=person_id, course=part.course, lesson=part.lesson, part=part.name, raised_at=now, answer="")
        session.add(row)
    row.kind, row.release, row.words = kind, said.release, words or row.words or ""
    session.flush()
    return row


@dataclass(frozen=True)
class InExam:
    """What is said of one question of an attempt, named by the slot it sits in."""

    slot: str
    kind: str
    words: str = ""


def raise_in_exam(session: Session, attempt_id: int, me: Me, said: InExam, now: datetime) -> Concern:
    """Keep what somebody says of a question of their own attempt, while they sit or afterwards."""
    attempt = mine(session, attempt_id, me)
    if not said.slot:
        raise BadInputError("请选是哪一题")
    part = Part(attempt.course, "", form_of(attempt).slot(said.slot).question)
    return raise_concern(session, me.person.id, Said(part, attempt.release, said.kind, said.words), now)


@dataclass(frozen=True)
class Voice:
    """One concern, and who raised it."""

    row: Concern
    person: Person
    place: tuple[str, ...]


@dataclass(frozen=True)
class Heap:
    """All that is said of one part and not answered yet, the oldest first."""

    part: Part
    release: int
    voices: tuple[Voice, ...]

    @property
    def upto(self) -> int:
        """What an answer is given to: nothing said after the trainer looked."""
        return max(each.row.id for each in self.voices)

    def count(self, kind: Kind) -> int:
        return sum(each.row.kind == kind for each in self.voices)


def heaps(session: Session, me: Me, today: date) -> list[Heap]:
    """Return what waits for this trainer's answer, what most people say first; a fixed number of queries."""
    query = select(Concern, Person).join(Person, Concern.person_id == Person.id)
    rows = session.execute(query.where(Concern.answered_at.is_(None), _entrusted(me, today)).order_by(Concern.id)).all()
    where = whereabouts(session, subtrees(me.actor, Duty.TRAINER), today) if rows else {}
    found: dict[Part, list[Voice]] = defaultdict(list)
    for row, person in rows:
        found[Part(row.course, row.lesson, row.part)].append(Voice(row, person, where.get(person.id, ())))
    made = [Heap(part, max(each.row.release for each in voices), tuple(voices)) for part, voices in found.items()]
    return sorted(made, key=lambda each: (-len(each.voices), each.voices[0].row.id))


def open_heaps(session: Session, me: Me, today: date) -> int:
    """Return how many parts wait for this trainer's answer."""
    parts = select(Concern.course, Concern.lesson, Concern.part).where(Concern.answered_at.is_(None), _entrusted(me, today))
    return session.scalars(select(func.count()).select_from(parts.distinct().subquery())).one()


def answer(session: Session, part: Part, upto: int, text: str, by: Me, now: datetime) -> int:
    """Answer all that was said of a part up to a concern, and return how many that was; answered twice it is none.

    NotFoundError for what is none of this trainer's.
    """
    words = _words(text)
    if not words:
        raise BadInputError("请写一句答复，例如：题目已改，谢谢")
    mine = select(Concern).where(_about(part), Concern.id <= upto, _entrusted(by, county_day(now)))
    rows = list(session.scalars(mine.with_for_update()))
    if not rows:
        raise NotFoundError(NOT_HERE)
    waiting = [row for row in rows if row.answered_at is None]
    for row in waiting:
        row.answer, row.answered_by, row.answered_at = words, by.person.id, now
    session.flush()
    if waiting:
        about = ":".join(filter(None, (part.course, part.lesson, part.name)))
        audit.append(session, now, by.person.staff_number, "concern.answer", about, people=len(waiting))
    return len(waiting)


@only_with(Concern, list)
def answered_for(session: Session, person_id: int) -> list[Concern]:
    """Return the answers somebody has not put away yet, the latest first."""
    return list(session.scalars(ANSWERED, {"person": person_id}))


def put_away(session: Session, person_id: int, concern_id: int, now: datetime) -> None:
    """Let one of somebody's answers have been read; what is not theirs, or not answered, stays as it is."""
    row = next((each for each in answered_for(session, person_id) if each.id == concern_id), None)
    if row:
        row.seen_at = now
        session.flush()


def _about(part: Part) -> ColumnElement[bool]:
    return and_(Concern.course == part.course, Concern.lesson == part.lesson, Concern.part == part.name)


def _entrusted(me: Me, today: date) -> ColumnElement[bool]:
    conditions = []
    for charge in (each for each in me.actor.charges if each.duty is Duty.TRAINER):
        learners = people_under([charge.path], today).with_only_columns(Person.id)
        conditions.append(and_(Concern.course == charge.course, Concern.person_id.in_(learners)))
    return and_(Concern.person_id != me.person.id, or_(false(), *conditions))


def _require_few(session: Session, person_id: int, now: datetime) -> None:
    morning = datetime.combine(county_day(now), datetime.min.time(), COUNTY_TIME)
    query = select(func.count()).where(
        Concern.person_id == person_id, Concern.raised_at >= morning, Concern.raised_at < morning + timedelta(days=1)
    )
    if session.scalars(query).one() >= A_DAY:
        raise NotYetError("今天已经说了 {most} 处，明天再说；急的话请直接找您的老师", most=A_DAY)


def _kind(text: str) -> str:
    if text not in set(Kind):
        raise BadInputError("请选是“有问题”还是“看不懂”")
    return text


def _words(text: str) -> str:
    words = " ".join(text.split())
    if len(words) > LONGEST:
        raise BadInputError("写得太长了：最多 {most} 个字，现在有 {count} 个", most=LONGEST, count=len(words))
    return words
