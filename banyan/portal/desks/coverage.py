"""The administrator's first page: how many grids have nobody qualified, where, why, and whom to ring."""

from fastapi.responses import Response

from banyan.domain.permission import Action
from banyan.errors import NotFoundError
from banyan.portal.desks.survey import REASONS, Survey, reason
from banyan.portal.desks.words import SOON, STAGES
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes
from banyan.tracker.registers import home_of, reach
from banyan.tracker.reports import grids

routes = Routes()
routes.entry(N_("到岗"), "/coverage", Action.SEE_PEOPLE)

WORDS = {**{stage.name.lower(): word for stage, word in STAGES.items()}, "soon": SOON}


@routes.get("/coverage", needs=Action.SEE_PEOPLE)
def coverage(page: MyPage, town: str = "", why: str = "") -> Response:
    """`town` and `why` choose what the list shows; the numbers above it stay those of the whole subtree."""
    rulebook = page.house.rulebook
    with page.reading() as session:
        lines = grids(session, reach(page.me), rulebook.programmes[0], rulebook, page.today)
        home = home_of(session, page.me)
    survey = Survey(lines, page.today)
    if (town and town not in {each.code for each in survey.towns}) or (why and why not in REASONS):
        raise NotFoundError(N_("没有这个筛选条件，请从页面上重新选"))
    return page.show(
        "desks/coverage.html",
        survey=survey,
        town=town,
        why=why,
        picked=survey.picked(town, why),
        towns=[(each.code, each.name) for each in survey.towns],
        reasons=[
            (each, page.say("{word}（{n}）", word=page.say(WORDS[each].label), n=count))
            for each, count in survey.counts(town).items()
        ],
        words=WORDS,
        home=home,
        reason=reason,
    )
