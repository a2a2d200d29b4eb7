"""The people of one's subtree: where they are, what they do there, how far they have come."""

from collections import Counter
from collections.abc import Collection

from fastapi.responses import Response

from banyan.domain.permission import Action
from banyan.domain.readiness import Stage
from banyan.errors import NotFoundError
from banyan.portal.desks.paging import sheet
from banyan.portal.desks.programme import choices, chosen
from banyan.portal.desks.words import NOBODY_ASKED, STAGES
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes
from banyan.tracker.registers import asked_under, reach
from banyan.tracker.reports import PersonLine, people
from banyan.tracker.search import find_people, places_of, towns_of

routes = Routes()
routes.entry(N_("人员"), "/people", Action.SEE_PEOPLE, daily=True)

NOT_ASKED = "not_asked"
WORDS = {stage.name.lower(): word for stage, word in STAGES.items() if stage is not Stage.NOBODY} | {NOT_ASKED: NOBODY_ASKED}


@routes.get("/people", needs=Action.SEE_PEOPLE)
def all_people(page: MyPage, q: str = "", town: str = "", stage: str = "", programme: str = "", p: int = 1) -> Response:
    """`q` is how a name begins, in Chinese or Latin letters, or a number; else part of one, or of a post. `town` is by name.

    Whoever is found by how they begin is looked up alone: that costs the same however many people there are.
    """
    rulebook = page.house.rulebook
    wanted = chosen(page, programme)
    with page.reading() as session:
        meant = {each.id for each in find_people(session, reach(page.me), q, page.today)}
        paths = places_of(session, reach(page.me), meant, page.today) if meant else reach(page.me)
        lines = people(session, paths, wanted, rulebook, page.today)
        asked = asked_under(session, paths, wanted.code, page.today)
        named = towns_of(session, reach(page.me)) if meant else set()
    if meant:
        lines = [line for line in lines if line.person.id in meant]
    towns = sorted({line.place[0] for line in lines if line.place} | named)
    if (town and town not in towns) or (stage and stage not in WORDS):
        raise NotFoundError(N_("没有这个筛选条件，请从页面上重新选"))
    keys = {line.person.id: _key(line, asked) for line in lines}
    found = [line for line in lines if _fits(line, "" if meant else q.strip(), town)]
    count = Counter(keys[line.person.id] for line in found)
    return page.show(
        "desks/people.html",
        everybody=len(lines),
        sheet=sheet([line for line in found if stage in ("", keys[line.person.id])], p),
        asked={"q": q.strip(), "town": town, "stage": stage, "programme": programme},
        programmes=choices(page),
        towns=[(each, each) for each in towns],
        stages=[
            (key, page.say("{word}（{n}）", word=page.say(word.label), n=count[key])) for key, word in WORDS.items() if count[key]
        ],
        words={person_id: WORDS[key] for person_id, key in keys.items()},
    )


def _key(line: PersonLine, asked: Collection[int]) -> str:
    """Who was never asked and has not begun owes nothing; that is another thing than not having learnt."""
    begun = line.stage is not Stage.NOT_LEARNT
    return line.stage.name.lower() if begun or line.person.id in asked else NOT_ASKED


def _fits(line: PersonLine, q: str, town: str) -> bool:
    person = line.person
    said = (person.name, person.staff_number, person.phone, *line.posts)
    return (not town or line.place[:1] == (town,)) and (not q or any(q in each for each in said))
