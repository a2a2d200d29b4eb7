"""The twelve programmes: what each asks for, what is in preparation, what it takes."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from banyan.cli import main
from banyan.courseware.check import check_courses
from banyan.courseware.content import open_content, open_framework, open_programmes
from banyan.courseware.course import read_course
from banyan.courseware.programme_check import ENTRY_COMPETENCIES, ENTRY_HOURS
from banyan.courseware.workload import LOOK_MINUTES, workload
from banyan.domain.certification import Programme
from banyan.domain.framework import Role
from banyan.tracker.rulebook import Rulebook
from tests import house
from tests.courseware.sample import FILES
from tests.courseware.test_shipped import CONTENT, COURSES

PROGRAMMES = open_programmes(CONTENT)
FRAMEWORK = open_framework(CONTENT)
TIERS = ("T1", "T2", "T3")
PLANNED = """\
x-2-first-aid:
  title: {zh: 急救, en: First aid}
  teaches: [C5.2]
"""


def write(root: Path, **changed: str) -> Path:
    for name, text in {**FILES, **changed}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def column(role: Role, tier: str) -> dict[str, int]:
    """Return what the framework asks of a role at a tier, "–" left out."""
    asked = {each.code: each.targets[role][TIERS.index(tier)] for each in FRAMEWORK if role in each.targets}
    return {code: level for code, level in asked.items() if level is not None}


def test_there_is_one_programme_a_role_and_tier() -> None:
    assert sorted((each.role.value, each.tier) for each in PROGRAMMES) == sorted((r.value, t) for r in Role for t in TIERS)


@pytest.mark.parametrize("programme", PROGRAMMES, ids=lambda each: each.code)
def test_a_programme_asks_for_no_more_than_the_framework(programme: Programme) -> None:
    asked = column(programme.role, programme.tier)
    assert all(level <= asked[code] for code, level in programme.targets.items())
    if programme.code != "ER-T1":  # the framework's own text sets its levels: privacy at 1 only
        assert all(level == asked[code] for code, level in programme.targets.items())
    if programme.tier == "T1":
        assert len(programme.targets) <= ENTRY_COMPETENCIES
        assert programme.hours_max <= ENTRY_HOURS
    if programme.tier == "T3":
        assert programme.targets == asked, "the third tier is the whole profile of the post"


def test_who_grants_is_stricter_from_the_second_tier_on() -> None:
    assert all(each.second_pair_of_eyes == each.trainer_apart == (each.tier != "T1") for each in PROGRAMMES)


def test_every_competency_is_planned_or_taught() -> None:
    content = open_content(CONTENT)
    shipped = read_course(COURSES / "x-1-reporter", COURSES, []).manifest
    assert shipped
    taught = {code for each in content.planned.values() for code in each.teaches} | set(shipped.teaches)
    assert taught == {each.code for each in FRAMEWORK}
    assert not set(content.planned) & {each.name for each in COURSES.iterdir()}, "what is shipped is no longer planned"


def test_hours_are_measured_from_the_files(tmp_path: Path) -> None:
    root = write(tmp_path)
    before = workload(read_course(root / "courses/x-1", root / "courses", []))
    assert (before.practical, before.exam) == (60, 20)
    lesson = FILES["courses/x-1/lessons/first.md"].replace("雨很大", "雨很大。" + "雨" * 499)
    after = workload(read_course(write(root, **{"courses/x-1/lessons/first.md": lesson}) / "courses/x-1", root / "courses", []))
    assert after.online - before.online == pytest.approx(2), "500 characters more are two minutes more"
    assert before.online > LOOK_MINUTES * 3, "two steps and a picture are looked at, too"


def test_a_programme_with_a_planned_course_is_in_preparation_and_no_fault(tmp_path: Path) -> None:
    er = FILES["content/programmes/er-t1.yaml"]
    second = er.replace("ER-T1", "ER-T2").replace("tier: T1", "tier: T2\nbuilds_on: ER-T1").replace("[x-1]", "[x-2-first-aid]")
    files = {"content/programmes/er-t2.yaml": second, "content/planned.yaml": PLANNED}
    root = write(tmp_path, **files)
    assert check_courses(root / "courses", root / "content") == []
    er_t2 = next(each for each in open_programmes(root / "content") if each.code == "ER-T2")
    assert er_t2.foundation == ("x-1",)
    lower = second.replace("C5.2: 3", "C5.2: 2")
    (fault,) = check_courses(write(root, **{"content/programmes/er-t2.yaml": lower}) / "courses", root / "content")
    assert "C5.2 的要求比 ER-T1 还低" in fault


def test_a_target_that_no_planned_course_teaches_is_told(tmp_path: Path) -> None:
    only = FILES["content/programmes/er-t1.yaml"].replace("[x-1]", "[x-2-first-aid]")
    other = PLANNED.replace("C5.2", "C9.9")
    root = write(tmp_path, **{"content/programmes/er-t1.yaml": only, "content/planned.yaml": other})
    assert [fault.split("；")[0] for fault in check_courses(root / "courses", root / "content")] == [
        "content/programmes/er-t1.yaml:6: C5.2 没有哪门课教"
    ]


def test_the_command_says_what_is_whole_and_what_is_missing() -> None:
    said = CliRunner().invoke(main, ["programmes", "check"])
    assert said.exit_code == 0
    assert "ER-T1  突发事件信息报告员（入门）：齐备，3 项能力都够得着，量下来 3.8 学时" in said.output
    assert "GS-T1  网格员（入门）：准备中，还没有 gs-1-patrol" in said.output
    assert len(said.output.splitlines()) == len(PROGRAMMES)


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    return house.rulebook(tmp_path_factory.mktemp("releases"))


def test_only_what_is_published_is_offered(rulebook: Rulebook) -> None:
    assert [each.code for each in rulebook.offered] == ["ER-T1"]
    found = rulebook.programme_with("x-1-reporter")
    assert found
    assert found.code == "ER-T1", "not one in preparation that has the course, too"
    grid = rulebook.programme("GS-T2")
    assert [rulebook.title_of(each)["zh"] for each in rulebook.unpublished(grid)][:1] == ["网格员上岗：巡查与采集"]
