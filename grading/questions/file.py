"""A photo or a document as an answer; a person marks it, row by row of the rubric.

The file itself is kept apart from the answer, under its SHA-256. A value is {digest, media, bytes, width, height} of a photo,
{digest, media, bytes, pages} of a PDF, made by the house when it has read the file and written it down. In a lesson the
file stays on the phone, and the value is HERE.
`people` says that faces may be in it because the task asks for them; otherwise the page asks to leave people out.
"""

import random
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from banyan.errors import InvalidAnswerError
from grading.questions import answer
from grading.questions.item import BLANK, Credit, Feedback, Misfit, Say, Score, Words, untranslated
from grading.questions.rubric import ByHand

name = "file"
brief = False
drill = False
by_hand = True
stepped = False
credit = Credit.WHOLE
HERE = "here"
DIGEST = re.compile(r"[0-9a-f]{64}")
Accepts = Literal["photo", "pdf"]
MEDIA: Mapping[str, Accepts] = {"image/jpeg": "photo", "application/pdf": "pdf"}
"""What is kept, whatever was sent (grading/pictures, grading/documents), and what a question calls it."""
SIZES: Mapping[str, tuple[str, ...]] = {"image/jpeg": ("bytes", "width", "height"), "application/pdf": ("bytes", "pages")}


class Item(ByHand):
    """`accepts` says what may be sent; `look_for` what a learner in a lesson compares their own picture with."""

    type: Literal["file"] = "file"
    accepts: Annotated[tuple[Accepts, ...], Field(min_length=1)] = ("photo",)
    people: bool = False
    look_for: Annotated[tuple[Words, ...], Field(max_length=8)] = ()

    def misfits(self) -> Iterator[Misfit]:
        yield from super().misfits()
        if len(set(self.accepts)) < len(self.accepts):
            yield Misfit(("accepts",), "同一种写了两次", "每一种写一次")


def public(item: Item, order: random.Random | None = None) -> dict[str, Any]:
    return {"id": item.id, "type": name, "stem": item.stem, "accepts": list(item.accepts), "people": item.people}


def parse(item: Item, raw: Any) -> dict[str, Any] | str | None:
    """Return where the file is kept; whether it is this learner's own, the house knows and not the question."""
    if answer.is_blank(raw):
        return None
    if raw == HERE:
        return HERE
    media = raw.get("media") if isinstance(raw, Mapping) else None
    if not isinstance(media, str) or MEDIA.get(media) not in item.accepts or not _is_kept(raw, SIZES[media]):
        raise InvalidAnswerError("文件没有传好，请重新选一次")
    return {each: raw[each] for each in ("digest", "media", *SIZES[media])}


def _is_kept(raw: Mapping[str, Any], sizes: tuple[str, ...]) -> bool:
    if raw.keys() != {"digest", "media", *sizes}:
        return False
    named = isinstance(raw["digest"], str) and DIGEST.fullmatch(raw["digest"])
    return bool(named) and all(type(raw[each]) is int and 0 < raw[each] < 2**31 for each in sizes)


def key(item: Item) -> None:
    """No file is the key: a person decides."""


def score(item: Item, value: Mapping[str, Any] | str | None) -> Score:
    return BLANK if value is None else Score(0.0, needs_mark=True)


def feedback(item: Item, value: Mapping[str, Any] | str | None, say: Say = untranslated) -> Feedback:
    """Say what to compare one's own file with; nobody else sees it in a lesson."""
    if value is None:
        photo = item.accepts == ("photo",)
        return Feedback(False, say("还没有照片，先拍一张或选一张。") if photo else say("还没有文件，先选一个。"))
    look = [say("对着看一看："), *(f"· {each}" for each in item.look_for)] if item.look_for else []
    return Feedback(True, "\n".join([*look, *([item.why] if item.why else [])]) or say("好了。考试里老师会看。"))


def spelled(_item: Item, value: Mapping[str, Any] | str) -> list[str]:
    return ["在学员手机上" if isinstance(value, str) else f"{described(value)} sha256:{value['digest']}"]


def described(value: Mapping[str, Any]) -> str:
    """Return in a few words what kind of file was kept."""
    return f"PDF {value['pages']}页" if MEDIA[value["media"]] == "pdf" else f"照片 {value['width']}×{value['height']}"


def answers(_item: Item) -> Iterator[str]:
    """In a lesson there is one: a file was chosen."""
    return iter((HERE,))
