"""A fault is told by the line the author wrote, whatever stands around it and however the cell came to it."""

import sys
from collections.abc import Iterator
from logging import LogRecord, getLogger
from pathlib import Path
from traceback import format_exception
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ipykernel.compiler import XCachingCompiler
from IPython.core.compilerop import CachingCompiler
from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode

from banyan.courseware.faults import Faults
from banyan.courseware.lesson import read_lesson
from banyan.courseware.notebook import lesson_notebook
from banyan.lessons.faults import CellFault, FaultLog, fault_in

HEAD = "---\ntitle: {zh: 试, en: Try}\nminutes: 3\n---\n\n# 试\n\n(one)=\n## 一步\n\n"
PROSE = ["下雨了。\n\n", "- 一\n- 二\n\n", "```\n1/0\n```\n\n", "> 引一句\n两行\n\n", ""]
CALM = ["a = 1", "", "# 一句话", "def f(x):\n    return x", "b = [\n    1,\n    2,\n]", "if True:\n    c = 'é字'", "a = 1"]
BAD = "raise ValueError('here')"


class Shell(InteractiveShell):
    """IPython's own, which keeps the traceback it would print."""

    shown = ""

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        self.shown = "\n".join(stb)


@pytest.fixture(scope="module", params=[XCachingCompiler, CachingCompiler], ids=["a kernel", "IPython alone"])
def shell(request: pytest.FixtureRequest) -> Iterator[Shell]:
    yield Shell(compiler_class=request.param)
    InteractiveShell.clear_instance()


def notebook_of(text: str, folder: Path) -> NotebookNode:
    path = folder / "x-1" / "lessons" / "try.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    faults: Faults = []
    lesson = read_lesson(path, "courses/x-1/lessons/try.md", faults)
    assert lesson is not None, faults
    return lesson_notebook(lesson, folder / "x-1", {})


def fenced(code: str, options: str = "") -> str:
    return f"```{{code-cell}} ipython3\n{options}{code}\n```\n\n"


def run(shell: Shell, notebook: NotebookNode) -> CellFault:
    """Run the cells but the first, which needs our widgets, and return the fault of the one that raises."""
    for place, cell in enumerate(notebook.cells[1:], start=1):
        if cell.cell_type == "code" and not shell.run_cell(cell.source, store_history=False).success:
            return fault_in(notebook, place, shell.shown)
    raise AssertionError("no cell raised")


def line_of(text: str, wanted: str) -> int:
    return text.split("\n").index(wanted) + 1


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(PROSE), st.lists(st.sampled_from(CALM), min_size=1, max_size=4)), max_size=4),
    st.sampled_from(PROSE),
    st.lists(st.sampled_from(CALM), max_size=4),
    st.sampled_from(["", ":tags: [panel]\n", ":tags: [panel]\n\n", "---\ntags: [panel]\n---\n"]),
)
def test_the_line_told_is_the_line_that_raises(
    shell: Shell, tmp_path_factory: pytest.TempPathFactory, before: list[tuple[str, list[str]]], prose: str, calm: list[str],
    options: str,
) -> None:  # fmt: skip
    cells = "".join(prose + fenced("\n".join(code) or "pass") for prose, code in before)
    text = HEAD + cells + prose + fenced("\n".join([*calm, BAD, "d = 1"]), options) + "完。\n"
    fault = run(shell, notebook_of(text, tmp_path_factory.mktemp("course")))
    assert (fault.file, fault.line, fault.said) == ("lessons/try.md", line_of(text, BAD), "ValueError: here")
    assert [each for each in fault.last if each.endswith(f"-> {fault.line} {BAD}")]


def test_a_function_of_an_earlier_cell_is_told_where_it_stands(shell: Shell, tmp_path: Path) -> None:
    text = HEAD + fenced("def share(n):\n    return 1 / n") + "说一句。\n\n" + fenced("x = 0\n\nshare(x)")
    fault = run(shell, notebook_of(text, tmp_path))
    assert fault.line == line_of(text, "    return 1 / n")
    assert f"lessons/try.md:{line_of(text, 'share(x)')}" in fault.last


