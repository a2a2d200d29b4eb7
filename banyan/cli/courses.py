"""`banyan courses`: checking what is taught, and publishing it."""

from datetime import UTC, datetime
from pathlib import Path

import click

from banyan.cli.frame import at_home
from banyan.courseware.build import build_course
from banyan.courseware.check import check_courses
from banyan.courseware.course import course_folders
from banyan.errors import CourseError
from banyan.records.engine import writing
from banyan.settings import CONTENT, COURSES, Home, Settings
from banyan.tracker.publishing import Workshop, publish_all
from banyan.wiring import load_content, open_records


@click.group()
def courses() -> None:
    """课程。"""


@courses.command()
def check() -> None:
    """检查课程文件，逐条列出要改的地方。"""
    faults = check_courses(COURSES, CONTENT)
    if faults:
        raise CourseError(faults)
    click.echo("课程文件没有问题")


@courses.command()
@at_home
def build(path: Path) -> None:
    """把课程和能力框架发布到数据目录；没有改动的不重复发布，本县设置没填齐的不发布。"""
    home = Home.open(path)
    settings = Settings.of(home)
    if settings.demo:
        build_all(home)
    else:
        _publish(home, settings)


def _publish(home: Home, settings: Settings) -> None:
    """Publish as the county's administrator would: not while the county has left empty what a course needs."""
    with writing(open_records(home, settings)) as session:
        released = publish_all(session, Workshop(COURSES, CONTENT, home.releases), datetime.now(UTC))
    load_content(home, CONTENT)
    for release in released:
        click.echo(f"课程 {release.title['zh']}，第 {release.number} 版")


def build_all(home: Home) -> None:
    load_content(home, CONTENT)
    for folder in course_folders(COURSES):
        release = build_course(COURSES, folder.name, CONTENT, home.releases, datetime.now(UTC))
        click.echo(f"课程 {release.title['zh']}，第 {release.number} 版")
