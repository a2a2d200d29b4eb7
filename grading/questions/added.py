"""Question types that other packages bring: each is a module named by an entry point of the group below.

Such a module is all there is to a type: its `template` holds what our own types keep in templates/. How a page reads and
restores an answer is one of SHAPES, or the type's own: then it has a `script` too, JavaScript or the name of a file of it
beside the module, which tells the page (`BanyanQuestions.shape`). What it may do is what ours may: it runs wherever
questions are scored and shown, so it is installed by whoever looks after the server, never uploaded.
"""

import re
from collections.abc import Container, Iterator
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

GROUP = "banyan.question_types"
SHAPES = frozenset({"choice", "choices", "order", "kept", "text", "parts"})
"""How questions.js can read an answer by itself; a template says which (`reads`)."""
READS = re.compile(r"""\{%-?\s*set\s+reads\s*=\s*["']([^"']*)["']\s*-?%\}""")


def added(known: Container[str]) -> Iterator[Any]:
    """Yield the modules of further types by name; RuntimeError says which entry point is at fault, and why."""
    seen: set[str] = set()
    for point in sorted(entry_points(group=GROUP), key=lambda each: each.name):
        if point.name in known or point.name in seen:
            raise RuntimeError(f'the entry point "{point.name}" ({point.value}) of {GROUP} takes a name that is taken')
        seen.add(point.name)
        yield _module(point)


def script_of(kind: Any) -> str:
    """Return the script that a type brings, "" if it has none; one line that ends in .js names a file beside the type."""
    script: str = getattr(kind, "script", "")
    if script.endswith(".js") and "\n" not in script:
        return Path(kind.__file__).with_name(script).read_text(encoding="utf-8")
    return script


def _module(point: EntryPoint) -> Any:
    module = point.load()
    if getattr(module, "name", None) != point.name or not getattr(module, "template", ""):
        raise RuntimeError(f'{point.value} of {GROUP} is no question type: it needs name = "{point.name}" and a template')
    try:
        script = script_of(module)
    except OSError as fault:
        raise RuntimeError(f"the script of {point.value} of {GROUP} is not there: {module.script}") from fault
    unknown = set(READS.findall(module.template)) - SHAPES
    if unknown and not script:
        reads, known = " ".join(sorted(unknown)), ", ".join(sorted(SHAPES))
        raise RuntimeError(
            f'{point.value} of {GROUP} reads answers as "{reads}", which no page can: use one of {known}, or bring a script'
        )
    return module
