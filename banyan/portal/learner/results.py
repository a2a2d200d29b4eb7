"""After the exam: a receipt to keep, and in plain words what became of it."""

from typing import Annotated, Any

from fastapi import Form, Query
from fastapi.responses import Response
from markupsafe import Markup
from sqlalchemy.orm import Session

from banyan.certificates import qr_picture
from banyan.certificates.receipt_picture import Slip, picture
from banyan.domain.calendar import county_day
from banyan.domain.examination import Refusal, State
from banyan.domain.permission import Action
from banyan.errors import NotFoundError, TamperedError
from banyan.portal.learner.courses import programme_of
from banyan.portal.learner.next_words import call, practical_words, room_words
from banyan.portal.learner.words import LESSONS
from banyan.portal.pages import Answering, MyPage, Page, PublicPage
from banyan.portal.registry import PORTAL, PUBLIC, Routes
from banyan.records.examinations import Attempt, Submission
from banyan.tracker.admission import admission
from banyan.tracker.aftermath import Aftermath, aftermath, has_been_read
from banyan.tracker.appeals import LONGEST_REASON, ask
from banyan.tracker.attempts import clock, exam_of, form_of, mine
from banyan.tracker.debrief import Debrief, debrief, marked_by
from banyan.tracker.enrolment import enrolment
from banyan.tracker.outcome import SlotResult, too_low
from banyan.tracker.receipts import ASKED, verify_receipt
from banyan.tracker.reopening import reopened
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.waiting import place
from grading.questions import BY_HAND

routes = Routes()


@routes.get("/exams/{attempt}/receipt", needs=Action.LEARN)
def receipt(page: MyPage, attempt: int) -> Response:
    with page.reading() as session:
        row = handed_in(mine(session, attempt, page.me))
        submission = row.submission
        assert submission is not None
        due = marked_by(session, submission)
    title = page.house.rulebook.catalogue.open(row.course, row.release).title
    return page.show(
        "learner/receipt.html",
        state=submission.state,
        by_hand=_is_marked_by_hand(row, page.house.rulebook),
        marked_by=due,
        attempt=row,
        submission=submission,
        title=title,
        code=code_of(submission.digest),
        picture=picture_of(address_of(page, submission.receipt)),
    )


@routes.get("/exams/{attempt}/receipt/picture.png", needs=Action.LEARN)
def receipt_picture(page: MyPage, attempt: int) -> Response:
    with page.reading() as session:
        row = handed_in(mine(session, attempt, page.me))
        submission = row.submission
    assert submission is not None
    day = county_day(submission.submitted_at)
    slip = Slip(
        title=page.house.rulebook.catalogue.open(row.course, row.release).title["zh"],
        name=page.me.person.name,
        handed_in=f"{day.isoformat()} {clock(submission.submitted_at)}",
        code=code_of(submission.digest),
        issuer=page.house.rulebook.issuer.name,
        address=address_of(page, submission.receipt),
        day=day,
        demo=page.house.demo,
    )
    kept = {"content-disposition": f"attachment; filename=receipt-{attempt}.png"}
    return Response(picture(page.house.press(), slip), media_type="image/png", headers=kept)


@routes.get("/exams/{attempt}/result", needs=Action.LEARN)
def result(page: MyPage, attempt: int, told: str = "") -> Response:
    """Show what became of an exam."""
    with page.reading() as session:
        row = handed_in(mine(session, attempt, page.me))
        submission = row.submission
        assert submission is not None
        said = _outcome(session, row, submission, page) | _way_on(session, row, page)
        after = aftermath(session, submission, page.house.rulebook, page.now)
    if is_new(after):
        with page.writing() as session:
            has_been_read(session, submission.id, page.now)
    return page.show("learner/result.html", **said, attempt=row, told=bool(told), after=after, most=LONGEST_REASON)


@routes.answer("GET", "/exams/{attempt}/place")
async def in_line(page: Answering, attempt: int) -> Response:
    """Tell the script of the page that waits where an exam stands, and how many come first."""
    return page.json((await page.read(lambda session, me: place(session, attempt, me)))._asdict())


def _outcome(session: Session, row: Attempt, submission: Submission, page: MyPage) -> dict[str, Any]:
    """Return what became of an exam, as its page says it."""
    release = page.house.rulebook.catalogue.open(row.course, row.release)
    told, low = _told_of(row, submission, page.house.rulebook)
    due, again = marked_by(session, submission), reopened(session, [submission.id]).get(submission.id)
    return {
        "submission": submission,
        "title": release.title,
        "state": submission.state,
        "marked_by": due,
        "overdue": submission.state == State.UNMARKED and due < page.today,
        "again_because": again.correction.reason if again else "",
        "pass_percent": release.exam.terms.pass_percent,
        "low": low,
        "showed": [each.plain for each in told.shown],
        "todo": told.todo,
        "slots": [each.name for each in form_of(row).slots],
    }


