"""How many of a class came, sat, passed and hold a certificate: of its lines, or straight from the records for lists."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from banyan.domain.attendance import attendance
from banyan.domain.class_file import Figures
from banyan.domain.examination import State
from banyan.records.competence import Certificate
from banyan.records.examinations import Attempt, Submission
from banyan.records.training import AttendanceRow, TrainingSeat, TrainingSession
from banyan.tracker.classes.lines import Line, is_its_certificate
from banyan.tracker.classes.sittings import is_its_sitting, state_of
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.training_rolls import spans


@dataclass(frozen=True)
class Counted:
    """`unsigned` counts parts nobody signed in to, `states` sittings by how they stand."""

    figures: Figures
    unsigned: int
    states: Mapping[State, int]


def counted(row: TrainingSession, lines: tuple[Line, ...]) -> Counted:
    figures = Figures(
        invited=len(lines),
        came=sum(each.attendance.present > 0 for each in lines),
        enough=sum(each.attendance.is_enough for each in lines),
        sat=sum(bool(each.sittings) for each in lines),
        passed=sum(each.passed is True for each in lines),
        certified=sum(each.certificate is not None for each in lines),
    )
    signed = {part for each in lines for part, roll in each.rolls.items() if roll.minutes > 0}
    states = Counter(state_of(each) for line in lines for each in line.sittings)
    return Counted(figures, sum(each.id not in signed for each in row.parts), states)


def count(session: Session, row: TrainingSession, term: tuple[date, date], rulebook: Rulebook) -> Counted:
    """Return the same without reading anybody: four queries, whatever the size of the class."""
    minutes = _minutes(session, row)
    were = [attendance(spans(row), mine) for mine in minutes.values()]
    signed = {part for mine in minutes.values() for part, there in mine.items() if there > 0}
    query = select(Attempt.person_id, Submission.state, Submission.passed).join(Attempt.submission, isouter=True)
    sat = session.execute(query.where(_seated(row, Attempt.person_id), *is_its_sitting(row.course, term))).all()
    states = Counter(State(state or State.SUBMITTED) for _, state, _ in sat)
    certificates = select(func.count(Certificate.person_id.distinct())).where(
        _seated(row, Certificate.person_id), *is_its_certificate(row.course, term, rulebook)
    )
    figures = Figures(
        invited=session.scalar(select(func.count()).where(TrainingSeat.session_id == row.id)) or 0,
        came=sum(each.present > 0 for each in were),
        enough=sum(each.is_enough for each in were),
        sat=len({person for person, _, _ in sat}),
        passed=len({person for person, state, passed in sat if state == State.GRADED and passed}),
        certified=session.scalar(certificates) or 0,
    )
    return Counted(figures, sum(each.id not in signed for each in row.parts), states)


def _minutes(session: Session, row: TrainingSession) -> dict[int, dict[int, int]]:
    """Return by person the minutes of each part; the last row holds."""
    query = select(AttendanceRow.person_id, AttendanceRow.part_id, AttendanceRow.minutes)
    query = query.where(AttendanceRow.part_id.in_([each.id for each in row.parts]), _seated(row, AttendanceRow.person_id))
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for person, part, there in session.execute(query.order_by(AttendanceRow.id)):
        found[person][part] = there
    return found


def _seated(row: TrainingSession, person: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    return person.in_(select(TrainingSeat.person_id).where(TrainingSeat.session_id == row.id))
