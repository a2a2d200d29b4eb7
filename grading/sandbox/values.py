"""Values as they cross the line: plain data becomes equal data, of exactly the types named here; all else is named, not sent.

A value of a library's type derived from a plain one crosses as the plain one. Nothing is ever unpickled or evaluated.
"""

import base64
import builtins
import json
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, Protocol

DEEPEST = 60
WORDY = {Decimal: "Decimal", Fraction: "Fraction", date: "date", datetime: "datetime", time: "time"}
FROM_WORDS: dict[str, Any] = {
    "Decimal": Decimal,
    "Fraction": Fraction,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
}
ROWS = {tuple: "tuple", set: "set", frozenset: "frozenset"}
FROM_ROWS: dict[str, Any] = {"tuple": tuple, "set": set, "frozenset": frozenset, "deque": deque}
TABLES = {dict: "dict", OrderedDict: "OrderedDict", Counter: "Counter", defaultdict: "dict"}
FROM_TABLES: dict[str, Any] = {"dict": dict, "OrderedDict": OrderedDict, "Counter": Counter}
PLAIN = (str, int, float, complex, bytes, bytearray, list, tuple, set, frozenset, dict)
OWN = {
    *("eval", "exec", "compile", "__import__", "open", "input", "print", "breakpoint", "globals", "locals", "vars"),
    *("setattr", "delattr", "exit", "quit", "get_ipython"),
}
"""Builtins that act on the process they are called in: they cross as any other function does, and are called at home."""
LONG = 1 << 53


class CannotCrossError(TypeError):
    """A value that cannot be sent, or what came is none."""


class Abroad(Protocol):
    """What to do about values that are not plain: name them, and find them by such a name."""

    def named(self, value: Any) -> dict[str, Any]: ...

    def found(self, name: dict[str, Any]) -> Any: ...


def pack(value: Any, abroad: Abroad, depth: int = 0) -> Any:
    """Return a value as JSON holds it: scalars and lists as they are, all else as an object with one kind."""
    kind = type(value)
    if value is None or kind in (bool, str) or (kind is int and -LONG < value < LONG) or kind is float:
        return value
    if depth > DEEPEST:
        raise CannotCrossError("a value that is nested too deeply")
    if kind is list:
        return [pack(each, abroad, depth + 1) for each in value]
    return _packed(value, kind, abroad, depth + 1)


def _packed(value: Any, kind: type, abroad: Abroad, depth: int) -> dict[str, Any]:
    if kind in ROWS:
        rows = [pack(each, abroad, depth) for each in value]
        return {ROWS[kind]: rows if kind is tuple else sorted(rows, key=json.dumps)}
    if kind in TABLES:
        return {TABLES[kind]: [[pack(name, abroad, depth), pack(each, abroad, depth)] for name, each in value.items()]}
    if kind is deque:
        return {"deque": [pack(each, abroad, depth) for each in value], "most": value.maxlen}
    if kind is int:
        return {"int": hex(value)}
    if kind is complex:
        return {"complex": [value.real, value.imag]}
    if kind in (bytes, bytearray):
        return {kind.__name__: base64.b64encode(value).decode()}
    if kind is range:
        return {"range": [value.start, value.stop, value.step]}
    if kind is timedelta:
        return {"timedelta": [value.days, value.seconds, value.microseconds]}
    if kind in WORDY:
        return {WORDY[kind]: value.isoformat() if hasattr(value, "isoformat") else str(value)}
    if builtin := _builtin(value):
        return {"builtin": builtin}
    return _derived(value, abroad, depth)


def _derived(value: Any, abroad: Abroad, depth: int) -> dict[str, Any]:
    """Return a value as its other side knows it, or as the plain one it is derived from."""
    name = abroad.named(value)
    if "object" not in name or not isinstance(value, PLAIN):
        return name
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        rows = [pack(each, abroad, depth) for each in value]
        return {"namedtuple": rows, "name": type(value).__name__, "fields": list(value._fields)}
    if type(value).__module__ == "__main__":  # a learner's class: its methods count, too
        return name | {"plain": True}
    plain = pack(plain_of(value), abroad, depth)
    return plain if isinstance(plain, dict) else {"scalar": plain}


def plain_of(value: Any) -> Any:
    """Return a value as the plain one it is derived from; TypeError if there is none."""
    base = next((each for each in PLAIN if isinstance(value, each)), None)
    if base is None:
        raise TypeError(f"a {type(value).__name__} is no plain value")
    return base(value)


def _builtin(value: Any) -> str | None:
    """Return the name of a function or type that every process has."""
    name = getattr(value, "__name__", None) if getattr(type(value), "__module__", "") == "builtins" else None
    return name if isinstance(name, str) and name not in OWN and getattr(builtins, name, None) is value else None


def _shared(name: str) -> str:
    if name in OWN:
        raise ValueError(f"{name} is each process's own")
    return name


def unpack(said: Any, abroad: Abroad, depth: int = 0) -> Any:
    """Return the value that was packed; CannotCrossError for anything else."""
    if depth > DEEPEST:
        raise CannotCrossError("a value that is nested too deeply")
    if isinstance(said, list):
        return [unpack(each, abroad, depth + 1) for each in said]
    if not isinstance(said, dict):
        return said
    if not said:
        raise CannotCrossError("a value of no kind")
    try:
        return _unpacked(said, abroad, depth + 1)
    except (ValueError, KeyError, TypeError, ArithmeticError, AttributeError) as fault:
        raise CannotCrossError(f"no value: {fault}") from fault


def _unpacked(said: dict[str, Any], abroad: Abroad, depth: int) -> Any:
    kind, held = next(iter(said.items()))
    if kind in FROM_ROWS:
        rows = [unpack(each, abroad, depth) for each in held]
        return deque(rows, said["most"]) if kind == "deque" else FROM_ROWS[kind](rows)
    if kind in FROM_TABLES:
        return FROM_TABLES[kind]({unpack(name, abroad, depth): unpack(each, abroad, depth) for name, each in held})
    if kind in FROM_WORDS:
        return FROM_WORDS[kind](held)
    match kind:
        case "scalar":
            return unpack(held, abroad, depth)
        case "int":
            return int(held, 16)
        case "complex":
            return complex(*held)
        case "bytes":
            return base64.b64decode(held)
        case "bytearray":
            return bytearray(base64.b64decode(held))
        case "range":
            return range(*held)
        case "timedelta":
            return timedelta(*held)
        case "namedtuple":
            return _with_names(said["name"], tuple(said["fields"]))(*(unpack(each, abroad, depth) for each in held))
        case "builtin":
            return getattr(builtins, _shared(held))
    return abroad.found(said)


@cache
def _with_names(name: str, fields: tuple[str, ...]) -> Any:
    return namedtuple(name, fields)
