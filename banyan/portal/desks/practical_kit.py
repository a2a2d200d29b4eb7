"""All that is printed for a practical, on A4: the script, the key to the cards, the list to tick, cards and strips to cut.

The list to tick is printed without names: they are written by hand at the session and leave it with the trainer.
"""

from itertools import accumulate

from fastapi.responses import Response
from markupsafe import Markup

from banyan.courseware.county import spoken
from banyan.courseware.county_words import fill_for
from banyan.courseware.manifest import Practical, ScriptLine
from banyan.domain.permission import Action
from banyan.portal.desks.practicals import courses_of, practical_of
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.tracker.county import settings_of

routes = Routes()

SEATS = 12
"""So many people one session is for."""


@routes.get("/practical-kit", needs=Action.OBSERVE)
def kit(page: MyPage, course: str = "") -> Response:
    taught = courses_of(page)
    if not taught:
        return page.show("desks/no_course.html")
    chosen = course or taught[0]
    practical = practical_of(page, chosen, taught)
    with page.reading() as session:
        place = settings_of(session).for_units(unit.path for unit in page.me.units)
    fill = fill_for(place, page.house.demo)
    page.here = f"{PORTAL}/practicals"
    return page.show(
        "desks/practical_kit.html",
        course=chosen,
        practical=practical,
        spans=spans(practical),
        cards=list(enumerate(practical.cards, start=1)),
        rows=range(1, max(SEATS, len(practical.cards)) + 1),
        desk=place.desk,
        say=lambda sentence: Markup(page.language.written_html(spoken(sentence, fill))),  # noqa: S704 - escaped there
    )


def spans(practical: Practical) -> list[tuple[int, int, ScriptLine]]:
    """Return each stretch of the script with the minute it begins and ends at."""
    ends = list(accumulate(line.minutes for line in practical.script))
    return list(zip([0, *ends], ends, practical.script, strict=False))
