"""The six-element first report of an emergency: when, where, what, casualties, what was done, whom to call back.

Each element is a tap on one of a few phrasings and earns a sixth when it is the right one; an element left out earns
nothing, so completeness is part of the score. What is not known yet must be reported as such: an element marked
`unknown` has the choice that says so (待核) as its key. How fast one types is never scored: there is nothing to type.
A value maps element names to choices, in the order of the elements.
"""

import random
from collections.abc import Iterator, Mapping
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
    Id,
    Misfit,
    Options,
    Say,
    Score,
    Words,
    feedback_fits,
    paragraphs,
    unknown_options,
    untranslated,
)
from grading.questions.item import Item as BaseItem
from grading.questions.shuffle import shuffled

name = "first_report"
brief = False
drill = True
by_hand = False
stepped = False
credit = Credit.PARTS
ELEMENTS = ("when", "where", "what", "casualties", "done", "callback")


class Element(Fitting):
    label: Annotated[str, Field(min_length=1, max_length=40)]
    choices: Options
    key: Id
    unknown: bool = False
    hard_fail: tuple[Id, ...] = ()

    def misfits(self) -> Iterator[Misfit]:
        yield from unknown_options(self.key, self.choices, ("key",))
        yield from unknown_options(self.hard_fail, self.choices, ("hard_fail",))
        if self.key in self.hard_fail:
            yield Misfit(("hard_fail",), f'"hard_fail" 里有正确答案 "{self.key}"', "从 hard_fail 里删掉它")


class Item(BaseItem):
    type: Literal["first_report"] = "first_report"
    elements: dict[str, Element]
    feedback: dict[str, Words] = {}

    def ordered(self) -> Iterator[tuple[str, Element]]:
        """Yield the elements in the order they are reported in, however the file had them."""
        return ((each, self.elements[each]) for each in ELEMENTS)

    def misfits(self) -> Iterator[Misfit]:
        if self.elements.keys() != set(ELEMENTS):
            yield Misfit(("elements",), '"elements" 不是六要素', f"写全这六项：{'、'.join(ELEMENTS)}")
        yield from feedback_fits(self.feedback, HALVES, frozenset(ELEMENTS))


def public(item: Item, order: random.Random | None = None) -> dict[str, Any]:
    elements = [
        {
            "id": each,
            "label": element.label,
            "choices": [{"id": choice, "text": element.choices[choice]} for choice in shuffled(element.choices, order)],
        }
        for each, element in item.ordered()
    ]
    return {"id": item.id, "type": name, "stem": item.stem, "elements": elements}


def parse(item: Item, raw: Any) -> dict[str, str] | None:
    if answer.is_blank(raw):
        return None
    if not isinstance(raw, dict) or not raw.keys() <= item.elements.keys():
        raise InvalidAnswerError("报告只有六项，请逐项点选")
    given = {
        each: answer.one_of(raw[each], element.choices) for each, element in item.ordered() if not answer.is_blank(raw.get(each))
    }
    return given or None


def key(item: Item) -> dict[str, str]:
    return {each: element.key for each, element in item.ordered()}


def score(item: Item, value: Mapping[str, str] | None) -> Score:
    if value is None:
        return BLANK
    parts = {each: float(value.get(each) == element.key) for each, element in item.ordered()}
    lost = "；".join(element.choices[value[each]] for each, element in item.ordered() if value.get(each) in element.hard_fail)
    return Score(sum(parts.values()) / len(parts), hard_fail=lost or None, parts=parts)


def feedback(item: Item, value: Mapping[str, str] | None, say: Say = untranslated) -> Feedback:
    """Say how complete the report is, and of each element that is missing or wrong what was expected of it."""
    if value is None:
        return Feedback(False, say("还没有填，六项逐项点一遍。"))
    said = [
        item.feedback.get(each) or _expected(element, each in value, say)
        for each, element in item.ordered()
        if value.get(each) != element.key
    ]
    complete = _complete(item, value, say)
    return Feedback(not said, paragraphs(item.feedback.get("wrong" if said else "right"), complete, *said, item.why))


def _complete(item: Item, value: Mapping[str, str], say: Say) -> str | None:
    """Return how many of the six were reported, rightly or not, while some were not."""
    if len(value) == len(item.elements):
        return None
    return say("六项里报了 {count} 项。").format(count=len(value))


def _expected(element: Element, reported: bool, say: Say) -> str:
    if not reported:
        return say("{element}：没有报。").format(element=element.label)
    wanted = say("{element}：应当是“{choice}”。").format(element=element.label, choice=element.choices[element.key])
    return wanted + (say("还不知道的，就说待核。") if element.unknown else "")


def spelled(item: Item, value: Mapping[str, str]) -> list[str]:
    return [f"{each.label} {each.choices[value[name]]}" for name, each in item.ordered() if name in value]


def answers(item: Item) -> None:
    """There are too many reports to list."""
