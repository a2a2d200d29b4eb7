"""The photo a learner sent as an answer, for who marks it and nobody else."""

from fastapi.responses import Response

from banyan.domain.permission import Action
from banyan.portal.pages import MyPage
from banyan.portal.photo import photo
from banyan.portal.registry import Routes
from banyan.records import answer_store
from banyan.tracker.marking import Spot, photo_to_mark

routes = Routes()


@routes.get("/marking/{submission_id}/{slot}/photo", needs=Action.MARK)
def answer_photo(page: MyPage, submission_id: int, slot: str) -> Response:
    with page.reading() as session:
        digest = photo_to_mark(session, Spot(submission_id, slot), page.me, page.house.rulebook, page.today)
    return photo(answer_store.get(page.house.answer_files, digest))
