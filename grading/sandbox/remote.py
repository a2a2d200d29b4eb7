"""What stands in the judge's process for something of the learner's: its answers are data, its opinions are not asked.

It can be called, looked into, counted, gone through, shown. It is never asked how it compares with anything of the
judge's: an object that claims to equal everything would pass every test. Two of the learner's are compared by the
learner's own rule, which is what a task with classes asks for.
"""

import operator
from collections.abc import Callable, Iterator
from typing import Any

SPECIAL = (
    "__len__", "__getitem__", "__setitem__", "__delitem__", "__next__", "__enter__", "__exit__", "__reversed__", "__bool__",
    "__int__", "__float__", "__index__", "__round__", "__abs__", "__neg__",
)  # fmt: skip
BETWEEN = (
    "__add__", "__sub__", "__mul__", "__truediv__", "__floordiv__", "__mod__", "__and__", "__or__", "__xor__", "__lt__",
    "__le__", "__gt__", "__ge__",
)  # fmt: skip
Ask = Callable[..., Any]


class Remote:
    """`_ask(number, do, *arguments)` has the learner's process do one thing with the object of that number."""

    __slots__ = ("_ask", "_name", "_number")

    def __init__(self, ask: Ask, number: int, name: str) -> None:
        for slot, value in (("_ask", ask), ("_number", number), ("_name", name)):
            object.__setattr__(self, slot, value)

    def __stands_for__(self) -> int:
        return int(self._number)

    def __getattr__(self, name: str) -> Any:
        if name.startswith(("_repr_", "_ipython_")):  # how a shell asks whether a thing draws itself
            raise AttributeError(name)
        return self._ask(self._number, "get", name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._ask(self._number, "set", name, value)

    def __iter__(self) -> Iterator[Any]:
        found: Iterator[Any] = self._ask(self._number, "iter")
        return found

    def __str__(self) -> str:
        return str(self._ask(self._number, "str"))

    def __repr__(self) -> str:
        return str(self._ask(self._number, "repr"))

    def __hash__(self) -> int:
        return hash(self._number)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Remote):
            return False
        return self._number == other._number or self._ask(self._number, "special", "__eq__", other) is True


class RemoteCallable(Remote):
    __slots__ = ()

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        __tracebackhide__ = True
        return self._ask(self._number, "call", *arguments, **named)


class RemoteClass(RemoteCallable):
    __slots__ = ()

    def __instancecheck__(self, one: object) -> bool:
        return isinstance(one, Remote) and self._ask(self._number, "isinstance", one) is True

    def __subclasscheck__(self, one: object) -> bool:
        return isinstance(one, Remote) and self._ask(self._number, "issubclass", one) is True


class RemoteValue(Remote):
    """Something of a class derived from a plain one: towards the judge's values it is the plain value it holds then."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return super().__eq__(other) if isinstance(other, Remote) else bool(self._ask(self._number, "plain") == other)

    __hash__ = Remote.__hash__


def _special(name: str) -> Callable[..., Any]:
    def asked(self: Remote, *arguments: Any) -> Any:
        return self._ask(self._number, "special", name, *arguments)

    return asked


def _between(name: str) -> Callable[[Remote, object], Any]:
    def asked(self: Remote, other: object) -> Any:
        if isinstance(other, Remote):
            return self._ask(self._number, "special", name, other)
        if isinstance(self, RemoteValue):
            return getattr(operator, name)(self._ask(self._number, "plain"), other)
        return NotImplemented

    return asked


for each in SPECIAL:
    setattr(Remote, each, _special(each))
for each in BETWEEN:
    setattr(Remote, each, _between(each))
