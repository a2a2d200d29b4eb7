"""What a learner says of an exam's questions afterwards, and the answers a trainer gave."""

from typing import Annotated

from fastapi import Form
from fastapi.responses import Response

from banyan.domain.permission import Action
from banyan.errors import NotFoundError
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes
from banyan.records.learning import Concern
from banyan.tracker.concerns import STEP, InExam, put_away, raise_in_exam

routes = Routes()


@routes.post("/exams/{attempt}/concerns/said", needs=Action.LEARN)
def say(
    page: MyPage,
    attempt: int,
    slot: Annotated[str, Form()] = "",
    kind: Annotated[str, Form()] = "",
    words: Annotated[str, Form()] = "",
) -> Response:
    """Keep what is said of a question on the result page: the same as during the exam, by a form."""
    with page.writing() as session:
        raise_in_exam(session, attempt, page.me, InExam(slot, kind, words), page.now)
    return page.go(f"/exams/{attempt}/result?told=1#said")


@routes.post("/learning/answers/seen", needs=Action.LEARN)
def seen(page: MyPage, id: Annotated[str, Form()] = "") -> Response:
    if id.isdecimal() and len(id) < 16:  # digits of any row there will be
        with page.writing() as session:
            put_away(session, page.me.person.id, int(id), page.now)
    return page.go("/learning")


def answer_words(page: MyPage, row: Concern) -> dict[str, object]:
    """Return an answer with what it is about, in words: a lesson by its title, never a question by its name."""
    try:
        release = page.house.rulebook.catalogue.open(row.course, row.release)
        about = (
            page.language.text(release.lesson(row.lesson).title.model_dump()) if row.lesson else page.say(N_("考试里的一道题"))
        )
    except NotFoundError:
        about = page.say(N_("课文")) if row.part.startswith(STEP) else page.say(N_("一道题"))
    return {"id": row.id, "about": about, "words": row.words, "answer": row.answer}
