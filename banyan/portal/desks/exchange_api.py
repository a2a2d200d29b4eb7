"""What nbgrader in a trainer's JupyterLab asks for (grading/exchange): handing out, collecting, giving feedback."""

import hashlib

from fastapi.responses import Response

from banyan.domain.permission import Action
from banyan.portal.learner.exchange_api import ZIP, told
from banyan.portal.pages import SentFolder, TokenPage
from banyan.portal.registry import Routes
from banyan.tracker import hand_outs
from banyan.tracker.task_desk import Pages, handed_in, keep_feedback, reach
from banyan.tracker.tasks import keep
from grading.bundle import unpacked

routes = Routes(by_token=True)


@routes.post("/exchange/desk/hand-outs", needs=Action.MARK)
def hand_out(page: TokenPage, sent: SentFolder, course: str, task: str, force: bool = False) -> Response:
    files = unpacked(sent)
    hand_outs.look_through(files)
    kept = keep(page.house.bundles, files)
    catalogue = page.house.rulebook.catalogue
    with page.writing() as session:
        hand_outs.hand_out(session, page.me, hand_outs.Order(course, task, kept, force), catalogue, page.now)
    return page.json({"course": course, "task": task}, 201)


@routes.post("/exchange/desk/hand-outs/withdraw", needs=Action.MARK)
def withdraw(page: TokenPage, course: str, task: str) -> Response:
    with page.writing() as session:
        hand_outs.withdraw(session, page.me, course, task, page.now)
    return page.json({"course": course, "task": task})


@routes.get("/exchange/desk/hand-outs", needs=Action.MARK)
def standing(page: TokenPage, course: str = "") -> Response:
    with page.reading() as session:
        rows = hand_outs.handed_out_by(session, page.me, course)
    return page.json({"tasks": [{"course": each.course, "task": each.task, "notebooks": each.notebooks} for each in rows]})


@routes.get("/exchange/desk/submissions", needs=Action.MARK)
def submissions(page: TokenPage, course: str = "", task: str = "") -> Response:
    with page.reading() as session:
        rows = handed_in(session, page.me, page.today, course, task)
        return page.json({"submissions": [told(each, each.person.handle) for each in rows]})


@routes.get("/exchange/desk/submissions/{work_id}/folder", needs=Action.MARK)
def folder(page: TokenPage, work_id: int) -> Response:
    with page.reading() as session:
        row = reach(session, work_id, page.me, page.today)
    return Response(page.house.bundles.read(row.digest), media_type=ZIP)


@routes.post("/exchange/desk/submissions/{work_id}/feedback", needs=Action.MARK)
def feedback(page: TokenPage, work_id: int, sent: SentFolder) -> Response:
    with page.reading() as session:
        reach(session, work_id, page.me, page.today)
    files = unpacked(sent)
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    kept = keep(page.house.bundles, files)
    with page.writing() as session:
        row = keep_feedback(session, work_id, page.me, Pages(kept.digest, digests), page.now)
        return page.json(told(row, row.person.handle))
