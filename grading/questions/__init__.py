"""Questions: one file a type, pure, each found by its name in REGISTRY.

A type is a module. One of ours is its file, its template and its name in TYPES; one of another package is its file and
an entry point (added.py). Whoever wants to know what types there are, and what each is good for, asks here. Values go
over the wire as JSON, and each type says how.
"""

import json
import random
from collections.abc import Iterator, Mapping
from typing import Any, Protocol, TypeAlias, cast

from grading.questions import (
    case,
    cloze,
    file,
    first_report,
    hotspot,
    match,
    multiple,
    numeric,
    open,
    order,
    short_text,
    simulation,
    single,
    true_false,
)
from grading.questions.added import added
from grading.questions.item import Credit, Feedback, Misfit, Say, Score, Turn, untranslated
from grading.questions.item import Item as BaseItem
from grading.questions.version import version

Item: TypeAlias = BaseItem | case.Item


class QuestionType(Protocol):
    """What a type can do; `value` is what its own `parse` returned, None for a blank answer."""

    @property
    def name(self) -> str: ...

    @property
    def brief(self) -> bool:
        """Whether it is one of the many: drawn by indicator in an exam, and in practice taught by its own feedback."""

    @property
    def drill(self) -> bool:
        """Whether it looks like a real report, so that its page says that it reaches nobody."""

    @property
    def by_hand(self) -> bool:
        """Whether a person marks it: its Item is a `rubric.ByHand`, `key` is None, `score` needs a mark."""

    @property
    def stepped(self) -> bool:
        """Whether it is walked, one choice at a time: then it is a `SteppedType`, and in an exam the server keeps the path."""

    @property
    def credit(self) -> Credit:
        """How it gives part of the points; the laws of tests hold it to that."""

    @property
    def Item(self) -> Any:
        """The frozen model of one question of this type."""

    def public(self, item: Any, order: random.Random | None = None) -> dict[str, Any]:
        """Return what a learner may see, JSON-safe, shuffled when given an order; never key, feedback, why, hard fails."""

    def parse(self, item: Any, raw: Any) -> Any:
        """Return the value of a hostile answer, None if blank, or raise InvalidAnswerError."""

    def key(self, item: Any) -> Any:
        """Return a value that earns everything, None where only a person can say."""

    def score(self, item: Any, value: Any) -> Score:
        """Return 0 for blank, 1 for the key, something between for what is partly right."""

    def feedback(self, item: Any, value: Any, say: Say = untranslated) -> Feedback:
        """Return what a value teaches; `say` translates the words that are not the question's own."""

    def spelled(self, item: Any, value: Any) -> list[str]:
        """Return a value in the question's own words, part by part, for people who may see the key."""

    def answers(self, item: Any) -> Iterator[Any] | None:
        """Return all possible values if they can be listed."""


class SteppedType(QuestionType, Protocol):
    """A type that is walked. A path is the tuple of choices made so far; it is the value, and it says everything."""

    def public(self, item: Any, order: random.Random | None = None, path: tuple[str, ...] = ()) -> dict[str, Any]:
        """Return what a learner sees after these choices: `step` counts them, `ended` says whether another can be made."""

    def step(self, item: Any, path: tuple[str, ...], choice: Any) -> tuple[str, ...]:
        """Return the path one hostile choice longer, or raise InvalidAnswerError."""

    def ended(self, item: Any, path: tuple[str, ...]) -> bool: ...

    def place(self, item: Any, path: tuple[str, ...]) -> str:
        """Return the name of where one stands, up to 80 characters."""

    def turns(self, item: Any, path: tuple[str, ...]) -> list[Turn]: ...

    def indicators_shown(self, item: Any, path: tuple[str, ...]) -> frozenset[str]:
        """Return what the choices on a path have shown."""


OURS: tuple[QuestionType, ...] = (
    *(single, multiple, true_false, order, match, cloze, numeric, short_text, hotspot),
    *(first_report, open, file, case, simulation),
)
TYPES: tuple[QuestionType, ...] = (*OURS, *added({each.name for each in OURS}))
REGISTRY: Mapping[str, QuestionType] = {each.name: each for each in TYPES}
BRIEF = frozenset(each.name for each in TYPES if each.brief)
DRILLS = frozenset(each.name for each in TYPES if each.drill)
STEPPED = frozenset(each.name for each in TYPES if each.stepped)
BY_HAND = frozenset(each.name for each in TYPES if each.by_hand)


def type_of(item: Item) -> QuestionType:
    return REGISTRY[item.type]


def stepped_type_of(item: Item) -> SteppedType | None:
    """Return the type of an item that is walked, None for any other."""
    kind = type_of(item)
    return cast(SteppedType, kind) if kind.stepped else None


def load(data: Mapping[str, Any]) -> Item:
    """Read back an item from what `dump` returned."""
    loaded: Item = REGISTRY[data["type"]].Item.model_validate_json(json.dumps(data))
    return loaded


def dump(item: Item) -> dict[str, Any]:
    """Return an item with its key as JSON-safe data; for the server's eyes only."""
    return item.model_dump(mode="json")


def public(item: Item, order: random.Random | None = None) -> dict[str, Any]:
    return type_of(item).public(item, order)


def as_kept(item: Item, raw: Any) -> Any:
    """Return a hostile answer as it is kept, or raise InvalidAnswerError; kept, it can be written, signed and shown.

    A text, alone or in parts, is kept as its type read it, cleaned; everything else as it came, so that reading it again
    gives the same.
    """
    value = type_of(item).parse(item, raw)
    return value if value is None or isinstance(value, str | dict) else raw


def tabulated(item: Item, say: Say = untranslated) -> dict[str, dict[str, Any]] | None:
    """Return JSON of each possible value → {right, text}, None where the values cannot be listed.

    The keys are written as JavaScript's JSON.stringify writes them.
    """
    kind = type_of(item)
    listed = kind.answers(item)
    if listed is None:
        return None
    said = ((wire(value), kind.feedback(item, value, say)) for value in listed)
    return {key: {"right": each.right, "text": each.text} for key, each in said}


def wire(value: Any) -> str:
    """Return a value as compact JSON; decimals as the text they were typed as."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


__all__ = [
    "BRIEF",
    "BY_HAND",
    "DRILLS",
    "OURS",
    "REGISTRY",
    "STEPPED",
    "TYPES",
    "Feedback",
    "Item",
    "Misfit",
    "QuestionType",
    "Score",
    "SteppedType",
    "Turn",
    "as_kept",
    "dump",
    "load",
    "public",
    "stepped_type_of",
    "tabulated",
    "type_of",
    "version",
    "wire",
]
