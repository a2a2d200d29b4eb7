"""Hostile programs: each is contained with a reason the trainer reads, gains nothing, and the next one is graded as ever."""

import subprocess
from collections.abc import Callable

import nbformat
import pytest

from banyan.errors import TaskFaultError
from grading.bridge.gradebook import Course
from grading.bridge.task import grade_task
from grading.sandbox.nursery import nursery
from grading.sandbox.run import Allowance
from tests.grading.bridge.task_sample import FULL, SHORT, SOLUTIONS, TASK, points, work


def graded(tasks: Course, student: str = "h1") -> str:
    return (tasks.folder("autograded", TASK.assignment, student) / TASK.notebook).read_text(encoding="utf-8")


# ---- what would disarm an assert

WRONG = "def total(rows):\n    return 0\n"
DISARMING = {
    "an object that equals everything": "class Any:\n    __eq__ = lambda *_: True\n    __hash__ = None\n"
    "def total(rows):\n    return Any()",
    "a number that equals everything": "class Any(int):\n    __eq__ = lambda *_: True\n    __sub__ = lambda *_: 0\n"
    "def total(rows):\n    return Any(0)",
    "a transformer of asserts": "import ast\nclass Off(ast.NodeTransformer):\n"
    "    def visit_Assert(self, node): return ast.Pass()\n"
    "get_ipython().ast_transformers.append(Off())\n" + WRONG,
    "a transformer of cells": "get_ipython().input_transformers_cleanup.append(lambda lines: ['pass'])\n" + WRONG,
    "builtins": "import builtins\nbuiltins.AssertionError = builtins.abs = builtins.sum = lambda *_: 10\n" + WRONG,
    "the shell": "get_ipython().showtraceback = get_ipython()._showtraceback = lambda *_: None\n" + WRONG,
    "a hook": "import sys\nsys.settrace(lambda *_: None)\nsys.excepthook = lambda *_: None\n" + WRONG,
    "our own code": "import sys\nfor name, module in list(sys.modules.items()):\n    if name.startswith('grading'):\n"
    "        for each in vars(module).values():\n            if isinstance(each, type):\n"
    "                try: each.__eq__ = lambda *_: True\n                except TypeError: pass\n" + WRONG,
    "the given data": "ROWS.clear()\nROWS.append({'人数': '0'})\n" + WRONG,
    "the given file": "open('households.csv', 'w').write('门牌,人数\\n1,0\\n')\n" + WRONG,
    "leaving by an exception that is none": "def total(rows):\n    raise GeneratorExit",
    "the way an answer is packed": "import sys\n"
    "sys.modules['grading.sandbox.values'].pack = lambda *_: {'builtin': 'all'}\n" + WRONG,
}


@pytest.mark.parametrize("cell", DISARMING.values(), ids=DISARMING)
def test_an_assert_cannot_be_disarmed(tasks, cell):
    assert points(tasks, {"count": cell})["test-count"] == 0.0


def test_a_check_of_the_authors_stays_the_authors(tasks):
    cheating = "def close(*_): pass\nclass Household:\n    __eq__ = lambda *_: True\n    def __init__(self, *_): pass\n"

    found = points(tasks, {"mean": cheating + "def mean(numbers):\n    return 'no number'"})

    assert found["test-mean"] == 0.0


def test_an_answer_written_ahead_of_the_question_is_not_taken_for_one(tasks):
    ahead = "import json, os\nfor number in range(1, 90):\n    said = json.dumps({'to': number, 'is': 10}).encode()\n"
    ahead += "    for line in (200, 201):\n        os.write(line, len(said).to_bytes(4, 'big') + said)\n"

    with pytest.raises(TaskFaultError, match="扰乱了阅卷的通信"):
        points(tasks, {"count": ahead + WRONG})


SPYING = """
import gc, sys
def total(rows):
    seen, frame = [], sys._getframe()
    while frame:
        seen.append(str(frame.f_locals) + str(frame.f_globals.keys()))
        frame = frame.f_back
    seen += [str(each) for each in gc.get_objects() if type(each) in (dict, list, tuple, bytes)]
    told = "".join(seen)
    hidden = ["ND HIDDEN", "lse:\\n    raise Assertion", "othing was raised"]  # each without its first letter
    print("LOOKED", *(chr(ord(first)) + rest in told for first, rest in zip("Een", hidden)))
    return 0
"""


