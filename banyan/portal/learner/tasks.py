"""A notebook task: what it is, doing it in JupyterLab or on one's own machine, handing in, and what came of it."""

from dataclasses import dataclass
from urllib.parse import quote

from fastapi.responses import Response

from banyan.accounts.labs import lab_of
from banyan.domain.permission import Action
from banyan.domain.task import TaskState
from banyan.errors import BadInputError
from banyan.portal.desks.sent_file import SentFile
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.records.labs import Purpose
from banyan.records.tasks import TaskSubmission
from banyan.tracker.tasks import Offer, feedback_of, hand_in, keep, look_through, offer, submissions_of, unwrapped
from grading.bundle import packed, unpacked

routes = Routes()
LAB = "/hub/user-redirect/banyan/task"
STATES = {
    TaskState.SUBMITTED: (N_("正在评分"), "due"),
    TaskState.UNMARKED: (N_("等老师批改"), "due"),
    TaskState.HANDED_ON: (N_("等老师批改"), "due"),
    TaskState.GRADED: (N_("已批改"), "good"),
    TaskState.FAILED_TO_GRADE: (N_("没能评分"), "lost"),
    TaskState.REPLACED: (N_("不评了"), "calm"),
}
"""What a learner reads of where a task stands, and the tone of it."""


@dataclass(frozen=True)
class PartResult:
    """What one part of a task earned; `number` counts the parts in their order."""

    number: int
    written: bool
    points: float
    most: float
    waits: bool
    comment: str


@routes.get("/courses/{course}/tasks/{task}", needs=Action.LEARN)
def show(page: MyPage, course: str, task: str, done: str = "") -> Response:
    return _show(page, course, task, handed_in=bool(done))


@routes.get("/courses/{course}/tasks/{task}/file", needs=Action.LEARN)
def download(page: MyPage, course: str, task: str) -> Response:
    """The notebook alone, or with its data in a zip."""
    with page.reading() as session:
        files = offer(session, page.me, page.house.rulebook.catalogue, course, task).files(page.house.bundles)
    if len(files) == 1:
        return as_download(f"{task}.ipynb", next(iter(files.values())), "application/x-ipynb+json")
    return as_download(f"{task}.zip", packed({f"{task}/{name}": content for name, content in files.items()}), "application/zip")


@routes.post("/courses/{course}/tasks/{task}", needs=Action.LEARN, long=True)
def upload(page: MyPage, course: str, task: str, file: SentFile) -> Response:
    """Hand in a notebook, or a zip with the notebook in it; what is answered is on disk."""
    with page.reading() as session:
        wanted = offer(session, page.me, page.house.rulebook.catalogue, course, task)
    try:
        files = _files(wanted, file.name, file.content)
        look_through(wanted, files)
    except BadInputError as fault:
        return _show(page, course, task, fault=page.say(fault.message, **fault.params))
    kept = keep(page.house.bundles, files)
    with page.writing() as session:
        row = hand_in(session, page.me, wanted, kept, page.now)
    if wanted.release:
        page.house.wake_for_task(row.id)
    return page.go(f"/courses/{course}/tasks/{task}?done=1")


@routes.get("/works/{work_id}/feedback", needs=Action.LEARN)
def feedback(page: MyPage, work_id: int) -> Response:
    """nbgrader's page as a file: it holds what the learner wrote, so it is never shown at the house's own address."""
    with page.reading() as session:
        pages = feedback_of(session, page.me, work_id, page.house.bundles)
    if len(pages) == 1:
        name, content = next(iter(pages.items()))
        return as_download(name, content, "application/octet-stream")
    return as_download(f"feedback-{work_id}.zip", packed(pages), "application/zip")


def as_download(name: str, content: bytes, kind: str) -> Response:
    return Response(content, media_type=kind, headers={"content-disposition": f"attachment; filename*=utf-8''{quote(name)}"})


def parts_of(row: TaskSubmission | None, found: Offer) -> list[PartResult]:
    """Return what each part of a task earned, in the order of the notebook; nothing before it is graded."""
    if row is None or not row.scores or found.outline is None:
        return []
    held = [(each, row.scores[each.name]) for each in found.outline.parts if each.name in row.scores]
    return [
        PartResult(number, part.written, got["points"], got["max_points"], got["needs_mark"], got.get("comment", ""))
        for number, (part, got) in enumerate(held, start=1)
    ]


def _files(wanted: Offer, name: str, content: bytes) -> dict[str, bytes]:
    """Return what was sent as files; a notebook alone counts as the task's, whatever a browser called it on the way."""
    if not content:
        raise BadInputError("没有选文件，请选做好的作业本")
    if name.lower().endswith(".zip"):
        return unwrapped(unpacked(content))
    if len(wanted.notebooks) != 1:
        raise BadInputError("这份作业有几个作业本，请打包成 .zip 再交")
    return {f"{wanted.notebooks[0]}.ipynb": content}


def _show(page: MyPage, course: str, task: str, handed_in: bool = False, fault: str = "") -> Response:
    with page.reading() as session:
        found = offer(session, page.me, page.house.rulebook.catalogue, course, task)
        rows = submissions_of(session, page.me, course, task)
        lab = lab_of(session, page.me.person.staff_number, page.today)
    page.here = f"{PORTAL}/courses"
    catalogue = page.house.rulebook.catalogue
    last = rows[-1] if rows else None
    return page.show(
        "learner/task.html",
        422 if fault else 200,
        found=found,
        outline=found.outline,
        course_title=catalogue.newest(course).title if catalogue.has(course) else None,
        rows=list(reversed(rows)),
        last=last,
        parts=parts_of(last, found),
        states=STATES,
        lab=f"{LAB}/{quote(course)}/{quote(task)}" if lab and lab.purpose is Purpose.TASKS else "",
        overdue=found.due_at is not None and page.now > found.due_at,
        handed_in=handed_in,
        fault=fault,
    )
