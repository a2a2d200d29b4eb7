"""每日三题: which three practice questions somebody is asked on a day.

Leitner's boxes, one for each indicator: what was answered rightly comes back after 3, 7, 21, then 60 days; a mistake comes
back the next day and begins again. Days are the county's. Docs: docs/decisions/0020-three-a-day.md.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, zip_longest

THREE = 3
INTERVALS = (1, 3, 7, 21, 60)  # days until it is due again, by box


@dataclass(frozen=True)
class Practice:
    """A question of the practice pool; `indicators` say what a right answer shows, at least one."""

    name: str
    indicators: frozenset[str]


@dataclass(frozen=True)
class Answered:
    """How a question went the first time it was answered on a day."""

    question: str
    right: bool
    day: date


@dataclass(frozen=True)
class Box:
    """Where an indicator stands: how often in a row it was known when it was due, and the day it is due again."""

    number: int
    due: date

    def after(self, right: bool, day: date) -> "Box":
        """Return where it stands after a day; what was known before it was due neither rises nor is put off."""
        if right and day < self.due:
            return self
        number = min(self.number + 1, len(INTERVALS) - 1) if right else 0
        return Box(number, day + timedelta(days=INTERVALS[number]))


def todays_three(person: int, pool: Collection[Practice], answered: Iterable[Answered], day: date) -> tuple[str, ...]:
    """Return the names of the day's questions in the order they are asked, three or all there are.

    Mistakes come first, the oldest ahead; then what is due and what was never asked, in turn; then, so that there are
    three, what is due soonest. Answers of the day itself change nothing, so its three stay the same.
    """
    known = {each.name for each in pool}
    past = sorted((each for each in answered if each.day < day and each.question in known), key=lambda each: each.day)
    last = {each.question: each for each in past}
    wrong = [each for each in last.values() if not each.right]
    lot = _lots(person, day)
    chosen = [each.question for each in sorted(wrong, key=lambda each: (each.day, lot(each.question)))][:THREE]
    draw = _Draw(lot, day, pool, {name: each.day for name, each in last.items()})
    for name in chain(draw.by_turn(boxes(pool, past), chosen), draw.others(chosen)):
        if len(chosen) == THREE:
            break
        chosen.append(name)
    return tuple(chosen)


def boxes(pool: Collection[Practice], answered: Iterable[Answered]) -> dict[str, Box]:
    """Return where each indicator stands that was ever asked; on one day a mistake outweighs what was right."""
    shows = {each.name: each.indicators for each in pool}
    days: dict[date, dict[str, bool]] = defaultdict(dict)
    for each in answered:
        for indicator in shows.get(each.question, ()):
            days[each.day][indicator] = each.right and days[each.day].get(indicator, True)
    found: dict[str, Box] = {}
    for day in sorted(days):
        for indicator, right in days[day].items():
            found[indicator] = found.get(indicator, Box(0, day)).after(right, day)
    return found


@dataclass(frozen=True)
class _Draw:
    lot: Callable[[str], bytes]
    day: date
    pool: Collection[Practice]
    asked: Mapping[str, date]

    def by_turn(self, known: Mapping[str, Box], chosen: Collection[str]) -> Iterator[str]:
        """Yield a question for each indicator none of the chosen shows, by whose turn it is."""
        for indicator in self._turns(known):
            fresh = [each for each in self.pool if indicator in each.indicators]
            if not any(each.name in chosen for each in fresh):
                yield self._longest_unasked(fresh)[0]

    def others(self, chosen: Collection[str]) -> Iterator[str]:
        """Yield what is not chosen, for a pool of few indicators."""
        yield from (name for name in self._longest_unasked(self.pool) if name not in chosen)

    def _turns(self, known: Mapping[str, Box]) -> Iterator[str]:
        mine = sorted(frozenset().union(*(each.indicators for each in self.pool)), key=self.lot)
        waiting = sorted((each for each in mine if each in known), key=lambda each: known[each].due)
        due = [each for each in waiting if known[each].due <= self.day]
        new = [each for each in mine if each not in known]
        in_turn = (each for pair in zip_longest(due, new) for each in pair if each is not None)
        return chain(in_turn, waiting[len(due) :])

    def _longest_unasked(self, questions: Iterable[Practice]) -> list[str]:
        names = sorted((each.name for each in questions), key=self.lot)
        return sorted(names, key=lambda name: self.asked.get(name, date.min))


def _lots(person: int, day: date) -> Callable[[str], bytes]:
    """Return what orders equals by their names: another for each person and day, the same whenever one asks."""
    theirs = f"{person} {day.isoformat()} "
    return lambda name: hashlib.sha256((theirs + name).encode()).digest()
