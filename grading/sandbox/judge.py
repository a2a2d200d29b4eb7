"""The judge's process: runs the author's cells; names of the learner's are asked for before a cell that mentions them."""

import builtins
import dis
import importlib
import io
import os
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

from grading.sandbox.end import End, Message, builtin_of, changed_into
from grading.sandbox.line import BrokenLineError, Line
from grading.sandbox.remote import Remote, RemoteCallable, RemoteClass, RemoteValue
from grading.sandbox.shell import CellShell, Stage
from grading.sandbox.values import CannotCrossError


class LearnerGoneError(BaseException):
    """The learner's program has ended, or does not keep to the form; a test cannot take it for the exception it expects."""


class JudgesEnd(End):
    def __init__(self, line: Line, shell: CellShell, given: list[str]) -> None:
        super().__init__(line, shell.user_ns, frozenset(given), self._stand_in_for)
        self.shell, self.broken, self._kinds = shell, "", {}  # type: ignore[var-annotated]

    def fetch(self, names: list[str]) -> None:
        """Let these names mean what they mean in the learner's process now, or nothing where they mean nothing there."""
        heard = self._heard("names", names=names) if names else {}
        for name in names:
            self.shell.user_ns.pop(name, None)
            if name in heard.get("names", {}):
                self.shell.user_ns[name] = self.unpack(heard["names"][name])

    def do(self, number: int, deed: str, *arguments: Any, **named: Any) -> Any:
        """Have the learner's process do something with an object of its own; what it prints is printed here."""
        __tracebackhide__ = True  # a trainer reads the test and the learner's code, not ours
        packed = {"with": [self.pack(each) for each in arguments], "named": {k: self.pack(v) for k, v in named.items()}}
        try:
            heard = self._heard("do", on=number, deed=deed, **packed)
        except StopIteration as fault:
            if deed == "call":  # it would end a map() in the middle
                raise RuntimeError("the function raised StopIteration") from fault
            raise
        for one, after in zip((*arguments, *named.values()), heard.get("after", ()), strict=False):
            if after is not None:
                changed_into(one, self.unpack(after))
        return self.unpack(heard.get("is"))

    def origins(self, names: list[str]) -> Message:
        found: Message = self._heard("origins", names=names)["origins"]
        return found

    def _heard(self, do: str, **what: Any) -> Message:
        __tracebackhide__ = True
        try:
            heard: Message = self.ask(do, **what)
        except BrokenLineError as fault:
            self.broken = str(fault)
            raise LearnerGoneError(self.broken) from None
        self._show(heard.get("shown"))
        if "raised" in heard:
            raise self._exception(heard["raised"]) from None
        return heard

    def _show(self, outputs: Any) -> None:
        for each in outputs if isinstance(outputs, list) else ():
            if isinstance(each, dict) and each.get("output_type") == "stream":
                (sys.stderr if each.get("name") == "stderr" else sys.stdout).write(str(each.get("text")))
            elif isinstance(each, dict) and each.get("output_type") == "display_data":
                self.shell.stage.show(each)

    def _exception(self, said: Any) -> BaseException:
        """Return an exception of the kind that was raised there; where in the learner's code is a note on it."""
        kind = self._library(said) or self.unpack(said["kind"])
        if not (isinstance(kind, type) and issubclass(kind, BaseException)):
            kind = self._kind(said["like"], str(said["kind"]))
        arguments = [self.unpack(each) for each in said["arguments"]]
        try:
            fault: BaseException = kind(*arguments)
        except Exception:  # noqa: BLE001 - a class that wants other arguments than it keeps
            fault = BaseException.__new__(kind, *arguments)
        fault.add_note(str(said["trace"]))
        return fault

    def _library(self, said: Message) -> Any:
        """Return a library's exception of an ordinary kind; others may mean something to a test, as a skip does."""
        found = getattr(sys.modules.get(str(said.get("module"))), str(said.get("name")), None)
        if isinstance(found, type) and issubclass(found, Exception) and builtin_of(found) != "Exception":
            return found
        return None

    def _kind(self, like: Any, name: str) -> Any:
        base = getattr(builtins, str(like), Exception)
        base = base if isinstance(base, type) and issubclass(base, BaseException) else Exception
        return self._kinds.setdefault(name, type(name, (base,), {}))

    def _stand_in_for(self, said: Message) -> Any:
        number, name = int(said["object"]), str(said.get("name"))
        if said.get("raises"):
            return self._kinds.setdefault(number, self._kind(said["raises"], name))
        if said.get("plain"):
            return RemoteValue(self.do, number, name)
        kind = RemoteClass if said.get("class") else RemoteCallable if said.get("callable") else Remote
        return kind(self.do, number, name)

    def described(self, value: Any) -> Message:
        if not callable(value) or isinstance(value, type):
            raise CannotCrossError(f"a {type(value).__name__} cannot be given to the learner's program")
        return {"callable": True, "name": str(getattr(value, "__name__", ""))}

    def serve(self, asked: Message) -> None:
        """Call a function that a test gave away; nothing else is done for the learner's process."""
        answer: Message = {"to": asked.get("ask")}
        try:
            if asked.get("do") != "call":
                raise CannotCrossError("nothing else is served")
            function: Callable[..., Any] = self.lent(asked["on"])
            result = function(*map(self.unpack, asked["with"]), **{k: self.unpack(v) for k, v in asked["named"].items()})
            answer |= {"is": self.pack(result)}
        except Exception as fault:  # noqa: BLE001 - the learner's code is told, and the test goes on
            answer |= {"raised": f"{type(fault).__name__}: {fault}"}
        self.line.say(answer)


