"""A simulation: turn by turn something is done, a model answers, and the way there is what counts, not only the end.

The model is data (formula.py, simulation_model.py): no code of a course runs here. Only the log of actions is kept, and
replayed: what a phone says of where it ended never counts. Each goal earns its points or nothing; one that must hold
after every turn, or at the end, earns nothing before the end is reached. A value is the path, the tuple of actions.
"""

import random
from collections.abc import Iterator
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import Field

from banyan.errors import InvalidAnswerError
from grading.questions import answer
from grading.questions.formula import Text, Values, formula
from grading.questions.item import (
    BLANK,
    HALVES,
    Credit,
    Feedback,
    Misfit,
    Say,
    Score,
    Turn,
    Words,
    feedback_fits,
    paragraphs,
    untranslated,
)
from grading.questions.item import Item as BaseItem
from grading.questions.shuffle import shuffled
from grading.questions.simulation_model import TURN, Model, Path, Proof, prove, run
from grading.questions.simulation_parts import Action, Gauge, Line, Loss, Name, Short, Wanted, Whole, unfit

name = "simulation"
brief = False
drill = True
by_hand = False
stepped = True
credit = Credit.OWN
WORDS = frozenset({TURN, "and", "or", "not", "if", "else", "min", "max", "in", "is", "lambda"})


class Item(BaseItem):
    """`moments` name the turns, `start` the values at the beginning, `given` what each turn brings, `next` what follows."""

    type: Literal["simulation"] = "simulation"
    moments: Annotated[tuple[Short, ...], Field(min_length=2, max_length=12)]
    start: Annotated[dict[Name, Whole], Field(min_length=1, max_length=12)]
    given: Annotated[dict[Name, tuple[Whole, ...]], Field(max_length=4)] = {}
    gauges: Annotated[dict[Name, Gauge], Field(min_length=1, max_length=4)]
    actions: Annotated[dict[Name, Action], Field(min_length=2, max_length=6)]
    next: Annotated[dict[Name, Text], Field(min_length=1)]
    news: Annotated[tuple[Line, ...], Field(max_length=12)] = ()
    goals: Annotated[dict[Name, Wanted], Field(min_length=1, max_length=8)]
    hard_fail: Annotated[dict[Name, Loss], Field(max_length=6)] = {}
    feedback: dict[str, Words] = {}

    @property
    def model(self) -> Model:
        return Model(
            turns=len(self.moments),
            start=self.start,
            given=self.given,
            offers={each: action.when or "" for each, action in self.actions.items()},
            following=self.next,
            goals={each: wanted.goal for each, wanted in self.goals.items()},
            lost={each: loss.when for each, loss in self.hard_fail.items()},
        )

    def misfits(self) -> Iterator[Misfit]:
        found = [*self._names(), *self._lists(), *self._formulas()]
        yield from found
        yield from feedback_fits(self.feedback, HALVES)
        if not found:
            proof = _proof(self.model_dump_json())
            if proof.fault:
                yield Misfit(("next",), proof.fault, "改公式，或少几个选择、少几步")
            elif proof.best is None:
                yield Misfit(("goals",), "没有一种走法能做到全部目标而不触红线", "放宽一个目标，或改模型")

    def _names(self) -> Iterator[Misfit]:
        taken: set[str] = set(WORDS)
        for part in ("start", "given", "actions"):
            for each in getattr(self, part):
                if each in taken:
                    yield Misfit((part, each), f'名字 "{each}" 已经有别的意思', "换一个名字")
                taken.add(each)
        for part in ("gauges", "next"):
            for each in getattr(self, part):
                if each not in self.start:
                    yield Misfit((part, each), f'"start" 里没有 "{each}"', "补上它，或改名字")

    def _lists(self) -> Iterator[Misfit]:
        for each, values in self.given.items():
            if len(values) != len(self.moments):
                fault = f'"{each}" 有 {len(values)} 个数，可是 "moments" 有 {len(self.moments)} 步'
                yield Misfit(("given", each), fault, "每一步写一个数")

    def _formulas(self) -> Iterator[Misfit]:
        before = {*self.start, TURN}
        turn = before | self.given.keys()
        done = turn | self.actions.keys()
        for each, action in self.actions.items():
            yield from unfit(action.when, turn, ("actions", each, "when"))
        for each, text in self.next.items():
            yield from unfit(text, done, ("next", each))
        for each, wanted in self.goals.items():
            yield from unfit(wanted.goal.formula, done, ("goals", each, wanted.goal.holds.value))
        for each, loss in self.hard_fail.items():
            yield from unfit(loss.when, done, ("hard_fail", each, "when"))
        for number, line in enumerate(self.news):
            yield from unfit(line.when, before, ("news", number, "when"))


@lru_cache(maxsize=64)
def _proof(written: str) -> Proof:
    """Return what walking every way found, once for the same item however often it is loaded."""
    return prove(_Unproven.model_validate_json(written).model)


class _Unproven(Item):
    """An item whose ways have not been walked yet."""

    def misfits(self) -> Iterator[Misfit]:
        yield from ()


