"""The marks on a written answer, as the records hold them and as the rules see them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from banyan.courseware.exam import Form, ReleaseExam
from banyan.domain.marking import Reading, Readings, Stage, standing_rows
from banyan.errors import NotFoundError
from banyan.records.examinations import Mark
from grading.questions.rubric import ByHand
from grading.rulings import marked_by, share
from grading.scoring import points_for

Marks = Mapping[Stage, Mark]


@dataclass(frozen=True, order=True)
class Spot:
    """One written answer: a slot of a submission."""

    submission_id: int
    slot: str


def marks_on(session: Session, submissions: Iterable[int]) -> dict[Spot, dict[Stage, Mark]]:
    """Return all marks on some submissions, in one query."""
    query = select(Mark).where(Mark.submission_id.in_(list(submissions))).options(joinedload(Mark.marker))
    found: dict[Spot, dict[Stage, Mark]] = {}
    for row in session.scalars(query):
        found.setdefault(Spot(row.submission_id, row.slot), {})[Stage(row.stage)] = row
    return found


def read(marks: Marks) -> Readings:
    """Return marks as the rules see them."""
    return {stage: Reading(row.marked_by, tuple(row.rows)) for stage, row in marks.items()}


def standing_points(marks: Marks, exam: ReleaseExam, form: Form, slot: str) -> float | None:
    """Return the points of a slot that its marks amount to, None while there is none."""
    seat, rows = form.slot(slot), standing_rows(read(marks))
    if rows is None:
        return None
    return points_for(share(exam.items[seat.question], exam.rulings.get(seat.question), rows), seat.points)


def comment_of(marks: Marks) -> str:
    """Return what the learner is told: of the mark that stands, or of both that it is the mean of."""
    for stage in (Stage.APPEAL, Stage.AGREED):
        if stage in marks and marks[stage].comment:
            return marks[stage].comment
    said = (marks[stage].comment for stage in (Stage.FIRST, Stage.SECOND) if stage in marks)
    return "\n".join(dict.fromkeys(filter(None, said)))


class Answered(NamedTuple):
    """What was answered, as a marker meets it: a text to be read, a photo to be looked at, or a document of so many pages."""

    text: str
    photo: bool = False
    pages: int = 0

    @classmethod
    def of(cls, answer: Any) -> Self:
        """Return it of an answer as it was frozen."""
        if isinstance(answer, str):
            return cls(answer)
        if not isinstance(answer, Mapping) or "digest" not in answer:
            return cls("")
        return cls("", "pages" not in answer, answer.get("pages", 0))


def item_at(exam: ReleaseExam, form: Form, slot: str) -> ByHand:
    """Return the question of a slot that a person marks, with the rubric to mark it by; NotFoundError for any other."""
    question = form.slot(slot).question
    item = exam.items[question]
    if not isinstance(item, ByHand) or is_void(exam, form, slot):
        raise NotFoundError("这道题不用人工批改")
    return marked_by(item, exam.rulings.get(question))


def is_void(exam: ReleaseExam, form: Form, slot: str) -> bool:
    """Say whether it was decided that everybody gets a slot's points."""
    ruling = exam.rulings.get(form.slot(slot).question)
    return ruling is not None and ruling.void
