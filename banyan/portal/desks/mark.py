"""One written answer before a trainer: opened for them alone, points row by row, what they like to say again, then the next."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from fastapi.responses import Response
from sqlalchemy.orm import Session

from banyan.domain.permission import Action
from banyan.errors import BadInputError
from banyan.portal.desks.form import SentForm
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes
from banyan.tracker import remarks
from banyan.tracker.mark_leases import give_back
from banyan.tracker.marking import LONGEST_COMMENT, Bench, MarkSheet, OpenAnswer, OvertakenError, lend, mark, open_answer
from banyan.tracker.marking_queue import desk
from banyan.tracker.marks import Spot
from banyan.tracker.registers import latest_mark

routes = Routes()

MOST_USED = 20  # remarks that went into one mark
SHORTCUTS = 9  # remarks that a key inserts
OVERTAKEN = 409
SHORT = 400  # signs of an answer that stays in sight beside its rubric on a desk; more would not fit the window


@dataclass(frozen=True)
class Filled:
    """A mark sheet as it was filled in: the choice made in each row, "" for none; `fault` is why it was not taken."""

    rows: tuple[str, ...]
    comment: str
    fault: str = ""
    told: str = ""


@routes.get("/marking/{submission_id}/{slot}", needs=Action.MARK)
def answer(page: MyPage, submission_id: int, slot: str, done: str = "") -> Response:
    return _sheet(page, Spot(submission_id, slot), done=bool(done))


@routes.post("/marking/{submission_id}/{slot}", needs=Action.MARK)
def mark_answer(page: MyPage, submission_id: int, slot: str, form: SentForm) -> Response:
    """`row-0`, `row-1`, … hold the points of each row of the rubric, `seen` the mark that stood there, `used` remarks."""
    spot, rulebook = Spot(submission_id, slot), page.house.rulebook
    with page.reading() as session:
        asked = open_answer(session, spot, page.me, rulebook, page.now)
    filled = _filled(asked, form)
    try:
        sheet = MarkSheet(spot, _points(asked, filled), filled.comment, form.get("seen"))
        with page.writing() as session:
            mark(session, sheet, page.me, Bench(rulebook, page.house.gradebooks), page.now)
            remarks.use(session, _numbers(form.get("used", "")), page.me, page.now)
    except (BadInputError, OvertakenError) as fault:
        status = OVERTAKEN if isinstance(fault, OvertakenError) else 422
        return _sheet(page, spot, replace(filled, fault=page.say(fault.message, **fault.params)), status)
    with page.reading() as session:
        rest = desk(session, page.me, rulebook, page.now).free
    following = f"/{rest[0].spot.submission_id}/{rest[0].spot.slot}" if rest else ""
    return page.go(f"/marking{following}?done=1")


@routes.post("/marking/{submission_id}/{slot}/hold", needs=Action.MARK)
def hold(page: MyPage, submission_id: int, slot: str, form: SentForm) -> Response:
    """The page says that it is still open, and learns whether the answer is still its own: `words` is "" while it is."""
    spot = Spot(submission_id, slot)
    with page.writing() as session:
        asked = open_answer(session, spot, page.me, page.house.rulebook, page.now)
        seen, held_by = form.get("seen", ""), ""
        if asked.stage and asked.seen == seen:
            held_by = lend(session, spot, page.me, page.now)
    words = ""
    if not asked.stage or asked.seen != seen:
        words = page.say(N_("另一位老师已经批了这一份。请先别写了，刷新这一页看看。"))
    elif held_by:
        words = page.say(N_("{name}正在批这一份。谁先保存，算谁的。"), name=held_by)
    return page.json({"words": words})


@routes.post("/marking/{submission_id}/{slot}/leave", needs=Action.MARK)
def leave(page: MyPage, submission_id: int, slot: str) -> Response:
    """The page was left: others may open the answer."""
    spot = Spot(submission_id, slot)
    with page.writing() as session:
        open_answer(session, spot, page.me, page.house.rulebook, page.now)
        give_back(session, spot, page.me.person.id)
    return page.json({})


@routes.post("/marking/{submission_id}/{slot}/remarks", needs=Action.MARK)
def keep_remark(page: MyPage, submission_id: int, slot: str, form: SentForm) -> Response:
    """Keep what was written for another time; the sheet comes back as it was filled in."""
    spot = Spot(submission_id, slot)
    asked = _asked(page, spot)
    filled = _filled(asked, form)
    row = form.get("remark-row", "")
    place = int(row) if row in {str(each) for each in range(len(asked.rubric))} else remarks.WHOLE
    said = remarks.Words(filled.comment, place, bool(form.get("shared")))
    try:
        with page.writing() as session:
            remarks.save(session, remarks.Topic(asked.course, asked.question), said, page.me, page.now)
    except BadInputError as fault:
        return _sheet(page, spot, replace(filled, fault=page.say(fault.message, **fault.params)), 422)
    return _sheet(page, spot, replace(filled, told=page.say(N_("留下了，下次点一下就写上。"))), 200)


@routes.post("/marking/{submission_id}/{slot}/remarks/remove", needs=Action.MARK)
def remove_remark(page: MyPage, submission_id: int, slot: str, form: SentForm) -> Response:
    spot = Spot(submission_id, slot)
    filled = _filled(_asked(page, spot), form)
    with page.writing() as session:
        for number in _numbers(form.get("remark", "")):
            remarks.remove(session, number, page.me)
    return _sheet(page, spot, replace(filled, told=page.say(N_("删去了。"))), 200)


def _asked(page: MyPage, spot: Spot) -> OpenAnswer:
    with page.reading() as session:
        return open_answer(session, spot, page.me, page.house.rulebook, page.now)


def _filled(asked: OpenAnswer, form: SentForm) -> Filled:
    return Filled(tuple(form.get(f"row-{each}", "") for each in range(len(asked.rubric))), form.get("comment", ""))


def _numbers(text: str) -> list[int]:
    return [int(each) for each in text.split(",")[:MOST_USED] if each.isascii() and each.isdecimal() and len(each) < 16]


def _points(asked: OpenAnswer, filled: Filled) -> tuple[float, ...]:
    for row, chosen in zip(asked.rubric, filled.rows, strict=True):
        if chosen not in choices(row.points):
            raise BadInputError(N_("“{row}”这一行还没有给分，请点一个分数"), row=row.row)
    return tuple(float(each) for each in filled.rows)


def choices(points: float) -> tuple[str, ...]:
    """Return the points that may be given in a row: whole ones, and all of them."""
    whole = [str(each) for each in range(int(points) + 1)]
    return tuple(whole) if points == int(points) else (*whole, f"{points:g}")


def _sheet(page: MyPage, spot: Spot, filled: Filled | None = None, status: int = 200, done: bool = False) -> Response:
    with page.writing() as session:
        asked = open_answer(session, spot, page.me, page.house.rulebook, page.now)
        held_by = lend(session, spot, page.me, page.now) if asked.stage else ""
        rest = [each for each in desk(session, page.me, page.house.rulebook, page.now).free if each.spot != spot]
        last = latest_mark(session, page.me.person.id) if done else None
        said = _remarks(session, asked, page)
    given = Filled(tuple(f"{each:g}" for each in asked.marked or ()), asked.comment)
    return page.show(
        "desks/mark.html",
        status,
        asked=asked,
        rows=[(row, choices(row.points)) for row in asked.rubric],
        filled=filled or given,
        rest=rest,
        held_by=held_by,
        last=last,
        most=LONGEST_COMMENT,
        short=SHORT,
        most_points=sum(row.points for row in asked.rubric),
        remarks=said,
        overtaken=status == OVERTAKEN,
    )


def _remarks(session: Session, asked: OpenAnswer, page: MyPage) -> dict[str, Any]:
    """Return remarks by their row, each with the digit that inserts it ("" past the ninth), and one's own to be removed."""
    said = remarks.remarks_on(session, remarks.Topic(asked.course, asked.question), page.me)
    rows = range(remarks.WHOLE, len(asked.rubric))
    digits = _digits()
    keyed = {row: [(next(digits, ""), each) for each in said if each.row == row] for row in (*rows[1:], *rows[:1])}
    return {"by_row": keyed, "own": [each for each in said if not each.by]}


def _digits() -> Iterator[str]:
    yield from map(str, range(1, SHORTCUTS + 1))
