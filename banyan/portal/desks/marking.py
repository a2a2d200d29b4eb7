"""Written answers on a trainer's desk: what waits, what could not be graded, who has no attempt left.

An answer is read without its writer's name, so that the answer is what is marked; who is stuck is named, to be told.
"""

from typing import Any

from fastapi.responses import Response

from banyan.domain.estimate import Pile, seconds_left
from banyan.domain.permission import Action
from banyan.portal.desks.pace_words import pace_words
from banyan.portal.desks.tasks import title_of
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes
from banyan.tracker.appeals import waiting_appeals
from banyan.tracker.grade import put_back
from banyan.tracker.grading_pace import handed_in_pile
from banyan.tracker.marking_queue import desk
from banyan.tracker.registers import latest_mark, stuck_under
from banyan.tracker.second_chances import used_up_under
from banyan.tracker.task_desk import stuck_tasks

routes = Routes()
AT_ONCE = 10  # answers in the open; the rest is folded away, so that what comes below is seen
routes.entry(N_("阅卷"), "/marking", Action.MARK, daily=True)


@routes.get("/marking", needs=Action.MARK)
def marking(page: MyPage, done: str = "", again: str = "") -> Response:
    with page.reading() as session:
        found = desk(session, page.me, page.house.rulebook, page.now)
        appeals = waiting_appeals(session, page.me, page.today)
        stuck = stuck_under(session, page.me, page.today)
        stuck_work = stuck_tasks(session, page.me, page.today)
        used_up = used_up_under(session, page.me, page.house.rulebook, page.now)
        last = latest_mark(session, page.me.person.id) if done else None
        pile = handed_in_pile(session, page.me, page.now)
    lists: tuple[Any, ...] = (found.mine, appeals, stuck, used_up)
    courses = {each.course for some in lists for each in some}
    catalogue = page.house.rulebook.catalogue
    return page.show(
        "desks/marking.html",
        desk=found,
        waiting=found.mine,
        at_once=AT_ONCE,
        appeals=appeals,
        overdue=sum(each.overdue for each in found.mine or appeals),
        stuck=stuck,
        stuck_tasks=stuck_work,
        task_titles={(each.row.course, each.row.task): title_of(page, each.row.course, each.row.task) for each in stuck_work},
        used_up=used_up,
        titles={each: page.language.text(catalogue.newest(each).title) for each in courses},
        last=last,
        again=bool(again),
        pile=pile,
        pace=_words(page, pile),
    )


@routes.get("/marking/pace", needs=Action.MARK)
def pace(page: MyPage) -> Response:
    """How far the graders have come with what this trainer's learners handed in, for the bar on the page."""
    with page.reading() as session:
        pile = handed_in_pile(session, page.me, page.now)
    return page.json({"done": pile.done, "total": pile.total, "words": _words(page, pile)})


def _words(page: MyPage, pile: Pile) -> str:
    return pace_words(page, pile, seconds_left(pile)) if pile.left else ""


@routes.post("/stuck/{submission_id}", needs=Action.MARK)
def grade_again(page: MyPage, submission_id: int) -> Response:
    with page.writing() as session:
        put_back(session, submission_id, page.me, page.now)
    page.house.wake(submission_id)
    return page.go("/marking?again=1")
