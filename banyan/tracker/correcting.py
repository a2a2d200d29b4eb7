"""A wrong key, found after the exam: what could be decided about its questions, whom it would change, and the decision itself.

Looking changes nothing. Deciding writes the decision and a line for every submission it touches; graders do the rest
(banyan.tracker.regrading), and whatever is killed goes on where it stood.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, contains_eager

from banyan.courseware.exam import Form
from banyan.domain.organisation import UnitLevel
from banyan.domain.permission import Action, Target, may
from banyan.errors import BadInputError, NotAllowedError
from banyan.records import audit
from banyan.records.corrections import CorrectedResult, Correction
from banyan.records.examinations import Attempt, Submission
from banyan.records.organisation import Unit
from banyan.tracker.corrected import rulings_on
from banyan.tracker.people import Me
from banyan.tracker.rulebook import Rulebook
from grading import questions
from grading.questions.rubric import ByHand
from grading.rulings import Ruling

LONGEST_REASON = 200
UNSCORED = frozenset({"stem", "why", "feedback", "facts", "own", "indicators", "picture", "alt"})
"""What may differ between two releases of a question without changing what an answer earns."""


class Choice(StrEnum):
    """What may be decided about a question: the new key, both keys, or its points for everybody."""

    KEY = "key"
    BOTH = "both"
    VOID = "void"


@dataclass(frozen=True)
class Proposal:
    """What somebody would decide about a release's questions; `corrected` is the release the new keys come from."""

    course: str
    release: int
    corrected: int | None
    choices: Mapping[str, Choice]


@dataclass(frozen=True)
class Candidate:
    """A question of a release: how many were asked it, as it was and, where the other release has it, as it is there."""

    question: str
    item: questions.Item
    new: questions.Item | None
    asked: int

    @property
    def changed(self) -> bool:
        return self.new is not None and _scored(self.item) != _scored(self.new)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What can be decided; what is walked and a rubric with other rows cannot be scored anew by a machine."""
        if not self.changed or self.new is None or self.new.type != self.item.type or self.item.type in questions.STEPPED:
            return (Choice.VOID,)
        if isinstance(self.item, ByHand) and isinstance(self.new, ByHand):
            same = len(self.item.rubric) == len(self.new.rubric)
            return (Choice.KEY, Choice.VOID) if same else (Choice.VOID,)
        return (Choice.KEY, Choice.BOTH, Choice.VOID)


def candidates(session: Session, rulebook: Rulebook, proposal: Proposal) -> list[Candidate]:
    """Return the questions of a release that were asked, those that the other release changes first, then the most asked."""
    exam = rulebook.catalogue.open(proposal.course, proposal.release).exam
    other = rulebook.catalogue.open(proposal.course, proposal.corrected).exam.items if proposal.corrected else {}
    before, _ = rulings_on(session, proposal.course, proposal.release)
    gone = {question for question, ruling in before.items() if ruling.void}  # everybody has the points and keeps them
    asked = Counter(seat.question for form in _forms(session, proposal) for seat in form.slots)
    open_ones = ((name, item) for name, item in exam.items.items() if asked[name] and name not in gone)
    found = [Candidate(name, item, other.get(name), asked[name]) for name, item in open_ones]
    return sorted(found, key=lambda each: (not each.changed, -each.asked, each.question))


def rulings(session: Session, rulebook: Rulebook, proposal: Proposal) -> dict[str, Ruling]:
    """Return what a proposal comes to, question by question, or raise BadInputError for what cannot be decided."""
    known = {each.question: each for each in candidates(session, rulebook, proposal)}
    if not proposal.choices:
        raise BadInputError("还没有选哪一题要改；请在题目下面选一种改法")
    found = {}
    for question, choice in proposal.choices.items():
        candidate = known.get(question)
        if candidate is None or choice not in candidate.choices:
            raise BadInputError("“{question}”这一题不能这样改，请从页面上重新选", question=question)
        found[question] = _ruling(candidate, choice)
    return found


def decide(session: Session, proposal: Proposal, reason: str, by: Me, rulebook: Rulebook, now: datetime) -> Correction:
    """Decide for the whole county, for a reason; what is touched waits for the graders from this moment on."""
    ruled, words = rulings(session, rulebook, proposal), _reason(reason)
    require_whole_county(session, by, proposal.course)
    row = Correction(course=proposal.course, release=proposal.release, corrected=proposal.corrected, reason=words)
    row.rulings = {question: ruling.to_json() for question, ruling in ruled.items()}
    row.decided_by, row.decided_at = by.person.id, now
    session.add(row)
    session.flush()
    touched = touched_by(session, proposal)
    session.add_all(
        CorrectedResult(correction_id=row.id, submission_id=each.id, score_before=each.score, passed_before=each.passed, tries=0)
        for each in touched
    )
    session.flush()
    asked = [f"{question} {choice}" for question, choice in sorted(proposal.choices.items())]
    detail = {"release": proposal.release, "questions": asked, "reason": words, "submissions": len(touched)}
    audit.append(session, now, by.person.staff_number, "exam.correct", proposal.course, **detail)
    return row


def touched_by(session: Session, proposal: Proposal) -> list[Submission]:
    """Return the submissions whose form asks one of the questions."""
    query = select(Submission, Attempt.form).join(Attempt, Submission.attempt_id == Attempt.id).where(*_of(proposal))
    query = query.options(contains_eager(Submission.attempt)).order_by(Submission.id)
    rows = session.execute(query).all()
    return [row for row, form in rows if any(seat.question in proposal.choices for seat in Form.from_json(form).slots)]


def require_whole_county(session: Session, me: Me, course: str) -> None:
    """Raise NotAllowedError unless somebody is trusted with all who sat: a key is wrong everywhere or nowhere."""
    if not decides_for_all(session, me, course):
        raise NotAllowedError("更正答案管的是全县考过的人：请负责全县这门课的老师，或者县管理员来定")


def decides_for_all(session: Session, me: Me, course: str) -> bool:
    tops = session.scalars(select(Unit.path).where(Unit.level == UnitLevel.COUNTY)).all()
    return any(may(me.actor, Action.CORRECT, Target(frozenset({path}), None, course)) for path in tops)


def _forms(session: Session, proposal: Proposal) -> list[Form]:
    query = select(Attempt.form).join(Submission, Submission.attempt_id == Attempt.id).where(*_of(proposal))
    return [Form.from_json(each) for each in session.scalars(query)]


def _of(proposal: Proposal) -> tuple[ColumnElement[bool], ...]:
    """What was handed in to a release, but for papers that are kept no longer: their results stand."""
    return (Attempt.course == proposal.course, Attempt.release == proposal.release, Submission.frozen != "")


def _ruling(candidate: Candidate, choice: Choice) -> Ruling:
    if choice is Choice.VOID:
        return Ruling(void=True)
    assert candidate.new is not None
    return Ruling(keys=(candidate.item, candidate.new) if choice is Choice.BOTH else (candidate.new,))


def _scored(item: questions.Item) -> dict[str, object]:
    return {name: value for name, value in questions.dump(item).items() if name not in UNSCORED}


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not reason:
        raise BadInputError("请写明为什么更正，学员会看到这一句")
    if len(reason) > LONGEST_REASON:
        raise BadInputError("原因最多 {most} 个字，现在有 {count} 个", most=LONGEST_REASON, count=len(reason))
    return reason
