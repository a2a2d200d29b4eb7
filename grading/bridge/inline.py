"""Running an exam's cells without a kernel, one fork for each submission.

Stock nbgrader starts a kernel per notebook, which takes longer than everything else together and leaves a process to
look after. An exam's cells are ours, locked and few, so a forked child of the worker runs them, within limits of time,
memory and output and unable to write files; what it prints and returns becomes the cells' outputs as a kernel would
have written them. `nbgrader autograde` on the same folder gives the same scores: a test holds us to it.
"""

import ast
import io
import json
import os
import resource
import select
import signal
import sys
import time
import traceback
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_locked
from traitlets import Dict, Float

LONGEST = 1 << 20  # bytes that may come back from the child
LIMITS = {
    resource.RLIMIT_CPU: 10,  # seconds
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_AS: 4 << 30,
}
Output = dict[str, Any]


class InlineExecute(NbGraderPreprocessor):
    """Takes the place of nbgrader's Execute in `Autograde.autograde_preprocessors`."""

    environment = Dict({}, help="what the cells find in their environment").tag(config=True)
    seconds = Float(20.0, help="how long all cells together may take").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        cells = [cell for cell in nb.cells if cell.cell_type == "code" and _is_ours(cell)]
        place, sources = resources["metadata"]["path"], [cell.source for cell in cells]
        results = in_a_child(sources, place, self.environment, self.seconds)
        for number, (cell, outputs) in enumerate(zip(cells, results, strict=True), start=1):
            cell.execution_count = number
            cell.outputs = [new_output(**_counted(each, number)) for each in outputs]
        return nb, resources


def _is_ours(cell: NotebookNode) -> bool:
    """Say whether a cell is locked; nbgrader has by now made its metadata what the gradebook says."""
    return "grade_id" in cell.metadata.get("nbgrader", {}) and is_locked(cell)


def _counted(output: Output, number: int) -> Output:
    return output | {"execution_count": number} if output["output_type"] == "execute_result" else output


def in_a_child(sources: list[str], place: str, environment: Mapping[str, str], seconds: float) -> list[list[Output]]:
    """Return the outputs of each source run in order in a forked child, or raise RuntimeError if it does not finish."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        _live_and_end(sources, place, environment, writing)
    os.close(writing)
    said = _read(reading, time.monotonic() + seconds)
    os.close(reading)
    if said is None:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if said is None or status:
        raise RuntimeError("the cells of this exam did not finish within their limits")
    results: list[list[Output]] = json.loads(said)
    return results


def _read(pipe: int, until: float) -> bytes | None:
    """Return all that is written to a pipe, None if that is too long or takes too long."""
    said = b""
    while len(said) <= LONGEST and (left := until - time.monotonic()) > 0:
        if not select.select([pipe], [], [], left)[0]:
            break
        chunk = os.read(pipe, 65536)
        if not chunk:
            return said
        said += chunk
    return None


def _live_and_end(sources: list[str], place: str, environment: Mapping[str, str], pipe: int) -> None:
    """The child's whole life; it never returns into the worker it was forked from."""
    code = 1
    try:
        os.closerange(3, pipe)  # the worker's files and locks are not ours
        os.closerange(pipe + 1, 4096)
        for limit, most in LIMITS.items():
            resource.setrlimit(limit, (most, most))
        sys.path[:] = [each for each in sys.path if each]  # what lies beside the answers is never imported
        os.environ.update(environment)
        os.chdir(place)
        said = memoryview(json.dumps(run(sources)).encode())
        while said:
            said = said[os.write(pipe, said) :]
        code = 0
    finally:
        os._exit(code)


def run(sources: list[str]) -> list[list[Output]]:
    """Run sources one after the other in one namespace and return what each put out."""
    names: dict[str, Any] = {"__name__": "__main__"}
    return [_run(source, names) for source in sources]


def _run(source: str, names: dict[str, Any]) -> list[Output]:
    printed, complained, outputs = io.StringIO(), io.StringIO(), []
    with redirect_stdout(printed), redirect_stderr(complained):
        try:
            value = _evaluate(source, names)
        except Exception as error:  # noqa: BLE001 - as a kernel does: whatever a cell raises is its output
            outputs.append(_error(error))
        else:
            outputs += [] if value is None else [_result(value)]
    streams = (("stdout", printed), ("stderr", complained))
    return [{"output_type": "stream", "name": name, "text": text.getvalue()} for name, text in streams if text.tell()] + outputs


def _evaluate(source: str, names: dict[str, Any]) -> Any:
    """Return the value of a source's last expression, as a notebook cell does."""
    tree = ast.parse(source)
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr):
        exec(compile(tree, "<cell>", "exec"), names)  # noqa: S102 - the exam's own locked cell
        return None
    tree.body.pop()
    exec(compile(tree, "<cell>", "exec"), names)  # noqa: S102
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)  # noqa: S307


def _result(value: Any) -> Output:
    return {"output_type": "execute_result", "data": {"text/plain": repr(value)}, "metadata": {}}


def _error(error: Exception) -> Output:
    lines = traceback.format_exception(error)
    return {"output_type": "error", "ename": type(error).__name__, "evalue": str(error), "traceback": lines}
