"""What every question has, and what may be said about an answer to it.

An item is immutable and has been checked: whatever constructs without an error can be shown, answered and scored.
Its key stays inside: only `public()` of its type leaves the server, and that never holds key, feedback, why or hard fails.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
Words = Annotated[str, Field(min_length=1, max_length=4000)]
Options = Annotated[dict[Id, Words], Field(min_length=2, max_length=12)]
Own = Literal["care", "skill"]
"""What a question rests on besides facts: `care`, the course asks it to be on the safe side; `skill`, its own words suffice."""
Difficulty = Literal["easy", "medium", "hard"]
Tag = Annotated[str, Field(min_length=1, max_length=12)]
Say = Callable[[str], str]
HALVES = frozenset({"right", "wrong"})
"""The two texts a question's feedback has where its answers cannot be listed one by one."""


class Credit(StrEnum):
    """How a type gives part of the points: what may be said of any two answers to it.

    WHOLE: all or nothing. PARTS: a value maps parts to what was answered; each right one is worth the same, nothing is
    taken off. CHOSEN: a value is a set; one more that belongs in it is never worth less, one that does not never more.
    OWN: as the type's file says.
    """

    WHOLE = "whole"
    PARTS = "parts"
    CHOSEN = "chosen"
    OWN = "own"


class Turn(NamedTuple):
    """A step taken in a question that is walked: when, what was the matter, what was done about it."""

    at: str
    text: str
    choice: str


class Misfit(NamedTuple):
    """Parts of an item that contradict each other: where (path of keys), what, and what to do about it."""

    place: tuple[str | int, ...]
    fault: str
    remedy: str


class Fitting(BaseModel):
    """A frozen model that, once its fields have their types, also asks whether they fit together."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    def misfits(self) -> Iterator[Misfit]:
        """Yield every contradiction; an item with none can be asked and scored."""
        yield from ()

    @model_validator(mode="after")
    def _fits(self) -> Self:
        found = list(self.misfits())
        if found:
            raise PydanticCustomError("misfit", "parts that contradict each other", {"misfits": found})
        return self


class Expectation(Fitting):
    """An answer its author foresees, as a phone sends it: the fraction it earns, and words that its feedback must hold."""

    answer: Any
    earns: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
    says: Words | None = None
    hard_fail: bool = False


class Kept(Fitting):
    """What stands in a bank: `id` is its name there, for good; what an author notes of it is no part of what is asked."""

    id: Id
    facts: tuple[str, ...] = ()
    own: Own | None = None
    difficulty: Difficulty | None = None
    tags: Annotated[tuple[Tag, ...], Field(max_length=8)] = ()
    expects: Annotated[tuple[Expectation, ...], Field(max_length=20)] = ()


class Item(Kept):
    """A question with its key; `indicators` say what a right answer shows."""

    type: str
    stem: Words
    why: Words | None = None
    indicators: Annotated[tuple[str, ...], Field(min_length=1)]

    @property
    def pictures(self) -> tuple[str, ...]:
        """Names of the files of the course's figures/ that it shows."""
        return ()


@dataclass(frozen=True)
class Score:
    """`fraction` of the points, 0 to 1; `hard_fail` says why the exam is lost whatever the points, else None.

    `parts` splits the fraction where a type has parts (elements, dimensions), each 0 to 1.
    Where `needs_mark` is true the fraction means nothing until a person has read the answer.
    """

    fraction: float
    hard_fail: str | None = None
    parts: Mapping[str, float] = field(default_factory=dict)
    needs_mark: bool = False


@dataclass(frozen=True)
class Feedback:
    """What an answer teaches; `text` is plain text, its paragraphs separated by a line break."""

    right: bool
    text: str


BLANK = Score(0.0)


def untranslated(text: str) -> str:
    return text


def paragraphs(*texts: str | None) -> str:
    return "\n".join(text for text in texts if text)


def named(what: str, said: str | None) -> str:
    """Say of which of several choices something is said; "" where nothing is."""
    return f"{what.rstrip('。；')}：{said}" if said else ""


def unknown_options(named: Any, options: Mapping[str, Any], place: tuple[str | int, ...]) -> Iterator[Misfit]:
    """Yield a misfit for each named option that does not exist; `named` is an id or several."""
    for each in (named,) if isinstance(named, str) else named:
        if each not in options:
            listed = "、".join(options)
            yield Misfit(place, f'"{place[0]}" 写了选项 "{each}"，可是选项只有 {listed}', "改成其中一个，或补上这个选项")


def feedback_fits(feedback: Mapping[str, str], wanted: frozenset[str], allowed: frozenset[str] = frozenset()) -> Iterator[Misfit]:
    """Yield a misfit for each feedback text that is missing, or that belongs to nothing; none at all is allowed.

    (A practice question must have feedback, an exam question need not: the course decides, not the type.)
    """
    if not feedback:
        return
    for each in sorted(wanted - feedback.keys()):
        yield Misfit(("feedback",), f'"feedback" 里少了 "{each}"', "补一句：这样答能学到什么")
    for each in sorted(feedback.keys() - wanted - allowed):
        yield Misfit(("feedback", each), f'"feedback" 里的 "{each}" 没有对应的答案', "删掉它，或改成已有的名字")
