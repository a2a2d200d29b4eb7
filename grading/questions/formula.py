"""A formula over whole numbers, as the author of a simulation writes it: `water + rain - 15 * pump`.

Read by Python's own parser and then walked by us: names, whole numbers, + - * // %, comparisons, and or not, min max, and
`a if b else c`; nothing else exists, so nothing else can happen. Whole numbers only, so that a path replayed years
later, on any machine, gives exactly what it gave.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Annotated

from pydantic import Field

LONGEST = 200
LARGEST = 10**9
"""No value on the way may be larger, so that no formula can be made to fill the memory."""
Text = Annotated[str, Field(min_length=1, max_length=LONGEST)]
Values = Mapping[str, int]
Step = Callable[[Values], int]
ARITHMETIC: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
COMPARISON: dict[type[ast.cmpop], Callable[[int, int], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
CHOSEN: dict[str, Callable[..., int]] = {"min": min, "max": max}


class FormulaError(ValueError):
    """A text that is no formula, or a formula that comes to nothing; the text says why, in the author's words."""


class Formula:
    """A formula ready to be worked out; `names` are what it asks for."""

    def __init__(self, text: str) -> None:
        self.names: set[str] = set()
        try:
            tree = ast.parse(text.strip(), mode="eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise FormulaError("读不懂") from None
        self._work = self._step(tree.body)

    def __call__(self, values: Values) -> int:
        """Return what it comes to; a comparison comes to 1 or 0."""
        return self._work(values)

    def _step(self, node: ast.expr) -> Step:
        match node:
            case ast.Constant(int(number)) if not isinstance(number, bool) and abs(number) <= LARGEST:
                return lambda _values: number
            case ast.Name(name):
                self.names.add(name)
                return lambda values: values[name]
            case ast.BinOp(left, kind, right) if type(kind) in ARITHMETIC:
                return _worked_out(ARITHMETIC[type(kind)], self._step(left), self._step(right))
            case ast.Compare(left, [kind], [right]) if type(kind) in COMPARISON:
                return _worked_out(COMPARISON[type(kind)], self._step(left), self._step(right))
            case ast.UnaryOp(ast.USub(), inner):
                return _worked_out(operator.neg, self._step(inner))
            case ast.UnaryOp(ast.Not(), inner):
                return _worked_out(operator.not_, self._step(inner))
            case ast.BoolOp(kind, parts):
                return _joined(all if isinstance(kind, ast.And) else any, [self._step(each) for each in parts])
            case ast.IfExp(test, then, other):
                return _chosen(self._step(test), self._step(then), self._step(other))
            case ast.Call(ast.Name(name), [_, _, *_] as given, []) if name in CHOSEN:
                return _worked_out(CHOSEN[name], *(self._step(each) for each in given))
        raise FormulaError("只能用整数、名字、+ - * // %、比较、and or not、min max 和 … if … else …")


def _worked_out(how: Callable[..., int], *parts: Step) -> Step:
    def work(values: Values) -> int:
        try:
            found = int(how(*(each(values) for each in parts)))
        except ZeroDivisionError:
            raise FormulaError("除以了 0") from None
        if abs(found) > LARGEST:
            raise FormulaError(f"算出来的数超过了 {LARGEST}")
        return found

    return work


def _joined(how: Callable[..., bool], parts: list[Step]) -> Step:
    return lambda values: int(how(each(values) for each in parts))


def _chosen(test: Step, then: Step, other: Step) -> Step:
    return lambda values: then(values) if test(values) else other(values)


@lru_cache(maxsize=4096)
def formula(text: str) -> Formula:
    """Return the formula a text is, or raise FormulaError."""
    return Formula(text)
