"""Running a lesson's cells once, before anybody reads it, and keeping what they show.

Runs in the kernel's own process. Widgets get names that depend on the notebook alone, so that a page made from one
run and a kernel made by another mean the same widgets.
"""

import contextlib
import hashlib
import io
import signal
import sys
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
    shown = Shown()
    stage = Stage(shown.outputs)
    with _parted(shell, source) as swallowed, _hooked(shell, stage.take), _quiet(Printed(stage)), in_time(LONGEST):
        result = shell.run_cell(source, store_history=False)
    if fault := result.error_before_exec or result.error_in_exec or next(iter(swallowed), None):
        shown.fault = fault_of(fault, source)
    return shown


@contextlib.contextmanager
def _parted(shell: InteractiveShell, source: str) -> Iterator[list[BaseException]]:
    """Give each cell a message to answer, by which an Output widget knows what is printed in it; yield what it swallows."""
    swallowed: list[BaseException] = []
    shown_in: Any = shell
    kernel, show = shown_in.kernel, shown_in._showtraceback
    before = kernel.get_parent()
    kernel.set_parent([], {"header": {"msg_id": hashlib.sha256(source.encode()).hexdigest()}})
    shown_in._showtraceback = lambda _kind, fault, _lines: swallowed.append(fault)
    try:
        yield swallowed
    finally:
        shown_in._showtraceback = show
        kernel.set_parent([], before)


@contextlib.contextmanager
def _quiet(printed: io.StringIO) -> Iterator[None]:
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
        yield


def _catching() -> Any:
    """Return the Output widget that catches what is shown now, if one does."""
    widgets = sys.modules.get("ipywidgets")
    if widgets is None:
        return None
    found = [each for each in widgets.widgets.widget._instances.values() if isinstance(each, widgets.Output) and each.msg_id]
    return found[-1] if found else None


@dataclass
class Stage:
    """Where things are shown: in the cell, or in the Output widget that catches them; `clears` before the next one comes."""

    outputs: list[dict[str, Any]]
    clears: bool = False

    def add(self, new: dict[str, Any]) -> None:
        if self.clears:
            self.clear()
        into = _catching()
        shown = list(into.outputs) if into else self.outputs
        if new["output_type"] == "stream" and shown and shown[-1]["output_type"] == "stream":
            shown[-1] = shown[-1] | {"text": shown[-1]["text"] + new["text"]}
        else:
            shown.append(new)
        if into:
            into.outputs = tuple(shown)

    def clear(self) -> None:
        self.clears = False
        if into := _catching():
            into.outputs = ()
        else:
            self.outputs.clear()

    def take(self, message: dict[str, Any]) -> None:
        """Take what would be sent to a client, which nobody is yet."""
        content = message["content"]
        if message["header"]["msg_type"] != "clear_output":
            self.add({"output_type": "display_data", "data": content["data"], "metadata": content["metadata"] or {}})
        elif content["wait"]:
            self.clears = True
        else:
            self.clear()


class Printed(io.StringIO):
    """What a cell prints, up to what a page can bear."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage, self.room = stage, MOST_PRINTED

    def write(self, text: str) -> int:
        if self.room > 0 and text:
            self.stage.add({"output_type": "stream", "name": "stdout", "text": text[: self.room]})
            self.room -= len(text)
        return len(text)


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