def test_hidden_tests_are_nowhere_in_the_learners_process(tasks):
    points(tasks, {"count": SPYING})

    assert "LOOKED False False False" in graded(tasks)


# ---- what would reach out

REACHING: dict[str, Callable[[Course], str]] = {
    "the gradebook": lambda tasks: f"open({str(tasks.database)!r}, 'rb').read(9)",
    "the gradebook, to write": lambda tasks: f"import sqlite3\nsqlite3.connect({str(tasks.database)!r}).execute('select 1')",
    "hidden tests on disk": lambda tasks: f"open({str(tasks.folder('source', TASK.assignment) / TASK.notebook)!r}).read()",
    "other submissions": lambda tasks: f"import os\nos.listdir({str(tasks.root / 'submitted')!r})",
    "other submissions by a link": lambda tasks: f"import os\nos.symlink({str(tasks.root)!r}, 'link')",
    "a name that leads out": lambda tasks: "open('../own/households.csv', 'w')",
    "the network": lambda tasks: "import socket\nsocket.create_connection(('127.0.0.1', 80), 2)",
    "a name server": lambda tasks: "import socket\nsocket.getaddrinfo('example.org', 80)",
    "another program": lambda tasks: "import subprocess\nsubprocess.run(['/bin/true'])",
    "the one who grades": lambda tasks: "import os\nos.kill(os.getppid(), 9)",
    "a process that stays": lambda tasks: "import os\nif os.fork() == 0:\n    os.setsid()\n    while True: pass",
    "a bomb": lambda tasks: "import os\nwhile True: os.fork()",
}


@pytest.mark.parametrize("reach", REACHING.values(), ids=REACHING)
def test_nothing_outside_is_reached_and_the_work_is_graded(tasks, reach):
    found = points(tasks, {"count": SOLUTIONS["count"] + reach(tasks)})

    assert found == FULL
    cells = nbformat.reads(graded(tasks), as_version=4).cells
    (error,) = next(each.outputs for each in cells if "def total" in each.source)
    assert error.ename in ("PermissionError", "FileNotFoundError", "OSError", "OperationalError", "BlockingIOError", "gaierror")


def test_no_process_is_left(tasks):
    points(tasks, {"count": "import threading, time\nthreading.Thread(target=time.sleep, args=(600,)).start()\n" + WRONG})

    left = subprocess.run(["ps", "--ppid", str(nursery().process.pid), "-o", "pid="], capture_output=True, text=True, check=False)
    assert left.stdout.split() == []
    assert [each.name for each in nursery().rooms.iterdir()] == ["shell"]


# ---- what would not end, or take everything

FORGING = """
import json, os, time
from grading.sandbox.line import Line
def ever():
    while True:
        try: time.sleep(60)
        except BaseException: pass
def forge():
    said = json.dumps({"outputs": [], "cut": False}).encode()
    os.write(200, len(said).to_bytes(4, "big") + said)
def say(line, said, say=Line.say):
    say(line, said)
    then(line, said)
"""
NESTED = "import os\nfor _ in range(1500):\n    os.mkdir('d')\n    os.chdir('d')\n"
IGNORING = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
ENDING = {
    "a loop that ignores signals": (IGNORING + "while True: pass", "叫停也不理"),
    "a loop that swallows interruptions": (
        "import time\nwhile True:\n    try:\n        while True: time.sleep(0.01)\n    except BaseException: pass",
        "叫停也不理",
    ),
    "a function that never comes back": (IGNORING + "def total(rows):\n    while True: pass", "叫停也不理"),
    "leaving without a word": ("import os\nos._exit(0)", "自己退出了"),
    "leaving in a test": ("import os\ndef total(rows):\n    os._exit(0)", "自己退出了"),
    "killing itself": ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "自己退出了"),
    "a flood on the line": ("import os\nwhile True: os.write(200, b'x' * 65536)", "扰乱了阅卷的通信"),
    "a flood to the judge": ("import os\ndef total(rows):\n    while True: os.write(201, b'x' * 65536)", "扰乱了阅卷的通信"),
    "a reply of its own": (FORGING + "forge()\never()", "扰乱了阅卷的通信"),
    "a reply, and then no hearing": (FORGING + "then = lambda *_: ever()\nLine.say = say", "叫停也不理"),
    "a disk filled": ("for number in range(10**6):\n    open(f'{number}', 'w').write('x' * 100_000)", "写的文件太多"),
    "folders without number": ("import os\nfor number in range(1200): os.mkdir(f'{number}')", "写的文件太多"),
    "folders within folders": (NESTED, "写的文件太多"),
    "folders within folders, and then nothing": (IGNORING + NESTED + "while True: pass", "写的文件太多"),
    "folders whose names are longer than a path": (NESTED.replace("'d'", "'d' * 250"), "写的文件太多"),
}  # fmt: skip
LONG = "#" * 1_000_000
"""A comment that does not fit on the line at once: whoever sends it waits for who does not hear."""


