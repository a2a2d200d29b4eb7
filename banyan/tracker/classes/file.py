"""The file of a class, put together from the records: who came, what they sat, what was written; and what it lacks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.class_file import Figures, Finding, Holdings, check, is_complete, term
from banyan.domain.examination import State
from banyan.records.classes import ClassPhoto
from banyan.records.people import Person
from banyan.records.training import AttendanceRow, TrainingPart, TrainingSession
from banyan.tracker.classes.counting import Counted, count, counted
from banyan.tracker.classes.lines import Line, lines_of
from banyan.tracker.classes.photos import photos_of
from banyan.tracker.classes.texts import Notice, Summary, days_of, notice_of, summary_of
from banyan.tracker.people import places_at
from banyan.tracker.rulebook import Rulebook


@dataclass(frozen=True)
class Changed:
    """A line of the sign-in that was put right: from how many minutes to how many, by whom, why."""

    person: Person
    part: TrainingPart
    before: int | None
    row: AttendanceRow


@dataclass(frozen=True)
class Outline:
    """How the file of a class stands. `days` are the class's own, `term` those whose exams and certificates count."""

    row: TrainingSession
    days: tuple[date, date]
    term: tuple[date, date]
    notice: Notice | None
    summary: Summary | None
    photos: tuple[ClassPhoto, ...]
    holdings: Holdings

    @property
    def figures(self) -> Figures:
        return self.holdings.figures

    @property
    def findings(self) -> tuple[Finding, ...]:
        return check(self.holdings)

    @property
    def is_complete(self) -> bool:
        return is_complete(self.findings)


@dataclass(frozen=True)
class ClassFile(Outline):
    """All of it; `names` says who acted, by number."""

    place: tuple[str, ...]
    lines: tuple[Line, ...]
    changed: tuple[Changed, ...]
    names: dict[int, str]

    @property
    def whole(self) -> int:
        """Minutes of all parts."""
        return sum(int((each.ends_at - each.starts_at).total_seconds()) // 60 for each in self.row.parts)


def outline_of(session: Session, row: TrainingSession, rulebook: Rulebook, now: datetime) -> Outline:
    """Return how the file of a class stands that was found for whoever asks; nobody's line is read for it."""
    texts = _texts(session, row)
    return _outline(row, texts, count(session, row, texts.term, rulebook), rulebook, now)


def file_of(session: Session, row: TrainingSession, rulebook: Rulebook, now: datetime) -> ClassFile:
    """Return the file of a class that was found for whoever asks."""
    texts = _texts(session, row)
    lines = lines_of(session, row, texts.term, rulebook)
    outline = _outline(row, texts, counted(row, lines), rulebook, now)
    changed = tuple(_changed(session, row, lines))
    acted = {row.planned_by, row.closed_by, *(each.row.recorded_by for each in changed)}
    acted |= {roll.recorded_by for each in lines for roll in each.rolls.values()}
    acted |= {texts.summary.written_by} if texts.summary else set()
    names = {each.id: each.name for each in session.scalars(select(Person).where(Person.id.in_(acted - {None})))}
    place = places_at(session, [row.unit.path])[row.unit.path] or (row.unit.name,)
    return ClassFile(**vars(outline), place=place, lines=lines, changed=changed, names=names)


@dataclass(frozen=True)
class Texts:
    """What was put into a class's file, and the days it says."""

    notice: Notice | None
    summary: Summary | None
    photos: tuple[ClassPhoto, ...]
    days: tuple[date, date]

    @property
    def term(self) -> tuple[date, date]:
        return (self.notice.since, self.notice.until) if self.notice else term(*self.days)


def _texts(session: Session, row: TrainingSession) -> Texts:
    return Texts(notice_of(session, row), summary_of(session, row), tuple(photos_of(session, row)), days_of(row))


def _outline(row: TrainingSession, texts: Texts, found: Counted, rulebook: Rulebook, now: datetime) -> Outline:
    held = Holdings(
        over=now >= row.parts[-1].ends_at,
        settled=row.closed_at is not None,
        figures=found.figures,
        notice=texts.notice is not None,
        examined=texts.notice.examined if texts.notice else True,
        leads_to_certificate=any(row.course in each.courses for each in rulebook.programmes),
        unsigned=found.unsigned,
        photos=len(texts.photos),
        unmarked=found.states.get(State.UNMARKED, 0),
        ungraded=found.states.get(State.SUBMITTED, 0),
        stuck=found.states.get(State.FAILED_TO_GRADE, 0),
        reported=texts.summary.figures if texts.summary else None,
    )
    return Outline(row, texts.days, texts.term, texts.notice, texts.summary, texts.photos, held)


def _changed(session: Session, row: TrainingSession, lines: tuple[Line, ...]) -> Iterator[Changed]:
    """Yield every correction of a class's sign-in, in the order in which they were made."""
    people, parts = {each.person.id: each.person for each in lines}, {each.id: each for each in row.parts}
    before: dict[tuple[int, int], int] = {}
    for each in session.scalars(select(AttendanceRow).where(AttendanceRow.part_id.in_(parts)).order_by(AttendanceRow.id)):
        key = (each.person_id, each.part_id)
        if each.way == "correction" and each.person_id in people:
            yield Changed(people[each.person_id], parts[each.part_id], before.get(key), each)
        before[key] = each.minutes
