"""One way to shuffle, for all types: it uses only `Random.random()`, whose sequence Python promises to keep,
so that a form drawn today can be laid out again in exactly the same order years later."""

import random
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def shuffled(things: Iterable[T], order: random.Random | None) -> list[T]:
    """Return the things in an order of the generator's, or as they stand without one."""
    if order is None:
        return list(things)
    return [thing for _, _, thing in sorted((order.random(), place, thing) for place, thing in enumerate(things))]
