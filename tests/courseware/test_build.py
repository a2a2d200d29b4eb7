"""A release: whole or absent, the same for the same sources, never changed, with its keys apart."""

import json
import os
import shutil
import threading
from datetime import timedelta

import nbformat
import pytest
from nbgrader.nbgraderformat.v3 import MetadataValidatorV3

from banyan.courseware import folder
from banyan.courseware.assignment import source_notebook
from banyan.courseware.build import build_course
from banyan.courseware.catalogue import Catalogue
from banyan.courseware.release import Release
from banyan.errors import CourseError, HomeError, NotFoundError
from grading import questions
from grading.scoring import score
from tests.courseware.conftest import NOW


@pytest.fixture
def releases(tmp_path):
    return tmp_path / "home" / "releases"


def build(sample, releases, now=NOW):
    return build_course(sample.courses, "x-1", sample.content, releases, now)


def test_a_release_tells_of_its_course(release):
    assert (release.course, release.number) == ("x-1", 1)
    assert release.title == {"zh": "报告员", "en": "Reporter"}
    lesson = release.lesson("first")
    assert [(each.name, each.title) for each in lesson.steps] == [("one-night", "一个夜晚"), ("sums", "算一算")]
    assert lesson.questions == ("try-it",)
    assert release.facts(lesson.facts)[0].source == "《突发事件应对法》第六十条"
    assert [tick.does for tick in release.practical.ticks] == ["马上打电话", "六样说全"]
    assert release.outline.exam_summary.points == 100
    with pytest.raises(NotFoundError):
        release.lesson("../private/exam")


def test_what_a_lessons_practice_rests_on_is_listed_after_what_its_prose_cites(sample, releases):
    text = "F5:\n  text: {zh: 报警打110。}\n  mark: W\n  source: 网页\n  in_force_from: null\n  reviewed_on: 2026-11-23\n"
    facts = sample.path("content/facts.yaml")
    facts.write_text(facts.read_text(encoding="utf-8") + text, encoding="utf-8")
    sample.change("questions/practice/first.yaml", "facts: [F1]", "facts: [F5, F1]")
    release = build(sample, releases)
    assert release.lesson("first").facts == ("F1", "F5")
    assert release.facts(("F5",))[0].text == "报警打110。"


def test_the_lessons_notebook_begins_with_our_import_and_knows_its_steps(release):
    notebook = nbformat.read(release.notebook("first"), as_version=4)
    nbformat.validate(notebook)
    assert notebook.cells[0].source == "from widgets import ask, show"
    assert [cell.metadata.banyan.step for cell in notebook.cells] == [None, None, "one-night", "one-night", "sums", "sums"]
    assert notebook.cells[3].metadata.banyan.ask == "try-it"
    assert notebook.cells[4].source.startswith("## 算一算")


def test_a_cited_fact_becomes_a_numbered_link_and_a_picture_travels_inside(release):
    prose = nbformat.read(release.notebook("first"), as_version=4).cells[2]
    assert '<sup class="fact"><a href="#fact-F1" title="出处1">1</a></sup>' in prose.source
    assert "![一条裂缝](attachment:figures-crack.svg)" in prose.source
    assert list(prose.attachments["figures-crack.svg"]) == ["image/svg+xml"]


SPOT = """\
{name}:
  type: hotspot
  stem: {name}在哪里？
  picture: {file}
  alt: 一面坡
  regions:
    a: {{label: 左边, box: [0, 0, 40, 40]}}
    b: {{label: 右边, box: [60, 0, 40, 40]}}
  key: [a]
  feedback: {{a: 对。, b: 不是这里。}}
  indicators: [C5.2.a]
  own: care
"""