def test_a_model_is_told_by_its_own_file(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "run" / "models").mkdir(parents=True)
    (tmp_path / "run" / "models" / "flood.py").write_text("def rise(hours):\n    return hours / 0\n")
    monkeypatch.syspath_prepend(tmp_path / "run")
    text = HEAD + fenced("from models.flood import rise\nrise(3)")
    fault = run(shell, notebook_of(text, tmp_path))
    assert fault.place == "models/flood.py:2"
    assert f"lessons/try.md:{line_of(text, 'rise(3)')}" in fault.last
    assert str(tmp_path) not in "\n".join(fault.last)


def test_what_only_the_compiler_sees_has_its_line_too(shell: Shell, tmp_path: Path) -> None:
    text = HEAD + fenced("a = 1\nreturn a")
    fault = run(shell, notebook_of(text, tmp_path))
    assert fault.line == line_of(text, "return a")
    assert fault.said == "SyntaxError: 'return' outside function"


@pytest.mark.parametrize("said", ["这一格 30 秒没有算完", "kernel died", "", "\x1b[31mgone\x1b[0m"])
def test_without_a_traceback_the_cell_as_a_whole_is_meant(tmp_path: Path, said: str) -> None:
    text = HEAD + fenced("a = 1\nb = 2")
    notebook = notebook_of(text, tmp_path)
    place = next(number for number, cell in enumerate(notebook.cells) if "b = 2" in cell.source)
    fault = fault_in(notebook, place, said)
    assert fault.line == line_of(text, "a = 1")
    assert "\x1b" not in fault.said


def test_what_stands_before_the_first_frame_is_not_shown(shell: Shell, tmp_path: Path) -> None:
    notebook = notebook_of(HEAD + fenced(BAD), tmp_path)
    fault = run(shell, notebook)
    place = len(notebook.cells) - 1
    assert fault_in(notebook, place, f"An error occurred in this cell:\n{BAD}\n\n{shell.shown}") == fault
    assert fault.last[0] == fault.place


def test_python_s_own_traceback_is_read_as_well(shell: Shell, tmp_path: Path) -> None:
    text = HEAD + fenced("def share(n):\n    return 1 / n") + "说一句。\n\n" + fenced("x = 0\n\nshare(x)")
    notebook = notebook_of(text, tmp_path)
    told = run(shell, notebook)
    fault = fault_in(notebook, len(notebook.cells) - 1, "".join(format_exception(sys.last_value)))
    assert (fault.place, fault.said) == (told.place, told.said)


@settings(deadline=None)
@given(st.text(alphabet="CellIn[]1 ,line:\n->File/models.py\x1b\"'", max_size=200))
def test_any_text_at_all_is_told_as_a_line_of_the_course(tmp_path_factory: pytest.TempPathFactory, traceback: str) -> None:
    notebook = notebook_of(HEAD + fenced("a = 1"), tmp_path_factory.mktemp("course"))
    fault = fault_in(notebook, len(notebook.cells) - 1, traceback)
    assert fault.file.startswith(("lessons/", "models/"))


def test_the_log_has_a_fault_once_for_each_version_of_a_lesson() -> None:
    heard: list[str] = []
    log = getLogger("tests.faults")
    log.addFilter(lambda record: _hear(record, heard))
    told = FaultLog(log)
    fault = CellFault("lessons/try.md", 9, "ValueError: here", ("----> 9 raise",))
    for release in (1, 1, 2, 1):
        told.tell("x-1", release, "try", fault)
    place = "x-1/lessons/try.md:9: ValueError: here\n    ----> 9 raise"
    assert heard == [f"course x-1, lesson try, release {release}: {place}" for release in (1, 2)]


def _hear(record: LogRecord, heard: list[str]) -> bool:
    heard.append(record.getMessage())
    return False
