"""Photos and documents as answers: sent from the exam page, and shown on it again to who sent them."""

from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.responses import Response

from banyan.domain.permission import Action
from banyan.portal.answer_file import reply
from banyan.portal.learner.exam_api import milliseconds
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes
from banyan.tracker.answer_files import keep, own_file, require_welcome, taken
from banyan.tracker.exams import Given, save_file

routes = Routes()


async def _body(request: Request) -> bytes:
    return await request.body()


Sent = Annotated[bytes, Depends(_body)]
Seq = Annotated[int, Query()]


@routes.put("/exams/{attempt}/files/{slot}", needs=Action.LEARN, long=True)
def send(page: MyPage, attempt: int, slot: str, sent: Sent, seq: Seq = 0) -> Response:
    """Take the file in as the body of the request; acknowledged, it is on disk and the answer is made."""
    with page.reading() as session:
        item = require_welcome(session, attempt, page.me, slot, page.house.rulebook, page.exam_now)
    kept = keep(page.house.answer_files, taken(item, sent))
    with page.writing() as session:
        saved = save_file(session, attempt, page.me, Given(slot, seq, kept), page.exam_now)
    return page.json(
        {
            "seq": saved.seq,
            "value": kept.value,
            "saved_at": saved.saved_at.isoformat(),
            "now": milliseconds(page.exam_now),
            "deadline": milliseconds(saved.deadline_at),
        }
    )


@routes.get("/exams/{attempt}/files/{slot}", needs=Action.LEARN)
def show(page: MyPage, attempt: int, slot: str) -> Response:
    with page.reading() as session:
        answer = own_file(session, attempt, page.me, slot)
    return reply(page.house.answer_files, answer)
