"""本县设置: what is filled in, what is empty and who waits for it, who answers for it; one small form to a value."""

from dataclasses import dataclass

from fastapi.responses import Response
from sqlalchemy.orm import Session

from banyan.domain.county import CountySettings, Entry, Gap, Setting
from banyan.domain.county_values import COLOURS, MOST_LINES, MOST_NAME, MOST_TEXT, MOST_TITLE
from banyan.domain.framework import Text
from banyan.domain.organisation import UnitLevel
from banyan.domain.permission import Action
from banyan.errors import BadInputError, NotFoundError
from banyan.portal.desks.county_form import SAID, Sent, SentSetting, Texts, day, given, typed
from banyan.portal.desks.opening import onward
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes
from banyan.records.organisation import Unit
from banyan.tracker.county import (
    MOST_OWNER,
    MOST_SOURCE,
    Filled,
    confirm,
    county_unit,
    fields,
    hands,
    history,
    last_by,
    may_set,
    put,
    seal_picture,
    settings_of,
    towns,
)
from banyan.tracker.people import NOT_HERE
from banyan.tracker.publishing import needed_by

routes = Routes()
routes.entry(N_("本县设置"), "/county", Action.SET_COUNTY)

COLOUR_WORDS = {"blue": N_("蓝色"), "yellow": N_("黄色"), "orange": N_("橙色"), "red": N_("红色")}


@dataclass(frozen=True)
class Line:
    """One field: what stands there, whether somebody waits for it, whether it is time to look at it again."""

    setting: Setting
    unit: Unit
    entry: Entry | None
    lacking: bool
    due: bool


@dataclass(frozen=True)
class Group:
    """A setting with its fields, and the courses that need it."""

    setting: Setting
    lines: tuple[Line, ...]
    courses: tuple[Text, ...]

    @property
    def lacking(self) -> bool:
        return any(each.lacking for each in self.lines)

    @property
    def folded(self) -> tuple[Line, ...]:
        """Return what is empty and may stay so, where that is more than one."""
        idle = tuple(each for each in self.lines if each.entry is None and not each.lacking)
        return idle if len(idle) > 1 else ()

    @property
    def told(self) -> tuple[Line, ...]:
        return tuple(each for each in self.lines if each not in self.folded)


@routes.get("/county", needs=Action.SET_COUNTY)
def county(page: MyPage, saved: str = "") -> Response:
    with page.reading() as session:
        groups = _groups(session, page)
        whole = may_set(page.me, county_unit(session).path)
        then = onward(session, page)
    lines = [line for group in groups for line in group.lines]
    return page.show(
        "desks/county.html",
        groups=groups,
        lacking=[each for each in lines if each.lacking],
        due=[each for each in lines if each.due],
        saved=next((each for each in lines if f"{each.setting.key}-{each.unit.code}" == saved), None),
        whole=whole,
        onward=then,
        said=SAID,
        colours=COLOUR_WORDS,
    )


@routes.get("/county/field", needs=Action.SET_COUNTY)
def field(page: MyPage, key: str = "", unit: str = "") -> Response:
    if not key:
        return page.go("/county")
    with page.reading() as session:
        setting, place = _field(session, page, key, unit)
        before = settings_of(session).at(key, place.path)
        last = last_by(session, page.me)
    texts = dict(typed(setting.kind, before.value if before else None))
    if known := before or last:
        texts |= {"source": known.source, "dated_on": known.dated_on.isoformat(), "owner": known.owner}
    return _form(page, setting, place, {"owner": page.me.person.name, **texts})


@routes.post("/county/field", needs=Action.SET_COUNTY, long=True)
def save(page: MyPage, sent: SentSetting) -> Response:
    texts = sent.texts
    if not texts.get("key"):
        return page.go("/county")
    try:
        with page.writing() as session:
            setting, place = _field(session, page, texts["key"], texts.get("unit", ""))
            _do(session, page, sent, (setting, place))
    except BadInputError as fault:
        with page.reading() as session:
            setting, place = _field(session, page, texts["key"], texts.get("unit", ""))
        said = {name: page.say(each) if isinstance(each, str) else each for name, each in fault.params.items()}
        return _form(page, setting, place, texts, page.say(fault.message, **said))
    return page.go(f"/county?saved={setting.key}-{place.code}#{setting.key}")


@routes.get("/county/seal", needs=Action.SET_COUNTY)
def seal(page: MyPage) -> Response:
    """The picture as it lies in the records."""
    with page.reading() as session:
        whole = may_set(page.me, county_unit(session).path)
        data = seal_picture(session) if whole else None
    if data is None:
        return Response(status_code=204)
    return Response(data, media_type="image/png" if data.startswith(b"\x89PNG") else "image/jpeg")


def _do(session: Session, page: MyPage, sent: Sent, where: tuple[Setting, Unit]) -> None:
    (setting, place), texts = where, sent.texts
    if texts.get("do") == "confirm":
        confirm(session, setting.key, place.path, page.me, page.now)
        return
    value = None if texts.get("do") == "empty" else given(setting.kind, sent)
    told = (texts.get("source", ""), day(texts.get("dated_on", "")), texts.get("owner", ""))
    put(session, Filled(setting.key, place.path, value, *told), page.me, page.now)


def _form(page: MyPage, setting: Setting, place: Unit, texts: Texts, fault: str = "") -> Response:
    with page.reading() as session:
        rows = history(session, setting.key, place.path)
        names = hands(session, rows)
    return page.show(
        "desks/county_field.html",
        422 if fault else 200,
        setting=setting,
        unit=place,
        filled=texts,
        fault=fault,
        rows=rows,
        names=names,
        stands=bool(rows) and rows[0].value is not None,
        at_once=max(3, sum(1 for name, text in texts.items() if name.startswith("who-") and text) + 1),
        most={"lines": MOST_LINES, "name": MOST_NAME, "text": MOST_TEXT, "title": MOST_TITLE},
        longest={"source": MOST_SOURCE, "owner": MOST_OWNER},
        said=SAID,
        colours={each: COLOUR_WORDS[each] for each in COLOURS},
    )


def _field(session: Session, page: MyPage, key: str, code: str) -> tuple[Setting, Unit]:
    for setting, unit in fields(session, page.me):
        if (setting.key, unit.code) == (key, code):
            return setting, unit
    raise NotFoundError(NOT_HERE)


def _groups(session: Session, page: MyPage) -> list[Group]:
    needed, held = needed_by(page.house.workshop), settings_of(session)
    gaps = set(held.missing(needed, [unit.path for unit in towns(session)]))
    found: dict[str, list[Line]] = {}
    settings: dict[str, Setting] = {}
    for setting, unit in fields(session, page.me):
        settings[setting.key] = setting
        found.setdefault(setting.key, []).append(_line(setting, unit, held, gaps, page))
    return [Group(settings[key], tuple(lines), tuple(needed.get(key, ()))) for key, lines in found.items()]


def _line(setting: Setting, unit: Unit, held: CountySettings, gaps: set[Gap], page: MyPage) -> Line:
    entry = held.at(setting.key, unit.path)
    own = Gap(setting.key, unit.path) in gaps
    everybodys = Gap(setting.key, "") in gaps and unit.level <= UnitLevel.COUNTY
    return Line(setting, unit, entry, entry is None and (own or everybodys), bool(entry and entry.is_due(page.today)))
