"""Whether a notebook task can be handed out and graded: its cells named and worth something, what is secret marked as such.

What an unbalanced mark would leave in the learner's copy is the solution itself, so a mark out of place is a fault.
That the solution passes its own checks is tried elsewhere (banyan.courseware.task_trial): it takes a kernel.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from banyan.courseware.cell import code_remarks
from banyan.courseware.faults import Fault
from banyan.courseware.lesson import parsed
from banyan.courseware.task import Part, Task
from grading.bridge.received import MOST_FILES, PLAIN_NAME, TIMESTAMP
from grading.bridge.task import TASK_NAME
from grading.bundle import HEAVIEST

GRADE_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
HEAVIEST_FILE, HEAVIEST_DATA = 2_000_000, HEAVIEST // 2
"""Bytes of one data file, and of a task's together: a learner hands in what they were given and their own beside it."""
MARKS = {
    "answer": ("### BEGIN SOLUTION", "### END SOLUTION"),
    "check": ("### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"),
}
MARK = re.compile(r"#+\s*(BEGIN|END)\s+(SOLUTION|HIDDEN TESTS|MARK SCHEME)", re.IGNORECASE)
STANDARD = frozenset(sys.stdlib_module_names)


def task_faults(task: Task) -> Iterator[Fault]:
    if not TASK_NAME.fullmatch(task.name):
        yield Fault(task.file, 1, f'作业不能叫 "{task.name}"', "文件名只用小写字母、数字和 -，最多 40 个")
    if not any(each.graded for each in task.parts):
        yield Fault(task.file, 1, "这份作业没有一格评分", "加一格 :check: 和 :points:，或一处 {written}")
    yield from _titles(task)
    yield from _names(task)
    for part in task.parts:
        yield from (Fault(task.file, part.line + line, *said) for line, *said in _marks(part))
        if part.role not in ("prose", "written"):
            for line, fault, remedy in code_remarks(part.text, STANDARD, frozenset()):
                yield Fault(task.file, part.line + line - 1, fault, remedy)
    yield from _data(task)


def _titles(task: Task) -> Iterator[Fault]:
    prose = [each for each in task.parts if each.role == "prose"]
    if not any(token.type == "heading_open" and token.tag == "h1" for each in prose for token in parsed(each.text)):
        yield Fault(task.file, 1, "作业没有 “# ” 标题", "表头后面写一行 # 标题")


def _names(task: Task) -> Iterator[Fault]:
    seen: set[str] = set()
    for part in (each for each in task.parts if each.role not in ("prose", "code")):
        if not GRADE_ID.fullmatch(part.name):
            yield Fault(task.file, part.line, f'格子的名字 "{part.name}" 不能用', "字母开头，只用字母、数字、- 和 _，最多 40 个")
        elif part.name in seen:
            yield Fault(task.file, part.line, f'格子的名字 "{part.name}" 用了两次', "换一个；成绩册按这个名字记分")
        seen.add(part.name)


def _marks(part: Part) -> Iterator[tuple[int, str, str]]:
    """Yield each mark that does not do what it seems to: a cell's own pair, in turn, each alone on its line, is right."""
    own = MARKS.get(part.role, ("", ""))
    waits = 0
    for number, line in enumerate(part.text.split("\n")):
        if not MARK.search(line):
            continue
        if line.strip() not in own:
            where = "、".join(f"{pair[0]} 只能写在 :{role}: 的格子里" for role, pair in MARKS.items())
            yield number, f"“{line.strip()}”写在这里不起作用，学员会看见后面的内容", f"照样写、独占一行；{where}"
        elif line.strip() != own[waits]:
            yield number, f"“{line.strip()}”没有和前面的配成一对", f"先 {own[0]}，后 {own[1]}"
        else:
            waits = 1 - waits
    if waits:
        yield 0, f"这一格的 {own[0]} 没有结尾", f"补上 {own[1]}"
    if part.role == "answer" and own[0] not in part.text:
        yield 0, "这一格没有写参考解法", f"把解法写在 {own[0]} 和 {own[1]} 之间，发给学员时会自动去掉"


def _data(task: Task) -> Iterator[Fault]:
    folder = task.file.removesuffix(".md")
    sound = [each for each in task.data if each.is_file() and not each.is_symlink()]
    for path in task.data:
        yield from _file(path, f"{folder}/{path.name}")
    if len(task.data) > MOST_FILES // 2:
        yield Fault(folder, 1, f"数据文件有 {len(task.data)} 个，太多了", f"最多 {MOST_FILES // 2} 个")
    if sum(each.stat().st_size for each in sound) > HEAVIEST_DATA:
        yield Fault(folder, 1, f"数据文件合起来超过 {HEAVIEST_DATA / 1e6:g} MB", "删小一些")


def _file(path: Path, file: str) -> Iterator[Fault]:
    if path.is_symlink() or not path.is_file():
        yield Fault(file, 1, "数据文件夹里只能放普通文件", "删掉文件夹和链接，把文件直接放在这里")
    elif not PLAIN_NAME.fullmatch(path.name) or path.name.endswith(".ipynb") or path.name == TIMESTAMP:
        yield Fault(file, 1, f'数据文件不能叫 "{path.name}"', "只用文字、数字、空格和 . + -，不用 .ipynb 结尾")
    elif path.stat().st_size > HEAVIEST_FILE:
        yield Fault(file, 1, f"数据文件超过 {HEAVIEST_FILE / 1e6:g} MB", "删小一些")
