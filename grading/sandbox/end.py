"""One end of the line: asks the other for what it has, and serves what it is asked.

Both ends know the names that the author's own cells define (`given`): their functions are called where they are needed,
and instances of their classes cross as data. What is not plain and not given stays where it is and gets a number.
"""

import builtins
from collections import Counter, deque
from collections.abc import Callable, Collection, Mapping
from enum import Enum
from typing import Any

from grading.sandbox.line import BrokenLineError, Line
from grading.sandbox.values import CannotCrossError, pack, unpack

CHANGEABLE = (list, dict, set, bytearray, deque, Counter)
Message = dict[str, Any]


class End:
    """`space` holds this end's names, of which `given` are the author's; `stand_in` makes what stands for the other's."""

    def __init__(self, line: Line, space: Mapping[str, Any], given: Collection[str], stand_in: Callable[..., Any]) -> None:
        self.line, self.space, self.given, self._stand_in = line, space, given, stand_in
        self._asked, self._lent, self._numbers = 0, {}, {}  # type: ignore[var-annotated]

    def ask(self, do: str, **what: Any) -> Any:
        """Return the other end's answer, serving on the way what it asks back; raises what was raised there."""
        self._asked += 1
        number = self._asked
        self.line.say({"ask": number, "do": do} | what)
        while True:
            heard = self.line.hear()
            if not isinstance(heard, dict):
                raise BrokenLineError("a message that is none")
            if "ask" in heard:
                self.serve(heard)
            elif heard.get("to") == number:
                return heard
            elif not isinstance(heard.get("to"), int) or heard["to"] > number:
                raise BrokenLineError("an answer to what was not asked")

    def serve(self, asked: Message) -> None:
        raise NotImplementedError

    def lent(self, number: Any) -> Any:
        """Return what this end lent the other under a number."""
        if number not in self._lent:
            raise CannotCrossError("no such object")
        return self._lent[number]

    def pack(self, value: Any) -> Any:
        return pack(value, self)

    def unpack(self, said: Any) -> Any:
        return unpack(said, self)

    # what is not plain

    def named(self, value: Any) -> Message:
        """Return the name of a value that is not plain: the author's, the other's own, or a number of ours."""
        if (owner := getattr(type(value), "__stands_for__", None)) is not None:
            return {"yours": owner(value)}
        if name := self._given_name(value):
            return {"given": name}
        if (name := self._given_name(type(value))) and (state := self._state(value)) is not None:
            return {"instance": name} | state
        number = self._numbers.setdefault(id(value), len(self._numbers) + 1)
        self._lent[number] = value
        return {"object": number} | self.described(value)

    def described(self, value: Any) -> Message:
        is_class = isinstance(value, type)
        name = getattr(value, "__name__", type(value).__name__)
        about: Message = {"callable": callable(value), "class": is_class, "name": str(name)}
        if is_class and issubclass(value, BaseException):
            about["raises"] = builtin_of(value)
        return about

    def _given_name(self, value: Any) -> str | None:
        name = getattr(value, "__name__", None) if callable(value) else None
        return name if isinstance(name, str) and name in self.given and self.space.get(name) is value else None

    def _state(self, value: Any) -> Message | None:
        if isinstance(value, Enum):
            return {"member": value.name}
        if isinstance(value, tuple):
            return {"rows": [self.pack(each) for each in value]}
        held = getattr(value, "__dict__", None)
        return {"state": self.pack(dict(held))} if isinstance(held, dict) else None

    def found(self, said: Message) -> Any:
        """Return what a name from the other end means here."""
        if "yours" in said:
            return self.lent(said["yours"])
        if "given" in said:
            return self._given(said["given"])
        if "instance" in said:
            return self._instance(self._given(said["instance"]), said)
        if "object" in said:
            return self._stand_in(said)
        raise CannotCrossError("a value of no kind")

    def _given(self, name: Any) -> Any:
        if name not in self.given or name not in self.space:
            raise CannotCrossError("nothing of that name is given")
        return self.space[name]

    def _instance(self, kind: Any, said: Message) -> Any:
        if not isinstance(kind, type):
            raise CannotCrossError("no class")
        if "member" in said and issubclass(kind, Enum):
            return kind[said["member"]]
        if "rows" in said and issubclass(kind, tuple):
            return tuple.__new__(kind, [self.unpack(each) for each in said["rows"]])
        made: Any = object.__new__(kind)
        state = self.unpack(said["state"])
        made.__dict__.update({name: each for name, each in state.items() if not callable(getattr(kind, name, None))})
        return made  # its methods are the author's, whatever it has been given of that name


def builtin_of(kind: type[BaseException]) -> str:
    """Return the nearest exception that every process has."""
    return next(each.__name__ for each in kind.__mro__ if getattr(builtins, each.__name__, None) is each)


def is_changeable(value: Any, end: End) -> bool:
    """Say whether a function could change an argument in a way its caller sees afterwards."""
    return isinstance(value, CHANGEABLE) or "instance" in (end.named(value) if not _is_scalar(value) else {})


def _is_scalar(value: Any) -> bool:
    return value is None or isinstance(value, (bool, int, float, complex, str, bytes, tuple, frozenset, range))


def changed_into(value: Any, after: Any) -> None:
    """Make a value what it has become at the other end, which is of the same kind."""
    if type(after) is not type(value):
        raise CannotCrossError("an argument that has become something else")
    if isinstance(value, (list, bytearray)):
        value[:] = after
    elif isinstance(value, dict | set):
        value.clear()
        value.update(after)
    elif isinstance(value, deque):
        value.clear()
        value.extend(after)
    else:
        value.__dict__.clear()
        value.__dict__.update(after.__dict__)
