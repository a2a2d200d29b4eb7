"""Runs a deed in a process that is shut in (or is not), and returns what came of it.

Every wall is run against: what a lesson's process must not do fails behind it and, where that is cheap, succeeds in the open.
What a system lacks is asked once, and the tests that need it say so when they are skipped.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pytest

from banyan.settings import HOUSE
from grading.confinement import Protection

WALLS = {
    "open": "",
    "zygote": "confine([], [folder])",
    "kernel": "confine([], [folder]); limit(mapped())",
    "namespaces": "namespaces.enter([*NEEDED, *OURS], [folder, NULL])",
    "landlock": "give_up(); landlock.restrict([*NEEDED, *OURS], [folder], [HOUSE])",
    "filter": "give_up(); filters.refuse(filters.always(os.getppid()))",
}
FRAME = """
import json, os, sys, time
from pathlib import Path
from grading.confinement import confine, filters, keep_to, landlock, limit, Limits, mapped, namespaces
from grading.confinement.confine import HOUSE, NEEDED, NULL, OURS
from grading.confinement.privileges import give_up
folder, said, parent = Path(sys.argv[1]), os.dup(1), os.getppid()
def deed(given):
{deed}
{walls}
try:
    result = deed(json.loads(sys.argv[2]))
except OSError as fault:
    result = type(fault).__name__
except MemoryError:
    result = "MemoryError"
os.write(said, json.dumps(result).encode())
"""


@dataclass(frozen=True)
class Ended:
    """How a process ended, and what it said."""

    code: int
    said: str


def run(walls: str, deed: str, given: Any = None, folder: Path | None = None, python: str = sys.executable) -> Any:
    """Return what a deed (the body of a function of `given`) returns behind some walls, or the name of its OSError.

    A process that does not get to its end gives `Ended`.
    """
    program = FRAME.format(deed=indent(dedent(deed).strip(), "    "), walls=WALLS.get(walls, walls))
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(HOUSE), "PYTHONDONTWRITEBYTECODE": "1"}
    with short_folder() as spare:
        command = [python, "-c", program, str(folder or spare), json.dumps(given, default=str)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, cwd="/", check=False)
    if done.returncode or not done.stdout:
        return Ended(done.returncode, done.stderr)
    return json.loads(done.stdout)


@contextmanager
def short_folder() -> Iterator[Path]:
    """A folder for sockets: their paths must be short."""
    with tempfile.TemporaryDirectory(prefix="cell-") as name:
        yield Path(name)


WHOLE = Protection(**run("", "from dataclasses import asdict\nreturn asdict(confine([], []))"))
REFUSED = {"PermissionError", "FileNotFoundError"}
needs_tree = pytest.mark.skipif(not (WHOLE.tree or WHOLE.landlock), reason="no mounts of one's own here, no Landlock")
needs_network = pytest.mark.skipif(not WHOLE.network, reason="this system allows no network namespace")
needs_namespaces = pytest.mark.skipif(not WHOLE.tree, reason="this system allows no mount namespace")
needs_landlock = pytest.mark.skipif(not WHOLE.landlock, reason="this kernel has no Landlock")
needs_filter = pytest.mark.skipif(not WHOLE.filtered, reason="this machine has no filter of system calls we know")

FILE_WALLS = [
    pytest.param("zygote", marks=needs_tree),
    pytest.param("namespaces", marks=needs_namespaces),
    pytest.param("landlock", marks=needs_landlock),
]
