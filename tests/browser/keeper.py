"""Whoever looks after the server, at a terminal: the commands of the operator's guide, run as they stand there."""

import subprocess
import sys
import time
from collections.abc import Callable

from tests.browser.figures import Task
from tests.house import ROOT


class Keeper:
    """Types commands, which a task counts as `taps`; each must end well unless it is said to find a fault."""

    def __init__(self, task: Task) -> None:
        self.task = task

    def types(self, *words: object, finds: bool = False, meanwhile: Callable[[], object] = lambda: None) -> str:
        """Run `banyan …` and return what it says; `meanwhile` happens while it runs."""
        self.task.taps += 1
        begun = time.monotonic()
        command = [sys.executable, "-m", "banyan.cli", *map(str, words)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            meanwhile()
            said, complaint = process.communicate(timeout=120)
        assert process.returncode in (0, 1 if finds else 0), complaint
        self.task.wait(begun)
        self.task.read += len(said)
        return said