@pytest.mark.parametrize(("cell", "reason"), ENDING.values(), ids=ENDING)
def test_what_does_not_keep_to_the_rules_is_ended_and_said(tasks, cell, reason):
    with pytest.raises(TaskFaultError, match=reason):
        points(tasks, {"count": cell, "mean": SOLUTIONS["mean"] + LONG})

    assert [each.name for each in nursery().rooms.iterdir()] == ["shell"]
    assert points(tasks, {"mean": SOLUTIONS["mean"] + LONG}, student="h2") == FULL


def test_a_few_folders_are_an_ordinary_thing(tasks):
    making = (
        "import os, tempfile\nos.makedirs('out/2026/03')\nwith tempfile.TemporaryDirectory() as folder:\n    os.listdir(folder)\n"
    )

    assert points(tasks, {"count": making + SOLUTIONS["count"]}) == FULL


def test_a_loop_that_can_be_interrupted_costs_only_its_own_points(tasks):
    found = grade_task(tasks, work(tasks, "h1", SOLUTIONS | {"count": "def total(rows):\n    while True: pass"}), SHORT)

    assert {name: cell.points for name, cell in found.cells.items()} == FULL | {"test-count": 0.0}
    assert [str(each) for each in found.remarks] == ["有的格子运行太久（test-count），已经叫停；后面的照常评分"]


TWICE = """
from grading.sandbox.line import Line
def say(line, said, say=Line.say):
    for _ in range(1 + ("outputs" in said)):
        say(line, said)
Line.say = say
"""
"""What an interruption at the wrong moment does by chance."""


def test_an_answer_that_comes_twice_is_heard_once(tasks):
    assert points(tasks, {"count": TWICE + SOLUTIONS["count"]}) == FULL


def test_of_a_gigabyte_printed_the_beginning_is_kept(tasks):
    flood = SOLUTIONS["count"] + "for _ in range(1000): print('x' * 1_000_000)"

    found = grade_task(tasks, work(tasks, "h1", SOLUTIONS | {"count": flood}), Allowance())

    assert {name: cell.points for name, cell in found.cells.items()} == FULL
    assert [str(each) for each in found.remarks] == ["有的格子输出太多（count），只留了开头的一部分"]
    assert len(graded(tasks)) < 2_000_000


@pytest.mark.parametrize("hog", ["hog = bytearray(1 << 40)", "hog = []\nwhile True: hog.append(bytearray(1 << 20))"])
def test_who_wants_all_memory_gets_an_error_of_their_own(tasks, hog):
    assert points(tasks, {"count": SOLUTIONS["count"] + hog}) == FULL
    assert "MemoryError" in graded(tasks)


SHOWING = """
from IPython.display import display
print("half a character: \\ud800")
display({"text/html": "<b onclick='x()'>bold</b><script>x()</script>", "application/javascript": "x()"}, raw=True)
display({"image/png": '"><script>x()</script>', "image/svg+xml": "<svg onload='x()'/>"}, raw=True)
"""


def test_what_a_program_shows_does_nothing_where_a_trainer_reads_it(tasks):
    assert points(tasks, {"count": SOLUTIONS["count"] + SHOWING}) == FULL

    cells = nbformat.reads(graded(tasks), as_version=4).cells
    shown = next(str(each.outputs) for each in cells if "def total" in each.source)
    assert "<b>bold</b>" in shown
    assert "half a character: ?" in shown
    assert not any(each in shown for each in ("<script", "onclick", "javascript", "svg", "onload"))
