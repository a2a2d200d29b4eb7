"""What went wrong in a cell, by the line of the author's file: a traceback counts the lines of a cell or of a release's copy.

A learner reads a sentence. The author of a course in preview reads all of it, and the service's log keeps it once for each
version of a lesson, however many read that.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from logging import Logger, LoggerAdapter

from nbformat import NotebookNode

ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
CELL = re.compile(r"\s*(?:Cell|Input) In ?\[[^\]]*\], line (?P<line>\d+)")
FILE = re.compile(r'\s*File (?:"(?P<quoted>[^"]+)", line |(?P<path>\S.*?):)(?P<line>\d+)(?=$|[, ])')
UNNAMED = re.compile(r"<ipython-input-[^>]*>$|.*[\\/]ipykernel_\d+[\\/]\d+\.py$")
"""What a cell is called where IPython has not counted it."""
MODEL = re.compile(r"(?:^|[\\/])(?P<file>models[\\/]\w+\.py)$")
ARROW = re.compile(r"-+> *(?P<number>\d+)(?: (?P<text>.*))?$")
NUMBERED = re.compile(r"(?P<lead>(?:-+>)? *)(?P<number>\d+)(?P<rest>(?: .*)?)$")
SAID = re.compile(r"[A-Za-z_][\w.]*:(?: .*)?$")
RULE = re.compile(r"-{10,}$|.*Traceback \(most recent call last\):?$")
LAST = 9  # lines of a traceback that an author is shown


@dataclass(frozen=True)
class CellFault:
    """`file` is told from the course's folder; `last` are the traceback's last lines, counted as the author's files count."""

    file: str
    line: int
    said: str
    last: tuple[str, ...]

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass
class FaultLog:
    """Tells the service's log of each fault once per version of a lesson."""

    log: "Logger | LoggerAdapter[Logger]"
    where: str = ""  # the folder of courses, where the author's is known
    told: set[tuple[str, int, str, str]] = field(default_factory=set)

    def tell(self, course: str, release: int, lesson: str, fault: CellFault) -> None:
        once = (course, release, fault.place, fault.said)
        if once not in self.told:
            self.told.add(once)
            place, said = f"{self.where}{course}/{fault.place}", "\n    ".join((fault.said, *fault.last))
            self.log.error("course %s, lesson %s, release %d: %s: %s", course, lesson, release, place, said)


@dataclass
class _Frame:
    """One stretch of a traceback, from `first` to before `end`; `path` is None for a cell."""

    path: str | None
    line: int
    first: int
    end: int


def fault_in(notebook: NotebookNode, place: int, traceback: str, line: int = 1) -> CellFault:
    """Return what a failed cell has to say to its author.

    `place` is the cell's among the notebook's. `traceback` is IPython's, coloured or not, or Python's own; in a text that
    is none (a cell took too long, its kernel died) `line` is where, counted within the cell.
    """
    lines = [each.rstrip() for each in ANSI.sub("", traceback).split("\n")]
    own = f"lessons/{notebook.metadata.banyan.name}.md"
    file, line = own, begins(notebook.cells[place]) + max(line, 1) - 1
    frames = list(_frames(lines))
    for frame in frames:
        model = MODEL.search(frame.path or "")
        if model:
            file, line = model["file"].replace("\\", "/"), frame.line
            lines[frame.first] = f"{file}:{line}"
        elif frame.path is None:
            before = begins(_cell_of(frame, lines, notebook.cells, place)) - 1
            file, line = own, before + frame.line
            lines[frame.first : frame.end] = [f"{file}:{line}", *_count_on(lines[frame.first + 1 : frame.end], before)]
    kept = [each for each in lines[frames[0].first if frames else 0 :] if each and not RULE.match(each)]
    return CellFault(file, line, _said(kept), tuple(kept[-LAST:]))


def begins(cell: NotebookNode) -> int:
    """Return the line of its file on which a cell's source begins; 1 for the cell that only sets up."""
    line: int = cell.metadata.banyan.get("line", 1)
    return line


def _frames(lines: Sequence[str]) -> Iterator[_Frame]:
    """Yield the frames, the innermost last; a frame ends at an empty line or where the next begins."""
    heads = [(number, CELL.match(line) or FILE.match(line)) for number, line in enumerate(lines)]
    edges = [number for number, head in heads if head or not lines[number]] + [len(lines)]
    for number, head in heads:
        if head:
            named = head.groupdict()
            path = named.get("quoted") or named.get("path")
            end = next(each for each in edges if each > number)
            yield _Frame(None if path and UNNAMED.match(path) else path, int(head["line"]), number, end)


def _cell_of(frame: _Frame, lines: Sequence[str], cells: Sequence[NotebookNode], place: int) -> NotebookNode:
    """Return the cell a frame is in: the one that failed, or an earlier one that says on that line what the frame shows."""
    shown = lines[frame.first + 1 : frame.end]
    text = next((found["text"] or "" for each in shown if (found := ARROW.match(each))), shown[0] if shown else "").strip()
    earlier = (each for each in reversed(cells[: place + 1]) if each.cell_type == "code")
    return next((each for each in earlier if _line(each, frame.line) == text), cells[place])


def _line(cell: NotebookNode, number: int) -> str | None:
    lines = cell.source.split("\n")
    return lines[number - 1].strip() if 0 < number <= len(lines) else None


def _count_on(shown: Sequence[str], before: int) -> Iterator[str]:
    """Yield a frame's lines of source with the file's numbers in place of the cell's."""
    numbered = any(map(ARROW.match, shown))
    for each in shown:
        found = NUMBERED.match(each) if numbered else None
        yield _renumbered(found, before) if found else each


def _renumbered(found: re.Match[str], before: int) -> str:
    number, width = str(int(found["number"]) + before), len(found["lead"] + found["number"])
    return (f"> {number}".rjust(width, "-") if found["lead"].startswith("-") else number.rjust(width)) + found["rest"]


def _said(lines: Sequence[str]) -> str:
    """Return the exception's own words: the last line that looks like them, else the last there is."""
    return next((each for each in reversed(lines) if SAID.match(each)), lines[-1].strip() if lines else "")
