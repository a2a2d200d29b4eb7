"""The script of every page with questions: ours, and behind it what types of other packages bring, each in a scope of its own."""

from functools import cache
from pathlib import Path

from grading.questions import TYPES
from grading.questions.added import script_of

NAME = "questions.js"


@cache
def brought() -> str:
    """Return the scripts of all types that bring one, "" if none does."""
    scripts = ((each.name, script_of(each)) for each in TYPES)
    return "".join(f"\n/* {name} */\n(function () {{\n{script}\n}})();\n" for name, script in scripts if script)


@cache
def joined(ours: Path) -> bytes:
    """Return the whole script of a server, given where ours was built; it is read once."""
    return (ours.read_bytes() if ours.is_file() else b"") + brought().encode()
