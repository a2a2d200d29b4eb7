"""The learner's process: runs the learner's cells, and answers what the judge asks of what they defined."""

import importlib
import operator
import os
import select
import traceback
from collections.abc import Callable
from contextlib import suppress
from types import ModuleType
from typing import Any

from grading.sandbox.end import End, Message, builtin_of, is_changeable
from grading.sandbox.line import Line
from grading.sandbox.shell import CellShell, Stage
from grading.sandbox.values import CannotCrossError, plain_of

OUT_OF_MEMORY = 71  # how this process ends when there is not even memory left to say so
TRACE_FRAMES, MOST_TRACE = 6, 4000
CELL = "<ipython-input"  # what the shell calls the file of a cell


class Borrowed:
    """A function of the judge's, to be called."""

    def __init__(self, end: "LearnersEnd", said: Message) -> None:
        self._end, self._number, self.__name__ = end, said["object"], str(said.get("name"))

    def __stands_for__(self) -> int:
        return int(self._number)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        packed = {"with": [self._end.pack(each) for each in arguments], "named": {k: self._end.pack(v) for k, v in named.items()}}
        heard = self._end.ask("call", on=self._number, **packed)
        if "raised" in heard:
            raise RuntimeError(str(heard["raised"]))
        return self._end.unpack(heard["is"])


class LearnersEnd(End):
    def __init__(self, line: Line, shell: CellShell, given: list[str]) -> None:
        super().__init__(line, shell.user_ns, frozenset(given), lambda said: Borrowed(self, said))
        self.shell = shell

    def serve(self, asked: Message) -> None:
        before, self.shell.stage = self.shell.stage, Stage()
        answer: Message = {"to": asked["ask"]}
        try:
            answer |= getattr(self, f"_{asked['do']}")(asked)
        except BaseException as fault:  # noqa: BLE001 - whatever the learner's code raises is the judge's to see
            answer |= {"raised": self._raised(fault)}
        answer |= {"shown": self.shell.stage.outputs}
        self.shell.stage = before
        try:
            self.line.say(answer)
        except (ValueError, TypeError, RecursionError) as fault:  # more than the line takes, or nothing JSON knows
            self.line.say({"to": asked["ask"], "raised": self._raised(CannotCrossError(str(fault))), "shown": []})

    def _names(self, asked: Message) -> Message:
        found: Message = {}
        for name in asked["names"]:
            if name in self.space:
                with suppress(Exception):  # whatever a value of the learner's does when it is looked at
                    found[name] = self.pack(self.space[name])
        return {"names": found}

    def _do(self, asked: Message) -> Message:
        """Do one thing with an object of ours; say, too, what its arguments have become."""
        on, deed = self.lent(asked["on"]), DEEDS[asked["deed"]]
        arguments = [self.unpack(each) for each in asked["with"]]
        named = {name: self.unpack(each) for name, each in asked["named"].items()}
        result = deed(on, *arguments, **named)
        after = [self.pack(each) if is_changeable(each, self) else None for each in (*arguments, *named.values())]
        return {"is": self.pack(result), "after": after}

    def _origins(self, asked: Message) -> Message:
        return {"origins": {name: self._origin(self.space[name]) for name in asked["names"] if name in self.space}}

    def _origin(self, value: Any) -> Any:
        """Say where a value of the author's own solution comes from: a library, or the notebook; then as it crosses."""
        if isinstance(value, ModuleType):
            return {"module": value.__name__}
        module, name = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
        if isinstance(module, str) and isinstance(name, str) and module != "__main__":
            try:
                if getattr(importlib.import_module(module), name, None) is value:
                    return {"module": module, "name": name}
            except ImportError:
                pass
        return {"own": self.pack(value)}

    def _raised(self, fault: BaseException) -> Message:
        kind = type(fault)
        frames = [each for each in traceback.extract_tb(fault.__traceback__) if each.filename.startswith(CELL)]
        try:
            arguments = [self.pack(each) for each in fault.args]
        except CannotCrossError:
            arguments = [str(fault)]
        about = {"module": kind.__module__, "name": kind.__qualname__} if kind.__module__ != "__main__" else {}
        trace = "".join(traceback.format_list(frames[-TRACE_FRAMES:]))[:MOST_TRACE].rstrip()
        return about | {"kind": self.pack(kind), "like": builtin_of(kind), "arguments": arguments, "trace": trace}


def _special(on: Any, name: str, *arguments: Any) -> Any:
    if name == "__bool__":
        return bool(on)
    if between := arguments and getattr(operator, name, None):
        return between(on, *arguments)
    method = getattr(type(on), name, None)
    if method is None:
        raise TypeError(f"{type(on).__name__!r} object has no {name}")
    return method(on, *arguments)


DEEDS: dict[str, Callable[..., Any]] = {
    "call": lambda on, *arguments, **named: on(*arguments, **named),
    "get": getattr,
    "set": setattr,
    "iter": iter,
    "str": str,
    "repr": repr,
    "plain": plain_of,
    "special": _special,
    "isinstance": lambda on, one: isinstance(one, on),
    "issubclass": lambda on, one: issubclass(one, on),
}


def be_learner(shell: CellShell, room: Line, judge: Line) -> None:
    """Serve the room, which sends cells, and the judge, until both are gone."""
    end = LearnersEnd(judge, shell, room.hear()["given"])
    while True:
        try:
            ready, _, _ = select.select([room.side, judge.side], [], [])
            if room.side in ready:
                asked = room.hear()
                stage = shell.show_cell(asked["source"], asked["number"])
                room.say({"to": asked["ask"], "outputs": stage.outputs, "cut": stage.cut})
            else:
                end.serve(judge.hear())
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        except KeyboardInterrupt:
            continue
