"""Which names in an author's tests mean what: found out once, with the author's own solution."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Names:
    """`given` are made by the author's own cells, `libraries` come from modules, `asked` are the learner's."""

    given: tuple[str, ...] = ()
    libraries: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    asked: tuple[str, ...] = ()

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @staticmethod
    def from_json(text: str) -> "Names":
        held = json.loads(text)
        return Names(tuple(held["given"]), held["libraries"], tuple(held["asked"]))


@dataclass(frozen=True)
class Seen:
    """What some names were at one test: `there` in the learner's process, `here` in the judge's."""

    there: Mapping[str, Mapping[str, Any]]
    here: Mapping[str, Any]


def told_apart(seen: Iterable[Seen]) -> Names:
    """Return what the names are, from what they were at each test while the author's own solution ran.

    What the author gives and the solution leaves alone is the author's: a learner cannot change it for a test. Data that
    the solution changes is what the task asks for, and the learner's.
    """
    libraries: dict[str, Mapping[str, str]] = {}
    asked: set[str] = set()
    given: set[str] = set()
    for each in seen:
        given |= each.here.keys()
        for name, origin in each.there.items():
            if "module" in origin:
                libraries[name] = origin
            elif name not in each.here or (_is_data(each.here[name]) and each.here[name] != origin["own"]):
                asked.add(name)
    return Names(
        tuple(sorted(given - asked)), {k: v for k, v in libraries.items() if k not in asked | given}, tuple(sorted(asked))
    )


def _is_data(packed: Any) -> bool:
    return not isinstance(packed, dict) or not {"object", "given"} & packed.keys()
