"""content/intakes.yaml: what is shipped is sound, and what is wrong is told at its place."""

from pathlib import Path

import pytest

from banyan.courseware.content import open_framework
from banyan.courseware.intakes import FILE, Intakes, open_intakes
from banyan.domain.framework import Framework, Kind
from banyan.errors import CourseError
from banyan.settings import CONTENT


@pytest.fixture(scope="module")
def framework() -> Framework:
    return open_framework(CONTENT)


def test_what_is_shipped_names_its_rules_and_counts_only_where_the_framework_takes_it(framework: Framework) -> None:
    rules = open_intakes(CONTENT, framework)
    assert rules.service.stars == (100, 300, 600, 1000, 1500)
    assert "民政部" in rules.service.stars_by
    for each in rules.service.kinds.values():
        assert Kind.SH in framework.competency(each.competency).evidence, each.code
    assert {each.code for each in rules.documents} >= {"first-aider", "cpr-aed"}
    assert all(each.source and each.shows for each in rules.documents)


def test_a_home_from_before_has_no_rules_and_still_opens(tmp_path: Path, framework: Framework) -> None:
    assert open_intakes(tmp_path, framework) == Intakes()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        pytest.param("[100, 300,", "[300, 100,", "一个比一个多", id="stars that fall"),
        pytest.param("competency: C3.2", "competency: C9.9", "没有 C9.9", id="no such competency"),
        pytest.param("C5.4.c]", "C5.2.a]", "C5.4 没有 C5.2.a", id="another competency's indicator"),
        pytest.param("hours: 20}", "hours: 0}", "hours", id="no hours at all"),
        pytest.param("stars:\n  source", "stars:\n  sauce", "sauce", id="a name nobody knows"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(tmp_path: Path, framework: Framework, old: str, new: str, says: str) -> None:
    text = (CONTENT / FILE).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / FILE).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CourseError, match=says) as fault:
        open_intakes(tmp_path, framework)
    assert FILE in str(fault.value)
