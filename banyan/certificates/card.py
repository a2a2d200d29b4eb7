"""The pocket card: whom to call in which order, what to say, what a warning's colour asks for. In Chinese, as it is read
out at night; it names no person and proves nothing.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date

from banyan.certificates.face import DEMO
from banyan.certificates.press import Press, Sheet
from banyan.domain.county import BY_KEY, Place

PHONES = ("duty_phone", "county_emergency", "clinic_phone", "county_cdc")
ELEMENTS = (
    ("何时", "几点几分发生、几点发现"),
    ("何地", "哪个村、哪一组、什么标志旁边"),
    ("何事", "看见什么说什么，不猜原因"),
    ("伤亡", "几个人；不清楚就说“待核”"),
    ("已做什么", "喊人、转移、拦路、叫了谁"),
    ("回拨电话", "报自己的号码，请对方复述"),
)
FINEST = 216  # pixels per inch: 1080 wide on a page of 360 points


@dataclass(frozen=True)
class Call:
    """Somebody to call; without a number, to tell in person."""

    who: str
    phone: str


@dataclass(frozen=True)
class Warning:
    colour: str
    when: str
    act: str


@dataclass(frozen=True)
class Card:
    """`sources` says where its numbers come from, `made_on` how old the card is."""

    place: str
    county: str
    calls: tuple[Call, ...]
    warnings: tuple[Warning, ...]
    elements: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]
    made_on: date
    demo: bool

    @property
    def empty(self) -> bool:
        return not any(each.phone for each in self.calls)


@dataclass(frozen=True)
class Holder:
    """Whose township and county stand on the card."""

    place: str
    county: str
    demo: bool


def card_of(place: Place, holder: Holder, today: date) -> Card:
    rows = place.value("warning_table") or ()
    return Card(
        place=holder.place,
        county=holder.county,
        calls=tuple(_calls(place)),
        warnings=tuple(Warning(each["colour"], each["when"], each["act"]) for each in rows),
        elements=ELEMENTS,
        sources=_sources(place),
        made_on=today,
        demo=holder.demo,
    )


def picture(press: Press, card: Card) -> bytes:
    """Return a PNG 1080 pixels wide; BadInputError if the fonts lack a character of it."""
    sheet = _sheet(card, "phone")
    press.print("card.typ", sheet, format="pdf", pdf_standards=["ua-1"])  # only so are missing characters told
    return press.print("card.typ", sheet, format="png", ppi=FINEST)


def pdf(press: Press, card: Card) -> bytes:
    """Return two pages of A6, the front and the back of a card."""
    return press.print("card.typ", _sheet(card, "a6"), format="pdf", pdf_standards=["ua-1"])


def _calls(place: Place) -> list[Call]:
    """Return the county's own order, then the numbers it does not name, each once."""
    found = [Call(each.who, each.phone) for each in place.steps("reporting_chain")]
    found += [Call(BY_KEY[key].name.removesuffix("电话"), place.phone(key)) for key in PHONES if place.phone(key)]
    found += [Call(each.who, each.phone) for each in place.steps("other_phones")]
    known: set[str] = set()
    kept = []
    for each in found:
        if not each.phone or each.phone not in known:
            kept.append(each)
        known.add(each.phone)
    return kept


def _sources(place: Place) -> tuple[str, ...]:
    """Return the sources of what stands on the card, each once, with its day."""
    keys = ("reporting_chain", *PHONES, "other_phones", "warning_table")
    used = [place.entries[key] for key in keys if key in place.entries]
    return tuple(dict.fromkeys(f"{each.source}（{_day(each.dated_on)}）" for each in used))


def _sheet(card: Card, form: str) -> Sheet:
    told = asdict(card) | {"made": _day(card.made_on), "demo_word": DEMO}
    inputs = {"card": json.dumps(told, default=str), "form": form, "heading": f"险情报告联系卡 {card.place}"}
    return Sheet(inputs, card.made_on, f"{card.place}联系卡")


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
