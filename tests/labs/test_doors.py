"""Who gets JupyterLab, and what follows when the records change their mind while somebody is signed in."""

import json
import time

import pytest

from banyan.records.labs import Purpose
from banyan.tracker.lab_rooms import Room, put_copy
from grading.bridge.gradebook import Course, ensure_assignment
from grading.bridge.submission import grade
from tests.grading.bridge.sample import ITEMS, notebook, work
from tests.labs.house import LEARNER, NOBODY, TRAINER, LabHouse, open_lab

pytestmark = pytest.mark.served
OFF = "您的 JupyterLab 没有打开"
CLOSED = "这里不对学员开放"


@pytest.fixture(scope="module")
def gradebook(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course in which two learners handed in an exam."""
    folder = tmp_path_factory.mktemp("gradebooks")
    course = Course(folder / "x-9-sample")
    ensure_assignment(course, "exam-r1-t1", notebook())
    exam = folder / "exam.json"
    exam.write_text(json.dumps({"items": ITEMS}), encoding="utf-8")
    for learner in ("mine", "theirs"):
        grade(course, work(learner, {"s03": f"续报 {learner}"}), exam)
    return course


def wait_until(holds, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.2)


def test_who_has_none_reads_so_on_our_page(lab_house: LabHouse):
    answer = lab_house.signed_in(NOBODY).get("/hub/spawn")
    assert answer.status_code == 403
    assert CLOSED in answer.text


def test_a_trainer_s_copy_is_read_in_formgrader_and_a_new_one_takes_its_place(lab_house: LabHouse, gradebook: Course):
    room, browser = Room(lab_house.room(TRAINER)), lab_house.signed_in(TRAINER)
    put_copy(room, gradebook, frozenset({"mine"}))

    page = open_lab(browser, TRAINER, "formgrader/gradebook")
    assert page.status_code == 200, page.text
    assert "Manual Grading" in page.text
    listed = browser.get(f"/user/{TRAINER}/formgrader/api/assignments").json()
    assert [(each["name"], each["num_submissions"]) for each in listed] == [("exam-r1-t1", 1)]
    one = browser.get(f"/user/{TRAINER}/formgrader/api/submitted_notebooks/exam-r1-t1/exam").json()
    assert [each["student"] for each in one] == ["mine"]
    shown = browser.get(f"/user/{TRAINER}/formgrader/submissions/{one[0]['id']}", follow_redirects=True)
    assert "续报 mine" in shown.text

    put_copy(room, gradebook, frozenset({"mine", "theirs"}))
    assert open_lab(browser, TRAINER, "formgrader/gradebook").status_code == 200
    listed = browser.get(f"/user/{TRAINER}/formgrader/api/assignments").json()
    assert listed[0]["num_submissions"] == 2


def test_turning_it_off_ends_the_server_and_shuts_the_door_on_who_is_signed_in(lab_house: LabHouse, gradebook: Course):
    browser = lab_house.signed_in(TRAINER)
    assert open_lab(browser, TRAINER).status_code == 200
    mine = lab_house.below("banyan.labs", lab_house.room(TRAINER).name)
    assert mine

    lab_house.grant(TRAINER, None)

    wait_until(lambda: not lab_house.below("banyan.labs", lab_house.room(TRAINER).name))
    for page in ("/hub/spawn", f"/user/{TRAINER}/lab", "/hub/home"):
        answer = browser.get(page, follow_redirects=True)
        assert answer.status_code == 403
        assert OFF in answer.text
    refused = browser.post(f"/hub/api/users/{TRAINER}/server", json={})
    assert refused.status_code == 403
    assert not lab_house.below("banyan.labs", lab_house.room(TRAINER).name)

    browser.cookies.set("banyan-lang", "en")
    assert "Your JupyterLab is off" in browser.get("/hub/spawn").text

    lab_house.grant(TRAINER, Purpose.GRADING)
    assert browser.get("/hub/spawn").status_code == 302


def test_jupyterlab_speaks_the_language_its_person_reads_in(lab_house: LabHouse):
    browser = lab_house.signed_in(LEARNER)
    assert open_lab(browser, LEARNER, "lab").status_code == 200
    spoken = browser.get(f"/user/{LEARNER}/lab/api/settings/@jupyterlab/translation-extension:plugin").json()
    assert spoken["schema"]["properties"]["locale"]["default"] == "zh_CN"
    catalogue = browser.get(f"/user/{LEARNER}/lab/api/translations/zh_CN").json()
    assert "文件" in json.dumps(catalogue, ensure_ascii=False)
