"""The practical's script, for the trainer who runs it: what to prepare, minute by minute, by which clocks."""

from fastapi.responses import Response
from markupsafe import Markup

from banyan.courseware.county import spoken
from banyan.courseware.county_words import fill_for
from banyan.domain.permission import Action
from banyan.portal.desks.practicals import courses_of, practical_of
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.tracker.county import settings_of

routes = Routes()


@routes.get("/practical-script", needs=Action.OBSERVE)
def script(page: MyPage, course: str = "") -> Response:
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
        "desks/practical_script.html",
        course=chosen,
        practical=practical,
        minutes=sum(line.minutes for line in practical.script),
        clocks=place.value("drill_clocks"),
        say=lambda sentence: Markup(page.language.written_html(spoken(sentence, fill))),  # noqa: S704 - escaped there
    )
