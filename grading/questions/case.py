"""A branching case: one situation after another, each choice deciding what comes next.

A pure state machine. A path is the tuple of choices made so far and says everything: where one stands, what was earned,
whether something unforgivable was done. The server keeps the path and shows one situation at a time; where a choice
leads, what it earns and what is said about it never leave the server before the end. Points per dimension are the
sum of the effects on the path, never below 0 nor above the dimension's maximum; the maxima add up to 100.
"""

import random
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from banyan.errors import InvalidAnswerError
from grading.questions import answer, case_graph
from grading.questions.item import (
    BLANK,
    Credit,
    Feedback,
    Fitting,
    Id,
    Kept,
    Misfit,
    Say,
    Score,
    Turn,
    Words,
    paragraphs,
    untranslated,
)
from grading.questions.shuffle import shuffled

name = "case"
brief = False
drill = True
by_hand = False
stepped = True
credit = Credit.OWN
MAXIMA = {"timeliness": 25, "completeness": 25, "accuracy": 20, "routing": 15, "closure": 10, "privacy": 5}
Path = tuple[str, ...]


class Choice(Fitting):
    """`next` names the situation that follows; null or `end` ends the case."""

    text: Words
    next: Id | None
    effects: dict[str, Annotated[float, Field(ge=-100, le=100)]] = {}
    says: Words | None = None
    indicators: tuple[str, ...] = ()
    hard_fail: Words | None = None

    @property
    def leads_to(self) -> str | None:
        return None if self.next == "end" else self.next


class Inject(Fitting):
    """One situation: minutes since the beginning, what is happening, what one can do."""

    at: Annotated[str, Field(max_length=20)]
    text: Words
    choices: Annotated[dict[Id, Choice], Field(min_length=1, max_length=8)]


class Item(Kept):
    type: Literal["case"] = "case"
    title: Words
    start: Id
    injects: Annotated[dict[Id, Inject], Field(min_length=1, max_length=64)]

    def misfits(self) -> Iterator[Misfit]:
        for node, inject in self.injects.items():
            for key, choice in inject.choices.items():
                for each in choice.effects.keys() - MAXIMA.keys():
                    place = ("injects", node, "choices", key, "effects", each)
                    yield Misfit(place, f'"effects" 里没有 "{each}" 这一项', f"只能写 {'、'.join(MAXIMA)}")
        yield from case_graph.misfits(self.start, _edges(self), _effects(self), MAXIMA)

    @property
    def indicators(self) -> tuple[str, ...]:
        """What the case can show at all."""
        found = (each for inject in self.injects.values() for choice in inject.choices.values() for each in choice.indicators)
        return tuple(dict.fromkeys(found))


def _edges(item: Item) -> case_graph.Edges:
    return {each: {key: choice.leads_to for key, choice in inject.choices.items()} for each, inject in item.injects.items()}


def _effects(item: Item) -> case_graph.Effects:
    """Return the effects of every choice that does not lose the exam."""
    return {
        (each, key): dict(choice.effects)
        for each, inject in item.injects.items()
        for key, choice in inject.choices.items()
        if choice.hard_fail is None
    }


def start(_item: Item) -> Path:
    return ()


def situation(item: Item, path: Path) -> Inject | None:
    """Return what is happening after these choices, None when the case is over."""
    node: str | None = item.start
    for choice in path:
        if node is None or choice not in item.injects[node].choices:
            raise InvalidAnswerError("演练走到这里没有这个选项，请刷新后再选")
        node = item.injects[node].choices[choice].leads_to
    return item.injects[node] if node else None


def step(item: Item, path: Path, choice: Any) -> Path:
    """Return the path one choice longer."""
    here = situation(item, path)
    if here is None:
        raise InvalidAnswerError("这次演练已经结束，不能再选")
    return (*path, answer.one_of(choice, here.choices))


def ended(item: Item, path: Path) -> bool:
    return situation(item, path) is None


def taken(item: Item, path: Path) -> list[Choice]:
    """Return the choices made along a path."""
    return [situation(item, path[:place]).choices[choice] for place, choice in enumerate(path)]  # type: ignore[union-attr]


def turns(item: Item, path: Path) -> list[Turn]:
    met = [situation(item, path[:place]) for place in range(len(path))]
    return [Turn(here.at, here.text, here.choices[choice].text) for here, choice in zip(met, path, strict=True) if here]


def place(item: Item, path: Path) -> str:
    here = situation(item, path)
    return next((each for each, inject in item.injects.items() if inject is here), "end")


def public(item: Item, order: random.Random | None = None, path: Path = ()) -> dict[str, Any]:
    """Return the situation after these choices as the learner may see it; `step` counts the choices made."""
    here = situation(item, path)
    shown: dict[str, Any] = {"id": item.id, "type": name, "title": item.title, "step": len(path), "ended": here is None}
    if here is None:
        return shown
    choices = [{"id": each, "text": here.choices[each].text} for each in shuffled(here.choices, order)]
    return shown | {"at": here.at, "stem": here.text, "choices": choices}


def parse(item: Item, raw: Any) -> Path | None:
    if answer.is_blank(raw):
        return None
    if not isinstance(raw, list | tuple) or len(raw) > answer.FLOOD or not all(isinstance(each, str) for each in raw):
        raise InvalidAnswerError("演练的记录读不出来，请刷新后再选")
    path = tuple(raw)
    situation(item, path)
    return path


def key(item: Item) -> Path:
    """Return a path that earns everything."""
    return case_graph.best(item.start, _edges(item), _effects(item), MAXIMA).path


def score(item: Item, value: Path | None) -> Score:
    """Score a path, whole or broken off: what has been done counts, what was not reached earns nothing."""
    if not value:
        return BLANK
    made = taken(item, value)
    earned = {each: sum(choice.effects.get(each, 0) for choice in made) for each in MAXIMA}
    kept = {each: min(max(earned[each], 0), top) for each, top in MAXIMA.items()}
    lost = "；".join(choice.hard_fail for choice in made if choice.hard_fail)
    parts = {each: kept[each] / top for each, top in MAXIMA.items()}
    return Score(sum(kept.values()) / sum(MAXIMA.values()), hard_fail=lost or None, parts=parts)


def indicators_shown(item: Item, path: Path) -> frozenset[str]:
    """Return what the choices on a path have shown; a choice that loses the exam shows nothing."""
    return frozenset(each for choice in taken(item, path) if not choice.hard_fail for each in choice.indicators)


def feedback(item: Item, value: Path | None, say: Say = untranslated) -> Feedback:
    """Say, once the case is over, what is to be said about each choice."""
    if not value or not ended(item, value):
        return Feedback(False, say("演练还没有走完。"))
    result = score(item, value)
    return Feedback(result.fraction == 1 and not result.hard_fail, paragraphs(*(choice.says for choice in taken(item, value))))


def spelled(item: Item, value: Path) -> list[str]:
    return [f"{each} {choice.text}" for each, choice in zip(value, taken(item, value), strict=True)]


def answers(item: Item) -> None:
    """Paths are walked, not listed."""