def test_a_picture_that_a_question_shows_ships_with_it_and_the_exams_apart(sample, releases):
    sample.add("questions/practice/first.yaml", SPOT.format(name="spot", file="crack.svg"))
    sample.add("questions/exam/report.yaml", SPOT.format(name="wall", file="wall.svg"))
    sample.add("figures/wall.svg", '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>')
    sample.add("figures/unused.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')
    release = build(sample, releases)
    shown = {path.relative_to(release.path).as_posix() for path in release.path.rglob("*.svg")}
    assert shown == {"figures/crack.svg", "private/figures/wall.svg"}
    assert release.picture("crack.svg") in release.practice_page["spot"]["html"]
    assert release.picture("wall.svg").startswith("data:image/svg+xml;base64,")
    sample.add("figures/wall.svg", "<!-- drawn anew -->")
    assert build(sample, releases).number == 2


TYPED = """\
word:
  type: short_text
  stem: 打给谁？
  accept: [镇*值班室]
  feedback: {right: 对。, wrong: 打镇值班室。}
  indicators: [C5.2.a]
  own: care
line:
  type: cloze
  stem: 补全。
  text: 打给[[who]]，在[[where]]。
  gaps:
    who: {accept: [卫生院]}
    where: {key: a, choices: {a: 村口, b: 那边}}
  feedback: {right: 对。, wrong: 看看。}
  indicators: [C5.2.a]
  own: care
"""


@pytest.mark.parametrize("pool", ["practice/first.yaml", "exam/report.yaml"])
def test_who_reads_the_other_script_may_type_in_it(sample, releases, pool):
    sample.add(f"questions/{pool}", TYPED)
    release = build(sample, releases)
    items = release.practice if pool.startswith("practice") else release.exam.items
    for name, typed in {"word": "鎮政府值班室", "line": {"who": "衛生院", "where": "a"}}.items():
        assert score(items[name], typed).fraction == 1
    assert items["word"].accept[0] == "镇*值班室"


def test_practice_ships_with_its_feedback_and_is_scored_from_the_private_copy(release):
    entry = release.practice_page["try-it"]
    assert entry["type"] == "single"
    assert 'data-question="try-it"' in entry["html"]
    assert entry["answers"] == {'"A"': {"right": False, "text": "照片救不了人。"}, '"B"': {"right": True, "text": "对。"}}
    assert release.practice_item("try-it").key == "B"
    assert release.practice_item("crack") is None


def test_nothing_of_the_exam_lies_outside_the_private_folder(release):
    bank = release.exam.items
    for path in release.path.rglob("*"):
        if path.is_file() and "private" not in path.parts:
            text = path.read_text(encoding="utf-8")
            assert not any(name in text for name in ("坡裂了", "等证据", "只说看见的", *(f'"{each}"' for each in bank))), path


def test_the_same_sources_give_the_release_that_is_there(sample, releases):
    first = build(sample, releases)
    again = build(sample, releases, NOW + timedelta(days=1))
    assert (again.number, again.outline.built_at) == (first.number, NOW)
    assert [each.name for each in (releases / "x-1").iterdir()] == ["1"]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("questions/exam/report.yaml", "共几人？", "一共几人？"),
        ("models/rain.py", "* 50", "* 60"),
        ("content/facts.yaml", "发现险情立即报告", "发现险情马上报告"),
    ],
)
def test_a_change_gives_the_next_number_and_leaves_the_old_as_it_was(sample, releases, file, old, new):
    first = build(sample, releases)
    before = {path: path.read_bytes() for path in first.path.rglob("*") if path.is_file()}
    sample.change(file, old, new)
    assert build(sample, releases).number == 2
    assert before == {path: path.read_bytes() for path in first.path.rglob("*") if path.is_file()}


def test_going_back_is_a_release_too_for_the_newest_is_what_counts(sample, releases):
    first = build(sample, releases)
    sample.change("models/rain.py", "* 50", "* 60")
    build(sample, releases)
    sample.change("models/rain.py", "* 60", "* 50")
    third = build(sample, releases)
    assert (third.number, third.digest) == (3, first.digest)


def test_two_builds_of_the_same_sources_give_the_same_bytes(sample, tmp_path):
    one, two = (build(sample, tmp_path / name).path for name in ("one", "two"))
    files = [path.relative_to(one) for path in one.rglob("*") if path.is_file()]
    assert all((one / each).read_bytes() == (two / each).read_bytes() for each in files)


def test_a_release_is_read_only_and_its_keys_are_the_owners(sample, releases):
    path = build(sample, releases).path
    modes = {str(each.relative_to(path)): each.stat().st_mode & 0o777 for each in path.rglob("*")}
    assert modes["private"] == 0o700
    assert modes["private/exam.json"] == 0o400
    assert modes["release.json"] == modes["lessons/first.ipynb"] == 0o444


