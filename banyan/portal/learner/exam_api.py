"""What the exam page's script asks for. Whatever is acknowledged here is on disk; times go out as ISO and milliseconds."""

from datetime import datetime
from typing import Any

from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, StrictInt

from banyan.domain.permission import Action
from banyan.errors import TimeLeftError
from banyan.portal.lanes import in_an_exam
from banyan.portal.learner.sitting import as_read
from banyan.portal.pages import Answering, MyPage
from banyan.portal.registry import Routes
from banyan.portal.templating import Shelf
from banyan.tracker.concerns import InExam, raise_in_exam
from banyan.tracker.exams import Choice, Given, case_state, save_answer, submit, submit_when_over, take_step

routes = Routes()


class AnswerGiven(BaseModel):
    model_config = ConfigDict(extra="forbid")

    seq: StrictInt
    value: Any = None


class StepGiven(BaseModel):
    model_config = ConfigDict(extra="forbid")

    slot: str
    number: StrictInt
    choice: str


class ConcernGiven(BaseModel):
    model_config = ConfigDict(extra="forbid")

    slot: str
    kind: str
    words: str = ""


@routes.answer("PUT", "/exams/{attempt}/answers/{slot}")
async def keep(page: Answering, attempt: int, slot: str, answer: AnswerGiven) -> Response:
    given, now = Given(slot, answer.seq, answer.value), page.exam_now
    saved = await page.write(lambda session, me: save_answer(session, attempt, me, given, page.house.rulebook, now))
    return page.json(
        {
            "seq": saved.seq,
            "saved_at": saved.saved_at.isoformat(),
            "deadline_at": saved.deadline_at.isoformat(),
            "now": milliseconds(now),
            "deadline": milliseconds(saved.deadline_at),
        }
    )


@routes.post("/exams/{attempt}/steps", needs=Action.LEARN)
def step(page: MyPage, attempt: int, taken: StepGiven) -> Response:
    choice = Choice(taken.slot, taken.number, taken.choice)
    with page.writing() as session:
        take_step(session, attempt, page.me, choice, page.house.rulebook, page.exam_now)
        state = case_state(session, attempt, page.me, taken.slot, page.house.rulebook)
    shelf: Shelf = page.request.app.state.shelf
    return page.json(
        {
            "number": state.next_number,
            "ended": state.ended,
            "scene": as_read(state.shown, f"{state.slot}-", page),
            "log": shelf.render("learner/drill_log.html", page.language.code, page=page, state=state),
            "now": milliseconds(page.exam_now),
        }
    )


@routes.post("/exams/{attempt}/concerns", needs=Action.LEARN)
def concern(page: MyPage, attempt: int, said: ConcernGiven) -> Response:
    """Keep 这题有问题 or 看不懂, said of one's own exam; sent again it is the same."""
    with page.writing() as session:
        raise_in_exam(session, attempt, page.me, InExam(said.slot, said.kind, said.words), page.exam_now)
    return page.json({"told": True, "now": milliseconds(page.exam_now)})


@routes.answer("POST", "/exams/{attempt}/submit")
async def hand_in(page: Answering, attempt: int, by_clock: bool = False) -> Response:
    """Hand in; sent twice it is the same submission. A form gets a page, the script a word.

    `by_clock`: nobody asked, but the phone takes the time to be up; while some is left it is told how much.
    """
    now, verb = page.exam_now, submit_when_over if by_clock else submit
    try:
        submission = await page.write(lambda session, me: verb(session, attempt, me, page.house.rulebook, now))
    except TimeLeftError as early:
        said = {"message": page.say(early.message), "now": milliseconds(now), "deadline": milliseconds(early.deadline)}
        return page.json(said, 409)
    await in_an_exam(lambda: page.house.wake(submission.id))
    if "application/json" in page.request.headers.get("accept", ""):
        return page.json({"submitted_at": submission.submitted_at.isoformat()})
    return page.go(f"/exams/{attempt}/receipt")


def milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
