"""`banyan courses coverage` and `changes`: what an author asks of a course's questions."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import click

from banyan.cli.frame import at_home
from banyan.courseware.catalogue import Catalogue, numbers
from banyan.courseware.content import open_framework
from banyan.courseware.course import course_folders, read_course
from banyan.courseware.coverage import LEVELS, CoverageRow, Thin, coverage
from banyan.courseware.faults import Faults, told
from banyan.courseware.versions import Bank, Change, changes
from banyan.domain.framework import Framework
from banyan.errors import CourseError, HomeError
from banyan.records.engine import reading
from banyan.settings import CONTENT, COURSES, Home, Settings
from banyan.tracker.exposure import Asked, Tally, exposure
from banyan.wiring import open_records
from grading.questions import case

HEAD = ("指标", "练习", "考试", "易", "中", "难", "未定", "题位", "哪里薄", "做得到什么")
ASKED = ("题名", "版本", "抽到", "得分率", "分得开", "题干")
WHY = {Thin.UNPRACTISED: "没有练习", Thin.UNASKED: "考试不考", Thin.FEW: "题少"}
PARTS = {
    "type": "题型", "stem": "题干", "title": "标题", "options": "选项", "items": "各项", "key": "答案",
    "accept": "认可的写法", "feedback": "讲解", "why": "道理", "hard_fail": "不能错的", "indicators": "指标",
    "facts": "依据", "own": "根据", "injects": "情景", "gaps": "空", "text": "文字", "regions": "图上的地方",
    "picture": "图", "elements": "六样", "rubric": "评分行",
}  # fmt: skip
HOW = {"new": "新的", "gone": "没有了", "changed": "改了"}
STEM = 30


@click.command("coverage")
@click.argument("course")
@click.option("--home", "path", envvar="BANYAN_HOME", type=click.Path(path_type=Path), help="数据目录；写了就列出考过几次")
def show_coverage(course: str, path: Path | None) -> None:
    """题够不够：COURSE 每个指标有几道练习、几道考题，哪里薄。"""
    if course not in [each.name for each in course_folders(COURSES)]:
        raise HomeError("courses/ 里没有课程 {course}", course=course)
    faults: Faults = []
    files = read_course(COURSES / course, COURSES, faults)
    if faults or files.exam is None or files.manifest is None:
        raise CourseError(told(faults))
    framework, bank = open_framework(CONTENT), files.bank.items | files.cases.items
    shown = [each.code for code in files.manifest.teaches for each in framework.competency(code).indicators]
    rows = coverage(files.exam, bank, files.practice.items, shown)
    click.echo(_table(HEAD, [_row(each, framework) for each in rows]))
    if path is not None:
        home = Home.open(path)
        with reading(open_records(home, Settings.of(home))) as session:
            found = exposure(session, course)
        stems = {name: item.title if isinstance(item, case.Item) else item.stem for name, item in bank.items()}
        click.echo("\n" + _table(ASKED, _exposed(found, stems)))


def _row(row: CoverageRow, framework: Framework) -> list[str]:
    counts = (len(row.practice), len(row.exam), *(row.of(each) for each in (*LEVELS, "")), row.possible)
    return [row.indicator, *map(str, counts), "、".join(WHY[each] for each in row.thin) or "-", _plain(framework, row.indicator)]


def _plain(framework: Framework, code: str) -> str:
    competency = framework.competency(code.rpartition(".")[0])
    return next(each.plain["zh"] for each in competency.indicators if each.code == code)


def _exposed(found: Mapping[Asked, Tally], stems: Mapping[str, str]) -> list[list[str]]:
    """Return a line for each text that was asked, then for each question that never was."""
    lines = []
    for (name, version), tally in sorted(found.items(), key=lambda each: (-each[1].met, each[0])):
        went = [_percent(tally.facility), _sign(tally.discrimination)]
        lines.append([name, version[:8] or "-", str(tally.met), *went, stems.get(name, "")[:STEM]])
    met = {name for name, _ in found}
    return lines + [[name, "-", "0", "-", "-", stem[:STEM]] for name, stem in stems.items() if name not in met]


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"


def _sign(value: float | None) -> str:
    return "-" if value is None else f"{value:+.2f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return lines whose columns stand below each other, a Chinese character being as wide as two letters."""
    lines = [head, *rows]
    widths = [max(_width(line[place]) for line in lines) for place in range(len(head))]
    padded = ([text + " " * (width - _width(text)) for text, width in zip(line, widths, strict=True)] for line in lines)
    return "\n".join("  ".join(line).rstrip() for line in padded)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


@click.command("changes")
@at_home
@click.argument("course")
@click.argument("old", type=int, required=False)
@click.argument("new", type=int, required=False)
def show_changes(path: Path, course: str, old: int | None, new: int | None) -> None:
    """两版之间改了哪些题：COURSE 是课程名，OLD 和 NEW 是版本号；不写就是最新一版和它前一版。"""
    home = Home.open(path)
    found = numbers(home.releases, course)
    new = new or (found[-1] if found else 0)
    old = old or max((each for each in found if each < new), default=0)
    if not old:
        raise HomeError("课程 {course} 还没有两个版本可以对照", course=course)
    catalogue = Catalogue(home.releases)
    before, after = catalogue.open(course, old), catalogue.open(course, new)
    lines = [*_changed("练习", before.practice, after.practice), *_changed("考试", before.exam.items, after.exam.items)]
    click.echo("\n".join([f"{course}：第 {old} 版 → 第 {new} 版", *(lines or ["题目没有变化"])]))


def _changed(pool: str, old: Bank, new: Bank) -> list[str]:
    return [f"{pool}　{HOW[each.how]}　{each.name}{_parts(each)}" for each in changes(old, new)]


def _parts(change: Change) -> str:
    return f"（{'、'.join(PARTS.get(each, each) for each in change.parts)}）" if change.parts else ""
