"""The photo or document a learner sent as an answer, for who marks it and nobody else."""

from fastapi.responses import Response

from banyan.domain.permission import Action
from banyan.portal.answer_file import reply
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes
from banyan.tracker.marking import Spot, file_to_mark

routes = Routes()


@routes.get("/marking/{submission_id}/{slot}/file", needs=Action.MARK)
def answer_file(page: MyPage, submission_id: int, slot: str) -> Response:
    with page.reading() as session:
        answer = file_to_mark(session, Spot(submission_id, slot), page.me, page.house.rulebook, page.today)
    return reply(page.house.answer_files, answer)
