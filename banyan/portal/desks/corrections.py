"""A wrong key put right: choose the questions, look whom it changes, then do it for a reason and watch it being done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from banyan.courseware.catalogue import numbers
from banyan.domain.estimate import seconds_left
from banyan.domain.permission import Action, Duty
from banyan.errors import BadInputError, NotFoundError
from banyan.portal.desks.form import SentForm
from banyan.portal.desks.pace_words import pace_words
from banyan.portal.faults import wants_json
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes
from banyan.records.corrections import Correction
from banyan.tracker.correcting import LONGEST_REASON, Candidate, Choice, Proposal, candidates, decide, decides_for_all, touched_by
from banyan.tracker.grading_pace import correction_pace
from banyan.tracker.people import NOT_HERE
from banyan.tracker.regrading import try_again
from banyan.tracker.reopening import still_marked
from banyan.tracker.rescoring import preview
from grading import questions
from grading.questions import case
from grading.questions.rubric import ByHand

routes = Routes()
routes.entry(N_("更正答案"), "/corrections", Action.CORRECT)

CHOICES = {
    Choice.KEY: N_("照新的答案"),
    Choice.BOTH: N_("新旧答案都算对"),
    Choice.AGAIN: N_("再阅一次"),
    Choice.VOID: N_("这题作废，人人得满分"),
}
MOST_LISTED = 100
AT_ONCE = 10  # people in the open; a longer list is folded away, so that the decision below it is seen
MOST_WOKEN = 200  # the sweeper brings on the rest
RESCORED = N_("{total}份里重算好了{done}份")
PICK = "q:"
"""What the name of a choice's field begins with; the question follows."""


@dataclass(frozen=True)
class Shown:
    """A question that may be corrected, its key in words as it was and as it is in the other release."""

    candidate: Candidate
    text: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    chosen: str

    @property
    def stepped(self) -> bool:
        """Say whether it was walked step by step: then what is walked again is the way somebody took."""
        return self.candidate.item.type in questions.STEPPED


@routes.get("/corrections", needs=Action.CORRECT)
def choose(page: MyPage, request: Request, course: str = "", release: int = 0, corrected: int = 0) -> Response:
    """Without a course, the courses and what was corrected; with one, its questions to choose from."""
    return _choose(page, _proposal(course, release, corrected, request.query_params)) if course else _overview(page)


@routes.get("/corrections/check", needs=Action.CORRECT)
def check(page: MyPage, request: Request, course: str = "", release: int = 0, corrected: int = 0) -> Response:
    """Whom it would change; changes nothing."""
    proposal = _proposal(course, release, corrected, request.query_params)
    return _check(page, proposal) if course else page.go("/corrections")


@routes.post("/corrections", needs=Action.CORRECT)
def correct(page: MyPage, form: SentForm) -> Response:
    proposal = _proposal(form.get("course", ""), _number(form.get("release")), _number(form.get("corrected")), form)
    reason = form.get("reason", "")
    if not proposal.course:
        return _overview(page, 422)
    try:
        _require_taught(page, proposal.course)
        with page.writing() as session:
            row = decide(session, proposal, reason, page.me, page.house.rulebook, page.now)
            touched = [each.id for each in touched_by(session, proposal)]
    except BadInputError as fault:
        return _check(page, proposal, 422, page.say(fault.message, **fault.params), reason)
    for submission_id in touched[:MOST_WOKEN]:
        page.house.wake(submission_id)
    return page.go(f"/corrections/run?n={row.id}")


@routes.get("/corrections/run", needs=Action.CORRECT)
def run(page: MyPage, n: int = 0) -> Response:
    """How far the graders have come; asked for JSON, only that."""
    if not n:
        return page.go("/corrections")
    with page.reading() as session:
        row = _found(session, page, n)
        pace = correction_pace(session, row, page.now)
        sent_back = still_marked(session, row.id)
    words = pace_words(page, pace.pile, seconds_left(pace.pile), RESCORED) if pace.pile.left else ""
    if wants_json(page.request):
        return page.json({"done": pace.pile.done, "total": pace.pile.total, "words": words})
    title = page.language.text(page.house.rulebook.catalogue.newest(row.course).title)
    return page.show("desks/correction_run.html", row=row, pace=pace, sent_back=sent_back, words=words, title=title)


