"""Notebook tasks: what a trainer writes becomes a notebook without its secrets, and every slip is told by its line."""

from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest

from banyan.courseware.build import build_course
from banyan.courseware.check import check_courses
from banyan.courseware.release import Release
from banyan.domain.calendar import COUNTY_TIME
from banyan.settings import HOUSE
from tests.courseware.conftest import NOW
from tests.courseware.sample import Sample

NAME = "count-them"
FILE = f"courses/x-1/assignments/{NAME}.md"
TASK = """\
---
title: {zh: 点名, en: Roll call}
summary: {zh: 算一算, en: Do the sums}
minutes: 20
due: 2027-01-31 18:00
---

# 点名

看一看名单。

```{code-cell} ipython3
:given: read
roll = open("roll.csv").read().split()
```

```{code-cell} ipython3
:answer: count
def count(roll):
    ### BEGIN SOLUTION
    return len(roll)
    ### END SOLUTION
```

```{code-cell} ipython3
:check: counts
:points: 4
assert count(["a"]) == 1
### BEGIN HIDDEN TESTS
assert count(["secret", "secret"]) == 2
### END HIDDEN TESTS
```

```{written} why
:points: 2.5
写一句话。
```
"""


@pytest.fixture
def with_task(sample: Sample) -> Sample:
    sample.change("courses/x-1/course.yaml", "lessons: [first]\n", f"lessons: [first]\nassignments: [{NAME}]\n")
    sample.add(f"assignments/{NAME}.md", TASK)
    sample.add(f"assignments/{NAME}/roll.csv", "甲\n乙\n")
    return sample


def faults(sample: Sample) -> list[str]:
    return check_courses(sample.courses, sample.content)


def built(sample: Sample) -> Release:
    return build_course(sample.courses, "x-1", sample.content, sample.root / "releases", NOW)


def graded(notebook: Any) -> dict[str, Any]:
    cells = [each.metadata.get("nbgrader", {}) for each in notebook.cells]
    return {each["grade_id"]: each.get("points") for each in cells if each}


def test_a_sound_task_has_no_fault_and_says_what_it_is(with_task: Sample) -> None:
    assert faults(with_task) == []

    task = built(with_task).task(NAME)
    assert (task.title.zh, task.minutes, task.points) == ("点名", 20, 6.5)
    assert task.due_at == datetime(2027, 1, 31, 18, tzinfo=COUNTY_TIME)
    assert [(each.name, each.points, each.written) for each in task.parts] == [("counts", 4.0, False), ("why", 2.5, True)]
    assert task.files == {"roll.csv": 8}


def test_what_a_learner_is_given_holds_no_solution_and_no_hidden_test(with_task: Sample) -> None:
    release = built(with_task)

    for path in release.path.rglob("*"):
        if path.is_file() and "private" not in path.relative_to(release.path).parts:
            text = path.read_text(encoding="utf-8")
            assert not [each for each in ("len(roll)", "secret", "BEGIN", "HIDDEN") if each in text], path
    given = nbformat.read(release.task_folder(NAME) / f"{NAME}.ipynb", as_version=4)
    source = nbformat.read(release.task_source(NAME), as_version=4)
    assert graded(given) == graded(source) == {"read": None, "count": None, "counts": 4.0, "why": 2.5}
    assert [each.source for each in given.cells if each.metadata.get("nbgrader", {}).get("grade_id") == "why"] == ["（在这里写）"]
    assert "写一句话。" in [each.source for each in given.cells]
    assert (release.task_folder(NAME) / "roll.csv").read_text(encoding="utf-8") == "甲\n乙\n"


def test_a_change_of_its_data_makes_another_release(with_task: Sample) -> None:
    first = built(with_task)
    with_task.add(f"assignments/{NAME}/roll.csv", "丙\n")
    assert (first.number, built(with_task).number) == (1, 2)


CASES = [
    ("title: {zh: 点名, en: Roll call}\n", "", ":2: 少了", "no title"),
    ("due: 2027-01-31 18:00", "due: 2027-02-31 18:00", ':5: "2027-02-31 18:00" 不是', "no such day"),
    ("minutes: 20", "minutes: 20\npoints: 3", ":5: 没有", "an unknown name in the header"),
    ("# 点名", "点名", ":1: 作业没有 “# ” 标题", "no heading"),
    (":points: 4\n", "", ":27: 这一格要评分，可是没有写分数", "no points"),
    (":points: 4", ":points: 0", ":28: 分数 0 不能用", "nothing to earn"),
    (":points: 4", ":points: -3", ":28: 分数 -3 不能用", "negative"),
    (":points: 2.5", ":points: 很多", ":34: 分数 很多 不能用", "no number"),
    (":answer: count", ":answer: read", ':19: 格子的名字 "read" 用了两次', "a name twice"),
    (":check: counts", ":check: 点数", ':28: 格子的名字 "点数" 不能用', "a name nbgrader cannot hold"),
    ("{written} why", "{written}", ':34: 格子的名字 "" 不能用', "a written part without a name"),
    (":check: counts", ":checks: counts", ":28: 这一格有认不得的选项 checks", "a misspelt option"),
    (":given: read", ":given: read\n:answer: read2", ":15: 这一格同时写了 given、answer", "two roles"),
    (":given: read", ":given: read\n:points: 3", ":15: 分数写在了不评分的格子里", "points where nothing is graded"),
    ("    ### END SOLUTION\n", "", ":19: 这一格的 ### BEGIN SOLUTION 没有结尾", "a solution without an end"),
    ("### BEGIN HIDDEN TESTS", "### BEGIN HIDDEN TEST", ":31: “### END HIDDEN TESTS”没有和前面的配成一对", "a misspelt mark"),
    ("### BEGIN HIDDEN TESTS", "## begin hidden tests", ":29: “## begin hidden tests”写在这里不起作用", "small letters"),
    ("看一看名单。", "### BEGIN SOLUTION", ":10: “### BEGIN SOLUTION”写在这里不起作用", "a mark in prose"),
    ('open("roll.csv")', 'open("roll.csv"', ":14: 这段 Python 代码有语法错误", "broken code"),
    ("    return len(roll)", "    import numpy\n    return len(roll)", ':21: 代码用了 "numpy"；只能用标准库', "numpy"),
    ("    ### BEGIN SOLUTION\n    return len(roll)\n    ### END SOLUTION\n", "    return 1\n", ":19: 这一格没有写参考", "none"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "told"), [pytest.param(*each[:3], id=each[3]) for each in CASES])
