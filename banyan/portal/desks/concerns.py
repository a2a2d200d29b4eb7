"""What learners say of questions and steps, as their trainer reads it: what it is about, who says what, one answer for all."""

from dataclasses import dataclass
from typing import Any

from fastapi.responses import Response

from banyan.courseware.release import Release
from banyan.domain.permission import Action
from banyan.errors import BadInputError, NotFoundError
from banyan.portal.desks.form import SentForm
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes
from banyan.tracker.concerns import LONGEST, STEP, Heap, Kind, Part, answer, heaps
from grading import questions
from grading.questions import case

routes = Routes()

LONGEST_NUMBER = 15  # digits


@dataclass(frozen=True)
class Shown:
    """A heap with what its part says: `where` is a lesson's title, "" in an exam; `text` "" where it is no longer kept."""

    heap: Heap
    title: str
    where: str
    text: str
    address: str


@routes.get("/concerns", needs=Action.ANSWER)
def concerns(page: MyPage, done: str = "") -> Response:
    return _list(page, done=done)


@routes.post("/concerns", needs=Action.ANSWER)
def answer_all(page: MyPage, form: SentForm) -> Response:
    """Answer what was said of a part up to the concern that was seen; sent twice it is one answer."""
    part = Part(form.get("course", ""), form.get("lesson", ""), form.get("part", ""))
    upto = form.get("upto", "")
    try:
        if not part.name or not upto.isdecimal() or len(upto) > LONGEST_NUMBER:
            raise BadInputError("这张表不完整，请刷新页面再答复")
        with page.writing() as session:
            answer(session, part, int(upto), form.get("answer", ""), page.me, page.now)
    except BadInputError as fault:
        return _list(page, 422, part, page.say(fault.message, **fault.params), form.get("answer", ""))
    return page.go("/concerns?done=1")


def _list(
    page: MyPage, status: int = 200, part: Part | None = None, fault: str = "", given: str = "", done: str = ""
) -> Response:
    with page.reading() as session:
        found = heaps(session, page.me, page.today)
    shown = [_shown(page, each) for each in found]
    filled: dict[str, Any] = {"at": part, "fault": fault, "given": given}
    return page.show("desks/concerns.html", status, shown=shown, filled=filled, done=bool(done), most=LONGEST, kinds=Kind)


def _shown(page: MyPage, heap: Heap) -> Shown:
    part = heap.part
    release = _release(page, heap)
    if release is None:
        return Shown(heap, part.course, "", "", "")
    title = page.language.text(release.title)
    lesson = next((each for each in release.lessons if each.name == part.lesson), None)
    where = page.language.text(lesson.title.model_dump()) if lesson else ""
    address = f"/services/lessons/{part.course}/{part.lesson}" if lesson else ""
    if lesson and part.name.startswith(STEP):
        name = part.name.removeprefix(STEP)
        step = next((each.title for each in lesson.steps if each.name == name), "")
        return Shown(heap, title, where, step, f"{address}#{name}")
    item = release.practice_item(part.name) if part.lesson else release.exam.items.get(part.name)
    return Shown(heap, title, where, _words(item), address)


def _words(item: questions.Item | None) -> str:
    return "" if item is None else item.title if isinstance(item, case.Item) else item.stem


def _release(page: MyPage, heap: Heap) -> Release | None:
    """Return the release somebody spoke of: what they saw, even if it reads otherwise by now."""
    try:
        return page.house.rulebook.catalogue.open(heap.part.course, heap.release)
    except NotFoundError:
        return None
