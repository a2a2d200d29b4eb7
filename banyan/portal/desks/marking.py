"""Written answers on a trainer's desk: what waits, the one at hand, what could not be graded, who has no attempt left.

An answer is read without its writer's name, so that the answer is what is marked; who is stuck is named, to be told.
"""

from dataclasses import dataclass, replace

from fastapi.responses import Response

from banyan.domain.permission import Action
from banyan.errors import BadInputError
from banyan.portal.desks.form import SentForm
from banyan.portal.desks.tasks import title_of
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes
from banyan.tracker.grade import put_back
from banyan.tracker.marking import LONGEST_COMMENT, Bench, MarkSheet, OpenAnswer, Spot, mark, open_answer, pending
from banyan.tracker.registers import latest_mark, stuck_under
from banyan.tracker.second_chances import used_up_under
from banyan.tracker.task_desk import stuck_tasks

routes = Routes()
routes.entry(N_("阅卷"), "/marking", Action.MARK, daily=True)


@dataclass(frozen=True)
class Filled:
    """A mark sheet as it was filled in: the choice made in each row, "" for none; `fault` is why it was not taken."""

    rows: tuple[str, ...]
    comment: str
    fault: str = ""


@routes.get("/marking", needs=Action.MARK)
def marking(page: MyPage, done: str = "", again: str = "") -> Response:
    with page.reading() as session:
        waiting = pending(session, page.me, page.today)
        stuck = stuck_under(session, page.me, page.today)
        stuck_work = stuck_tasks(session, page.me, page.today)
        used_up = used_up_under(session, page.me, page.house.rulebook, page.now)
        last = latest_mark(session, page.me.person.id) if done else None
    catalogue = page.house.rulebook.catalogue
    courses = {*(each.course for each in waiting), *(each.course for each in stuck), *(each.course for each in used_up)}
    titles = {each: page.language.text(catalogue.newest(each).title) for each in courses}
    return page.show(
        "desks/marking.html",
        waiting=waiting,
        overdue=sum(each.overdue for each in waiting),
        stuck=stuck,
        stuck_tasks=stuck_work,
        task_titles={(each.row.course, each.row.task): title_of(page, each.row.course, each.row.task) for each in stuck_work},
        used_up=used_up,
        titles=titles,
        last=last,
        again=bool(again),
    )


@routes.post("/stuck/{submission_id}", needs=Action.MARK)
def grade_again(page: MyPage, submission_id: int) -> Response:
    with page.writing() as session:
        put_back(session, submission_id, page.me, page.now)
    page.house.wake(submission_id)
    return page.go("/marking?again=1")


@routes.get("/marking/{submission_id}/{slot}", needs=Action.MARK)
def answer(page: MyPage, submission_id: int, slot: str, done: str = "") -> Response:
    return _sheet(page, Spot(submission_id, slot), done=bool(done))


@routes.post("/marking/{submission_id}/{slot}", needs=Action.MARK)
def mark_answer(page: MyPage, submission_id: int, slot: str, form: SentForm) -> Response:
    """`row-0`, `row-1`, … hold the points of each row of the rubric."""
    spot, rulebook = Spot(submission_id, slot), page.house.rulebook
    with page.reading() as session:
        asked = open_answer(session, spot, page.me, rulebook, page.today)
    filled = Filled(tuple(form.get(f"row-{each}", "") for each in range(len(asked.rubric))), form.get("comment", ""))
    try:
        sheet = MarkSheet(spot, _points(asked, filled), filled.comment)
        with page.writing() as session:
            mark(session, sheet, page.me, Bench(rulebook, page.house.gradebooks), page.now)
    except BadInputError as fault:
        return _sheet(page, spot, replace(filled, fault=page.say(fault.message, **fault.params)))
    with page.reading() as session:
        rest = pending(session, page.me, page.today)
    following = f"/{rest[0].spot.submission_id}/{rest[0].spot.slot}" if rest else ""
    return page.go(f"/marking{following}?done=1")


def _points(asked: OpenAnswer, filled: Filled) -> tuple[float, ...]:
    for row, chosen in zip(asked.rubric, filled.rows, strict=True):
        if chosen not in choices(row.points):
            raise BadInputError(N_("“{row}”这一行还没有给分，请点一个分数"), row=row.row)
    return tuple(float(each) for each in filled.rows)


def choices(points: float) -> tuple[str, ...]:
    """Return the points that may be given in a row: whole ones, and all of them."""
    whole = [str(each) for each in range(int(points) + 1)]
    return tuple(whole) if points == int(points) else (*whole, f"{points:g}")


def _sheet(page: MyPage, spot: Spot, filled: Filled | None = None, done: bool = False) -> Response:
    with page.reading() as session:
        asked = open_answer(session, spot, page.me, page.house.rulebook, page.today)
        rest = [each for each in pending(session, page.me, page.today) if each.spot != spot]
        last = latest_mark(session, page.me.person.id) if done else None
    return page.show(
        "desks/mark.html",
        422 if filled else 200,
        asked=asked,
        rows=[(row, choices(row.points)) for row in asked.rubric],
        filled=filled or Filled(tuple(f"{each:g}" for each in asked.marked or ()), asked.comment),
        rest=len(rest),
        last=last,
        most=LONGEST_COMMENT,
    )
