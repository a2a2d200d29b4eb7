"""Which question sits in which slot: everybody gets a different one, and a seat is found whenever there is one.

Taking the first free question slot by slot can strand a later slot whose only question was taken; so a slot may ask
another to move along (augmenting paths in a bipartite graph). The same wishes in the same order give the same seats.
"""

from collections.abc import Mapping, Sequence


def seated(wishes: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return slot → question, as many slots as can be filled at once; `wishes` lists each slot's questions, best first."""
    taken: dict[str, str] = {}
    for slot in wishes:
        _sit(slot, wishes, taken, set())
    return {slot: question for question, slot in taken.items()}


def _sit(slot: str, wishes: Mapping[str, Sequence[str]], taken: dict[str, str], asked: set[str]) -> bool:
    for question in wishes[slot]:
        if question in asked:
            continue
        asked.add(question)
        if question not in taken or _sit(taken[question], wishes, taken, asked):
            taken[question] = slot
            return True
    return False
