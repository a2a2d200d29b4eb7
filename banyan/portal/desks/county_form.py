"""The small form of one setting: what was typed, what is shown again, what goes to the verb."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from banyan.domain.county import Kind
from banyan.domain.county_values import COLOURS, MOST_LINES
from banyan.domain.picture import HEAVIEST
from banyan.portal.i18n import N_

SAID = {
    "duty_phone": N_("镇值班"),
    "clinic_phone": N_("卫生院"),
    "county_emergency": N_("县应急"),
    "county_cdc": N_("县疾控"),
}
"""What stands for a number that each place has of its own (banyan.domain.county_values.POINTS)."""
Texts = Mapping[str, str]


@dataclass(frozen=True)
class Sent:
    """A form with at most one picture; of a picture no more is read than shows that it is too heavy."""

    texts: Texts
    picture: bytes


async def _sent(request: Request) -> Sent:
    texts, picture = {}, b""
    for name, value in (await request.form()).multi_items():
        if isinstance(value, UploadFile):
            picture = await value.read(HEAVIEST + 1)
        else:
            texts[name] = value
    return Sent(texts, picture)


SentSetting = Annotated[Sent, Depends(_sent)]


def given(kind: Kind, sent: Sent) -> Any:
    """Return what was typed as banyan.domain.county_values reads it."""
    texts = sent.texts
    if kind is Kind.PICTURE:
        return sent.picture
    if kind is Kind.CLOCKS:
        return texts.get("oral", ""), texts.get("written", "")
    if kind in {Kind.CHAIN, Kind.PHONES}:
        return [(texts.get(f"who-{n}", ""), texts.get(f"phone-{n}", "")) for n in range(MOST_LINES)]
    if kind is Kind.WARNINGS:
        return {each: (texts.get(f"when-{each}", ""), texts.get(f"act-{each}", "")) for each in COLOURS}
    return texts.get("value", "")


def typed(kind: Kind, value: Any) -> Texts:
    """Return the texts of the form's fields for a value that stands; none for a picture."""
    if value is None or kind is Kind.PICTURE:
        return {}
    if kind is Kind.CLOCKS:
        return {"oral": str(value["oral"]), "written": str(value["written"])}
    if kind in {Kind.CHAIN, Kind.PHONES}:
        lines = {f"who-{n}": each["who"] for n, each in enumerate(value)}
        return lines | {f"phone-{n}": SAID.get(each.get("of", ""), each.get("phone", "")) for n, each in enumerate(value)}
    if kind is Kind.WARNINGS:
        rows = {f"when-{each['colour']}": each["when"] for each in value}
        return rows | {f"act-{each['colour']}": each["act"] for each in value}
    return {"value": "yes" if kind is Kind.RULE else str(value)}


def day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
