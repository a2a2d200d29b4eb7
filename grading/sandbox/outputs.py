"""What a process says its cells have shown, taken for nothing more than that: rebuilt piece by piece, or refused."""

import re
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from grading.sandbox.line import BrokenLineError

SHOWN = ("text/plain", "text/html", "text/markdown", "text/latex", "image/png", "image/jpeg")
"""What a trainer's page may draw; a script, or a picture that can hold one, is left out."""
STREAMS = ("stdout", "stderr")
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")


def outputs(said: Any, number: int) -> list[NotebookNode]:
    """Return a cell's outputs; BrokenLineError if these are none."""
    try:
        return [_output(each, number) for each in _of(list, said)]
    except (KeyError, TypeError) as fault:
        raise BrokenLineError(f"outputs that are none: {fault}") from None


def _output(said: dict[str, Any], number: int) -> NotebookNode:
    match said["output_type"]:
        case "stream":
            return new_output("stream", name=_one_of(STREAMS, said["name"]), text=_of(str, said["text"]))
        case "error":
            trace = [_of(str, each) for each in _of(list, said["traceback"])]
            return new_output("error", ename=_of(str, said["ename"]), evalue=_of(str, said["evalue"]), traceback=trace)
        case "execute_result":
            return new_output("execute_result", data=_data(said["data"]), execution_count=number)
        case "display_data":
            return new_output("display_data", data=_data(said["data"]))
    raise KeyError("output_type")


def _data(said: Any) -> dict[str, str]:
    found = {kind: _of(str, text) for kind, text in _of(dict, said).items() if kind in SHOWN}
    return {kind: text for kind, text in found.items() if not kind.startswith("image/") or BASE64.fullmatch(text)}


def _one_of(allowed: tuple[str, ...], said: Any) -> str:
    return allowed[allowed.index(said)] if said in allowed else allowed[0]


def _of(kind: type, said: Any) -> Any:
    if not isinstance(said, kind):
        raise TypeError(f"{type(said).__name__} for {kind.__name__}")
    return said.encode("utf-8", "replace").decode() if isinstance(said, str) else said  # half a character cannot be written
