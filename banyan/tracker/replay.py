"""An attempt, replayed: drawn again from its seed and what was kept with it, and held against everything that was signed.

It proves, years and releases later, which text each question had, that the form is the one its seed stands for, and that
the frozen answers are the ones a receipt was given for (docs/decisions/0026).
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.courseware.exam import Form, FormSlot, ReleaseExam, public_slot, redraw
from banyan.courseware.versions import versions
from banyan.domain.permission import Action, Target
from banyan.errors import InvalidAnswerError, NotFoundError, TamperedError
from banyan.records.examinations import Attempt, Submission
from banyan.records.people import Person
from banyan.tracker.attempts import answers_of, exam_of, form_of
from banyan.tracker.exams import seed
from banyan.tracker.outcome import SlotResult
from banyan.tracker.people import NOT_HERE, Me, require
from banyan.tracker.receipts import verify_receipt
from banyan.tracker.rulebook import Rulebook
from grading import questions
from grading.questions import case


def N_(message: str) -> str:
    """Mark a message that a page translates."""
    return message


CLAIMS = {
    "form": N_("照原来的种子再抽一遍，和当时的卷子一模一样"),
    "texts": N_("卷子里每道题，课程版本里存的还是当时那段文字"),
    "digest": N_("冻结的答卷和它的摘要对得上"),
    "answers": N_("冻结的答卷和记录里的卷子、答案对得上"),
    "receipt": N_("回执是这里签的，签的就是这份答卷"),
}
"""What each finding claims, in the order in which they are told."""


@dataclass(frozen=True)
class Finding:
    """One thing that was held against another: `holds` is None where there is nothing to hold it against."""

    key: str
    holds: bool | None


@dataclass(frozen=True)
class Asked:
    """One slot in words: what stood there in the order it stood, what was answered, what it earned so far."""

    slot: str
    question: str
    version: str
    lines: tuple[str, ...]
    answer: tuple[str, ...]
    points: float
    earned: float | None


@dataclass(frozen=True)
class Replay:
    attempt: Attempt
    person: Person
    submission: Submission | None
    findings: tuple[Finding, ...]
    asked: tuple[Asked, ...]

    @property
    def holds(self) -> bool:
        return all(each.holds is not False for each in self.findings)


def replay_for(session: Session, attempt_id: int, by: Me, rulebook: Rulebook) -> Replay:
    """Replay an attempt for whoever may read the audit log; nobody reads their own exam here."""
    require(by.actor, Action.READ_AUDIT, Target(frozenset()))
    found = replay(session, attempt_id, rulebook)
    if found.person.id == by.person.id:
        raise NotFoundError(NOT_HERE)
    return found


def replay(session: Session, attempt_id: int, rulebook: Rulebook) -> Replay:
    """Draw an attempt again and hold it against what was kept; changes nothing. NotFoundError if there is none."""
    attempt = session.get(Attempt, attempt_id)
    if attempt is None:
        raise NotFoundError(NOT_HERE)
    exam, form, answers = exam_of(attempt, rulebook), form_of(attempt), answers_of(session, attempt)
    drawn_again = _drawn_again(session, attempt, exam, rulebook)
    found = [Finding("form", drawn_again == form), Finding("texts", _same_texts(attempt, rulebook))]
    found += _frozen(attempt, answers, rulebook)
    results = {each.slot: each for each in SlotResult.read(attempt.submission.scores if attempt.submission else None)}
    asked = tuple(_asked(exam, seat, answers.get(seat.name), results.get(seat.name)) for seat in form.slots)
    return Replay(attempt, attempt.person, attempt.submission, tuple(found), asked)


def _drawn_again(session: Session, attempt: Attempt, exam: ReleaseExam, rulebook: Rulebook) -> Form:
    drawn_by = seed(rulebook.attempt_key, attempt.person.handle, attempt.course, attempt.release, attempt.number)
    return redraw(exam, drawn_by, form_of(attempt), _met_before(session, attempt))


def _met_before(session: Session, attempt: Attempt) -> list[str]:
    """Return what the attempts before this one asked: what a form from before it kept this was drawn with."""
    query = select(Attempt.form).where(Attempt.person_id == attempt.person_id, Attempt.course == attempt.course)
    forms = session.scalars(query.where(Attempt.number < attempt.number))
    return [seat.question for each in forms for seat in Form.from_json(each).slots]


def _same_texts(attempt: Attempt, rulebook: Rulebook) -> bool | None:
    """Say whether the release still holds the texts that the form names; None of a form that names no version."""
    slots = form_of(attempt).slots
    release = rulebook.catalogue.open(attempt.course, attempt.release)
    if any(each.question not in release.exam.items for each in slots):
        return False
    if not any(each.version for each in slots):
        return None
    found = versions({each.question: release.exam.items[each.question] for each in slots}, release.private_pictures)
    return all(found[each.question] == each.version for each in slots)


def _frozen(attempt: Attempt, answers: Mapping[str, Any], rulebook: Rulebook) -> Iterator[Finding]:
    row = attempt.submission
    if row is None:
        yield from (Finding(key, None) for key in ("digest", "answers", "receipt"))
        return
    if not row.frozen:  # kept no longer
        yield from (Finding("digest", None), Finding("answers", None), Finding("receipt", _signed(attempt, row, rulebook)))
        return
    frozen = json.loads(row.frozen)
    yield Finding("digest", hashlib.sha256(row.frozen.encode()).hexdigest() == row.digest)
    yield Finding("answers", frozen["form"] == attempt.form and frozen["answers"] == json.loads(json.dumps(answers)))
    yield Finding("receipt", _signed(attempt, row, rulebook))


def _signed(attempt: Attempt, row: Submission, rulebook: Rulebook) -> bool:
    try:
        said = verify_receipt(row.receipt, rulebook.issuer)
    except TamperedError:
        return False
    kept = (attempt.person.handle, attempt.course, attempt.release, attempt.number, row.digest)
    return (said.student, said.course, said.release, said.number, said.digest) == kept


def _asked(exam: ReleaseExam, seat: FormSlot, value: Any, result: SlotResult | None) -> Asked:
    item = exam.items.get(seat.question)
    if item is None:
        return Asked(seat.name, seat.question, seat.version, (), (questions.wire(value),), seat.points, None)
    lines = _walked(exam, seat, value or ()) if item.type in questions.STEPPED else shown_lines(public_slot(exam, seat))
    earned = result.points if result and not result.needs_mark else None
    return Asked(seat.name, seat.question, seat.version, tuple(lines), tuple(_said(item, value)), seat.points, earned)


def _walked(exam: ReleaseExam, seat: FormSlot, path: Any) -> Iterator[str]:
    """Yield what a walk is about, then each situation that was met with what there was to choose from."""
    item = exam.items[seat.question]
    yield item.title if isinstance(item, case.Item) else item.stem
    for place in range(len(path) + 1):
        shown = public_slot(exam, seat, tuple(path[:place]))
        if not shown["ended"]:
            yield from shown_lines({**shown, "stem": shown.get("moment", shown["stem"])})


def shown_lines(public: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a page shows of a question, a line each: its stem, then what there is to choose from, in its order."""
    yield public["stem"]
    for line in public.get("text", ()):
        yield "".join(piece["text"] if "text" in piece else f"[{piece['number']}]{piece['after']}" for piece in line)
        yield from (f"[{piece['number']}] {' / '.join(_texts(piece['choices']))}" for piece in line if piece["choices"])
    for element in public.get("elements", ()):
        yield f"{element['label']}：{' / '.join(_texts(element['choices']))}"
    yield from (f"{each['label']} {each['value']}{each['unit']}" for each in public.get("gauges", ()))
    for name in ("items", "options", "places", "choices"):
        yield from (f"{each['id']} {each['text']}" for each in public.get(name, ()))


def _texts(choices: Any) -> list[str]:
    return [each["text"] for each in choices]


def _said(item: questions.Item, value: Any) -> list[str]:
    """Return an answer in the question's own words, none where it was left blank."""
    kind = questions.type_of(item)
    try:
        parsed = kind.parse(item, value)
    except InvalidAnswerError:
        return [questions.wire(value)]
    return kind.spelled(item, parsed) if parsed else []
