"""Our exchange, by nbgrader's own commands against a real portal: the house's tasks, a trainer's, and what is refused."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import nbformat
import pytest
from nbformat.v4 import new_notebook
from nbgrader.tests import run_nbgrader
from sqlalchemy import delete

from banyan.domain.task import TaskState
from banyan.portal.house import utc_now
from banyan.records.engine import writing
from banyan.records.tasks import HandOut, TaskSubmission
from banyan.serve.ports import free_ports
from banyan.settings import HOUSE
from banyan.tracker.grade_task import grade_task
from banyan.tracker.mark_task import Marked, PartMark, mark_task, sheet
from banyan.tracker.task_desk import release_feedback
from grading.exchange.base import stamp
from tests.grading.exchange.portal import EXAMPLES, Portal, portal
from tests.tracker.workroom import SOLVED, TASK

COURSE = "x-1-reporter"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with portal(tmp_path_factory.mktemp("portal")) as opened:
        opened.trust([EXAMPLES])
        yield opened


@dataclass
class Desk:
    """A folder in which somebody runs nbgrader, as themselves or as the trainer; `works` is where tasks lie."""

    house: Portal
    works: Path
    monkeypatch: pytest.MonkeyPatch

    def run(self, *command: str, trainer: bool = False, refused: bool = False, course: str = COURSE) -> str:
        token = self.house.trainer if trainer else self.house.learner
        self.monkeypatch.setenv("JUPYTERHUB_API_TOKEN", token)
        surroundings = os.environ
        try:
            return run_nbgrader([*command, "--course", course], retcode=int(refused))
        finally:
            os.environ = surroundings  # noqa: B003 -- nbgrader leaves a copy there, whose changes monkeypatch does not undo

    def write(self, path: str, content: bytes) -> None:
        place = self.works / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)

    def hand_out(self, task: str = "extra") -> None:
        self.write(f"release/{task}/p1.ipynb", nbformat.writes(new_notebook()).encode())
        self.run("release_assignment", task, trainer=True)

    def submitted(self) -> list[str]:
        """Return when something was handed in, the first first, as nbgrader writes moments."""
        with writing(self.house.make) as session:
            rows = session.query(TaskSubmission).order_by(TaskSubmission.id)
            return [stamp(row.submitted_at.isoformat()) for row in rows]

    def page_on(self, moment: str, student: str, text: str = "做得好", task: str = "extra") -> None:
        """Put a page where the trainer's own nbgrader would make it."""
        self.write(f"feedback/{student}/{task}/p1.html", text.encode())
        self.write(f"feedback/{student}/{task}/timestamp.txt", moment.encode())


@pytest.fixture
def desk(house: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    with writing(house.make) as session:
        session.execute(delete(TaskSubmission))
        session.execute(delete(HandOut))
    works = tmp_path / "works"
    works.mkdir()
    monkeypatch.chdir(works)
    config = tmp_path / "config"
    config.mkdir()
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(HOUSE / "hub_config"))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(config))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("BANYAN_PORTAL_URL", house.url)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    return Desk(house, works, monkeypatch)


def solve(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source = SOLVED.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""), cell.source)
    nbformat.write(notebook, path)


def test_a_task_of_the_house_goes_from_its_release_to_the_feedback(desk: Desk) -> None:
    house, place = desk.house, desk.works / EXAMPLES / TASK
    assert f"{EXAMPLES} {TASK}\n" in desk.run("list", course=EXAMPLES)
    desk.run("fetch_assignment", TASK, course=EXAMPLES)
    assert sorted(path.name for path in place.iterdir()) == ["roll.csv", f"{TASK}.ipynb"]
    solve(place / f"{TASK}.ipynb")
    desk.run("submit", TASK, course=EXAMPLES)

    with writing(house.make) as session:
        (work,) = [row.id for row in session.query(TaskSubmission)]
    assert grade_task(house.make, work, house.room, utc_now()) is TaskState.UNMARKED
    trainer, today = house.me(house.trainer), utc_now().date()
    with writing(house.make) as session:
        asked = sheet(session, work, trainer, house.room, today)
    mark_task(house.make, Marked(asked, {"the-report": PartMark(3, "数对了")}), trainer, house.room, utc_now())
    assert "(no feedback available)" in desk.run("list", "--cached", course=EXAMPLES)
    with writing(house.make) as session:
        assert release_feedback(session, trainer, EXAMPLES, TASK, utc_now()) == 1
    assert "(feedback ready to be fetched)" in desk.run("list", "--cached", course=EXAMPLES)
    desk.run("fetch_feedback", TASK, course=EXAMPLES)
    (page,) = place.glob("feedback/*/*.html")
    assert "数对了" in page.read_text(encoding="utf-8")
    assert "(feedback already fetched)" in desk.run("list", "--cached", course=EXAMPLES)


