"""Announcing a practical: where, when, for which unit; who is expected, a text for the group chat, calling it off."""

from dataclasses import dataclass, fields
from datetime import date, datetime, time

from fastapi.responses import Response

from banyan.domain.calendar import COUNTY_TIME
from banyan.domain.organisation import UnitLevel
from banyan.domain.permission import OBSERVERS, Action, subtrees
from banyan.domain.readiness import Stage
from banyan.errors import BadInputError
from banyan.portal.desks.form import SentForm
from banyan.portal.desks.practicals import courses_of, learners_of, practical_of
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.tracker.people import places
from banyan.tracker.practical_sessions import Announced, Meeting, announce, announced_one, call_off
from banyan.tracker.registers import unit_under, units_to_choose

routes = Routes()
USUAL = "14:30"


@dataclass(frozen=True)
class Wish:
    """The form as it was filled in."""

    course: str = ""
    unit: str = ""
    day: str = ""
    clock: str = USUAL
    place: str = ""


@routes.get("/practical-sessions/new", needs=Action.OBSERVE)
def new_session(page: MyPage, course: str = "") -> Response:
    return _form(page, Wish(course))


@routes.post("/practical-sessions", needs=Action.OBSERVE)
def make_session(page: MyPage, form: SentForm) -> Response:
    wish = Wish(*(form.get(field.name, "") for field in fields(Wish)))
    try:
        starts_at = _moment(wish)
        with page.writing() as session:
            unit = unit_under(session, wish.unit, subtrees(page.me.actor, OBSERVERS, wish.course))
            meeting = Meeting(wish.course, unit.path, starts_at, wish.place)
            number = announce(session, meeting, page.me, page.house.rulebook, page.now).id
    except BadInputError as fault:
        return _form(page, wish, 422, page.say(fault.message, **fault.params))
    return page.go(f"/practical-sessions/{number}?done=1")


@routes.get("/practical-sessions/{session_id}", needs=Action.OBSERVE)
def one_session(page: MyPage, session_id: int, done: str = "") -> Response:
    with page.reading() as session:
        line = announced_one(session, session_id, page.me)
        lines = learners_of(session, page, line.row.course, line.unit.path)
        where = places(session, [line.unit])[line.unit.id]
    page.here = f"{PORTAL}/practicals"
    return page.show(
        "desks/practical_session.html",
        line=line,
        where=where or (line.unit.name,),
        expected=[each for each in lines if each.stage is Stage.NO_PRACTICAL],
        text=_text(page, line),
        done=bool(done),
    )


@routes.post("/practical-sessions/{session_id}/call-off", needs=Action.OBSERVE)
def call_session_off(page: MyPage, session_id: int) -> Response:
    with page.writing() as session:
        call_off(session, session_id, page.me, page.now)
    return page.go(f"/practical-sessions/{session_id}")


def _moment(wish: Wish) -> datetime:
    try:
        day, clock = date.fromisoformat(wish.day.strip()), time.fromisoformat(wish.clock.strip())
    except ValueError:
        raise BadInputError(N_("请选演练的日期和时间")) from None
    return datetime.combine(day, clock.replace(tzinfo=None), COUNTY_TIME)


def _text(page: MyPage, line: Announced) -> str:
    """Return the words for a group: when, where, what it is, whom to ring; never a learner's name."""
    title = page.language.text(page.house.rulebook.catalogue.newest(line.row.course).title)
    when, place = page.language.moment(line.row.starts_at), line.row.place
    if line.row.called_off_at:
        return page.say(N_("{when}在{place}的现场演练取消了。新的时间定好以后，会写在大家的首页。"), when=when, place=place)
    parts = [
        page.say(N_("{unit}的各位好：“{title}”考试已经通过的，请来做现场演练。"), unit=line.unit.name, title=title),
        page.say(N_("时间：{when}"), when=when),
        page.say(N_("地点：{place}"), place=place),
        page.say(N_("来不了的，请提前告诉{name}：{phone}"), name=line.by.name, phone=line.by.phone)
        if line.by.phone
        else page.say(N_("来不了的，请提前告诉{name}。"), name=line.by.name),
        page.say(N_("演练·不会报给任何人")),
    ]
    return "\n".join(parts)


def _form(page: MyPage, wish: Wish, status: int = 200, fault: str = "") -> Response:
    taught = courses_of(page)
    if not taught:
        return page.show("desks/no_course.html")
    course = wish.course or taught[0]
    practical_of(page, course, taught)
    with page.reading() as session:
        units = units_to_choose(session, subtrees(page.me.actor, OBSERVERS, course))
    top = min((unit.level for unit in units), default=UnitLevel.COUNTY)
    page.here = f"{PORTAL}/practicals"
    return page.show(
        "desks/practical_session_new.html",
        status,
        wish=wish,
        fault=fault,
        course=course,
        title=page.house.rulebook.catalogue.newest(course).title,
        units=[(unit.code, "\u3000" * (unit.level - top) + unit.name) for unit in units],
    )
