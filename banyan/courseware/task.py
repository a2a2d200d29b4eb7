"""A notebook task: one file of MyST Markdown and, in a folder of the same name beside it, the data it works on.

What a cell is for stands in its options; an exam's notebook is another thing (banyan.courseware.assignment).

    ```{code-cell} ipython3          ```{code-cell} ipython3          ```{written} why
    :answer: gaps                    :check: gaps-small               :points: 4
    def gaps(rows):                  :points: 3                       （写两三句话）
        ### BEGIN SOLUTION           assert gaps([]) == 0             ```
        return len(rows)             ### BEGIN HIDDEN TESTS
        ### END SOLUTION             assert gaps([1]) == 1
    ```                              ### END HIDDEN TESTS
                                     ```
    to be filled in                  graded by running it             graded by a person

`:given: name` is code the learner can read but not change; a cell without options is theirs to play with.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupytext.myst import myst_to_notebook

from banyan.courseware.faults import Fault, Faults
from banyan.courseware.fit import fit
from banyan.courseware.lesson import BLANK, UNREADABLE, first_line, headed, misspelt_cells, parsed
from banyan.courseware.manifest import TaskHead
from banyan.courseware.yaml_source import read_text

ROLES = ("given", "answer", "check")
WRITTEN = re.compile(r"\{written\}\s*(?P<name>.*)")
POINTS = re.compile(r":points:\s*(?P<points>.*)")
NUMBER = re.compile(r"\d{1,3}(\.\d{1,2})?", re.ASCII)


@dataclass(frozen=True)
class Part:
    """One cell; `role` is prose, code, given, answer, check or written, `name` its grade id, `line` where its text begins."""

    role: str
    text: str
    line: int
    name: str = ""
    points: float | None = None

    @property
    def graded(self) -> bool:
        return self.role in ("check", "written")


@dataclass(frozen=True)
class Task:
    """`data` are the files that are handed out with the notebook."""

    name: str
    file: str
    head: TaskHead
    parts: tuple[Part, ...]
    data: tuple[Path, ...]

    @property
    def points(self) -> float:
        return sum(each.points or 0 for each in self.parts if each.graded)


def read_task(path: Path, file: str, faults: Faults) -> Task | None:
    """Return a notebook task, or None with what is wrong with its file."""
    text = read_text(path, file, faults)
    found = headed(text, file, faults, "title、summary 和 minutes") if text is not None else None
    if found is None:
        return None
    source, body = found
    head = fit(TaskHead, source, faults) if source else None
    parts = tuple(_parts(body, file, faults))
    data = path.with_suffix("")
    return Task(path.stem, file, head, parts, tuple(_data(data))) if head else None


def _data(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if not path.name.startswith(".") and path.name != "__pycache__":
            yield path


def _parts(body: str, file: str, faults: Faults) -> Iterator[Part]:
    try:
        notebook = myst_to_notebook(body, add_source_map=True)
    except UNREADABLE as error:
        found = re.search(r"at line (\d+)", str(error))
        remedy = "每个选项一行，写成 :check: 名字、:points: 3 这样"
        faults.append(Fault(file, int(found[1]) if found else 1, "代码格开头的选项读不懂", remedy))
        return
    lines = body.split("\n")
    faults.extend(misspelt_cells(lines, file))
    for cell, start in zip(notebook.cells, notebook.metadata["source_map"], strict=True):
        text = BLANK.sub("", cell.source)
        line = first_line(lines, start, text)
        if cell.cell_type == "code":
            yield _code(dict(cell.metadata), text, line, Faulty(file, faults))
        else:
            yield from _prose(text, line, Faulty(file, faults))


@dataclass(frozen=True)
class Faulty:
    """Where faults of one file are told."""

    file: str
    faults: Faults

    def tell(self, line: int, text: str, remedy: str) -> None:
        self.faults.append(Fault(self.file, line, text, remedy))


def _code(options: dict[str, Any], text: str, line: int, told: Faulty) -> Part:
    roles = [each for each in ROLES if each in options]
    foreign = sorted(options.keys() - {*ROLES, "points"})
    if foreign or len(roles) > 1:
        said = f"这一格有认不得的选项 {'、'.join(foreign)}" if foreign else f"这一格同时写了 {'、'.join(roles)}"
        told.tell(line, said, "只写 :given:、:answer:、:check: 当中的一个；:check: 再写 :points:")
        return Part("code", text, line)
    if not roles:
        if "points" in options:
            told.tell(line, "这一格有分数，可是没有说是检查哪一样", "上一行写 :check: 名字")
        return Part("code", text, line)
    role = roles[0]
    if role != "check" and "points" in options:
        told.tell(line, "分数写在了不评分的格子里", "把 :points: 移到 :check: 的格子里")
    points = _points(options.get("points"), line, told) if role == "check" else None
    return Part(role, text, line, str(options[role]), points)


def _points(given: Any, line: int, told: Faulty) -> float:
    """Return the points a cell says it is worth; a fault and 1 if it says none that could be given."""
    points = float(given) if NUMBER.fullmatch(str(given)) else 0.0
    if 0 < points <= 100:
        return points
    said = "这一格要评分，可是没有写分数" if given is None else f"分数 {given} 不能用"
    told.tell(line, said, "写 :points: 和一个大于 0、不超过 100 的数，例如 :points: 3")
    return 1.0


def _prose(text: str, line: int, told: Faulty) -> Iterator[Part]:
    """Cut a stretch of prose at each place where something is to be written."""
    lines, done = text.split("\n"), 0
    for token in parsed(text):
        asked = WRITTEN.fullmatch(token.info.strip()) if token.type == "fence" and token.map else None
        if not asked or not token.map:
            continue
        yield from _stretch(lines[done : token.map[0]], line + done)
        content = token.content.rstrip("\n").split("\n")
        given = POINTS.fullmatch(content[0].strip())
        points = _points(given and given["points"].strip(), line + token.map[0], told)
        hint = "\n".join(content[1:] if given else content).strip()
        yield Part("written", hint, line + token.map[0], asked["name"].strip(), points)
        done = token.map[1]
    yield from _stretch(lines[done:], line + done)


def _stretch(lines: list[str], line: int) -> Iterator[Part]:
    text = "\n".join(lines)
    if text.strip():
        skipped = len(text) - len(text.lstrip("\n"))
        yield Part("prose", text.strip("\n"), line + skipped)
