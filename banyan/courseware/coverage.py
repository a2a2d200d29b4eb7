"""For a course's author: which indicator is practised and asked by how many questions, and where that is thin."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from banyan.courseware.exam import Seat, candidates, seats
from banyan.courseware.manifest import Exam
from grading import questions

ENOUGH = 3
"""Questions for each slot that asks for an indicator, and for each one's difficulty and tag: so many attempts meet others."""
LEVELS = ("easy", "medium", "hard")


class Thin(StrEnum):
    """Why a row is thin."""

    UNPRACTISED = "unpractised"
    UNASKED = "unasked"
    FEW = "few"


@dataclass(frozen=True)
class CoverageRow:
    """One indicator: names of the questions that show it; `asking` slots draw by it, `possible` may ask it at all."""

    indicator: str
    practice: tuple[str, ...]
    exam: tuple[str, ...]
    by_difficulty: Mapping[str, int]
    asking: int
    possible: int
    thin: tuple[Thin, ...]

    def of(self, difficulty: str) -> int:
        """Return how many exam questions have a difficulty, "" those nobody has judged."""
        return self.by_difficulty.get(difficulty, 0)


Bank = Mapping[str, questions.Item]


def coverage(blueprint: Exam, bank: Bank, practice: Bank, indicators: Iterable[str]) -> list[CoverageRow]:
    """Return a row for each indicator, in the order given."""
    able = [(seat, candidates(seat.wants, bank)) for seat in seats(blueprint)]
    return [_row(each, able, bank, practice) for each in indicators]


def _row(indicator: str, able: list[tuple[Seat, list[str]]], bank: Bank, practice: Bank) -> CoverageRow:
    exam = _showing(indicator, bank)
    drills = _showing(indicator, practice)
    asking = [found for seat, found in able if seat.wants.indicator == indicator]
    possible = sum(1 for _, found in able if set(found) & set(exam))
    return CoverageRow(
        indicator,
        drills,
        exam,
        Counter(bank[each].difficulty or "" for each in exam),
        len(asking),
        possible,
        tuple(_thin(drills, possible, asking)),
    )


def _showing(indicator: str, items: Bank) -> tuple[str, ...]:
    return tuple(name for name, item in items.items() if indicator in item.indicators)


def _thin(drills: tuple[str, ...], possible: int, asking: list[list[str]]) -> Iterator[Thin]:
    if not drills:
        yield Thin.UNPRACTISED
    if not possible:
        yield Thin.UNASKED
    elif asking and (len(set().union(*asking)) < ENOUGH * len(asking) or any(len(each) < ENOUGH for each in asking)):
        yield Thin.FEW
