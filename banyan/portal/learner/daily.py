"""每日三题: three questions a day of what was learnt, taught at once, with or without a line."""

import hmac
from collections.abc import Sequence
from datetime import date
from typing import Any

from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from banyan.domain.permission import Action
from banyan.portal.learner.courses import place_of
from banyan.portal.learner.words import LESSONS
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.tracker.daily import Given, Today, answer_daily, daily
from banyan.words.practice import as_read, told

routes = Routes()
REPORTS = {"first_report"}  # what looks like a real report


class AnswerGiven(BaseModel):
    model_config = ConfigDict(extra="forbid")

    course: str
    lesson: str
    question: str
    day: date
    value: Any = None


@routes.get("/daily", needs=Action.LEARN)
def three(page: MyPage) -> Response:
    page.here = f"{PORTAL}/learning"
    with page.reading() as session:
        asked = daily(session, page.me.person.id, page.house.rulebook, page.today)
        desk = place_of(session, page).desk
    sheets = [shown(each, page) for each in asked]
    return page.show(
        "learner/daily.html",
        sheets=sheets,
        answers=[each["answers"] for each in sheets],
        left=waiting(asked),
        day=page.today.isoformat(),
        reader=reader(page),
        desk=desk,
        reports=any(each["type"] in REPORTS for each in sheets),
    )


@routes.post("/daily/answers", needs=Action.LEARN)
def keep(page: MyPage, answer: AnswerGiven) -> Response:
    """Keep an answer, scored here again, and return what it teaches; sent twice it is the same."""
    given = Given(answer.course, answer.lesson, answer.question, answer.value, answer.day)
    with page.writing() as session:
        taken = answer_daily(session, page.me.person.id, page.house.rulebook, given, page.now)
    said = told(taken.item, taken.value, page.language)
    return page.json({"right": said.right, "text": said.text})


def waiting(asked: Sequence[Today]) -> int:
    """Return how many of the day's questions are not answered yet."""
    return sum(not each.answered for each in asked)


def shown(each: Today, page: MyPage) -> dict[str, Any]:
    """Return a question as its reader gets it, and the step of a lesson that teaches it."""
    asked = each.asked
    lesson = asked.release.lesson(asked.lesson)
    read = as_read(asked.item, page.language, f"{asked.release.course}-")
    return read | {
        "name": asked.name,
        "course": asked.release.course,
        "lesson": lesson.name,
        "question": asked.item.id,
        "answered": each.answered,
        "title": page.language.text(lesson.title.model_dump()),
        "path": f"{LESSONS}/{asked.release.course}/{lesson.name}" + (f"#{asked.step}" if asked.step else ""),
    }


def reader(page: MyPage) -> str:
    """Return a mark that tells the readers of one phone apart and says nothing else about them."""
    return hmac.digest(page.house.secret, f"daily:{page.me.person.staff_number}".encode(), "sha256").hex()[:16]
