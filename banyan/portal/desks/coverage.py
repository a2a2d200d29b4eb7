"""The administrator's first page: how many grids have nobody qualified, where, why, and whom to ring.

The same list goes out as a spreadsheet and, by the page's own print style, on A4.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from fastapi.responses import Response

from banyan.domain.certification import Programme
from banyan.domain.permission import Action
from banyan.domain.readiness import Stage
from banyan.errors import NotFoundError
from banyan.portal.desks.opening import Step, steps
from banyan.portal.desks.programme import choices, chosen
from banyan.portal.desks.spreadsheet import Column, Head, as_file, xlsx
from banyan.portal.desks.survey import REASONS, Survey, reason
from banyan.portal.desks.words import SOON, STAGES, meeting_words
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes
from banyan.tracker.oversight import oversight
from banyan.tracker.practical_sessions import Announced, ahead, announced
from banyan.tracker.registers import home_of, reach
from banyan.tracker.reports import GridLine, grids

routes = Routes()
routes.entry(N_("到岗"), "/coverage", Action.SEE_PEOPLE, daily=True)

WORDS = {**{stage.name.lower(): word for stage, word in STAGES.items()}, "soon": SOON}
COLUMNS = (
    (N_("镇街"), 14), (N_("村（社区）"), 16), (N_("网格"), 16), (N_("网格代码"), 20), (N_("差在哪里"), 14),
    (N_("证书到期日"), 13), (N_("人员"), 12), (N_("电话"), 15), (N_("找哪位管理员"), 14),
    (N_("管理员电话"), 15), (N_("下一步"), 22),
)  # fmt: skip


@dataclass(frozen=True)
class View:
    """What was asked for and what was found: `picked` are the lines of a town for a reason."""

    programme: Programme
    survey: Survey
    picked: tuple[GridLine, ...]
    home: tuple[str, ...]
    opening: list[Step]
    meetings: Mapping[int, Announced]

    def then(self, page: MyPage, line: GridLine) -> str:
        """Return what is to be done about a grid: a practical that is fixed needs no arranging."""
        meeting, then = self.meetings.get(line.unit.id), WORDS[reason(line, page.today)].then
        return meeting_words(page, meeting) if meeting else page.say(then) if then else ""


@routes.get("/coverage", needs=Action.SEE_PEOPLE)
def coverage(page: MyPage, town: str = "", why: str = "", programme: str = "") -> Response:
    """`town` and `why` choose what the list shows; the numbers above it stay those of the whole subtree."""
    view = _look(page, town, why, programme)
    with page.reading() as session:
        waiting = oversight(session, reach(page.me), page.house.rulebook, page.now).things
    asked = {"programme": programme, "town": town, "why": why}
    return page.show(
        "desks/coverage.html",
        survey=view.survey,
        programmes=choices(page),
        title=view.programme.title,
        asked=asked,
        kept={key: value for key, value in asked.items() if value},
        picked=view.picked,
        towns=[(each.code, each.name) for each in view.survey.towns],
        reasons=[
            (each, page.say("{word}（{n}）", word=page.say(WORDS[each].label), n=count))
            for each, count in view.survey.counts(town).items()
        ],
        words=WORDS,
        home=view.home,
        opening=view.opening,
        marking=waiting,
        reason=reason,
        then=partial(view.then, page),
    )


@routes.get("/coverage.xlsx", needs=Action.SEE_PEOPLE, long=True)
def coverage_file(page: MyPage, town: str = "", why: str = "", programme: str = "") -> Response:
    view = _look(page, town, why, programme)
    name = page.say(N_("证书快到期的网格")) if why == "soon" else page.say(N_("没有合格人员的网格"))
    about = page.say(
        N_("{home} · {programme} · 截至{day} {clock}"),
        home=page.say("、").join(view.home),
        programme=page.language.text(view.programme.title),
        day=page.language.day(page.today),
        clock=page.language.clock(page.now),
    )
    columns = [Column(page.say(label), width) for label, width in COLUMNS]
    content = xlsx(Head(name, about), columns, _rows(page, view))
    return as_file(f"{name}-{page.today.isoformat()}", content)


def _look(page: MyPage, town: str, why: str, programme: str) -> View:
    rulebook, wanted = page.house.rulebook, chosen(page, programme)
    with page.reading() as session:
        lines = grids(session, reach(page.me), wanted, rulebook, page.today)
        home = home_of(session, reach(page.me))
        opening = steps(session, page)
        sessions = announced(session, wanted.courses, page.now)
    waiting = [each for each in lines if each.coverage.stage is Stage.NO_PRACTICAL]
    found = {each.unit.id: ahead(sessions, [each.unit.path], page.today) for each in waiting}
    meetings = {unit_id: meeting for unit_id, meeting in found.items() if meeting}
    survey = Survey(lines, page.today)
    if (town and town not in {each.code for each in survey.towns}) or (why and why not in REASONS):
        raise NotFoundError(N_("没有这个筛选条件，请从页面上重新选"))
    return View(wanted, survey, survey.picked(town, why), home, opening, meetings)


def _rows(page: MyPage, view: View) -> Iterator[tuple[str, ...]]:
    """Yield the lines of the spreadsheet; what many of them say is translated once."""
    labels = {key: page.say(word.label) for key, word in WORDS.items()}
    today = page.today
    for line in view.picked:
        label = labels[reason(line, today)]
        town, village, grid = ("", "", *line.place)[-3:]
        person, over = line.person, line.supervisor
        until = line.coverage.until.isoformat() if line.coverage.until else ""
        yield (
            town, village, grid, line.unit.code, label, until,
            person.name if person else "", person.phone if person else "",
            over.name if over else "", over.phone if over else "", view.then(page, line),
        )  # fmt: skip
