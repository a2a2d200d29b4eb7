"""A learner's notebook with the author's structure put back: what each cell is, the gradebook says, never the notebook."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode, from_dict
from nbgrader import api

SCHEMA = 3


@dataclass(frozen=True)
class Fixed:
    """A cell of the author's: `source` with the hidden tests, `released` as learners got it."""

    name: str
    cell_type: str
    locked: bool
    source: str
    checksum: str
    released: str
    points: float | None = None
    solution: bool = False
    task: bool = False

    @property
    def metadata(self) -> dict[str, Any]:
        about: dict[str, Any] = {
            "schema_version": SCHEMA, "grade_id": self.name, "cell_type": self.cell_type, "checksum": self.checksum,
            "locked": self.locked, "solution": self.solution, "task": self.task,
            "grade": self.points is not None and not self.task,
        }  # fmt: skip
        return about if self.points is None else about | {"points": self.points}


@dataclass(frozen=True)
class Changes:
    """The author's cells that a learner deleted, doubled, or wrote into though they were locked."""

    deleted: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    rewritten: tuple[str, ...] = ()


def structure(gradebook: Any, notebook: Any, released: NotebookNode) -> dict[str, Fixed]:
    """Return the author's cells of a notebook of the gradebook, in the order of the released one."""

    def of(kind: Any) -> dict[str, Any]:
        return {each.name: each for each in gradebook.db.query(kind).filter(kind.notebook_id == notebook.id)}

    sources, graded, solutions, tasks = of(api.SourceCell), of(api.GradeCell), of(api.SolutionCell), of(api.TaskCell)
    found = {}
    for cell in released.cells:
        name = claimed(cell)
        if name in sources:
            row, worth = sources[name], graded.get(name) or tasks.get(name)
            about = (row.name, row.cell_type, row.locked, row.source, row.checksum, cell.source)
            found[name] = Fixed(*about, worth.max_score if worth else None, name in solutions, name in tasks)
    return found


def restore(notebook: NotebookNode, author: Mapping[str, Fixed]) -> tuple[NotebookNode, Changes]:
    """Return a notebook in which every cell of the author's stands once, is what it was, and says what it said if locked.

    Of a doubled cell the last counts, as for nbgrader; the others stay as cells of the learner's own.
    """
    last = {name: place for place, cell in enumerate(notebook.cells) if (name := claimed(cell)) in author}
    doubled = {name for place, cell in enumerate(notebook.cells) if (name := claimed(cell)) in author and last[name] != place}
    rewritten = {
        name for name, place in last.items()
        if author[name].locked and notebook.cells[place].source not in (author[name].released, author[name].source)
    }  # fmt: skip
    cells: list[NotebookNode] = []
    for place, cell in enumerate(notebook.cells):
        name = claimed(cell)
        cells.append(_fixed(author[name], cell) if last.get(name, -1) == place else _free(cell))
    deleted = [name for name in author if name not in last]
    for name in deleted:
        cells.insert(_place(cells, name, list(author)), _fixed(author[name], None))
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number:03d}"
    notebook.cells = cells
    return notebook, Changes(tuple(deleted), tuple(sorted(doubled)), tuple(sorted(rewritten)))


def claimed(cell: NotebookNode) -> str:
    """Return which of the author's cells a cell says it is; empty if none."""
    name = cell.metadata.get("nbgrader", {}).get("grade_id")
    return name if isinstance(name, str) else ""


def _fixed(author: Fixed, cell: NotebookNode | None) -> NotebookNode:
    source = author.source if author.locked else author.released if cell is None else cell.source
    made: dict[str, Any] = {"cell_type": author.cell_type, "metadata": {"nbgrader": author.metadata}, "source": source}
    return from_dict(made | ({"outputs": [], "execution_count": None} if author.cell_type == "code" else {}))


def _free(cell: NotebookNode) -> NotebookNode:
    cell.metadata.pop("nbgrader", None)
    return cell


def _place(cells: list[NotebookNode], name: str, order: list[str]) -> int:
    """Return where a deleted cell belongs: behind the nearest cell of the author's that came before it."""
    before = set(_names_before(name, order))
    return max((place + 1 for place, cell in enumerate(cells) if claimed(cell) in before), default=0)


def _names_before(name: str, order: list[str]) -> Iterator[str]:
    yield from order[: order.index(name)]
