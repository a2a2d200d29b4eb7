"""`banyan courses`: checking what is taught, looking at it while it is written, and publishing it."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from banyan.cli.bank import show_changes, show_coverage
from banyan.cli.frame import at_home, engine_of, tell_ruled
from banyan.courseware.build import release_course
from banyan.courseware.course import course_folders
from banyan.courseware.proving import prove_courses
from banyan.errors import CourseError, HomeError
from banyan.keeping.content import renew_content
from banyan.records.engine import sessions, writing
from banyan.serve.ports import free_ports, is_taken
from banyan.settings import CONTENT, COURSES, Home, Settings
from banyan.tracker.publishing import Workshop, publish_all
from banyan.wiring import open_records

LOOPBACK, PREVIEW_PORT = "127.0.0.1", 8700


@click.group()
def courses() -> None:
    """课程。"""


@courses.command()
@click.option("--home", "path", envvar="BANYAN_HOME", type=click.Path(path_type=Path), help="数据目录；写了就和已发布的版本对照")
def check(path: Path | None) -> None:
    """检查课程文件，逐条列出要改的地方；练习、考试每道题都证明一遍，再找考试的答案有没有漏进发给学员的文件。"""
    faults = prove_courses(COURSES, CONTENT, Home.open(path).releases if path else None)
    if faults:
        raise CourseError(faults)
    click.echo("课程文件没有问题")


@courses.command()
@click.argument("course")
@click.option("--port", type=click.IntRange(1, 65535), help="预览用的端口；不写就用 8700，被占了就换一个")
def preview(course: str, port: int | None) -> None:
    """边写边看一门课：COURSE 是 courses/ 里的名字，或一个课程文件夹；存盘就换新，Ctrl-C 结束。"""
    folder = _folder(course)
    if port and is_taken(LOOPBACK, port):
        raise HomeError("端口 {port} 已经有程序在用；换一个，或去掉 --port", port=port)
    port = port or (free_ports(1)[0] if is_taken(LOOPBACK, PREVIEW_PORT) else PREVIEW_PORT)
    options = [folder.name, "--courses", str(folder.parent), "--port", str(port)]
    os.execv(sys.executable, [sys.executable, "-m", "banyan.lessons.preview", *options])  # noqa: S606 - no shell is the point


def _folder(course: str) -> Path:
    """Return the folder of a course that was named or pointed at."""
    known = [each.name for each in course_folders(COURSES)] if COURSES.is_dir() else []
    folder = COURSES / course if course in known else Path(course).absolute()
    if not folder.is_dir():
        words = "没有课程 {course}；现有 {known}，也可以写一个课程文件夹的路径"
        raise HomeError(words, course=course, known="、".join(known) or "无")
    return folder


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
    records = open_records(home, settings)
    with writing(records) as session:
        released = publish_all(session, Workshop(COURSES, CONTENT, home.releases), datetime.now(UTC))
    ruled = renew_content(home, records, CONTENT)
    for release in released:
        click.echo(f"课程 {release.title['zh']}，第 {release.number} 版")
    tell_ruled(ruled)


def build_all(home: Home) -> None:
    tell_ruled(renew_content(home, sessions(engine_of(home)), CONTENT))
    for folder in course_folders(COURSES):
        release = release_course(COURSES, folder.name, CONTENT, home.releases, datetime.now(UTC))
        click.echo(f"课程 {release.title['zh']}，第 {release.number} 版")


courses.add_command(show_coverage)
courses.add_command(show_changes)
