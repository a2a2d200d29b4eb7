"""An author's task, tried with the author's own solution: what its tests need, and whether they can be decided from outside."""

from collections.abc import Iterator, Mapping

from nbformat import NotebookNode
from nbgrader import utils

from banyan.errors import CourseError, TaskFaultError
from grading.bridge.code_road import kind_of, run_cells
from grading.sandbox.names import Names, Seen, told_apart
from grading.sandbox.run import Kind, Run, running


def rehearsed(source: NotebookNode, files: Mapping[str, bytes], place: str) -> Names:
    """Return what the names in a task's tests mean; CourseError unless the author's solution earns full points.

    `place` is how faults name the task. A test fails here too if it needs more of the learner's program than data, calls and
    methods: such a test could be cheated.
    """
    try:
        names = Names()
        for _twice in ("what is given", "what the solution changes of it"):
            with running(files, {}, Names(given=names.given)) as run:
                names = told_apart(_seen(run, source))
        with running(files, {}, names) as run:
            run_cells(run, source)
    except TaskFaultError as fault:
        raise CourseError([f"{place}: 用参考答案试做没有做完：{fault}"]) from fault
    if faults := list(_faults(source, place)):
        raise CourseError(faults)
    return names


def _seen(run: Run, source: NotebookNode) -> Iterator[Seen]:
    """Yield what the names in each test are when it is its turn; the tests themselves are not run."""
    wanted: set[str] = set()
    for number, cell in enumerate(_code(source), start=1):
        kind = kind_of(cell)
        if kind is not Kind.LEARNER:
            wanted |= set(run.mentioned(cell.source))
        if kind is not Kind.TEST:
            run.cell(kind, cell.source, number)
        else:
            yield run.seen(sorted(wanted))


def _faults(source: NotebookNode, place: str) -> Iterator[str]:
    for cell in _code(source):
        if kind_of(cell) is Kind.TEST:
            earned, most = utils.determine_grade(cell)
            if earned != most:
                name = cell.metadata.nbgrader["grade_id"]
                yield f"{place}: 题格 {name} 用参考答案只得 {earned:g} 分（满分 {most:g}）：{_why(cell)}"


def _why(cell: NotebookNode) -> str:
    said = [f"{each.ename}: {each.evalue}" for each in cell.outputs if each.output_type == "error"]
    return said[0] if said else "格子往标准错误里写了字，或最后一个值不是满分"


def _code(source: NotebookNode) -> list[NotebookNode]:
    return [each for each in source.cells if each.cell_type == "code" and each.source.strip()]
