"""A second look before a trainer: the answers with the marks that stand, why the learner asks, and one decision for all."""

from dataclasses import dataclass

from fastapi.responses import Response

from banyan.domain.permission import Action
from banyan.errors import BadInputError
from banyan.portal.desks.form import SentForm
from banyan.portal.desks.mark import choices
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.tracker.appeals import Decision, Opened, decide, open_appeal
from banyan.tracker.marking import LONGEST_COMMENT, Bench

routes = Routes()
RAISED, KEPT = "raised", "kept"


@dataclass(frozen=True)
class Filled:
    """What was chosen: the outcome, points by field name, and the words to the learner."""

    outcome: str
    points: dict[str, str]
    answer: str
    fault: str = ""


@routes.get("/appeals/{submission_id}", needs=Action.MARK)
def appeal(page: MyPage, submission_id: int) -> Response:
    return _shown(page, submission_id)


@routes.post("/appeals/{submission_id}", needs=Action.MARK)
def answer_appeal(page: MyPage, submission_id: int, form: SentForm) -> Response:
    """`outcome` is raised or kept; `s18-0` holds the points of a slot's first row, `answer` what the learner reads."""
    with page.reading() as session:
        asked = open_appeal(session, submission_id, page.me, page.house.rulebook, page.today)
    names = [f"{each.slot}-{row}" for each in asked.answers for row in range(len(each.rubric))]
    filled = Filled(form.get("outcome", ""), {name: form.get(name, "") for name in names}, form.get("answer", ""))
    try:
        given = _decision(asked, filled)
        with page.writing() as session:
            decide(session, submission_id, given, page.me, Bench(page.house.rulebook, page.house.gradebooks), page.now)
    except BadInputError as fault:
        said = page.say(fault.message, **fault.params)
        return _shown(page, submission_id, Filled(filled.outcome, filled.points, filled.answer, said))
    return page.go(f"/appeals/{submission_id}")


def _decision(asked: Opened, filled: Filled) -> Decision:
    if filled.outcome not in (RAISED, KEPT):
        raise BadInputError(N_("请选“加分”或者“分数不变”"))
    if filled.outcome == KEPT:
        return Decision(False, {}, filled.answer)
    rows = {}
    for each in asked.answers:
        given = [filled.points[f"{each.slot}-{number}"] for number in range(len(each.rubric))]
        for row, chosen, stood in zip(each.rubric, given, each.rows, strict=True):
            if chosen not in {*choices(row.points), f"{stood:g}"}:
                raise BadInputError(N_("“{row}”这一行还没有给分，请点一个分数"), row=row.row)
        rows[each.slot] = tuple(float(chosen) for chosen in given)
    return Decision(True, rows, filled.answer)


def _shown(page: MyPage, submission_id: int, filled: Filled | None = None) -> Response:
    page.here = f"{PORTAL}/marking"
    with page.reading() as session:
        asked = open_appeal(session, submission_id, page.me, page.house.rulebook, page.today)
    stands = {f"{each.slot}-{number}": f"{row:g}" for each in asked.answers for number, row in enumerate(each.rows)}
    offered = {
        f"{each.slot}-{number}": sorted({*choices(row.points), f"{each.rows[number]:g}"}, key=float)
        for each in asked.answers
        for number, row in enumerate(each.rubric)
    }
    return page.show(
        "desks/appeal.html",
        422 if filled else 200,
        asked=asked,
        title=page.language.text(page.house.rulebook.catalogue.newest(asked.course).title),
        filled=filled or Filled("", stands, ""),
        choices=offered,
        most=LONGEST_COMMENT,
    )
