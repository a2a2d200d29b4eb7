"""What a test can see of a learner's code, and what the learner's code cannot make of a test."""

from collections.abc import Iterator

import pytest

from banyan.errors import TaskFaultError
from grading.sandbox.names import Names
from grading.sandbox.run import Allowance, Kind, Ran, running
from tests.grading.confinement.cell import needs_filter, needs_tree

pytestmark = [needs_filter, needs_tree]
SHORT = Allowance(cell=2, whole=20)


def judged(learner: str, test: str, given: str = "") -> Iterator[Ran]:
    """Yield what a learner's cell shows and what a test then does; `thing` is the learner's, `Given` the author's."""
    with running({}, {}, Names(given=("Given", "help_out"), asked=("thing", "other")), SHORT) as run:
        if given:
            run.cell(Kind.GIVEN, given, 1)
        yield run.cell(Kind.LEARNER, learner, 2)
        yield run.cell(Kind.TEST, test, 3)


def errors(ran: Ran) -> list[str]:
    return [each.ename for each in ran.outputs if each.output_type == "error"]


GIVEN = """
class Given:
    def __init__(self, n): self.n = n
    def is_right(self): return self.n == 7
def help_out(x): return x
"""
SEEN = {
    "a value": ("thing = {1: (2.5, 'a')}", "assert thing == {1: (2.5, 'a')} and type(thing[1]) is tuple"),
    "keywords": ("def thing(a, *, b=1): return a - b", "assert thing(3) == 2 and thing(3, b=2) == 1"),
    "what a function changes": ("def thing(x): x.append(1)", "x = []\nthing(x)\nassert x == [1]"),
    "what is changed within": ("def thing(x): x['a'].append(1)", "x = {'a': []}\nthing(x)\nassert x == {'a': [1]}"),
    "a builtin exception": ("def thing(): raise KeyError('k')", "try: thing()\nexcept KeyError as e: assert e.args == ('k',)"),
    "their own exception": (
        "class other(LookupError): pass\ndef thing(): raise other('k')",
        "try: thing()\nexcept other as e: assert isinstance(e, LookupError)\nelse: raise AssertionError",
    ),
    "a library's exception": (
        "import json\ndef thing(): return json.loads('{')",
        "import json\ntry: thing()\nexcept json.JSONDecodeError: pass",
    ),
    "a generator": ("def thing(n):\n    for i in range(n): yield i", "assert list(thing(3)) == [0, 1, 2]"),
    "a decorator": ("def thing(f): return lambda x: f(x) * 2", "@thing\ndef g(x): return x + 1\nassert g(2) == 6"),
    "an object's own equality": (
        "class thing:\n    def __init__(self, n): self.n = n\n    def __eq__(self, o): return self.n == o.n",
        "assert thing(1) == thing(1) and thing(1) != thing(2)",
    ),
    "an operator between their own": (
        "class thing:\n    def __init__(self, n): self.n = n\n    def __add__(self, o): return thing(self.n + o.n)",
        "assert (thing(1) + thing(2)).n == 3",
    ),
    "a with": (
        "class thing:\n    def __enter__(self): return 5\n    def __exit__(self, *_): return None",
        "with thing() as x:\n    assert x == 5",
    ),
    "an attribute set": ("class thing: pass\nother = thing()", "other.x = 3\nassert other.x == 3 and not hasattr(other, 'y')"),
    "what is printed": (
        "def thing(): print('hello')",
        "import io, contextlib\nwith contextlib.redirect_stdout(io.StringIO()) as said: thing()\n"
        "assert said.getvalue() == 'hello\\n'",
    ),
    "a namedtuple": (
        "from collections import namedtuple\nthing = namedtuple('P', 'x y')(1, 2)",
        "assert thing == (1, 2) and thing.y == 2",
    ),
    "a derived list": (
        "class L(list):\n    def last(self): return self[-1]\nthing = L([1, 2])",
        "assert thing == [1, 2] and thing.last() == 2",
    ),
    "the author's object": ("def thing(g):\n    g.n += 1\n    return g", "g = Given(6)\nassert thing(g).is_right() and g.n == 7"),
    "the author's function": ("thing = help_out", "assert thing(3) == 3"),
    "nothing of that name": ("pass", "try: thing\nexcept NameError: pass\nelse: raise AssertionError"),
    "a coroutine": ("async def thing(): return 3", "import asyncio\nassert thing() is not None"),
}


@pytest.mark.parametrize(("learner", "test"), SEEN.values(), ids=SEEN)
def test_a_test_sees(learner: str, test: str) -> None:
    for ran in judged(learner, test, GIVEN):
        assert errors(ran) == [], ran.outputs


NOT_TAKEN = {
    "equal to everything": ("class A:\n    __eq__ = lambda *_: True\nthing = A()", "assert thing == 4"),
    "equal from the other side": ("class A:\n    __eq__ = lambda *_: True\nthing = A()", "assert 4 == thing"),
    "nothing apart": ("class A:\n    __sub__ = __rsub__ = lambda *_: 0\nthing = A()", "assert abs(thing - 4) < 1"),
    "less than everything": ("class A:\n    __lt__ = __gt__ = lambda *_: True\nthing = A()", "assert 3 < thing < 5"),
    "holding everything": (
        "class A:\n    __contains__ = lambda *_: True\n    __iter__ = lambda _: iter(())\nthing = A()",
        "assert 4 in thing",
    ),
    "equal within": ("class A:\n    __eq__ = lambda *_: True\nthing = [A(), A()]", "assert thing == [1, 2]"),
    "an author's object that knows better": ("thing = Given(1)\nthing.is_right = lambda: True", "assert thing.is_right()"),
    "an author's object of another class": (
        "class Given:\n    def __init__(self): self.n = 1\n    def is_right(self): return True\nthing = Given()",
        "assert thing.is_right()",
    ),
    "the debugger's way out": ("import bdb\ndef thing(): raise bdb.BdbQuit", "thing()"),
    "a skip": (
        "import unittest\ndef thing(): raise unittest.SkipTest",
        "import unittest\nclass T(unittest.TestCase):\n    def test(self): self.assertEqual(thing(), 1)\n"
        "done = unittest.TestResult()\nT('test').run(done)\nassert done.wasSuccessful() and not done.skipped",
    ),
    "the end of a map": ("def thing(x): raise StopIteration", "assert all(map(thing, [1, 2]))"),
    "leaving": ("def thing(): raise SystemExit(0)", "thing()"),
    "an interruption": ("def thing(): raise KeyboardInterrupt", "thing()"),
    "an argument turned into something else": (
        "import grading.sandbox.learner as ours\ndef thing(x):\n    ours.LearnersEnd.pack = lambda *_: {'tuple': [1]}\n",
        "x = [2]\nthing(x)\nassert x == [1]",
    ),
    "a builtin that runs code": ("thing = exec", "thing('raise ZeroDivisionError')"),
}


@pytest.mark.parametrize(("learner", "test"), NOT_TAKEN.values(), ids=NOT_TAKEN)
def test_a_test_does_not_take(learner: str, test: str) -> None:
    _theirs, ran = judged(learner, test, GIVEN)

    assert errors(ran) != [], ran.outputs


def test_an_end_in_a_test_cannot_be_taken_for_the_exception_it_expects() -> None:
    with pytest.raises(TaskFaultError, match="自己退出了"):
        list(judged("import os\ndef thing(): os._exit(0)", "try: thing()\nexcept BaseException: pass"))
