"""The file of a class, put together from the records: who came, what they sat, what was written; and what it lacks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.class_file import Figures, Finding, Holdings, check, is_complete, term
from banyan.domain.examination import State
from banyan.records.classes import ClassPhoto
from banyan.records.people import Person
from banyan.records.training import AttendanceRow, TrainingPart, TrainingSession
from banyan.tracker.classes.lines import Line, brief_lines_of, lines_of
from banyan.tracker.classes.photos import photos_of
from banyan.tracker.classes.texts import Notice, Summary, days_of, notice_of, summary_of
from banyan.tracker.people import places_at
from banyan.tracker.rulebook import Rulebook

Lines = Callable[[Session, TrainingSession, tuple[date, date], Rulebook], tuple[Line, ...]]


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
    lines: tuple[Line, ...]
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
    changed: tuple[Changed, ...]
    names: dict[int, str]

    @property
    def whole(self) -> int:
        """Minutes of all parts."""
        return sum(int((each.ends_at - each.starts_at).total_seconds()) // 60 for each in self.row.parts)


def outline_of(session: Session, row: TrainingSession, rulebook: Rulebook, now: datetime) -> Outline:
    """Return how the file of a class stands that was found for whoever asks; its lines are brief."""
    return _outline(session, row, rulebook, now, brief_lines_of)


def file_of(session: Session, row: TrainingSession, rulebook: Rulebook, now: datetime) -> ClassFile:
    """Return the file of a class that was found for whoever asks."""
    outline = _outline(session, row, rulebook, now, lines_of)
    changed = tuple(_changed(session, row, outline.lines))
    acted = {row.planned_by, row.closed_by, *(each.row.recorded_by for each in changed)}
    acted |= {roll.recorded_by for each in outline.lines for roll in each.rolls.values()}
    acted |= {outline.summary.written_by} if outline.summary else set()
    names = {each.id: each.name for each in session.scalars(select(Person).where(Person.id.in_(acted - {None})))}
    place = places_at(session, [row.unit.path])[row.unit.path] or (row.unit.name,)
    return ClassFile(**vars(outline), place=place, changed=changed, names=names)


def _outline(session: Session, row: TrainingSession, rulebook: Rulebook, now: datetime, lines_by: Lines) -> Outline:
    notice, summary, photos = notice_of(session, row), summary_of(session, row), photos_of(session, row)
    days = days_of(row)
    counted = (notice.since, notice.until) if notice else term(*days)
    lines = lines_by(session, row, counted, rulebook)
    held = Holdings(
        over=now >= row.parts[-1].ends_at,
        settled=row.closed_at is not None,
        figures=figures_of(lines),
        notice=notice is not None,
        examined=notice.examined if notice else True,
        leads_to_certificate=any(row.course in each.courses for each in rulebook.programmes),
        unsigned=sum(not any(_was_there(line, part) for line in lines) for part in row.parts),
        photos=len(photos),
        unmarked=sum(each.count(State.UNMARKED) for each in lines),
        ungraded=sum(each.count(State.SUBMITTED) for each in lines),
        stuck=sum(each.count(State.FAILED_TO_GRADE) for each in lines),
        reported=summary.figures if summary else None,
    )
    return Outline(row, days, counted, notice, summary, tuple(photos), lines, held)


def figures_of(lines: tuple[Line, ...]) -> Figures:
    return Figures(
        invited=len(lines),
        came=sum(each.attendance.present > 0 for each in lines),
        enough=sum(each.attendance.is_enough for each in lines),
        sat=sum(bool(each.sittings) for each in lines),
        passed=sum(each.passed is True for each in lines),
        certified=sum(each.certificate is not None for each in lines),
    )


def _was_there(line: Line, part: TrainingPart) -> bool:
    return part.id in line.rolls and line.rolls[part.id].minutes > 0


def _changed(session: Session, row: TrainingSession, lines: tuple[Line, ...]) -> Iterator[Changed]:
    """Yield every correction of a class's sign-in, in the order in which they were made."""
    people, parts = {each.person.id: each.person for each in lines}, {each.id: each for each in row.parts}
    before: dict[tuple[int, int], int] = {}
    for each in session.scalars(select(AttendanceRow).where(AttendanceRow.part_id.in_(parts)).order_by(AttendanceRow.id)):
        key = (each.person_id, each.part_id)
        if each.way == "correction" and each.person_id in people:
            yield Changed(people[each.person_id], parts[each.part_id], before.get(key), each)
        before[key] = each.minutes
