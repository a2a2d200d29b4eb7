"""The pages of notebook tasks: a learner takes one, sends it, reads what came of it; a trainer marks it and says more."""

import io
import re
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
import pytest

from banyan.courseware.build import build_course
from banyan.domain.task import TaskState
from banyan.portal.app import create_app
from banyan.portal.house import House
from banyan.records.engine import writing
from banyan.records.labs import LabGrant, Purpose
from banyan.records.tasks import TaskSubmission
from banyan.tracker.grade_task import TaskRoom, grade_task
from grading.bundle import packed
from tests import house as rules
from tests.county import NOW, County
from tests.portal.office import Browser, FrontDoor, Office, open_office
from tests.portal.reading import CHINESE
from tests.tracker.workroom import COURSE, HALF, SOLVED, TASK, releases  # noqa: F401 - a fixture
from tests.tracker.workroom import made as prepared

gradebooks = prepared  # a fixture: the gradebook, its assignment made
PAGE = f"/courses/{COURSE}/tasks/{TASK}"


@dataclass
class School:
    """An office whose course has a notebook task; 黄老师 teaches it to 陈晓明."""

    office: Office
    woken: list[int]

    @property
    def room(self) -> TaskRoom:
        house = self.office.house
        return TaskRoom(house.rulebook.catalogue, house.gradebooks, house.bundles)

    def notebook(self, answers: dict[str, str]) -> bytes:
        """Return the notebook as somebody downloads it, filled in."""
        reply = self.office.browser("陈晓明").open(f"{PAGE}/file")
        with zipfile.ZipFile(io.BytesIO(reply.content)) as archive:
            notebook = nbformat.reads(archive.read(f"{TASK}/{TASK}.ipynb").decode(), as_version=4)
        for cell in notebook.cells:
            cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""), cell.source)
        return nbformat.writes(notebook).encode()

    def send(self, content: bytes, name: str = f"{TASK} (1).ipynb", who: str = "陈晓明") -> object:
        browser = self.office.browser(who)
        return browser.post(f"/services/portal{PAGE}", data={"csrf": browser.seal}, files={"file": (name, content)})

    def grade(self) -> None:
        for work in self.woken:
            grade_task(self.office.house.make, work, self.room, NOW)

    def text(self, who: str, path: str, language: str = "") -> str:
        browser: Browser = self.office.browser(who)
        if language:
            browser.cookies.set("banyan-lang", language)
        page = browser.open(path).text
        main = re.search(r"<main.*?</main>", page, re.S)
        assert main, page
        return re.sub(r"\s+", " ", re.sub(r"<svg.*?</svg>|<[^>]+>", " ", main.group(), flags=re.S))

    def works(self) -> list[TaskSubmission]:
        with writing(self.office.house.make) as session:
            return list(session.query(TaskSubmission).order_by(TaskSubmission.id))


@pytest.fixture(scope="session")
def schoolrules(tmp_path_factory: pytest.TempPathFactory) -> rules.Rulebook:
    folder = tmp_path_factory.mktemp("school")
    build_course(rules.ROOT / "content" / "examples", COURSE, rules.ROOT / "content", folder, NOW)
    return rules.rulebook(folder)


@pytest.fixture
def school(tmp_path: Path, schoolrules: rules.Rulebook, gradebooks: Path) -> School:
    office = open_office(tmp_path, schoolrules, gradebooks)
    woken: list[int] = []
    house: House = replace(office.house, wake_for_task=woken.append)
    with writing(house.make) as session:
        county = County(session)
        county.trust(office.people["黄老师"], "trainer", office.at.qingshi, COURSE)
    return School(replace(office, house=house, app=create_app(house, FrontDoor())), woken)


def test_a_learner_takes_a_task_sends_it_and_reads_what_came_of_it(school: School) -> None:
    assert "点名：还差谁 6月30日 18:00前交" in school.text("陈晓明", f"/courses/{COURSE}")
    assert "满分10分" in school.text("陈晓明", PAGE)

    sent = school.send(school.notebook(HALF))
    assert (sent.status_code, sent.headers["location"]) == (303, f"/services/portal{PAGE}?done=1")
    assert "交上了" in school.text("陈晓明", f"{PAGE}?done=1")
    assert "正在评分" in school.text("陈晓明", PAGE)
    assert school.woken == [school.works()[0].id]
    school.grade()
    page = school.text("陈晓明", PAGE)
    assert "4 分，满分10分，还有老师没批的" in page
    assert "第1处：检查 满分 4分，满分4分 第2处：检查 没有全对 0分，满分3分 第3处：写的 等老师批 满分3分" in page
    assert "等老师批改" in school.text("陈晓明", f"/courses/{COURSE}")


def test_who_has_jupyterlab_for_tasks_opens_one_with_one_press(school: School) -> None:
    link = f"/hub/user-redirect/banyan/task/{COURSE}/{TASK}"
    assert link not in school.office.browser("陈晓明").open(PAGE).text
    assert "请管理员在您的人员页面上打开练习环境" in school.text("陈晓明", PAGE)
    person, giver = school.office.people["陈晓明"], school.office.people["郑国平"]
    grant = LabGrant(person_id=person.id, purpose=Purpose.TASKS, reason="作业", given_by=giver.id, given_at=NOW)
    with writing(school.office.house.make) as session:
        session.add(grant)
    assert f'href="{link}"' in school.office.browser("陈晓明").open(PAGE).text