def test_a_trainers_feedback_goes_to_whom_it_is_about(desk: Desk) -> None:
    desk.hand_out()
    desk.run("fetch_assignment", "extra")
    desk.run("submit", "extra")
    student, (moment,) = desk.house.me(desk.house.learner).person.handle, desk.submitted()
    desk.run("collect", "extra", trainer=True)
    assert (desk.works / "submitted" / student / "extra" / "timestamp.txt").read_text() == moment

    desk.page_on(moment, student)
    for left in (("--student", "somebody"), (f"--CourseDirectory.student_id_exclude={student},x",)):
        desk.run("release_feedback", "extra", *left, trainer=True)
        assert "(no feedback available)" in desk.run("list", "extra", "--inbound", trainer=True)
    desk.run("release_feedback", "extra", trainer=True)
    assert "(feedback ready to be fetched)" in desk.run("list", "extra", "--inbound", trainer=True)
    desk.run("fetch_feedback", "extra")
    assert (desk.works / COURSE / "extra" / "feedback" / moment / "p1.html").read_text(encoding="utf-8") == "做得好"


def test_a_list_says_where_feedback_stands_and_when_it_changed(desk: Desk) -> None:
    desk.hand_out()
    desk.run("fetch_assignment", "extra")
    desk.run("submit", "extra")
    desk.run("submit", "extra")
    student = desk.house.me(desk.house.learner).person.handle
    first, second = desk.submitted()

    def states() -> list[str]:
        return re.findall(r"\((.*)\)", desk.run("list", "extra", "--cached"))

    desk.page_on(first, student)
    desk.run("release_feedback", "extra", trainer=True)
    assert states() == ["feedback ready to be fetched", "no feedback available"]
    desk.run("fetch_feedback", "extra")
    assert states() == ["feedback already fetched", "no feedback available"]
    desk.page_on(first, student, "再看一遍")
    desk.run("release_feedback", "extra", trainer=True)
    assert states()[0] == "feedback ready to be fetched", "it is another page now"
    desk.page_on(second, student)
    desk.run("release_feedback", "extra", trainer=True)
    desk.run("fetch_feedback", "extra")
    assert states() == ["feedback already fetched"] * 2


def test_feedback_on_what_was_never_handed_in_goes_nowhere(desk: Desk) -> None:
    desk.hand_out()
    desk.page_on("2026-01-01 00:00:00.000000 UTC", "somebody")
    assert "没有从平台上收过" in desk.run("release_feedback", "extra", trainer=True)


