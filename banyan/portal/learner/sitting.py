"""Sitting an exam: the rules in plain words, the exam page, handing in."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Form
from fastapi.responses import Response
from markupsafe import Markup

from banyan.courseware.outlook import outlook
from banyan.domain.examination import Refusal, deadline, too_late
from banyan.domain.permission import Action
from banyan.errors import TryLaterError
from banyan.portal.i18n import N_
from banyan.portal.learner.courses import place_of
from banyan.portal.learner.exam_words import exam_words
from banyan.portal.learner.words import LESSONS
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.records.examinations import Attempt
from banyan.tracker.admission import admission
from banyan.tracker.attempts import mine
from banyan.tracker.debrief import attempts_at
from banyan.tracker.exam_rooms import rooms_ahead
from banyan.tracker.exams import Paper, begin, case_state, paper, running, submit
from banyan.tracker.invigilation import knock
from grading.questions import STEPPED
from grading.questions.render import Picture, html, no_picture

routes = Routes()
WRONG_CODE = N_("这个数字开不了考。请对一对数字；再请监考老师看看，您的名字勾上了没有。")


@routes.get("/courses/{course}/exam", needs=Action.LEARN)
def rules(page: MyPage, course: str) -> Response:
    return _rules(page, course)


def _rules(page: MyPage, course: str, status: int = 200, fault: str = "", code: str = "") -> Response:
    release = page.house.rulebook.catalogue.newest(course)
    with page.reading() as session:
        door = admission(session, page.me.person.id, release, page.house.rulebook, page.now)
        attempts = attempts_at(session, page.me.person.id, course)
        rooms = rooms_ahead(session, course, [unit.path for unit in page.me.units], page.now)
    why = door.refusal
    if why in (Refusal.PASSED, Refusal.UNMARKED, Refusal.COOLING, Refusal.USED_UP):
        return page.go(f"/exams/{attempts[0].id}")
    return page.show(
        "learner/exam_rules.html",
        status,
        fault=fault,
        code=code,
        room=rooms[0] if rooms else None,
        shut=why in (Refusal.NOT_OPEN, Refusal.CLOSED),
        release=release,
        terms=door.terms,
        slots=len(release.exam.seats),
        outlook=outlook(release.exam),
        floors=[each for each in release.exam.seats if each.floor],
        left=door.left,
        given=door.given,
        lesson=door.next_lesson if why is Refusal.UNLEARNT else None,
        unlearnt=sum(not each.finished for each in door.lessons),
        lessons=f"{LESSONS}/{course}",
        running=why is Refusal.RUNNING,
        time=door.time,
        minutes=door.minutes,
        ends_at=deadline(page.now, door.terms, door.factor),
        deadline=attempts[0].deadline_at if why is Refusal.RUNNING else None,
    )


@routes.get("/courses/{course}/exam/last", needs=Action.LEARN)
def last(page: MyPage, course: str) -> Response:
    """Lead to the latest attempt, or to the rules if there is none."""
    with page.reading() as session:
        attempts = attempts_at(session, page.me.person.id, course)
    return page.go(f"/exams/{attempts[0].id}" if attempts else f"/courses/{course}/exam")


@routes.post("/courses/{course}/exam", needs=Action.LEARN)
def start(page: MyPage, course: str, code: Annotated[str, Form(max_length=40)] = "") -> Response:
    """Begin; with an invigilator's code, in their exam room. A wrong code is counted and begins nothing."""
    with page.writing() as session:
        if page.house.doubts_clock and running(session, course, page.me) is None:
            raise TryLaterError("服务器的钟刚刚跳了一下，正在核对。最多十分钟就能开考，请稍等再点")
        room = knock(session, course, code, page.me, page.now) if code.strip() else None
        if room or not code.strip():
            attempt = begin(session, course, page.me, page.house.rulebook, page.exam_now, room)
            return page.go(f"/exams/{attempt.id}")
    return _rules(page, course, 422, page.say(WRONG_CODE), code.strip())


@routes.get("/exams/{attempt}", needs=Action.LEARN)
def exam(page: MyPage, attempt: int) -> Response:
    """The exam page while there is time; what became of it afterwards."""
    with page.writing() as session:
        row = mine(session, attempt, page.me)
        if row.submitted_at is None and too_late(row.deadline_at, page.exam_now):
            submit(session, attempt, page.me, page.house.rulebook, page.exam_now)  # the sweeper wakes a grader
        if row.submitted_at is not None:
            return page.go(f"/exams/{attempt}/result")
        asked = paper(session, attempt, page.me, page.house.rulebook)
        place = place_of(session, page)
        drills = {
            each.slot: case_state(session, attempt, page.me, each.slot, page.house.rulebook)
            for each in asked.slots
            if each.question["type"] in STEPPED
        }
    return page.show("learner/exam.html", **_shown(asked, page), drills=drills, desk=place.desk)


def _shown(asked: Paper, page: MyPage) -> dict[str, Any]:
    attempt: Attempt = asked.attempt
    release = page.house.rulebook.catalogue.open(attempt.course, attempt.release)
    return {
        "attempt": attempt,
        "title": release.title,
        "sheets": [(each, as_read(each.question, f"{each.slot}-", page, release.picture)) for each in asked.slots],
        "given": [{"slot": each.slot, "seq": each.seq, "value": each.value} for each in asked.slots],
        "exam_words": exam_words(page.language),
        "url": f"{PORTAL}/exams/{attempt.id}",
        "now": page.exam_now,
    }


def as_read(question: Mapping[str, Any], prefix: str, page: MyPage, picture: Picture = no_picture) -> Markup:
    """Return a question with the words around it in the page's language, its own as the course wrote them."""
    return html(page.language.written_all(question), prefix, page.language.code, page.say, picture)
