"""The people of one's subtree: where they are, what they do there, how far they have come."""

from collections import Counter
from collections.abc import Sequence

from fastapi.responses import Response

from banyan.domain.permission import Action
from banyan.domain.readiness import Stage
from banyan.errors import NotFoundError
from banyan.portal.desks.paging import sheet
from banyan.portal.desks.words import STAGES
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes
from banyan.tracker.registers import reach
from banyan.tracker.reports import PersonLine, people

routes = Routes()
routes.entry(N_("人员"), "/people", Action.SEE_PEOPLE)

KEYS = {stage.name.lower(): stage for stage in Stage if stage is not Stage.NOBODY}


@routes.get("/people", needs=Action.SEE_PEOPLE)
def all_people(page: MyPage, q: str = "", town: str = "", stage: str = "", p: int = 1) -> Response:
    """`q` is part of a name, a staff number, a phone number or a post; `town` is a town's name."""
    rulebook = page.house.rulebook
    with page.reading() as session:
        lines = people(session, reach(page.me), rulebook.programmes[0], rulebook, page.today)
    towns = sorted({line.place[0] for line in lines if line.place})
    if (town and town not in towns) or (stage and stage not in KEYS):
        raise NotFoundError(N_("没有这个筛选条件，请从页面上重新选"))
    found = [line for line in lines if _fits(line, q.strip(), town)]
    chosen = [line for line in found if not stage or line.stage is KEYS[stage]]
    return page.show(
        "desks/people.html",
        everybody=len(lines),
        sheet=sheet(chosen, p),
        asked={"q": q.strip(), "town": town, "stage": stage},
        towns=[(each, each) for each in towns],
        stages=_stages(page, found),
        words=STAGES,
    )


def _fits(line: PersonLine, q: str, town: str) -> bool:
    person = line.person
    said = (person.name, person.staff_number, person.phone, *line.posts)
    return (not town or line.place[:1] == (town,)) and (not q or any(q in each for each in said))


def _stages(page: MyPage, lines: Sequence[PersonLine]) -> list[tuple[str, str]]:
    count = Counter(line.stage for line in lines)
    return [
        (key, page.say("{word}（{n}）", word=page.say(STAGES[stage].label), n=count[stage]))
        for key, stage in KEYS.items()
        if count[stage]
    ]
