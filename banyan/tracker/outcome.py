"""What a graded exam amounts to: passed or not, and what of it is evidence. Pure: everything is given."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

from banyan.courseware.exam import Form, ReleaseExam
from banyan.domain.examination import passes
from banyan.domain.framework import Framework, Kind
from banyan.tracker.intake import Claim
from grading import questions
from grading.bridge import GRADER
from grading.scoring import counted, slot_score


@dataclass(frozen=True)
class SlotResult:
    """What one slot earned; `needs_mark` until a person has marked it, `hard_fail` says why the exam is lost."""

    slot: str
    question: str
    points: float
    max_points: float
    needs_mark: bool = False
    hard_fail: str | None = None

    @classmethod
    def read(cls, scores: Mapping[str, Any] | None) -> list[Self]:
        """Return the slots of a submission's scores in the order of the form."""
        return [cls(slot=slot, **each) for slot, each in sorted((scores or {}).items())]

    @staticmethod
    def keep(results: Iterable["SlotResult"]) -> dict[str, Any]:
        """Return results as a submission keeps them: slot → everything else."""
        return {each.slot: {key: value for key, value in asdict(each).items() if key != "slot"} for each in results}


@dataclass(frozen=True)
class Graded:
    """One submission with everything its outcome depends on."""

    submission_id: int
    person_id: int
    day: date
    exam: ReleaseExam
    form: Form
    answers: Mapping[str, Any]
    results: tuple[SlotResult, ...]

    @property
    def waiting(self) -> bool:
        return any(each.needs_mark for each in self.results)

    @property
    def score(self) -> float:
        return round(sum(each.points for each in self.results), 2)

    @property
    def total(self) -> float:
        return round(sum(each.max_points for each in self.results), 2)

    @property
    def hard_fail(self) -> str | None:
        return "；".join(each.hard_fail for each in self.results if each.hard_fail) or None


def score_form(exam: ReleaseExam, form: Form, answers: Mapping[str, Any]) -> tuple[SlotResult, ...]:
    """Return what the answers to a form earn, without any gradebook."""
    found = []
    for seat in form.slots:
        ruling = exam.rulings.get(seat.question)
        scored = slot_score(seat.name, exam.items[seat.question], answers.get(seat.name), seat.points, ruling)
        found.append(SlotResult(seat.name, seat.question, scored.points, seat.points, scored.needs_mark, scored.hard_fail))
    return tuple(found)


def passed(graded: Graded) -> bool:
    """The pass mark overall, no hard fail, and in each slot that asks for it at least so many percent."""
    low = too_low(graded.results, graded.exam)
    return not low and passes(graded.score, graded.total, graded.hard_fail is not None, graded.exam.terms)


def too_low(results: Iterable[SlotResult], exam: ReleaseExam) -> list[tuple[SlotResult, float]]:
    """Return what earned less than its slot asks for by itself, each with the points it asks for."""
    floors = {seat.name: seat.floor for seat in exam.seats if seat.floor}
    found = [(each, floors[each.slot]) for each in results if each.slot in floors]
    return [(each, floor) for each, floor in found if round(each.points, 4) < round(floor, 4)]


def claims(graded: Graded, teaches: Mapping[str, int], framework: Framework) -> Iterator[Claim]:
    """Yield what an exam shows: assessed if it was passed, simulated as far as what was walked was.

    A level is the one the course teaches; a competency it does not teach, or whose framework does not take this kind
    of evidence, gains nothing.
    """
    shown = {Kind.OA: _assessed(graded) if passed(graded) else frozenset(), Kind.SIM: _simulated(graded)}
    for kind, indicators in shown.items():
        for code, level in teaches.items():
            if code not in framework or kind not in framework.competency(code).evidence:
                continue
            mine = indicators & framework.competency(code).indicator_codes
            if mine:
                source = f"submission:{graded.submission_id}:{kind}:{code}"
                yield Claim(graded.person_id, code, mine, kind, level, graded.day, source, grader=GRADER)


def _assessed(graded: Graded) -> frozenset[str]:
    """Return the indicators the questions of the form ask for; what is walked is simulated and assesses nothing."""
    items = [graded.exam.items[seat.question] for seat in graded.form.slots]
    return frozenset(code for item in items if not questions.stepped_type_of(item) for code in item.indicators)


def _simulated(graded: Graded) -> frozenset[str]:
    """Return the indicators shown in a walk that reached its own floor, or the pass mark where it has none."""
    shown: frozenset[str] = frozenset()
    wants = {seat.name: seat.wants for seat in graded.exam.seats}
    for each in graded.results:
        item = graded.exam.items[each.question]
        kind = questions.stepped_type_of(item)
        if kind and not each.hard_fail:
            floor = wants[each.slot].at_least or graded.exam.blueprint.pass_percent
            path = tuple(graded.answers.get(each.slot) or ())
            counts = counted(item, path, graded.exam.rulings.get(each.question))
            shown |= kind.indicators_shown(counts, path) if _reaches(each, floor) else frozenset()
    return shown


def _reaches(result: SlotResult, percent: float) -> bool:
    return round(result.points * 100, 2) >= round(percent * result.max_points, 2)
