"""A number, with a tolerance and a unit.

Right is whatever lies within `tolerance` of `value`, both ends included; all or nothing. Full-width digits, spaces,
thousands commas and the unit written behind the number do not matter. A value is a Decimal: no rounding on the way.
"""

import random
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from banyan.errors import InvalidAnswerError
from grading.questions import answer
from grading.questions.item import (
    BLANK,
    HALVES,
    Credit,
    Feedback,
    Fitting,
    Misfit,
    Say,
    Score,
    Words,
    feedback_fits,
    paragraphs,
    untranslated,
)
from grading.questions.item import Item as BaseItem

name = "numeric"
brief = True
drill = False
by_hand = False
stepped = False
credit = Credit.WHOLE
LONGEST = 60
NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {ord("−"): "-"}
"""Full-width forms to the plain ones; nothing else is taken for a digit, ² least of all."""
PLAIN = re.compile(r"[+-]?(\d{1,12}|\d{1,3}(,\d{3}){1,3})(\.\d{1,9})?", re.ASCII)
Finite = Annotated[float, Field(allow_inf_nan=False, ge=-1e12, le=1e12)]


class Key(Fitting):
    value: Finite
    tolerance: Annotated[Finite, Field(ge=0)] = 0.0
    unit: Annotated[str, Field(max_length=12)] = ""


class Item(BaseItem):
    type: Literal["numeric"] = "numeric"
    key: Key
    feedback: dict[str, Words] = {}

    def misfits(self) -> Iterator[Misfit]:
        yield from feedback_fits(self.feedback, HALVES)


def public(item: Item, order: random.Random | None = None) -> dict[str, Any]:
    return {"id": item.id, "type": name, "stem": item.stem, "unit": item.key.unit}


def parse(item: Item, raw: Any) -> Decimal | None:
    if answer.is_blank(raw):
        return None
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise InvalidAnswerError("请填一个数字，例如 24")
    if isinstance(raw, str) and len(raw) > LONGEST:
        raise InvalidAnswerError("数字太长了，请只填一个数字，例如 24")
    text = _plain(str(raw) if isinstance(raw, str | float) or abs(raw) < 10**15 else "?", item.key.unit)
    if not PLAIN.fullmatch(text):
        raise InvalidAnswerError("请填一个数字，例如 24")
    return Decimal(text.replace(",", ""))


def _plain(text: str, unit: str) -> str:
    narrow = "".join(text.translate(NARROW).split())
    ending = "".join(unit.translate(NARROW).split())
    return narrow.removesuffix(ending) if ending else narrow


def key(item: Item) -> Decimal:
    return Decimal(str(item.key.value))


def score(item: Item, value: Decimal | None) -> Score:
    if value is None:
        return BLANK
    return Score(float(abs(value - key(item)) <= Decimal(str(item.key.tolerance))))


def feedback(item: Item, value: Decimal | None, say: Say = untranslated) -> Feedback:
    if value is None:
        return Feedback(False, say("还没有填，先填一个数字。"))
    right = score(item, value).fraction == 1
    return Feedback(right, paragraphs(item.feedback.get("right" if right else "wrong"), item.why))


def spelled(item: Item, value: Decimal) -> list[str]:
    return [f"{value}".removesuffix(".0") + item.key.unit]


def answers(item: Item) -> None:
    """Numbers cannot be listed."""