def test_a_course_with_faults_is_not_built_and_all_faults_are_told(sample, releases):
    sample.change("course.yaml", "tier: T1", "tier: T9")
    sample.change("questions/exam/report.yaml", "key: B\n", "key: E\n")
    with pytest.raises(CourseError) as error:
        build(sample, releases)
    assert len(error.value.faults) == 2
    assert "course.yaml:5" in str(error.value)
    assert not releases.exists()


def test_an_unknown_course_is_a_fault_and_no_way_out_of_the_folder(sample, releases):
    for name in ("x-9", "../content"):
        with pytest.raises(CourseError):
            build_course(sample.courses, name, sample.content, releases, NOW)


def test_a_build_broken_off_leaves_no_release(sample, releases, monkeypatch):
    def full_disk(path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder, "_to_disk", full_disk)
    with pytest.raises(OSError, match="No space"):
        build(sample, releases)
    assert list((releases / "x-1").iterdir()) == []
    assert Catalogue(releases).courses() == []


def test_a_folder_still_being_built_is_no_release(sample, releases):
    build(sample, releases)
    (releases / "x-1" / f"{folder.BUILDING}left").mkdir()
    assert Catalogue(releases).newest("x-1").number == 1


def test_builds_at_the_same_moment_make_one_release(sample, releases):
    found = []
    threads = [threading.Thread(target=lambda: found.append(build(sample, releases).number)) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert found == [1, 1, 1, 1]
    assert os.listdir(releases / "x-1") == ["1"]


def test_the_catalogue_opens_the_newest_and_any_other(sample, releases):
    build(sample, releases)
    catalogue = Catalogue(releases)
    assert catalogue.newest("x-1").number == 1
    sample.change("models/rain.py", "* 50", "* 60")
    build(sample, releases)
    assert catalogue.newest("x-1").number == 2, "seen without a restart"
    assert catalogue.open("x-1", 1) is catalogue.open("x-1", 1)
    assert [each.number for each in catalogue.all()] == [2]


def test_a_course_s_folder_is_listed_only_when_it_has_changed(sample, releases, monkeypatch):
    build(sample, releases)
    catalogue, folder, listed = Catalogue(releases), releases / "x-1", []
    lists = os.listdir
    monkeypatch.setattr(os, "listdir", lambda path: listed.append(path) or lists(path))
    os.utime(folder, (1, 1))
    assert [catalogue.newest("x-1").number for _ in range(3)] == [1, 1, 1]
    assert listed.count(folder) == 1
    sample.change("models/rain.py", "* 50", "* 60")
    build(sample, releases)
    assert catalogue.newest("x-1").number == 2
    changed = folder.stat().st_mtime_ns
    shutil.rmtree(folder / "2")
    os.utime(folder, ns=(changed, changed))
    assert catalogue.newest("x-1").number == 1, "changed twice within one tick of the clock"


@pytest.mark.parametrize("name", ["none", "..", "../x", "x-1/1", "", ".building-x"])
def test_the_catalogue_knows_no_other_names(release, name):
    catalogue = Catalogue(release.path.parents[1])
    with pytest.raises(NotFoundError):
        catalogue.newest(name)
    with pytest.raises(NotFoundError):
        catalogue.open("x-1", 7)


def test_a_damaged_release_is_told_as_such(tmp_path):
    (tmp_path / "release.json").write_text("{}")
    with pytest.raises(HomeError, match="损坏"):
        Release.open(tmp_path)


def test_the_exam_is_a_notebook_that_nbgrader_takes(release):
    notebook = source_notebook(release.exam, "exam-r1-t1")
    nbformat.validate(notebook)
    for cell in notebook.cells:
        MetadataValidatorV3().validate_cell(cell)
    graded = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if cell.metadata.nbgrader.grade}
    assert {name: cell.metadata.nbgrader.points for name, cell in graded.items()} == dict.fromkeys(
        ["s01", "s02", "s03", "s04", "s05"], 20
    )
    assert graded["s01"].source == 'score("s01")'
    assert graded["s04"].cell_type == "markdown"
    assert graded["s04"].metadata.nbgrader.solution
    assert source_notebook(release.exam, "exam-r1-t1") == notebook


def test_every_question_of_a_release_comes_back_whole(release):
    stored = json.loads(release.exam_path.read_text(encoding="utf-8"))["items"]
    assert {name: questions.load(data) for name, data in stored.items()} == dict(release.exam.items)
