"""A question's name means one question for good: what earlier releases asked by it is what it must still be.

Attempts, practice and what was met go by the name. Wording, options and key may be mended: each release keeps its own text,
and the version tells them apart. Another type, or other indicators, is another question and takes another name.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from banyan.courseware.catalogue import numbers
from banyan.courseware.course import CourseFiles
from banyan.courseware.faults import Fault
from banyan.courseware.pools import Pool
from banyan.courseware.versions import meaning
from grading import questions

Known = dict[str, tuple[int, dict[str, Any]]]
"""Name → the newest release that has it, and the item as it keeps it."""


def reused_names(course: CourseFiles, releases: Path) -> Iterator[Fault]:
    """Yield each name that stood for another question in an earlier release."""
    for pool, file in ((course.practice, "practice.json"), (course.bank, "exam.json")):
        yield from _reused(pool, _known(releases, course.name, file))


def _known(releases: Path, course: str, file: str) -> Known:
    found: Known = {}
    for number in reversed(numbers(releases, course)):
        path = releases / course / str(number) / "private" / file
        data = json.loads(path.read_bytes())
        for name, item in data.get("items", data).items():
            found.setdefault(name, (number, item))
    return found


def _reused(pool: Pool, known: Known) -> Iterator[Fault]:
    for item, source, place in pool:
        if item.id not in known:
            continue
        number, before = known[item.id]
        (kind, shown), (old_kind, old_shown) = meaning(questions.dump(item)), meaning(before)
        if kind != old_kind:
            text = f'题 "{item.id}" 在第 {number} 版里是 {old_kind}，现在是 {kind}，已经是另一道题'
            yield source.fault((*place, "type"), text, "换一个新题名；旧题名的成绩和记录还要用")
        elif shown != old_shown:
            text = f'题 "{item.id}" 在第 {number} 版里考的是 {"、".join(sorted(old_shown))}，现在不同，已经是另一道题'
            yield source.fault((*place, "indicators"), text, "换一个新题名；旧题名的成绩和记录还要用")
