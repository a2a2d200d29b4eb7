"""A Python program in a process of its own, to be killed or starved there, without waiting for its imports each time.

It is forked from a server that has them already and has nothing else: no threads, no open files of the tests.
"""

import os
import sys
from multiprocessing import get_context
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory

from banyan.settings import HOUSE

IMPORTED = ["banyan.cli", "banyan.keeping.upgrade", "banyan.keeping.restore", "banyan.keeping.install", "tests.house"]
SERVER = get_context("forkserver")
SERVER.set_forkserver_preload(IMPORTED)


def run_apart(script: str, *words: object) -> CompletedProcess[str]:
    """Run a script with words after its name, from the house's folder; a signal that ended it is a negative return code."""
    with TemporaryDirectory() as folder:
        said = [Path(folder) / each for each in ("out", "err")]
        process = SERVER.Process(target=_run, args=(script, [str(each) for each in words], *map(str, said)))
        process.start()
        process.join()
        told = [each.read_text(encoding="utf-8") for each in said]
    return CompletedProcess([script, *map(str, words)], process.exitcode or 0, *told)


def _run(script: str, words: list[str], out: str, err: str) -> None:
    for number, place in ((1, out), (2, err)):
        os.dup2(os.open(place, os.O_WRONLY | os.O_CREAT), number)
    sys.argv = ["-c", *words]
    os.chdir(HOUSE)
    exec(compile(script, "<script>", "exec"), {"__name__": "__main__"})