def be_judge(shell: CellShell, room: Line, learner: Line, own: Path) -> None:
    """Run the cells that the room sends; `own` holds the author's files, which a test reads rather than the learner's."""
    about = room.hear()
    end = JudgesEnd(learner, shell, about["given"])
    _prefer(own)
    for name, origin in about["libraries"].items():
        module = importlib.import_module(origin["module"])
        shell.user_ns[name] = getattr(module, origin["name"]) if "name" in origin else module
    known: set[str] = set()
    while True:
        try:
            asked = room.hear()
            if asked["do"] == "run":
                known |= mentioned(shell, asked["source"]) & set(about["asked"])
                answer = _run(shell, end, asked, sorted(known))
            elif asked["do"] == "names":
                answer = {"names": sorted(mentioned(shell, asked["source"]))}
            else:
                answer = {"there": end.origins(asked["names"]), "here": _here(end, asked["names"])}
            room.say({"to": asked["ask"]} | answer)
        except KeyboardInterrupt:
            continue  # it came too late: the cell had ended


def _run(shell: CellShell, end: JudgesEnd, asked: Message, names: list[str]) -> Message:
    """Return what a cell shows; without the names it mentions it is not run, and shows why."""
    try:
        end.fetch(names)
        stage = shell.show_cell(asked["source"], asked["number"])
    except BaseException as fault:  # noqa: BLE001 - an answer that is none, an interruption
        shell.stage = stage = Stage()
        shell.showtraceback((type(fault), fault, None))
    return {"outputs": stage.outputs, "cut": stage.cut, "broken": end.broken}


def _here(end: JudgesEnd, names: list[str]) -> Message:
    """Return what the author's own cells made of these names, as it would cross; what would not as an object."""
    found: Message = {}
    for name in names:
        if name in end.shell.user_ns:
            try:
                found[name] = end.pack(end.shell.user_ns[name])
            except CannotCrossError:
                found[name] = {"object": 0}
    return found


def mentioned(shell: CellShell, source: str) -> set[str]:
    """Return the global names a cell reads, also in the functions it defines."""
    try:
        code = compile(shell.transform_cell(source), "cell", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return set()
    return set(_read(code))


def _read(code: CodeType) -> Iterator[str]:
    yield from (str(each.argval) for each in dis.get_instructions(code) if each.opname in ("LOAD_NAME", "LOAD_GLOBAL"))
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _read(each)


def _prefer(own: Path) -> None:
    """Open the author's file where there is one of that name: the learner's program may have changed its own copy."""
    opened = io.open

    def open_own(file: Any, mode: str = "r", *arguments: Any, **named: Any) -> Any:
        if isinstance(file, str | os.PathLike) and not set(mode) & set("wax+") and (kept := _of(own, os.fspath(file))):
            return opened(kept, mode, *arguments, **named)
        return opened(file, mode, *arguments, **named)

    builtins.open = io.open = open_own


@cache
def _of(own: Path, name: str) -> Path | None:
    kept = own / name
    return kept if not os.path.isabs(name) and kept.is_file() else None
