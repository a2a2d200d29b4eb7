"""Running a lesson's cells once, before anybody reads it, and keeping what they show.

Runs in the kernel's own process. Widgets get names that depend on the notebook alone, so that a page made from one
run and a kernel made by another mean the same widgets.
"""

import contextlib
import hashlib
import io
import signal
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from types import FrameType
from typing import Any

import comm
from IPython.core.interactiveshell import InteractiveShell

LONGEST = 30  # seconds a cell may take
MOST_PRINTED = 100_000  # characters a cell may print; the rest is dropped
LAST_LINES = 6  # of a traceback


class TooLongError(Exception):
    """A cell did not come to an end."""


@dataclass(frozen=True)
class Fault:
    """`line` counts from 1 within the cell; 0 where the fault has no line of its own."""

    name: str
    words: str
    line: int
    trace: str


@dataclass
class Shown:
    """What a cell shows, in nbformat's words, or why it does not."""

    outputs: list[dict[str, Any]] = field(default_factory=list)
    fault: Fault | None = None

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def rehearse(shell: InteractiveShell, cells: dict[int, str], key: str) -> dict[int, Shown]:
    """Run cells in their order, the ones after a failure too; `key` is what the widgets' names depend on."""
    with named_comms(key):
        return {place: _run(shell, source) for place, source in cells.items()}


def _run(shell: InteractiveShell, source: str) -> Shown:
    shown, printed = Shown(), Printed()

    def keep(message: dict[str, Any]) -> None:
        shown.outputs += printed.taken()
        content = message["content"]
        shown.outputs.append({"output_type": "display_data", "data": content["data"], "metadata": content["metadata"] or {}})

    with _hooked(shell, keep), contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()), in_time(LONGEST):
        result = shell.run_cell(source, store_history=False)
    shown.outputs += printed.taken()
    if fault := result.error_before_exec or result.error_in_exec:
        shown.fault = fault_of(fault, source)
    return shown


class Printed(io.StringIO):
    """What a cell prints, up to what a page can bear."""

    def write(self, text: str) -> int:
        room = MOST_PRINTED - self.tell()
        if room > 0:
            super().write(text[:room])
        return len(text)

    def taken(self) -> list[dict[str, Any]]:
        """Return what was printed since the last time, as an output."""
        text = self.getvalue()
        self.seek(0)
        self.truncate()
        return [{"output_type": "stream", "name": "stdout", "text": text}] if text else []


@contextlib.contextmanager
def _hooked(shell: InteractiveShell, keep: Callable[[dict[str, Any]], None]) -> Iterator[None]:
    """Take what would be sent to a client, which nobody is yet."""
    publishers: tuple[Any, Any] = (shell.display_pub, shell.displayhook)
    for each in publishers:
        each.register_hook(keep)
    try:
        yield
    finally:
        for each in publishers:
            each.unregister_hook(keep)


@contextlib.contextmanager
def named_comms(key: str) -> Iterator[None]:
    """Name each comm by the notebook and its place among the others."""
    ordinary, made = comm.create_comm, 0

    def create(*args: Any, **kwargs: Any) -> Any:
        nonlocal made
        made += 1
        kwargs.setdefault("comm_id", hashlib.sha256(f"{key}:{made}".encode()).hexdigest()[:32])
        return ordinary(*args, **kwargs)

    comm.create_comm = create
    try:
        yield
    finally:
        comm.create_comm = ordinary


@contextlib.contextmanager
def in_time(seconds: int) -> Iterator[None]:
    """Raise TooLongError within when it takes longer; for what waits in C the process has limits of its own."""

    def ring(_signum: int, _frame: FrameType | None) -> None:
        raise TooLongError(f"{seconds} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def fault_of(fault: BaseException, source: str) -> Fault:
    """Return a fault with the line of the cell it came from."""
    if isinstance(fault, SyntaxError):
        line = fault.lineno or 0
    else:
        last = len(source.splitlines())
        frames = traceback.extract_tb(fault.__traceback__)
        lines = [each.lineno or 0 for each in frames if "ipykernel_" in each.filename or "<ipython-input" in each.filename]
        line = next((each for each in reversed(lines) if each <= last), 0)
    told = "".join(traceback.format_exception_only(fault)).strip()
    trace = "\n".join("".join(traceback.format_tb(fault.__traceback__)).splitlines()[-LAST_LINES:])
    return Fault(type(fault).__name__, told, line, trace)
