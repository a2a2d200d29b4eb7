"""A county whose course has a notebook task, its gradebook made once, and the verbs as portal and grader call them."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import nbformat
import pytest
from sqlalchemy import func, select

from banyan.courseware.build import build_course
from banyan.courseware.catalogue import Catalogue
from banyan.domain.task import TaskState
from banyan.records import audit
from banyan.records.bundles import Bundles
from banyan.records.engine import Sessions, reading, writing
from banyan.records.tasks import TaskSubmission
from banyan.tracker.grade_task import TaskRoom, ensure, grade_task
from banyan.tracker.mark_task import Marked, PartMark, mark_task, sheet
from banyan.tracker.people import Me, find_me
from banyan.tracker.tasks import hand_in, keep, look_through, offer
from grading.bridge.gradebook import Course
from grading.bridge.task import Task
from tests.county import NOW, TODAY, County, places
from tests.house import ROOT

COURSE, TASK = "lesson-parts", "who-is-missing"
SOLVED = {
    "missing-people": "def missing_people(roll):\n    return sum(each[1] - each[2] for each in roll)",
    "first-door": "def first_door(roll):\n    return max(roll, key=lambda each: each[1] - each[2])[0]",
    "the-report": "应到14人，已到10人；第二户差1人，第四户差3人，原因待核。",
}
HALF = SOLVED | {"first-door": "def first_door(roll):\n    return roll[0][0]"}


@dataclass(frozen=True)
class Workroom:
    """A county whose course has a notebook task: who learns, who teaches them, who teaches elsewhere."""

    make: Sessions
    room: TaskRoom
    learner: Me
    neighbour: Me
    trainer: Me
    stranger: Me

    def filled(self, answers: dict[str, str]) -> dict[str, bytes]:
        """Return the task's files as a learner hands them in, with their answers in the notebook."""
        release = self.room.catalogue.newest(COURSE)
        files = {path.name: path.read_bytes() for path in release.task_folder(TASK).iterdir()}
        notebook = nbformat.reads(files[f"{TASK}.ipynb"].decode(), as_version=4)
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
            cell.source = answers.get(name, cell.source)
        return files | {f"{TASK}.ipynb": nbformat.writes(notebook).encode()}

    def hand_in(self, answers: dict[str, str], me: Me | None = None, now: datetime = NOW) -> int:
        me, files = me or self.learner, self.filled(answers)
        with reading(self.make) as session:
            wanted = offer(session, me, self.room.catalogue, COURSE, TASK)
        look_through(wanted, files)
        kept = keep(self.room.bundles, files)
        with writing(self.make) as session:
            return hand_in(session, me, wanted, kept, now).id

    def grade(self, work: int) -> TaskState | None:
        return grade_task(self.make, work, self.room, NOW)

    def row(self, work: int) -> TaskSubmission:
        with reading(self.make) as session:
            return session.get_one(TaskSubmission, work)

    def mark(self, work: int, points: float, comment: str = "", by: Me | None = None) -> None:
        by = by or self.trainer
        with reading(self.make) as session:
            asked = sheet(session, work, by, self.room, TODAY)
        mark_task(self.make, Marked(asked, {"the-report": PartMark(points, comment)}), by, self.room, NOW)

    def audited(self, action: str, work: int) -> int:
        with reading(self.make) as session:
            query = select(func.count()).select_from(audit.AuditRow).filter_by(action=action, subject=f"task:{work}")
            return session.scalar(query) or 0


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("task-releases")
    build_course(ROOT / "content" / "examples", COURSE, ROOT / "content", folder, NOW)
    return folder


@pytest.fixture(scope="session")
def made(releases: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Gradebooks with the task's assignment made, to be copied: making it takes seconds."""
    gradebooks = tmp_path_factory.mktemp("task-gradebooks")
    ensure(Course(gradebooks / COURSE), Catalogue(releases).newest(COURSE), Task(TASK, 1))
    return gradebooks


def open_workroom(make: Sessions, catalogue: Catalogue, gradebooks: Path) -> Workroom:
    room = TaskRoom(catalogue, gradebooks, Bundles(gradebooks.parent / "works"))
    with writing(make) as session:
        county = County(session)
        at = places(county)
        people = {
            "learner": county.person("陈晓明", at.xikou_1),
            "neighbour": county.person("林秀英", at.xikou_2),
            "trainer": county.person("黄老师", at.qingshi),
            "stranger": county.person("周老师", at.yunxi),
        }
        county.trust(people["trainer"], "trainer", at.qingshi, COURSE)
        county.trust(people["stranger"], "trainer", at.yunxi, COURSE)
        everybody = {name: find_me(session, person.staff_number, TODAY) for name, person in people.items()}
    return Workroom(make, room, **everybody)
