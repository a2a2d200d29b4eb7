"""A photo as an answer; a person marks it, row by row of the rubric.

The picture itself is kept apart from the answer, under its SHA-256: a value is {digest, media, bytes, width, height}, made by
the house when it has read the picture and written it down. In a lesson the picture stays on the phone, and the value is HERE.
`people` says that faces may be in it because the task asks for them; otherwise the page asks to leave people out.
"""

import random
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from banyan.errors import InvalidAnswerError
from grading.questions import answer
from grading.questions.item import BLANK, Credit, Feedback, Say, Score, Words, untranslated
from grading.questions.rubric import ByHand

name = "file"
brief = False
drill = False
by_hand = True
stepped = False
credit = Credit.WHOLE
HERE = "here"
DIGEST = re.compile(r"[0-9a-f]{64}")
SIZES = ("bytes", "width", "height")
MEDIA = frozenset({"image/jpeg"})
"""Whatever is sent, what is kept is this (grading/pictures)."""
Accepts = Literal["photo"]


class Item(ByHand):
    """`accepts` says what may be sent; `look_for` what a learner in a lesson compares their own picture with."""

    type: Literal["file"] = "file"
    accepts: Annotated[tuple[Accepts, ...], Field(min_length=1)] = ("photo",)
    people: bool = False
    look_for: Annotated[tuple[Words, ...], Field(max_length=8)] = ()


def public(item: Item, order: random.Random | None = None) -> dict[str, Any]:
    return {"id": item.id, "type": name, "stem": item.stem, "accepts": list(item.accepts), "people": item.people}


def parse(item: Item, raw: Any) -> dict[str, Any] | str | None:
    """Return where the picture is kept; whether it is this learner's own, the house knows and not the question."""
    if answer.is_blank(raw):
        return None
    if raw == HERE:
        return HERE
    if not isinstance(raw, Mapping) or raw.keys() != {"digest", "media", *SIZES} or not _is_kept(raw):
        raise InvalidAnswerError("照片没有传好，请重新选一张")
    return {each: raw[each] for each in ("digest", "media", *SIZES)}


def _is_kept(raw: Mapping[str, Any]) -> bool:
    named = isinstance(raw["digest"], str) and DIGEST.fullmatch(raw["digest"]) and raw["media"] in list(MEDIA)
    return bool(named) and all(type(raw[each]) is int and 0 < raw[each] < 2**31 for each in SIZES)


def key(item: Item) -> None:
    """No picture is the key: a person decides."""


def score(item: Item, value: Mapping[str, Any] | str | None) -> Score:
    return BLANK if value is None else Score(0.0, needs_mark=True)


def feedback(item: Item, value: Mapping[str, Any] | str | None, say: Say = untranslated) -> Feedback:
    """Say what to compare one's own picture with; nobody else sees it in a lesson."""
    if value is None:
        return Feedback(False, say("还没有照片，先拍一张或选一张。"))
    look = [say("对着照片看一看："), *(f"· {each}" for each in item.look_for)] if item.look_for else []
    return Feedback(True, "\n".join([*look, *([item.why] if item.why else [])]) or say("拍好了。考试里老师会看。"))


def spelled(_item: Item, value: Mapping[str, Any] | str) -> list[str]:
    return ["照片" if isinstance(value, str) else f"照片 {value['width']}×{value['height']} sha256:{value['digest']}"]


def answers(_item: Item) -> Iterator[str]:
    """In a lesson there is one: a picture was taken."""
    return iter((HERE,))
