"""The folder behind a person's JupyterLab, and the copy of a gradebook that is put there for a trainer.

`config` is written by the house and read by their server; `work` is what they see; `home` is where their programs keep
settings. What lies in the last two is a person's doing: nothing is written through it, and no link in it is followed.
A new copy takes the place of the old one: what was written in it is gone, and none of it ever counts.
"""

import json
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from banyan.accounts.labs import lab_of
from banyan.domain.calendar import county_day
from banyan.domain.permission import Duty, subtrees
from banyan.errors import NotYetError
from banyan.records import audit
from banyan.records.labs import Purpose
from banyan.records.people import Person
from banyan.tracker.people import Me, people_under
from grading.bridge.copying import copy_course
from grading.bridge.gradebook import Course
from grading.confinement.folders import remove

OFF = "您的 JupyterLab 没有打开。要用，请您的管理员在您的人员页面上打开"
NOT_YOURS = "您不是这门课的老师，不能复制它的成绩册"
EMPTY = "这门课还没有人交过卷，成绩册是空的"


@dataclass(frozen=True)
class Copied:
    """Which course's gradebook lies in a room, and since when."""

    course: str
    at: datetime


UNUSED = {
    Purpose.GRADING: ("assignment-list", "course-list", "validate-assignment", "create-assignment"),
    Purpose.TASKS: ("formgrader", "course-list", "create-assignment"),
}
"""Of what nbgrader adds to JupyterLab, what somebody has no use for."""
ALWAYS_UNUSED = (
    "@voila-dashboards/jupyterlab-preview",
    "jupyterlab-jupytext",
    "@jupyterlab/extensionmanager-extension",
    "@jupyterlab/debugger-extension",  # it would open ports
    "@jupyterlab/lsp-extension",
    "@jupyterlab/fileeditor-extension:language-server",
    "@jupyterlab/notebook-extension:language-server",
    "@jupyterlab/apputils-extension:announcements",
)


@dataclass(frozen=True)
class Room:
    """One person's folder, named by their handle."""

    root: Path

    @property
    def work(self) -> Path:
        return self.root / "work"

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def config(self) -> Path:
        return self.root / "config"

    @property
    def gradebooks(self) -> Path:
        return self.work / "gradebooks"

    @property
    def copied(self) -> Copied | None:
        config = self.config / "nbgrader_config.py"
        there = config.exists() and self.gradebooks.is_dir() and not self.gradebooks.is_symlink()
        found = next(self.gradebooks.iterdir(), None) if there else None
        return Copied(found.name, datetime.fromtimestamp(config.stat().st_mtime, UTC)) if found else None

    @property
    def version(self) -> str:
        """Say which copy lies here: a server that was started on another must start again to see it."""
        config = self.config / "nbgrader_config.py"
        return str(config.stat().st_mtime_ns) if config.exists() else ""


def furnish(room: Room, purpose: Purpose) -> None:
    """Make what a person's server finds when it starts."""
    for each in (room.root, room.work, room.home, room.config):
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
    if purpose is not Purpose.GRADING:
        _clear(room)
    unused = [*ALWAYS_UNUSED, *(f"@jupyter/nbgrader:{each}" for each in UNUSED[purpose])]
    page = {"disabledExtensions": dict.fromkeys(unused, True)}
    (room.config / "migrated").touch()  # else Jupyter would look for a home of 2015 and write here that it did
    (room.config / "labconfig").mkdir(exist_ok=True)
    (room.config / "labconfig" / "page_config.json").write_text(json.dumps(page), encoding="utf-8")


def order_copy(session: Session, course: str, by: Me, now: datetime) -> frozenset[str]:
    """Write down that somebody takes a copy of a gradebook and return the handles of the learners who may be in it.

    NotYetError for whom JupyterLab is off, and for who does not teach the course.
    """
    mine = subtrees(by.actor, Duty.TRAINER, course)
    if not mine:
        raise NotYetError(NOT_YOURS)
    if not (lab := lab_of(session, by.person.staff_number, county_day(now))) or lab.purpose is not Purpose.GRADING:
        raise NotYetError(OFF)
    theirs = people_under(mine, county_day(now)).where(Person.id != by.person.id).with_only_columns(Person.handle)
    handles = frozenset(session.scalars(theirs))
    audit.append(session, now, by.person.staff_number, "lab.copy", course, learners=len(handles))
    return handles


def put_copy(room: Room, gradebook: Course, learners: frozenset[str]) -> None:
    """Put a copy of a gradebook where its person's server finds it, in place of any other; NotYetError if there is none."""
    if not gradebook.database.exists():
        raise NotYetError(EMPTY)
    furnish(room, Purpose.GRADING)
    fresh = room.root / "fresh" / gradebook.name
    shutil.rmtree(fresh.parent, ignore_errors=True)
    copy_course(gradebook, Course(fresh), learners)
    _clear(room)
    fresh.parent.rename(room.gradebooks)
    place = room.gradebooks / gradebook.name
    lines = ("c = get_config()", f"c.CourseDirectory.root = {str(place)!r}", f"c.CourseDirectory.course_id = {gradebook.name!r}")
    written = room.config / "nbgrader_config.py.new"
    written.write_text("\n".join((*lines, "")), encoding="utf-8")
    os.replace(written, room.config / "nbgrader_config.py")


def _clear(room: Room) -> None:
    (room.config / "nbgrader_config.py").unlink(missing_ok=True)
    if room.gradebooks.is_symlink() or room.gradebooks.is_file():
        room.gradebooks.unlink()  # a person's own doing: it leads anywhere, and is not followed
    remove(room.gradebooks)