@routes.post("/corrections/again", needs=Action.CORRECT)
def again(page: MyPage, form: SentForm) -> Response:
    """Let what could not be graded be tried once more, once what was in its way is mended."""
    number = _number(form.get("n"))
    if not number:
        return page.go("/corrections")
    with page.writing() as session:
        waiting = try_again(session, _found(session, page, number).id)
    for submission_id in waiting[:MOST_WOKEN]:
        page.house.wake(submission_id)
    return page.go(f"/corrections/run?n={number}")


def _overview(page: MyPage, status: int = 200) -> Response:
    courses = _courses(page)
    releases = page.house.rulebook.catalogue.releases
    with page.reading() as session:
        query = select(Correction).where(Correction.course.in_(courses)).options(joinedload(Correction.decider))
        done = session.scalars(query.order_by(Correction.id.desc()).limit(MOST_LISTED)).all()
    titles = {each: page.language.text(page.house.rulebook.catalogue.newest(each).title) for each in courses}
    numbered = {each: numbers(releases, each) for each in courses}
    return page.show("desks/corrections.html", status, titles=titles, releases=numbered, done=done)


def _choose(page: MyPage, proposal: Proposal, status: int = 200, fault: str = "") -> Response:
    _require_taught(page, proposal.course)
    with page.reading() as session:
        found = candidates(session, page.house.rulebook, proposal)
    shown = [_shown(each, proposal) for each in found]
    title = page.language.text(page.house.rulebook.catalogue.newest(proposal.course).title)
    asked: dict[str, Any] = {"proposal": proposal, "title": title, "fault": fault, "words": CHOICES, "pick": PICK}
    return page.show("desks/correction_choose.html", status, shown=shown, **asked)


def _check(page: MyPage, proposal: Proposal, status: int = 200, fault: str = "", reason: str = "") -> Response:
    _require_taught(page, proposal.course)
    try:
        with page.reading() as session:
            found = preview(session, proposal, page.me, page.house.rulebook, page.today)
            may = decides_for_all(session, page.me, proposal.course)
    except BadInputError as wrong:
        return _choose(page, proposal, 422, page.say(wrong.message, **wrong.params))
    exam = page.house.rulebook.catalogue.open(proposal.course, proposal.release).exam
    return page.show(
        "desks/correction_check.html",
        status,
        proposal=proposal,
        title=page.language.text(page.house.rulebook.catalogue.newest(proposal.course).title),
        chosen=[(_text(exam.items[name]), CHOICES[choice]) for name, choice in proposal.choices.items()],
        found=found,
        may=may,
        fault=fault,
        reason=reason,
        most=LONGEST_REASON,
        listed=MOST_LISTED,
        at_once=AT_ONCE,
        pick=PICK,
    )


def _proposal(course: str, release: int, corrected: int, sent: Mapping[str, str]) -> Proposal:
    picked = {name.removeprefix(PICK): value for name, value in sent.items() if name.startswith(PICK) and value in set(Choice)}
    return Proposal(course, release, corrected or None, {name: Choice(value) for name, value in picked.items()})


def _shown(candidate: Candidate, proposal: Proposal) -> Shown:
    chosen = proposal.choices.get(candidate.question)
    old, new = _key(candidate.item), _key(candidate.new) if candidate.new and candidate.changed else ()
    return Shown(candidate, _text(candidate.item), old, new, chosen.value if chosen else "")


def _text(item: questions.Item) -> str:
    return item.title if isinstance(item, case.Item) else item.stem


def _key(item: questions.Item) -> tuple[str, ...]:
    """Return the right answer in the question's own words; of a written answer, what its rubric gives."""
    if isinstance(item, ByHand):
        return tuple(f"{each.row}（{each.points:g}分）" for each in item.rubric)
    if item.type in questions.STEPPED:
        return ()
    kind = questions.type_of(item)
    return tuple(kind.spelled(item, kind.key(item)))


def _courses(page: MyPage) -> list[str]:
    """Return the courses somebody may correct: those they teach, or all if they administer."""
    charges = page.me.actor.charges
    all_of_them = any(each.duty is Duty.ADMINISTRATOR for each in charges)
    mine = {each.course for each in charges if each.duty is Duty.TRAINER}
    return [each for each in page.house.rulebook.catalogue.courses() if all_of_them or each in mine]


def _require_taught(page: MyPage, course: str) -> None:
    if course not in _courses(page):
        raise NotFoundError(NOT_HERE)


def _found(session: Session, page: MyPage, number: int) -> Correction:
    row = session.get(Correction, number, options=[joinedload(Correction.decider)])
    if row is None or row.course not in _courses(page):
        raise NotFoundError(NOT_HERE)
    return row


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 0