def test_a_trainer_marks_what_was_written_and_releases_the_pages(school: School) -> None:
    school.send(school.notebook(SOLVED))
    school.grade()
    (work,) = school.works()
    trainer = school.office.browser("黄老师")
    assert "1份等您批" in school.text("黄老师", "/tasks")
    shown = school.text("黄老师", f"/works/{work.id}")
    assert SOLVED["the-report"] in shown
    assert "陈晓明" not in shown

    for points, told in (("4", "0 到 3 分"), ("", "0 到 3 分"), ("nan", "0 到 3 分")):
        refused = trainer.submit(f"/works/{work.id}", **{"points-the-report": points})
        assert (refused.status_code, told in refused.text) == (422, True), points
    filled = {"points-the-report": "2.5", "comment-the-report": "人数对了"}
    assert trainer.submit(f"/works/{work.id}", **filled).headers["location"].endswith("/tasks?done=1")
    assert school.works()[0].state == TaskState.GRADED
    page = school.text("陈晓明", PAGE)
    assert "第3处：写的 批了 2.5分，满分3分 老师说：人数对了" in page
    assert "下载批语" not in page

    told = trainer.submit("/tasks/feedback", course=COURSE, task=TASK)
    assert told.headers["location"].endswith("/tasks?told=1")
    assert "下载批语" in school.text("陈晓明", PAGE)
    reply = school.office.browser("陈晓明").open(f"/works/{work.id}/feedback")
    assert reply.headers["content-disposition"].startswith("attachment")
    assert reply.headers["content-type"] == "application/octet-stream"
    assert "人数对了" in reply.text


def test_what_could_not_be_graded_stands_where_stuck_exams_stand(school: School) -> None:
    school.send(school.notebook(SOLVED | {"missing-people": "import os\nos._exit(1)"}))
    for _ in range(3):
        school.grade()
    (work,) = school.works()
    assert work.state == TaskState.FAILED_TO_GRADE
    for path in ("/marking", "/tasks"):
        page = school.text("黄老师", path)
        assert "没能评分的作业" in page
        assert "陈晓明" in page
    assert "没能评分 您交的文件都在。" in school.text("陈晓明", PAGE)
    assert "没能评分的作业" not in school.text("周老师", "/marking")
    school.office.browser("黄老师").submit(f"/works/{work.id}/again")
    assert (school.works()[0].state, school.woken) == (TaskState.SUBMITTED, [work.id, work.id])


def test_why_it_could_not_be_graded_is_read_in_ones_own_language(school: School) -> None:
    school.send(school.notebook(SOLVED | {"missing-people": "import os\nos._exit(1)"}))
    for _ in range(3):
        school.grade()
    assert "学员的程序自己退出了" in school.text("黄老师", "/tasks")
    page = school.text("黄老师", "/tasks", "en")
    assert "The learner's program ended itself" in page.replace("&#39;", "'")
    assert not CHINESE.search(page.split("Reason")[1])


def test_what_the_grader_put_right_is_told_by_place_and_in_ones_own_language(school: School) -> None:
    school.send(school.notebook(SOLVED | {"counts-them-all": "pass"}))
    school.grade()
    (work,) = school.works()
    assert "学员改了不能改的格子（第1处），已经恢复原样再评分" in school.text("黄老师", f"/works/{work.id}")
    assert "The learner had changed locked cells (part 1)" in school.text("黄老师", f"/works/{work.id}", "en")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        pytest.param("", b"", "没有选文件", id="none"),
        pytest.param("a.ipynb", b"hello", "打不开", id="no notebook"),
        pytest.param("a.zip", b"hello", "压缩包打不开", id="no zip"),
        pytest.param("a.zip", packed({"b.ipynb": b"{}"}), "不能有", id="another notebook"),
        pytest.param("a.zip", packed({"x.txt": b"1", "roll.csv": b"2"}), "没有作业本", id="without the notebook"),
    ],
)
def test_what_cannot_be_taken_is_said_on_the_page_and_not_kept(school: School, name: str, content: bytes, told: str) -> None:
    reply = school.send(content, name)
    assert (reply.status_code, told in reply.text, school.works(), school.woken) == (422, True, [], [])


def test_a_zip_of_the_whole_folder_is_taken(school: School) -> None:
    files = {f"{TASK}/{TASK}.ipynb": school.notebook(SOLVED), f"{TASK}/roll.csv": b"x"}
    assert school.send(packed(files), "作业.zip").status_code == 303
    assert school.works()[0].notebooks == [TASK]


def test_late_is_said_before_and_after(school: School) -> None:
    notebook = school.notebook(SOLVED)
    office = school.office.later(400)
    late = replace(school, office=office)
    assert "已经过了截止时间" in late.text("陈晓明", PAGE)
    late.send(notebook)
    assert "过了截止时间才交" in late.text("陈晓明", PAGE)
    assert "1份迟交" in late.text("黄老师", "/tasks")