def _way_on(session: Session, row: Attempt, page: MyPage) -> dict[str, Any]:
    """Return what one may do next, and whom one may ring, as the page says it."""
    rulebook, person = page.house.rulebook, page.me.person.id
    door = admission(session, person, rulebook.catalogue.newest(row.course), rulebook, page.now)
    programme = programme_of(row.course, page)
    standing = enrolment(session, person, programme, rulebook, page.now) if programme else None
    return {
        "course": row.course,
        "lessons": f"{LESSONS}/{row.course}",
        "why": door.refusal,
        "again": door.free_again,
        "terms": door.terms,
        "used_up": door.refusal is Refusal.USED_UP,
        "given": door.given,
        "lesson": door.next_lesson if door.refusal is Refusal.UNLEARNT else None,
        "practical": practical_words(standing.practical, page.today, page.language) if standing and standing.practical else "",
        "room": room_words(standing, page.today, page.language).strip() if standing else "",
        "certificate": standing.certificate if standing else None,
        "call": call(session, standing, page) if standing else None,
    }


def _is_marked_by_hand(row: Attempt, rulebook: Rulebook) -> bool:
    """Say whether a trainer has to look at something of an exam, as it was drawn."""
    items = exam_of(row, rulebook).items
    return any(items[each.question].type in BY_HAND for each in form_of(row).slots)


def is_new(after: Aftermath) -> bool:
    """Say whether there is something the learner has not read yet."""
    appeal = after.look.appeal
    answered = appeal is not None and appeal.answered_at is not None and appeal.seen_at is None
    return answered or (after.corrected is not None and after.corrected.seen_at is None)


@routes.post("/exams/{attempt}/appeal", needs=Action.LEARN)
def ask_again(page: MyPage, attempt: int, reason: Annotated[str, Form(max_length=4000)] = "") -> Response:
    """Ask for a second look at what a teacher marked, for a reason; once."""
    with page.writing() as session:
        ask(session, attempt, reason, page.me, page.house.rulebook, page.now)
    return page.go(f"/exams/{attempt}/result#second-look")


def _told_of(row: Attempt, submission: Submission, rulebook: Rulebook) -> tuple[Debrief, list[tuple[float, float]]]:
    """Return what a final exam showed, and of one not passed the points of slots below their floor, with the floor."""
    if submission.state != State.GRADED:
        return Debrief((), ()), []
    exam = exam_of(row, rulebook)
    low = [] if submission.passed else too_low(SlotResult.read(submission.scores), exam)
    told = debrief(submission, exam, rulebook.catalogue.newest(row.course), rulebook.framework)
    return told, [(each.points, floor) for each, floor in low]


@routes.get("/receipt", needs=PUBLIC)
def receipt_form(page: PublicPage, text: Annotated[str, Query(max_length=4000)] = "") -> Response:
    """The form; with the text that a receipt's QR code leads here with, the answer at once."""
    return _checked(page, text) if text else page.show("learner/receipt_check.html", said=None, fault="", given="")


@routes.post("/receipt", needs=PUBLIC)
def check_receipt(page: PublicPage, text: Annotated[str, Form(max_length=4000)] = "") -> Response:
    return _checked(page, text)


def _checked(page: Page, text: str) -> Response:
    """Tell whoever holds a receipt whether this house gave it; nothing is changed and nobody is named."""
    try:
        said = verify_receipt(text, page.house.rulebook.issuer)
    except TamperedError as fault:
        return page.show("learner/receipt_check.html", 422, said=None, fault=page.say(fault.message, **fault.params), given=text)
    title = course_title(page, said.course)
    return page.show("learner/receipt_check.html", said=said, title=title, code=code_of(said.digest), fault="", given=text)


def course_title(page: Page, course: str) -> str:
    """Return a course's title, or its name once no release of it is left."""
    try:
        return page.language.text(page.house.rulebook.catalogue.newest(course).title)
    except NotFoundError:
        return course


def address_of(page: Page, receipt: str) -> str:
    """Return the address that checks a receipt: what its QR code holds, so that any phone's camera will do."""
    return f"{page.origin}{PORTAL}/{ASKED}{receipt}"


def handed_in(attempt: Attempt) -> Attempt:
    if attempt.submission is None:
        raise NotFoundError("这份试卷还没有交，请回到考试页")
    return attempt


def picture_of(address: str) -> Markup:
    """Return a receipt's address as a QR code in SVG, so that a screenshot keeps all of it."""
    return Markup(qr_picture.inline(address, qr_picture.UNSCRATCHED))  # noqa: S704 - squares of ours


def code_of(digest: str) -> str:
    """Return twelve characters by which two people compare a receipt on the telephone."""
    return "-".join(digest[start : start + 4].upper() for start in (0, 4, 8))
