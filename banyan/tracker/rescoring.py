"""What a submission earns by corrected keys, and whom a proposal would change: worked out from the records alone."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.courseware.exam import Form, ReleaseExam
from banyan.domain.calendar import county_day
from banyan.domain.examination import State
from banyan.domain.marking import Stage
from banyan.domain.permission import Duty, subtrees
from banyan.records.competence import Certificate
from banyan.records.examinations import Mark, Submission
from banyan.records.people import Person
from banyan.tracker.corrected import rulings_on, with_rulings
from banyan.tracker.correcting import Proposal, rulings, touched_by
from banyan.tracker.marks import Spot, marks_on, standing_points
from banyan.tracker.outcome import Graded, SlotResult, passed
from banyan.tracker.people import Me, people_under
from banyan.tracker.reopening import spots_of
from banyan.tracker.rulebook import Rulebook
from grading.rulings import Ruling, replays
from grading.scoring import slot_score

Stages = dict[Spot, dict[Stage, Mark]]


def rescored(
    results: Iterable[SlotResult], graded: Graded, marks: Stages, only: Collection[str] | None = None
) -> tuple[SlotResult, ...]:
    """Return results by the keys of `graded.exam`: of the questions in `only`, or of all; people's marks stay theirs."""
    return tuple(_slot(each, graded, marks) if only is None or each.question in only else each for each in results)


def _slot(result: SlotResult, graded: Graded, marks: Stages) -> SlotResult:
    exam, ruling = graded.exam, graded.exam.rulings.get(result.question)
    answer = graded.answers.get(result.slot)
    found = slot_score(result.slot, exam.items[result.question], answer, result.max_points, ruling)
    fresh = replace(result, points=found.points, needs_mark=found.needs_mark, hard_fail=found.hard_fail)
    if not found.needs_mark:
        return fresh
    if result.needs_mark:
        return fresh
    points = standing_points(marks.get(Spot(graded.submission_id, result.slot), {}), exam, graded.form, result.slot)
    return fresh if points is None else replace(fresh, points=points, needs_mark=False)


@dataclass(frozen=True)
class Change:
    """One submission as it stands and as it would; `person` is None where the reader may not know whose it is."""

    submission_id: int
    person_id: int
    before: float
    after: float
    passed_before: bool | None
    passed_after: bool | None
    person: Person | None = None

    @property
    def wins(self) -> bool:
        return bool(self.passed_after) and not self.passed_before

    @property
    def loses(self) -> bool:
        return bool(self.passed_before) and not self.passed_after


@dataclass(frozen=True)
class Preview:
    """Everybody a proposal touches, and who would change; `certificates` belong to people who would no longer have passed.

    `again` go back to their markers, `again_passed` of them had passed: what those come to nobody knows yet. `astray` took a
    way that the other release does not have: they keep what it earned them.
    """

    touched: int
    waiting: int
    changes: tuple[Change, ...]
    certificates: int
    again: int = 0
    again_passed: int = 0
    astray: int = 0

    @property
    def wins(self) -> tuple[Change, ...]:
        return tuple(each for each in self.changes if each.wins)

    @property
    def loses(self) -> tuple[Change, ...]:
        return tuple(each for each in self.changes if each.loses)

    @property
    def named(self) -> tuple[Change, ...]:
        """Whom the reader may know, those whose exam turns first."""
        mine = [each for each in self.changes if each.person]
        return tuple(sorted(mine, key=lambda each: (not (each.wins or each.loses), each.person_id, each.submission_id)))


def preview(session: Session, proposal: Proposal, me: Me, rulebook: Rulebook, today: date) -> Preview:
    """Return what a proposal would do; nothing is written."""
    ruled = rulings(session, rulebook, proposal)
    rows = touched_by(session, proposal)
    marks = marks_on(session, [row.id for row in rows])
    before, _ = rulings_on(session, proposal.course, proposal.release)
    exam = rulebook.catalogue.open(proposal.course, proposal.release).exam
    corrected = with_rulings(exam, {**before, **ruled})
    done = [row for row in rows if row.state in (State.GRADED, State.UNMARKED)]
    only = proposal.choices.keys() - proposal.again
    changes = [each for row in done if (each := _change(row, corrected, marks, only))]
    again = [row for row in done if any(spot in marks for spot in spots_of(row, proposal.again))]
    return Preview(
        touched=len(rows),
        waiting=len(rows) - len(done),
        changes=_named(session, changes, me, proposal.course, today),
        certificates=_certificates(session, [each.person_id for each in changes if each.loses], rulebook, proposal.course, today),
        again=len(again),
        again_passed=sum(bool(row.passed) for row in again),
        astray=sum(_goes_astray(row, exam, ruled) for row in rows),
    )


def _goes_astray(row: Submission, exam: ReleaseExam, ruled: Mapping[str, Ruling]) -> bool:
    """Say whether somebody's way through a question cannot be walked by its new key."""
    frozen = json.loads(row.frozen)
    asked = [(seat, ruled[seat.question]) for seat in Form.from_json(frozen["form"]).slots if seat.question in ruled]
    return any(
        not replays(exam.items[seat.question], ruling.keys[-1], frozen["answers"].get(seat.name))
        for seat, ruling in asked
        if ruling.keys
    )


def _change(row: Submission, exam: ReleaseExam, marks: Stages, only: Collection[str]) -> Change | None:
    frozen = json.loads(row.frozen)
    form, answers = Form.from_json(frozen["form"]), frozen["answers"]
    graded = Graded(row.id, row.attempt.person_id, county_day(row.submitted_at), exam, form, answers, ())
    graded = replace(graded, results=rescored(SlotResult.read(row.scores), graded, marks, only))
    verdict = None if graded.waiting else passed(graded)
    was, now = (row.score, row.passed, row.hard_fail), (graded.score, verdict, graded.hard_fail)
    if was == now:
        return None
    return Change(row.id, row.attempt.person_id, row.score or 0.0, graded.score, row.passed, verdict)


def _named(session: Session, changes: list[Change], me: Me, course: str, today: date) -> tuple[Change, ...]:
    paths = (*subtrees(me.actor, Duty.TRAINER, course), *subtrees(me.actor, Duty.ADMINISTRATOR))
    people = {each.id: each for each in session.scalars(people_under(paths, today))} if changes and paths else {}
    return tuple(replace(each, person=people.get(each.person_id)) for each in changes)


def _certificates(session: Session, people: list[int], rulebook: Rulebook, course: str, today: date) -> int:
    codes = [each.code for each in rulebook.programmes if course in each.courses]
    query = select(Certificate.id).where(
        Certificate.person_id.in_(people),
        Certificate.programme.in_(codes),
        Certificate.revoked_at.is_(None),
        Certificate.expires_on >= today,
    )
    return len(session.scalars(query).all())
