"""A notebook's cells run in this process, without a kernel: what they show is kept as nbformat has it, up to a limit."""

import asyncio
import io
import sys
from base64 import b64encode
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from grading.sandbox import tracebacks

MOST_SHOWN = 1_000_000  # characters of what one cell shows
MOST_OUTPUTS = 1000
OURS = str(Path(__file__).parent)  # frames of ours would only be in a reader's way
Output = dict[str, Any]


class Stage:
    """What is shown at the moment; beyond the limits nothing is kept, and `cut` says so."""

    def __init__(self) -> None:
        self.outputs: list[Output] = []
        self.cut, self._left = False, MOST_SHOWN

    def print(self, stream: str, text: str) -> None:
        text, over = text[: self._left], len(text) > self._left
        self._left -= len(text)
        self.cut |= over
        last = self.outputs[-1] if self.outputs else {}
        if text and last.get("output_type") == "stream" and last["name"] == stream:
            last["text"] += text
        elif text:
            self.show({"output_type": "stream", "name": stream, "text": text}, 0)

    def show(self, output: Output, size: int | None = None) -> None:
        self._left -= len(str(output)) if size is None else size
        if self._left < 0 or len(self.outputs) >= MOST_OUTPUTS:
            self.cut, self._left = True, max(self._left, 0)
        else:
            self.outputs.append(output)


class Printed(io.TextIOBase):
    """A stream that prints on the shell's stage."""

    encoding = "utf-8"

    def __init__(self, shell: "CellShell", name: str) -> None:
        self._shell, self._name = shell, name

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._shell.stage.print(self._name, text)
        return len(text)


class ShownResult(DisplayHook):
    """A cell's last value, in two steps as the shell takes them."""

    shell: "CellShell"

    def write_output_prompt(self) -> None: ...

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        result = {"output_type": "execute_result", "execution_count": self.prompt_count}
        self.shell.stage.show(result | {"data": in_text(format_dict), "metadata": dict(md_dict or {})})


class ShownData(DisplayPublisher):
    shell: "CellShell"

    def publish(self, data: Any, metadata: Any = None, source: Any = None, **_how: Any) -> None:
        self.shell.stage.show({"output_type": "display_data", "data": in_text(data), "metadata": dict(metadata or {})})

    def clear_output(self, wait: bool = False) -> None:
        self.shell.stage.outputs.clear()


class CellShell(InteractiveShell):
    """One for a process; forks go on with it."""

    displayhook_class = Type(ShownResult)
    display_pub_class = Type(ShownData)
    stage = Stage()

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        error = {"output_type": "error", "ename": str(etype.__name__), "evalue": _said(evalue)}
        self.stage.show(error | {"traceback": [each for each in map(str, stb) if OURS not in each]})

    def _tee(self, channel: str) -> Any:
        """Keep nothing of what is printed but on the stage: the shell's own history of it has no limit."""
        return nullcontext()

    def _format_exception_for_storage(self, exception: Any, *_how: Any, **_more: Any) -> dict[str, Any]:
        """Format no traceback a second time for a history nobody reads."""
        return {"ename": type(exception).__name__}

    def enable_gui(self, gui: Any = None) -> None:
        """There is no screen here."""

    def show_cell(self, source: str, number: int) -> Stage:
        """Run a cell as the one of this number and return what it shows; a cell that did not get to its end shows an error."""
        self.stage, self.execution_count = Stage(), number
        result = self.run_cell(source, store_history=True)
        fault = result.error_before_exec or result.error_in_exec
        if fault and not any(each["output_type"] == "error" for each in self.stage.outputs):  # the shell lets some pass
            self._showtraceback(type(fault), fault, [])
        return self.stage


def make_shell(folder: Path) -> CellShell:
    """Return the process's shell; `folder` is for the files it insists on."""
    tracebacks.keep()
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors_force = True
    shell: CellShell = CellShell.instance(config=config, ipython_dir=str(folder), user_ns={"__name__": "__main__"})
    asyncio.set_event_loop(asyncio.new_event_loop())
    _warm_up(shell)
    return shell


def _warm_up(shell: CellShell) -> None:
    """Load what the shell loads only when a cell first fails or shows something."""
    for source in ("def f(x):\n    return 1 / x", "f(0)", "f(1)", "display({1: [2.0]})", "import math, statistics, datetime"):
        shell.show_cell(source, 1)
    shell.reset(new_session=True)
    shell.stage = Stage()


def in_text(data: Any) -> dict[str, Any]:
    """Return what is to be shown with pictures in base64, as nbformat wants them."""
    return {str(kind): b64encode(each).decode() if isinstance(each, bytes) else each for kind, each in dict(data).items()}


def _said(fault: Any) -> str:
    try:
        return str(fault)
    except Exception:  # noqa: BLE001 - a learner's exception, which may fail at anything
        return ""
