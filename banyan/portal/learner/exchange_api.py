"""What nbgrader in a learner's JupyterLab asks for (grading/exchange): what there is to do, handing in, what came of it.

For programs: they bear a token the hub gave their person for the portal. Folders travel as zips, moments in ISO.
"""

from typing import Any

from fastapi.responses import Response

from banyan.domain.permission import Action
from banyan.portal.pages import SentFolder, TokenPage
from banyan.portal.registry import Routes
from banyan.records.tasks import TaskSubmission
from banyan.tracker.tasks import Offer, feedback_of, hand_in, keep, look_through, offer, offers, submissions_of
from grading.bundle import packed, unpacked

routes = Routes(by_token=True)
ZIP = "application/zip"


@routes.get("/exchange/tasks", needs=Action.LEARN)
def tasks(page: TokenPage, course: str = "") -> Response:
    with page.reading() as session:
        found = offers(session, page.me, page.house.rulebook.catalogue, course)
    return page.json({"tasks": [_told(each) for each in found]})


@routes.get("/exchange/courses/{course}/tasks/{task}/folder", needs=Action.LEARN)
def folder(page: TokenPage, course: str, task: str) -> Response:
    with page.reading() as session:
        found = offer(session, page.me, page.house.rulebook.catalogue, course, task)
    return Response(packed(found.files(page.house.bundles)), media_type=ZIP)


@routes.post("/exchange/courses/{course}/tasks/{task}/submissions", needs=Action.LEARN)
def submit(page: TokenPage, course: str, task: str, sent: SentFolder) -> Response:
    """Hand in a folder; what is answered is on disk."""
    with page.reading() as session:
        wanted = offer(session, page.me, page.house.rulebook.catalogue, course, task)
    files = unpacked(sent)
    look_through(wanted, files)
    kept = keep(page.house.bundles, files)
    with page.writing() as session:
        row = hand_in(session, page.me, wanted, kept, page.now)
    if wanted.release:
        page.house.wake_for_task(row.id)
    return page.json(told(row, page.me.person.handle), 201)


@routes.get("/exchange/submissions", needs=Action.LEARN)
def submissions(page: TokenPage, course: str = "", task: str = "") -> Response:
    with page.reading() as session:
        rows = submissions_of(session, page.me, course, task)
    return page.json({"submissions": [told(each, page.me.person.handle) for each in rows]})


@routes.get("/exchange/submissions/{work_id}/feedback", needs=Action.LEARN)
def feedback(page: TokenPage, work_id: int) -> Response:
    with page.reading() as session:
        pages = feedback_of(session, page.me, work_id, page.house.bundles)
    return Response(packed(pages), media_type=ZIP)


def told(row: TaskSubmission, student: str) -> dict[str, Any]:
    """Return a submission as programs are told of it; `feedback` names its pages and their digests once they are released."""
    return {
        "id": row.id,
        "course": row.course,
        "task": row.task,
        "student": student,
        "number": row.number,
        "notebooks": row.notebooks,
        "submitted_at": row.submitted_at.isoformat(),
        "late": row.late,
        "state": row.state,
        "score": row.score,
        "total": row.total,
        "feedback": row.feedback_files if row.feedback_at else None,
    }


def _told(each: Offer) -> dict[str, Any]:
    due = each.due_at.isoformat() if each.due_at else None
    return {"course": each.course, "task": each.task, "title": each.title, "due_at": due, "notebooks": each.notebooks}