def test_a_slip_is_told_by_its_line(with_task: Sample, old: str, new: str, told: str) -> None:
    with_task.change(f"assignments/{NAME}.md", old, new)
    found = faults(with_task)
    assert any(each.startswith(FILE + told) for each in found), found
    assert all("；" in each for each in found), "each says what to do"


def test_the_header_needs_its_marks(with_task: Sample) -> None:
    with_task.change(f"assignments/{NAME}.md", "---\ntitle", "title")
    assert any("title、summary 和 minutes" in each for each in faults(with_task))


def test_what_is_not_listed_or_not_there_is_told(with_task: Sample) -> None:
    with_task.add("assignments/other.md", TASK)
    with_task.add("assignments/stray/roll.csv", "x")
    with_task.change("courses/x-1/course.yaml", f"[{NAME}]", f"[{NAME}, gone]")
    found = "\n".join(faults(with_task))
    assert "assignments/other.md:1: 这篇作业没有列在 course.yaml 的 assignments 里" in found
    assert "assignments/stray:1: 这里不放这种文件，也没有同名的作业" in found
    assert '作业 "gone" 没有文件 assignments/gone.md' in found


def test_data_that_cannot_be_handed_out_is_told(with_task: Sample, tmp_path: Path) -> None:
    folder = with_task.courses / "x-1" / "assignments" / NAME
    (folder / "link.csv").symlink_to("/etc/hostname")
    (folder / "deep").mkdir()
    (folder / "a:b.csv").write_text("x")
    (folder / f"{NAME}.ipynb").write_text("x")
    (folder / "big.csv").write_bytes(bytes(2_000_001))
    (folder / "more.csv").write_bytes(bytes(2_000_000))
    (folder / "most.csv").write_bytes(bytes(2_000_000))
    found = "\n".join(faults(with_task))
    for each in ("link.csv:1: 数据文件夹里只能放", "deep:1: 数据文件夹里只能放", 'a:b.csv:1: 数据文件不能叫 "a:b.csv"'):
        assert f"{FILE[:-3]}/{each}" in found
    assert f"{NAME}.ipynb:1: 数据文件不能叫" in found
    assert f"{FILE[:-3]}/big.csv:1: 数据文件超过 2 MB" in found
    assert f"{FILE[:-3]}:1: 数据文件合起来超过 5 MB" in found


def test_a_task_needs_a_name_the_gradebook_takes(with_task: Sample) -> None:
    folder = with_task.courses / "x-1" / "assignments"
    (folder / f"{NAME}.md").rename(folder / "Count_them.md")
    with_task.change("courses/x-1/course.yaml", NAME, "Count_them")
    assert any('作业不能叫 "Count_them"' in each for each in faults(with_task))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("return len(roll)", "return len(roll) + 1", id="a wrong solution"),
        pytest.param('["secret", "secret"]) == 2', '["secret", "secret"]) == 3', id="a wrong hidden test"),
    ],
)
def test_a_solution_that_fails_its_own_checks_is_told(with_task: Sample, old: str, new: str) -> None:
    with_task.change(f"assignments/{NAME}.md", old, new)
    found = faults(with_task)
    assert len(found) == 1
    assert found[0].startswith(f"{FILE}:"), found


def test_a_failed_trial_is_told_at_its_check(with_task: Sample) -> None:
    with_task.change(f"assignments/{NAME}.md", "return len(roll)", "return 1")
    assert faults(with_task)[0].startswith(f"{FILE}:28: 题格 counts 用参考答案只得 0 分（满分 4）：AssertionError")


def test_the_worked_example_is_a_sound_task(tmp_path: Path) -> None:
    release = build_course(HOUSE / "content" / "examples", "lesson-parts", HOUSE / "content", tmp_path, NOW)
    (task,) = release.tasks
    assert (task.name, task.points, len(task.files)) == ("who-is-missing", 10.0, 1)
