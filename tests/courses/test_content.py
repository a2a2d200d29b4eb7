"""What the shared content must count to, whoever edits it."""

import re
from datetime import date

import pytest

from banyan.courseware.check import check_courses
from banyan.courseware.content import open_framework
from banyan.domain.framework import Framework, Role
from tests.courses.pools import CONTENT, ROOT, load


@pytest.fixture(scope="module")
def framework() -> Framework:
    return open_framework(CONTENT)


def test_the_framework_is_whole(framework: Framework) -> None:
    assert len(framework.domains) == 8
    assert len(list(framework)) == 31
    assert sum(len(each.indicators) for each in framework) == 115


@pytest.mark.parametrize("code", ["C5.2", "C4.3", "C1.3"])
def test_what_a_learner_reads_of_an_indicator_is_plain_and_its_english_is_the_framework_s(
    framework: Framework, code: str
) -> None:
    for each in framework.competency(code).indicators:
        assert not re.search("要素|定性|聚集性|采集|续报并|瞒报|14岁以下规则", each.plain["zh"]), each.code
        assert len(each.plain["zh"]) <= 20
        assert each.plain["en"] == each.name["en"]


def test_competencies_stand_in_their_domain_in_order(framework: Framework) -> None:
    for number, domain in enumerate(framework.domains, 1):
        assert [each.code for each in domain.competencies] == [f"C{number}.{n + 1}" for n in range(len(domain.competencies))]


def test_hard_fails_belong_to_the_risk_competencies(framework: Framework) -> None:
    assert {each.code for each in framework if each.hard_fail} == {
        "C1.3", "C3.3", "C4.3", "C4.4", "C5.2", "C5.3", "C5.4",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "role", "levels"),
    [
        ("C5.2", Role.ER, (3, 3, 4)),
        ("C1.2", Role.VO, (None, 1, 2)),
        ("C8.4", Role.ER, (None, None, 3)),
        ("C6.3", Role.GS, (1, 2, 4)),
        ("C4.3", Role.CW, (2, 3, 3)),
    ],
)
def test_targets_are_those_of_the_profile(framework: Framework, code: str, role: Role, levels: tuple[int | None, ...]) -> None:
    assert framework.competency(code).targets[role] == levels


def test_a_role_that_is_not_asked_is_left_out(framework: Framework) -> None:
    assert Role.ER not in framework.competency("C2.1").targets


def test_nothing_from_memory_alone_is_stated() -> None:
    facts = load(CONTENT / "facts.yaml")
    assert {each["mark"] for each in facts.values()} <= {"V", "W"}
    assert all(each["source"] and each["reviewed_on"] <= date.today() for each in facts.values())


def test_the_laws_that_changed_are_cited_as_they_are_now() -> None:
    facts = load(CONTENT / "facts.yaml")
    assert facts["F33"]["in_force_from"] == date(2024, 11, 1)
    assert facts["F11"]["in_force_from"] == date(2025, 9, 1)
    assert "2025年11月1日" in facts["F7"]["text"]["zh"]
    assert "社会安全事件不在" in facts["F12"]["text"]["zh"]


def test_the_entry_programme_asks_for_little() -> None:
    programme = load(CONTENT / "programmes/er-t1.yaml")
    hours = load(ROOT / "courses/x-1-reporter/course.yaml")["hours"]
    assert programme["targets"] == {"C5.2": 3, "C4.3": 2, "C1.3": 1}
    assert sum(hours.values()) <= programme["hours_max"] == 8


def test_the_house_finds_no_fault_with_its_courses() -> None:
    assert check_courses(ROOT / "courses", CONTENT) == []
