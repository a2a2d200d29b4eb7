"""The drill's nights as graphs: the turns of the good night, the best choice at each, a walk with a detour, what chance earns."""

from collections.abc import Mapping
from functools import cache

from grading.questions import case
from tests.courses.pools import COURSE, drill

DRILLS = {path.stem: drill(path.stem) for path in sorted((COURSE / "cases").glob("*.yaml"))}


def worth(choice: case.Choice) -> tuple[bool, float]:
    return not choice.hard_fail, sum(choice.effects.values())


def ranked(night: case.Item, node: str) -> list[str]:
    """Return the choices of a situation, the best first; those that lose the exam come last."""
    choices = night.injects[node].choices
    return sorted(choices, key=lambda each: worth(choices[each]), reverse=True)


def best(night: case.Item, node: str) -> str:
    return ranked(night, node)[0]


def second(night: case.Item, node: str) -> str:
    """Return what a decent tired person does: the best of what is not right, or what is right if all else loses the exam."""
    first, *others = ranked(night, node)
    return others[0] if others and not night.injects[node].choices[others[0]].hard_fail else first


def walk(night: case.Item, detour: Mapping[str, str] | None = None) -> case.Path:
    """Go the best way but where a detour says otherwise; what it leads to is again left by the best choice there."""
    path: list[str] = []
    node: str | None = night.start
    while node:
        path.append((detour or {}).get(node) or best(night, node))
        node = night.injects[node].choices[path[-1]].leads_to
    return tuple(path)


def turns(night: case.Item) -> list[str]:
    """Return the situations of the good night, in order."""
    path = walk(night)
    nodes = [night.start]
    for choice in path[:-1]:
        nodes.append(str(night.injects[nodes[-1]].choices[choice].leads_to))
    return nodes


def longest_walk(night: case.Item) -> int:
    """Return the most choices to an end; endless recursion would mean a way that never ends."""

    @cache
    def left(node: str) -> int:
        return 1 + max(left(each.leads_to) if each.leads_to else 0 for each in night.injects[node].choices.values())

    return left(night.start)


def by_chance(night: case.Item) -> tuple[float, float]:
    """Return what somebody who taps blindly earns on average, and how likely they get through without a hard fail."""

    @cache
    def onwards(node: str) -> tuple[float, float]:
        choices = list(night.injects[node].choices.values())
        points, safe = 0.0, 0.0
        for each in choices:
            later, unhurt = onwards(each.leads_to) if each.leads_to else (0.0, 1.0)
            points += (sum(each.effects.values()) + later) / len(choices)
            safe += (0.0 if each.hard_fail else unhurt) / len(choices)
        return points, safe

    return onwards(night.start)


def words(night: case.Item, path: case.Path) -> int:
    """Return how many characters one reads on a way: each situation with all its choices."""
    shown = [case.situation(night, path[:place]) for place in range(len(path))]
    return sum(len(each.text) + sum(len(choice.text) for choice in each.choices.values()) for each in shown if each)
