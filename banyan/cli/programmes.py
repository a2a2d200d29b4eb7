"""`banyan programmes`: whether what a certificate asks for can be learnt, shown and finished in its hours."""

import click

from banyan.courseware.check import check_courses
from banyan.courseware.content import foundation, open_content
from banyan.courseware.course import course_folders, read_course
from banyan.courseware.programme_check import lacking, measured
from banyan.courseware.workload import Workload
from banyan.errors import CourseError
from banyan.settings import CONTENT, COURSES


@click.group()
def programmes() -> None:
    """培训项目。"""


@programmes.command("check")
def check_programmes() -> None:
    """证明每个课程齐备的项目教得全、考得到、够得着，并在写明的学时里学得完；学时从课文、演练和考试量出来。"""
    faults = check_courses(COURSES, CONTENT)
    if faults:
        raise CourseError(faults)
    shipped = {each.name: read_course(each, COURSES, []) for each in course_folders(COURSES)}
    content = open_content(CONTENT)
    stated = [programme for _, programme in content.programmes]
    for programme in stated:
        missing = lacking(programme, stated, shipped)
        if missing:
            click.echo(f"{programme.code}  {programme.title.zh}：准备中，还没有 {'、'.join(missing)}")
        else:
            new = [each for each in programme.courses if each not in foundation(programme, stated)]
            told = _told(measured(shipped[each] for each in new), programme.hours_max)
            click.echo(f"{programme.code}  {programme.title.zh}：齐备，{len(programme.targets)} 项能力都够得着，{told}")


def _told(found: Workload, most: float) -> str:
    parts = f"线上 {found.online:.0f} 分、现场 {found.practical:.0f} 分、考试 {found.exam:.0f} 分"
    return f"量下来 {found.hours:.1f} 学时（{parts}），不超过 {most:g} 学时"
