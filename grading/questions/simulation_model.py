"""The clockwork of a simulation: whole numbers that change turn by turn, by formulas and by what is done.

Every new value is worked out from the values before the turn, all at once. A goal or a hard fail looks at what stands
after a turn, and at what was done in it. `prove` walks every way there is, so that whatever has been checked can be
walked to its end, and earns everything on one way at least.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from grading.questions.formula import FormulaError, Values, formula

TURN = "turn"
MOST = 4000
"""Situations that may differ from each other; a check walks them all, wherever a question is loaded."""
Path = tuple[str, ...]
State = tuple[int, ...]


class Holds(StrEnum):
    """When a goal's formula has to hold: after every turn, after one of them, after the last."""

    ALWAYS = "always"
    EVER = "ever"
    ENDS = "ends"


@dataclass(frozen=True)
class Goal:
    holds: Holds
    formula: str


@dataclass(frozen=True)
class Model:
    """`given` holds what happens in each turn whatever is done, `offers` when an action may be taken ("" for always)."""

    turns: int
    start: Mapping[str, int]
    given: Mapping[str, Sequence[int]]
    offers: Mapping[str, str]
    following: Mapping[str, str]
    goals: Mapping[str, Goal]
    lost: Mapping[str, str]

    def offered(self, state: Values, turn: int) -> list[str]:
        """Return the actions that may be taken in a turn, counted from 1."""
        known = self._known(state, turn)
        return [each for each, when in self.offers.items() if not when or formula(when)(known)]

    def after(self, state: Values, turn: int, action: str) -> dict[str, int]:
        """Return the values after a turn in which something was done."""
        known = self._known(state, turn) | self._done(action)
        return {each: formula(self.following[each])(known) if each in self.following else state[each] for each in self.start}

    def holding(self, state: Values, turn: int, action: str) -> tuple[frozenset[str], frozenset[str]]:
        """Return the goals whose formulas hold after a turn, and the hard fails that it brought."""
        known = self._known(state, turn) | self._done(action)
        goals = frozenset(each for each, goal in self.goals.items() if formula(goal.formula)(known))
        return goals, frozenset(each for each, when in self.lost.items() if formula(when)(known))

    def _known(self, state: Values, turn: int) -> dict[str, int]:
        return {**state, TURN: turn, **{each: values[turn - 1] for each, values in self.given.items()}}

    def _done(self, action: str) -> dict[str, int]:
        return {each: int(each == action) for each in self.offers}


@dataclass(frozen=True)
class Run:
    """A path walked: the values at the start and after each turn, the goals reached for good so far, what was unforgivable."""

    states: tuple[Values, ...]
    reached: frozenset[str]
    lost: frozenset[str]


def run(model: Model, path: Sequence[str]) -> Run:
    """Walk a path whose actions were all offered. Of a path that is not at its end only what happened counts as reached."""
    states: list[Values] = [model.start]
    found = [_step(model, states, turn, action) for turn, action in enumerate(path, start=1)]
    lost = frozenset[str]().union(*(each for _, each in found))
    return Run(tuple(states), frozenset(_reached(model, [each for each, _ in found])), lost)


def _step(model: Model, states: list[Values], turn: int, action: str) -> tuple[frozenset[str], frozenset[str]]:
    states.append(model.after(states[-1], turn, action))
    return model.holding(states[-1], turn, action)


def _reached(model: Model, held: Sequence[frozenset[str]]) -> Iterator[str]:
    whole = len(held) == model.turns
    for name, goal in model.goals.items():
        kept = [name in each for each in held]
        if goal.holds is Holds.EVER:
            reached = any(kept)
        else:
            reached = whole and (all(kept) if goal.holds is Holds.ALWAYS else kept[-1])
        if reached:
            yield name


@dataclass(frozen=True)
class Proof:
    """`best` is a way that reaches every goal without a hard fail, None if there is none; `fault` says what breaks a way."""

    best: Path | None
    fault: str = ""


@dataclass(frozen=True)
class _Node:
    """Where one stands: values, goals that held ever and always so far, and whether it is lost."""

    state: State
    ever: frozenset[str]
    always: frozenset[str]
    lost: bool


def prove(model: Model) -> Proof:
    """Walk every way; two ways that come to the same are one from there on."""
    level: dict[_Node, Path] = {_Node(tuple(model.start.values()), frozenset(), frozenset(model.goals), False): ()}
    seen = 1
    for turn in range(1, model.turns + 1):
        below: dict[_Node, Path] = {}
        for node, path in level.items():
            state = dict(zip(model.start, node.state, strict=True))
            try:
                offered = model.offered(state, turn)
                for action in offered:
                    below.setdefault(_below(model, node, state, turn, action), (*path, action))
            except FormulaError as error:
                return Proof(None, f"走到{_told(path)}，{error}")
            if not offered:
                return Proof(None, f"走到{_told(path)}，一个能做的都没有")
        seen += len(below)
        if seen > MOST:
            return Proof(None, f"走法太多，情况超过 {MOST} 种")
        level = below
    return Proof(next((path for node, path in level.items() if _is_best(model, node)), None))


def _below(model: Model, node: _Node, state: Values, turn: int, action: str) -> _Node:
    after = model.after(state, turn, action)
    held, lost = model.holding(after, turn, action)
    counts = {Holds.EVER, Holds.ENDS} if turn == model.turns else {Holds.EVER}
    ever = node.ever | {each for each in held if model.goals[each].holds in counts}
    return _Node(tuple(after.values()), ever, node.always & held, node.lost or bool(lost))


def _is_best(model: Model, node: _Node) -> bool:
    reached = (each in (node.always if goal.holds is Holds.ALWAYS else node.ever) for each, goal in model.goals.items())
    return not node.lost and all(reached)


def _told(path: Path) -> str:
    return "、".join(path) or "第一步"
