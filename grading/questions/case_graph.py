"""Whether a branching case can be walked: every path ends, nothing is out of reach, and the best path earns everything."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from grading.questions.item import Misfit

Edges = Mapping[str, Mapping[str, str | None]]
"""Situation → choice → next situation, None where the case ends."""
Effects = Mapping[tuple[str, str], Mapping[str, float]]
"""What a choice adds to each dimension; a choice that is not listed may not lie on the best path."""
WIDEST = 5000
"""So many incomparable ways into one situation are followed; beyond, a case is too tangled to prove anything about."""


class Walk(NamedTuple):
    path: tuple[str, ...]
    earned: tuple[float, ...]


def misfits(start: str, edges: Edges, effects: Effects, maxima: Mapping[str, float]) -> Iterator[Misfit]:
    broken = [*_loose_ends(start, edges)]
    yield from broken
    if broken:
        return
    yield from _out_of_reach(start, edges)
    loop = _loop(start, edges)
    if loop:
        yield Misfit(("injects", loop), f'从情景 "{loop}" 出发会绕回它自己，演练走不完', "让每个选择都往后走")
        return
    yield from _worth(best(start, edges, effects, maxima), maxima)


def _worth(walk: Walk, maxima: Mapping[str, float]) -> Iterator[Misfit]:
    for (dimension, top), earned in zip(maxima.items(), walk.earned, strict=True):
        if earned < top:
            fault = f'最好的走法在 "{dimension}" 上只得 {earned:g} 分，满分是 {top:g}'
            yield Misfit(("injects",), fault, "补足最好走法上各选择的 effects（最好走法不能经过 hard_fail）")


def _loose_ends(start: str, edges: Edges) -> Iterator[Misfit]:
    if start not in edges:
        yield Misfit(("start",), f'"start" 写了情景 "{start}"，injects 里没有', "改成 injects 里的一个名字")
    for node, choices in edges.items():
        for choice, target in choices.items():
            if target is not None and target not in edges:
                place = ("injects", node, "choices", choice, "next")
                yield Misfit(place, f'"next" 写了情景 "{target}"，injects 里没有', "改成已有的情景，结束写 end")


def _out_of_reach(start: str, edges: Edges) -> Iterator[Misfit]:
    reached = {start}
    waiting = [start]
    while waiting:
        for target in edges[waiting.pop()].values():
            if target is not None and target not in reached:
                reached.add(target)
                waiting.append(target)
    for node in edges:
        if node not in reached:
            yield Misfit(("injects", node), f'情景 "{node}" 走不到', "让某个选择的 next 指向它，或删掉它")


def _loop(start: str, edges: Edges) -> str | None:
    """Return a situation that can come back to itself, None if there is none within reach."""
    done: set[str] = set()
    trail: list[tuple[str, Iterator[str | None]]] = [(start, iter(edges[start].values()))]
    open_now = {start}
    while trail:
        node, targets = trail[-1]
        target = next((each for each in targets if each is not None and each not in done), None)
        if target is None:
            trail.pop()
            open_now.discard(node)
            done.add(node)
        elif target in open_now:
            return target
        else:
            open_now.add(target)
            trail.append((target, iter(edges[target].values())))
    return None


def best(start: str, edges: Edges, effects: Effects, maxima: Mapping[str, float]) -> Walk:
    """Return the way through that earns most, with what it earns per dimension; the graph must have no loop.

    Ways that reach a situation with no more in any dimension than another way are dropped, so the work stays
    small without missing the best: what can still be earned does not depend on how one came.
    """
    nothing = Walk((), (0.0,) * len(maxima))
    here: dict[str, list[Walk]] = {start: [nothing]}
    finished = [nothing]
    for node in _downwards(start, edges):
        for choice, target in edges[node].items():
            gain = effects.get((node, choice))
            if gain is None:
                continue
            walks = [_longer(walk, choice, gain, maxima) for walk in here.get(node, [])]
            if target is None:
                finished += walks
            else:
                here[target] = _undominated(here.get(target, []) + walks)
    tops = tuple(maxima.values())
    return max((_capped(walk, tops) for walk in finished), key=lambda walk: sum(walk.earned))


def _longer(walk: Walk, choice: str, gain: Mapping[str, float], maxima: Mapping[str, float]) -> Walk:
    return Walk((*walk.path, choice), tuple(had + gain.get(each, 0) for had, each in zip(walk.earned, maxima, strict=True)))


def _capped(walk: Walk, tops: tuple[float, ...]) -> Walk:
    return Walk(walk.path, tuple(min(max(earned, 0), top) for earned, top in zip(walk.earned, tops, strict=True)))


def _undominated(walks: list[Walk]) -> list[Walk]:
    kept: list[Walk] = []
    for walk in sorted(walks, key=lambda each: -sum(each.earned)):
        if not any(all(a >= b for a, b in zip(other.earned, walk.earned, strict=True)) for other in kept):
            kept.append(walk)
    return kept[:WIDEST]


def _downwards(start: str, edges: Edges) -> list[str]:
    """Return what can be reached, each situation before those it leads to."""
    after: list[str] = []
    seen = {start}
    trail: list[tuple[str, Iterator[str | None]]] = [(start, iter(edges[start].values()))]
    while trail:
        node, targets = trail[-1]
        target = next((each for each in targets if each is not None and each not in seen), None)
        if target is None:
            trail.pop()
            after.append(node)
        else:
            seen.add(target)
            trail.append((target, iter(edges[target].values())))
    return after[::-1]
