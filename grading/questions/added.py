"""Question types that other packages bring: each is a module named by an entry point of the group below.

Such a module is all there is to a type: its `template` holds what our own types keep in templates/. What it may do is
what ours may: it runs wherever questions are scored, so it is installed by whoever looks after the server, never uploaded.
"""

from collections.abc import Container, Iterator
from importlib.metadata import EntryPoint, entry_points
from typing import Any

GROUP = "banyan.question_types"


def added(known: Container[str]) -> Iterator[Any]:
    """Yield the modules of further types by name; RuntimeError says which entry point is at fault, and why."""
    seen: set[str] = set()
    for point in sorted(entry_points(group=GROUP), key=lambda each: each.name):
        if point.name in known or point.name in seen:
            raise RuntimeError(f'the entry point "{point.name}" ({point.value}) of {GROUP} takes a name that is taken')
        seen.add(point.name)
        yield _module(point)


def _module(point: EntryPoint) -> Any:
    module = point.load()
    if getattr(module, "name", None) != point.name or not getattr(module, "template", ""):
        raise RuntimeError(f'{point.value} of {GROUP} is no question type: it needs name = "{point.name}" and a template')
    return module
