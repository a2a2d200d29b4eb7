"""What the exam page's script asks for. Whatever is acknowledged here is on disk; times go out as ISO and milliseconds."""

from datetime import datetime
from typing import Any

from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, StrictInt

from banyan.domain.permission import Action
from banyan.portal.learner.sitting import as_read
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes
from banyan.portal.templating import Shelf
from banyan.tracker.concerns import InExam, raise_in_exam
from banyan.tracker.exams import Choice, Given, case_state, save_answer, submit, take_step

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


@routes.put("/exams/{attempt}/answers/{slot}", needs=Action.LEARN)
def keep(page: MyPage, attempt: int, slot: str, answer: AnswerGiven) -> Response:
    given = Given(slot, answer.seq, answer.value)
    saved = page.write_together(lambda session: save_answer(session, attempt, page.me, given, page.house.rulebook, page.now))
    return page.json(
        {
            "seq": saved.seq,
            "saved_at": saved.saved_at.isoformat(),
            "deadline_at": saved.deadline_at.isoformat(),
            "now": milliseconds(page.now),
            "deadline": milliseconds(saved.deadline_at),
        }
    )


@routes.post("/exams/{attempt}/steps", needs=Action.LEARN)
def step(page: MyPage, attempt: int, taken: StepGiven) -> Response:
    choice = Choice(taken.slot, taken.number, taken.choice)
    with page.writing() as session:
        take_step(session, attempt, page.me, choice, page.house.rulebook, page.now)
        state = case_state(session, attempt, page.me, taken.slot, page.house.rulebook)
    shelf: Shelf = page.request.app.state.shelf
    return page.json(
        {
            "number": state.next_number,
            "ended": state.ended,
            "scene": as_read(state.shown, f"{state.slot}-", page),
            "log": shelf.render("learner/drill_log.html", page.language.code, page=page, state=state),
            "now": milliseconds(page.now),
        }
    )


@routes.post("/exams/{attempt}/concerns", needs=Action.LEARN)
def concern(page: MyPage, attempt: int, said: ConcernGiven) -> Response:
    """Keep 这题有问题 or 看不懂, said of one's own exam; sent again it is the same."""
    with page.writing() as session:
        raise_in_exam(session, attempt, page.me, InExam(said.slot, said.kind, said.words), page.now)
    return page.json({"told": True, "now": milliseconds(page.now)})


@routes.post("/exams/{attempt}/submit", needs=Action.LEARN)
def hand_in(page: MyPage, attempt: int) -> Response:
    """Hand in; sent twice it is the same submission. A form gets a page, the script a word."""
    submission = page.write_together(lambda session: submit(session, attempt, page.me, page.house.rulebook, page.now))
    page.house.wake(submission.id)
    if "application/json" in page.request.headers.get("accept", ""):
        return page.json({"submitted_at": submission.submitted_at.isoformat()})
    return page.go(f"/exams/{attempt}/receipt")


def milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
