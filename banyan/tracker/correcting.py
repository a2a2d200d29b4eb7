"""A wrong key, found after the exam: what could be decided about its questions, whom it would change, and the decision itself.

Looking changes nothing. Deciding writes the decision and a line for every submission it touches; graders do the rest
(banyan.tracker.regrading), and whatever is killed goes on where it stood.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
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
from banyan.tracker.reopening import drop_marks
from banyan.tracker.rulebook import Rulebook
from grading import questions
from grading.questions.rubric import ByHand
from grading.rulings import Ruling, marked_by, replays

LONGEST_REASON = 200
UNSCORED = frozenset({"stem", "why", "feedback", "facts", "own", "indicators", "picture", "alt"})
"""What may differ between two releases of a question without changing what an answer earns."""


class Choice(StrEnum):
    """What may be decided about a question: the new key, both keys, marking it again, or its points for everybody."""

    KEY = "key"
    BOTH = "both"
    AGAIN = "again"
    VOID = "void"


@dataclass(frozen=True)
class Proposal:
    """What somebody would decide about a release's questions; `corrected` is the release the new keys come from."""

    course: str
    release: int
    corrected: int | None
    choices: Mapping[str, Choice]

    @property
    def again(self) -> frozenset[str]:
        """The questions that are to be marked again."""
        return frozenset(question for question, choice in self.choices.items() if choice is Choice.AGAIN)


@dataclass(frozen=True)
class Candidate:
    """A question of a release: how many were asked it, as it was and, where the other release has it, as it is there.

    `astray` counts whose way through it cannot be walked in the other release; `again` says that it was marked again
    before, so that `item` has the rubric of then.
    """

    question: str
    item: questions.Item
    new: questions.Item | None
    asked: int
    astray: int = 0
    again: bool = False

    @property
    def changed(self) -> bool:
        return self.new is not None and _scored(self.item) != _scored(self.new)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What can be decided; marks by a rubric with other rows cannot be converted, and a way nobody can walk cannot count."""
        if not self.changed or self.new is None or self.new.type != self.item.type or 0 < self.asked <= self.astray:
            return (Choice.VOID,)
        if isinstance(self.item, ByHand) and isinstance(self.new, ByHand):
            same = len(self.item.rubric) == len(self.new.rubric)
            return (Choice.KEY, Choice.AGAIN, Choice.VOID) if same else (Choice.AGAIN, Choice.VOID)
        return (Choice.KEY, Choice.BOTH, Choice.VOID)


def candidates(session: Session, rulebook: Rulebook, proposal: Proposal) -> list[Candidate]:
    """Return the questions of a release that were asked, those that the other release changes first, then the most asked."""
    exam = rulebook.catalogue.open(proposal.course, proposal.release).exam
    other = rulebook.catalogue.open(proposal.course, proposal.corrected).exam.items if proposal.corrected else {}
    before, _ = rulings_on(session, proposal.course, proposal.release)
    gone = {question for question, ruling in before.items() if ruling.void}  # everybody has the points and keeps them
    asked = Counter(seat.question for form in _forms(session, proposal) for seat in form.slots)
    open_ones = {name: item for name, item in exam.items.items() if asked[name] and name not in gone}
    pairs = {name: (item, other[name]) for name, item in open_ones.items() if name in other}
    astray = _astray(session, proposal, {name: (old, new) for name, (old, new) in pairs.items() if _walked(old, new)})
    found = [_candidate(name, item, other, asked[name], before.get(name)) for name, item in open_ones.items()]
    found = [replace(each, astray=astray[each.question]) for each in found]
    return sorted(found, key=lambda each: (not each.changed, -each.asked, each.question))


def _candidate(
    name: str, item: questions.Item, other: Mapping[str, questions.Item], asked: int, ruling: Ruling | None
) -> Candidate:
    as_marked = marked_by(item, ruling) if isinstance(item, ByHand) else item
    return Candidate(name, as_marked, other.get(name), asked, again=ruling is not None and ruling.again)


def _walked(old: questions.Item, new: questions.Item) -> bool:
    """Say whether a question is walked, and in another way now."""
    return old.type in questions.STEPPED and old.type == new.type and _scored(old) != _scored(new)


def _astray(session: Session, proposal: Proposal, walked: Mapping[str, tuple[questions.Item, questions.Item]]) -> Counter[str]:
    """Count for each question whose way through it cannot be walked in the other release."""
    found: Counter[str] = Counter()
    if not walked:
        return found
    query = select(Submission.frozen).join(Attempt, Submission.attempt_id == Attempt.id).where(*_of(proposal))
    for frozen in session.scalars(query):
        kept = json.loads(frozen)
        for seat in Form.from_json(kept["form"]).slots:
            if seat.question in walked and not replays(*walked[seat.question], kept["answers"].get(seat.name)):
                found[seat.question] += 1
    return found


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
    drop_marks(session, row, touched, proposal.again)
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
    if choice is Choice.AGAIN:
        return Ruling(keys=(candidate.new,), again=True)
    if choice is Choice.BOTH or candidate.again:
        return Ruling(keys=(candidate.item, candidate.new), again=candidate.again)
    return Ruling(keys=(candidate.new,))


def _scored(item: questions.Item) -> dict[str, object]:
    return {name: value for name, value in questions.dump(item).items() if name not in UNSCORED}


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not reason:
        raise BadInputError("请写明为什么更正，学员会看到这一句")
    if len(reason) > LONGEST_REASON:
        raise BadInputError("原因最多 {most} 个字，现在有 {count} 个", most=LONGEST_REASON, count=len(reason))
    return reason