def ended(item: Item, path: Path) -> bool:
    return len(path) >= len(item.moments)


def offered(item: Item, path: Path) -> list[str]:
    """Return what can be done next; nothing at the end."""
    return [] if ended(item, path) else item.model.offered(run(item.model, path).states[-1], len(path) + 1)


def step(item: Item, path: Path, choice: Any) -> Path:
    """Return the path one action longer."""
    if ended(item, path):
        raise InvalidAnswerError("这次演练已经结束，不能再选")
    if not isinstance(choice, str) or choice not in offered(item, path):
        raise InvalidAnswerError("演练走到这里没有这个选项，请刷新后再选")
    return (*path, choice)


def place(_item: Item, path: Path) -> str:
    return f"{TURN}-{len(path) + 1}"


def turns(item: Item, path: Path) -> list[Turn]:
    states = run(item.model, path).states
    met = zip(item.moments, states, path, strict=False)
    return [Turn(moment, f"{moment}：{_read(item, state)}", item.actions[each].text) for moment, state, each in met]


def _read(item: Item, state: Values) -> str:
    return "，".join(f"{gauge.label}{state[each]}{gauge.unit}" for each, gauge in item.gauges.items())


def public(item: Item, order: random.Random | None = None, path: Path = ()) -> dict[str, Any]:
    """Return the situation after these actions: what the gauges showed until now, what is said, what can be done next."""
    states = run(item.model, path).states
    shown = {"id": item.id, "type": name, "stem": item.stem, "step": len(path), "steps": len(item.moments)}
    shown |= {"ended": ended(item, path), "path": list(path), "news": _news(item, states[-1], len(path))}
    shown["moment"] = "" if ended(item, path) else item.moments[len(path)]
    shown["gauges"] = [_gauge(each, gauge, [state[each] for state in states]) for each, gauge in item.gauges.items()]
    shown["choices"] = [{"id": each, "text": item.actions[each].text} for each in shuffled(offered(item, path), order)]
    return shown


def _gauge(name: str, gauge: Gauge, values: list[int]) -> dict[str, Any]:
    over = gauge.over if gauge.limit is not None and values[-1] >= gauge.limit else ""
    shown = {"id": name, "label": gauge.label, "unit": gauge.unit, "value": values[-1], "over": over, "bars": []}
    if gauge.top is None:
        return shown | {"line": None}
    drawn = [{"share": _share(each, gauge.top), "over": gauge.limit is not None and each >= gauge.limit} for each in values]
    if gauge.limit is None:
        return shown | {"bars": drawn, "line": None}
    return shown | {"bars": drawn, "line": _share(gauge.limit, gauge.top), "limit": gauge.limit, "warns": gauge.over}


def _share(value: int, top: int) -> int:
    return min(max(value * 100 // top, 0), 100)


def _news(item: Item, state: Values, turn: int) -> str:
    known = {**state, TURN: turn}
    return next((line.says for line in item.news if line.when is None or formula(line.when)(known)), "")


def parse(item: Item, raw: Any) -> Path | None:
    if answer.is_blank(raw):
        return None
    if not isinstance(raw, list | tuple) or len(raw) > len(item.moments):
        raise InvalidAnswerError("演练的记录读不出来，请刷新后再选")
    path: Path = ()
    for each in raw:
        path = step(item, path, each)
    return path


def key(item: Item) -> Path:
    """Return a path that reaches every goal."""
    return _proof(item.model_dump_json()).best or ()


def score(item: Item, value: Path | None) -> Score:
    """Score a path, whole or broken off, by replaying it."""
    if not value:
        return BLANK
    walked = run(item.model, value)
    parts = {each: float(each in walked.reached) for each in item.goals}
    earned = sum(wanted.points for each, wanted in item.goals.items() if each in walked.reached)
    lost = "；".join(loss.says for each, loss in item.hard_fail.items() if each in walked.lost)
    return Score(earned / sum(each.points for each in item.goals.values()), hard_fail=lost or None, parts=parts)


def indicators_shown(item: Item, path: Path) -> frozenset[str]:
    """Return what a path has shown; one that did something unforgivable shows nothing."""
    return frozenset() if score(item, path).hard_fail else frozenset(item.indicators)


def feedback(item: Item, value: Path | None, say: Say = untranslated) -> Feedback:
    """Say, once the end is reached, what was done well and what each missed goal teaches."""
    if not value or not ended(item, value):
        return Feedback(False, say("演练还没有走完。"))
    result = score(item, value)
    right = result.fraction == 1 and not result.hard_fail
    done = "；".join(wanted.wants for each, wanted in item.goals.items() if result.parts[each])
    missed = (wanted.missed for each, wanted in item.goals.items() if not result.parts[each])
    said = [result.hard_fail, say("做到了：{what}。").format(what=done) if done else None]
    return Feedback(right, paragraphs(item.feedback.get("right" if right else "wrong"), *said, *missed, item.why))


def spelled(item: Item, value: Path) -> list[str]:
    return [f"{moment} {item.actions[each].text}" for moment, each in zip(item.moments, value, strict=False)]


def answers(_item: Item) -> None:
    """Paths are walked, not listed."""
