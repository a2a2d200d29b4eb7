"""What a county says for itself, as HTML in a lesson's Chinese: a number to tap, a sentence, a table.

What nobody has filled in says whom to ask. A demo's numbers ring nowhere and say so.
"""

from collections.abc import Callable

from markupsafe import Markup, escape

from banyan.domain.county import BY_KEY, Entry, Kind, Place, Step
from banyan.domain.county_values import tel

COLOURS = {"blue": "蓝色", "yellow": "黄色", "orange": "橙色", "red": "红色"}
UNFILLED = Markup('<span class="unfilled">还没填，问村里/镇里</span>')
IN_PERSON = "当面或打手机"


def fill_for(place: Place, demo: bool) -> Callable[[str], Markup]:
    """Return what fills the places of a page (banyan.courseware.county.filled) for somebody at a place."""

    def fill(key: str) -> Markup:
        entry = place.entries.get(key)
        if key not in BY_KEY or entry is None:
            return UNFILLED
        kind = BY_KEY[key].kind
        if kind is Kind.PHONE:
            return number(place.phone(key), demo)
        if kind is Kind.CLOCKS:
            return clocks(entry)
        shown = warnings(entry) if kind is Kind.WARNINGS else steps(place.steps(key), demo, ordered=kind is Kind.CHAIN)
        return shown + source(entry)

    return fill


def number(phone: str, demo: bool) -> Markup:
    shown = Markup('<a class="tel" href="tel:{}">{}</a>').format(tel(phone), phone)
    return shown + Markup("<small>（示例）</small>") if demo else shown


def clocks(entry: Entry) -> Markup:
    told = entry.value
    return Markup("口头首报{}分钟内、书面报告{}分钟内").format(told["oral"], told["written"])


def steps(listed: tuple[Step, ...], demo: bool, ordered: bool) -> Markup:
    lines = Markup("").join(_line(each, demo) for each in listed)
    return Markup("<{0}>{1}</{0}>").format("ol" if ordered else "ul", lines)


def _line(step: Step, demo: bool) -> Markup:
    reached = number(step.phone, demo) if step.phone else escape(IN_PERSON)
    return Markup("<li><b>{}</b> {}</li>").format(step.who, reached)


def warnings(entry: Entry) -> Markup:
    rows = Markup("").join(
        Markup('<tr><th scope="row" class="warning {0}">{1}</th><td>{2}</td><td>{3}</td></tr>').format(
            each["colour"], COLOURS[each["colour"]], each["when"], each["act"]
        )
        for each in entry.value
    )
    head = Markup('<thead><tr><th scope="col">预警</th><th scope="col">多大的雨</th><th scope="col">做什么</th></tr></thead>')
    return Markup("<table>{}<tbody>{}</tbody></table>").format(head, rows)


def source(entry: Entry) -> Markup:
    day = entry.dated_on
    return Markup('<p class="quiet">来源：{}，{}年{}月{}日</p>').format(entry.source, day.year, day.month, day.day)
