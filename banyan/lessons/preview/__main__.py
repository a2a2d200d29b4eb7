"""What `banyan courses preview` becomes: one course served for its author until Ctrl-C."""

import logging
import signal
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click

from banyan.lessons.ahead import LESSONS
from banyan.lessons.app import initialized
from banyan.lessons.preview.app import Preview
from banyan.lessons.preview.throwaway import throwaway_home
from banyan.lessons.preview.workshop import Source, Workshop
from banyan.settings import CONTENT

LOOPBACK = "127.0.0.1"


def say(workshop: Workshop) -> None:
    """Tell the terminal how the files stand."""
    at = f"{datetime.now():%H:%M:%S}"
    if workshop.faults:
        click.echo(f"{at} 课程文件有 {len(workshop.faults)} 处要改：\n" + "\n".join(workshop.faults))
    elif workshop.release:
        click.echo(f"{at} 没有问题，页面已换新（第 {workshop.release.number} 版）")


def serve(source: Source, port: int) -> None:
    """Serve a course until Ctrl-C, or until the terminal is closed, and leave nothing behind."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="banyan-preview-") as folder:
        home = throwaway_home(Path(folder) / "home", datetime.now(UTC))
        workshop = Workshop(source, home.releases, tell=say)
        workshop.build()
        with initialized(Preview, home, f"http://{LOOPBACK}:{port}", LESSONS) as app:
            assert isinstance(app, Preview)
            app.workshop, app.log_level = workshop, logging.ERROR
            logging.getLogger("tornado.access").setLevel(logging.ERROR)  # the terminal is for what an author mends
            click.echo(f"预览已就绪：http://{LOOPBACK}:{port}/    按 Ctrl-C 结束")
            app.start()
        click.echo("预览结束，什么也没有留下")


@click.command()
@click.argument("course")
@click.option("--courses", required=True, type=click.Path(path_type=Path))
@click.option("--port", required=True, type=int)
def main(course: str, courses: Path, port: int) -> None:
    """Serve a course of a folder of courses; what courses share lies beside that folder, or is the checkout's."""
    beside = courses.parent / "content"
    try:
        serve(Source(courses, course, beside if beside.is_dir() else CONTENT), port)
    except KeyboardInterrupt:
        sys.exit(130)  # ended before it was ready


if __name__ == "__main__":
    main()