def test_links_and_hidden_files_stay_at_home(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    desk.hand_out()
    desk.run("fetch_assignment", "extra")
    place = desk.works / COURSE / "extra"
    (place / "link.txt").symlink_to(tmp_path / "secret.txt")
    (place / "folder").symlink_to(tmp_path)
    (place / ".hidden").write_text("x")
    desk.run("submit", "extra")
    desk.run("collect", "extra", trainer=True)
    (taken,) = (desk.works / "submitted").glob("*/extra")
    assert sorted(path.name for path in taken.iterdir()) == ["p1.ipynb", "timestamp.txt", "work_id.txt"]


Refusal = Callable[[Desk], str]
REFUSALS: dict[str, tuple[str, Refusal]] = {
    "another's name": ("只能用自己的名义", lambda desk: desk.run("submit", "extra", "--student", "other", refused=True)),
    "a task that is none": ("没有这份作业", lambda desk: desk.run("fetch_assignment", "none", refused=True)),
    "a path for a name": ("网址可能写错了", lambda desk: desk.run("fetch_assignment", "../../x", refused=True)),
    "taking back what was handed in": (
        "不能删",
        lambda desk: desk.run("list", "--inbound", "--remove", trainer=True, refused=True),
    ),
    "a learner handing out": ("不对您开放", lambda desk: desk.run("release_assignment", "extra", refused=True)),
    "a course one does not teach": (
        "没有找到",
        lambda desk: desk.run("release_assignment", "extra", trainer=True, refused=True, course="y-1-other"),
    ),
}


@pytest.mark.parametrize(("told", "command"), REFUSALS.values(), ids=list(REFUSALS))
def test_a_refusal_is_told_in_the_portals_own_words(desk: Desk, told: str, command: Refusal) -> None:
    desk.hand_out()
    desk.run("fetch_assignment", "extra")
    said = command(desk)
    assert told in said
    assert "Traceback" not in said


def test_a_learner_collects_nothing(desk: Desk) -> None:
    desk.hand_out()
    desk.run("fetch_assignment", "extra")
    desk.run("submit", "extra")
    assert "不对您开放" in desk.run("collect", "extra", refused=True)


def test_a_folder_without_its_notebook_is_not_taken(desk: Desk) -> None:
    desk.hand_out()
    desk.run("fetch_assignment", "extra")
    (desk.works / COURSE / "extra" / "p1.ipynb").rename(desk.works / COURSE / "extra" / "p1.txt")
    assert "没有作业本" in desk.run("submit", "extra", refused=True)
    assert desk.submitted() == []


def test_behind_the_walls_one_goes_by_the_hubs_name_and_works_where_one_sees_it(desk: Desk, tmp_path: Path) -> None:
    """A shut-in server has no list of the system's users, and does not begin in the folder its person sees."""
    seen = tmp_path / "seen"
    desk.monkeypatch.setenv("JUPYTERHUB_USER", "YX0002")
    desk.monkeypatch.setenv("JUPYTERHUB_ROOT_DIR", str(seen))
    desk.monkeypatch.setattr("grading.exchange.base.get_username", lambda: 1 / 0)
    desk.hand_out()
    desk.run("fetch_assignment", "extra")
    assert (seen / COURSE / "extra" / "p1.ipynb").is_file()
    desk.run("submit", "extra")
    (kept,) = (tmp_path / "data" / "nbgrader_cache" / COURSE).iterdir()
    assert kept.name.startswith("YX0002+extra+")
    assert "(already downloaded)" in desk.run("list", "extra")


def test_without_a_house_around_it_nothing_is_pretended(desk: Desk) -> None:
    desk.monkeypatch.delenv("BANYAN_PORTAL_URL")
    assert "不是从培训平台打开的" in desk.run("list", refused=True)


def test_a_portal_that_does_not_answer_is_said(desk: Desk) -> None:
    desk.monkeypatch.setenv("BANYAN_PORTAL_URL", f"http://127.0.0.1:{free_ports(1)[0]}")
    assert "现在连不上培训平台" in desk.run("list", refused=True)


def test_one_link_in_jupyterlab_fetches_a_task_and_opens_it(desk: Desk, tmp_path: Path) -> None:
    port = free_ports(1)[0]
    surroundings = os.environ | {"JUPYTERHUB_API_TOKEN": desk.house.learner, "PYTHONPATH": str(HOUSE)}
    options = [f"--ServerApp.port={port}", "--IdentityProvider.token=t", f"--ServerApp.root_dir={desk.works}", "--no-browser"]
    command = [sys.executable, "-m", "jupyter_server", *options, "--allow-root", "--ServerApp.port_retries=0"]
    log = (tmp_path / "server.log").open("w")
    with subprocess.Popen(command, env=surroundings, stdout=log, stderr=log, cwd=tmp_path) as server:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"authorization": "token t"}, timeout=20) as client:
                _wait(client)
                reply = client.get(f"/banyan/task/{EXAMPLES}/{TASK}")
                assert (reply.status_code, reply.headers["location"]) == (302, f"/lab/tree/{EXAMPLES}/{TASK}/{TASK}.ipynb")
                notebook = desk.works / EXAMPLES / TASK / f"{TASK}.ipynb"
                assert notebook.with_name("roll.csv").is_file()
                notebook.write_text("what I wrote")
                notebook.with_name("roll.csv").unlink()
                assert client.get(f"/banyan/task/{EXAMPLES}/{TASK}").status_code == 302
                assert (notebook.read_text(), notebook.with_name("roll.csv").is_file()) == ("what I wrote", True)
                gone = client.get(f"/banyan/task/{EXAMPLES}/none")
                assert (gone.status_code, "没有这份作业" in gone.text) == (503, True)
                assert httpx.get(f"http://127.0.0.1:{port}/banyan/task/{EXAMPLES}/{TASK}").status_code in (302, 403)
        finally:
            server.kill()  # how it ends is not what is tried here, and it may wait for its threads


def _wait(client: httpx.Client) -> None:
    until = time.monotonic() + 40
    while time.monotonic() < until:
        try:
            client.get("/api")
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the server did not start")
