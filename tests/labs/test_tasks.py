"""A notebook task done in a shut-in JupyterLab: one link, nbgrader's own panel, the portal, the grader."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime

import nbformat
import pytest
from sqlalchemy import select

from banyan.courseware.build import build_course
from banyan.domain.task import TaskState
from banyan.records.engine import open_engine, reading, sessions, writing
from banyan.records.organisation import Unit
from banyan.records.people import Appointment, Person
from banyan.records.tasks import TaskSubmission
from banyan.settings import CONTENT, COURSES, Home
from banyan.wiring import load_content
from tests.county import COURSE as SHIPPED
from tests.labs.house import LEARNER, LabHouse, open_house, xsrf
from tests.tracker.workroom import COURSE, SOLVED, TASK

pytestmark = pytest.mark.served


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabHouse]:
    with open_house(tmp_path_factory.mktemp("school"), "portal", "grader", prepare=publish) as house:
        yield house


def publish(home: Home) -> None:
    """Publish a course with a task, and give everybody a post, so that they are somewhere."""
    load_content(home, CONTENT)
    for courses, name in ((CONTENT / "examples", COURSE), (COURSES, SHIPPED)):
        build_course(courses, name, CONTENT, home.releases, datetime.now(UTC))
    with writing(sessions(open_engine(home.records_url))) as session:
        unit = session.scalars(select(Unit)).one()
        for person in session.scalars(select(Person)):
            person.must_change_password = False
            session.add(Appointment(person_id=person.id, unit_id=unit.id, role="GS", post="网格员", starts_on=date(2026, 1, 1)))


def test_one_link_opens_a_task_and_nbgraders_panel_hands_it_in_to_be_graded(school: LabHouse) -> None:
    browser = school.signed_in(LEARNER)
    page = browser.get(f"/hub/user-redirect/banyan/task/{COURSE}/{TASK}", follow_redirects=True)
    until = time.monotonic() + 90
    while not page.url.path.startswith(f"/user/{LEARNER}/lab") and time.monotonic() < until:
        time.sleep(0.3)
        page = browser.get(page.url, follow_redirects=True)
    assert page.url.path == f"/user/{LEARNER}/lab/tree/{COURSE}/{TASK}/{TASK}.ipynb"

    path = school.room(LEARNER) / "work" / COURSE / TASK / f"{TASK}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source = SOLVED.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""), cell.source)
    nbformat.write(notebook, path)
    sent = browser.post(
        f"/user/{LEARNER}/assignments/submit",
        data={"course_id": COURSE, "assignment_id": TASK},
        headers={"X-XSRFToken": xsrf(browser, LEARNER)},
    )
    assert sent.json()["success"], sent.text
    assert [each["status"] for each in sent.json()["value"]] == ["fetched", "submitted"]
    assert graded(school.home) == (TaskState.UNMARKED, 7.0)


def graded(home: Home, seconds: float = 60) -> tuple[str, float | None]:
    make, until = sessions(open_engine(home.records_url)), time.monotonic() + seconds
    while time.monotonic() < until:
        with reading(make) as session:
            row = session.scalars(select(TaskSubmission)).one()
        if row.state != TaskState.SUBMITTED:
            return row.state, row.score
        time.sleep(0.2)
    raise AssertionError(row.fault)
