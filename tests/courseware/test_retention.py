"""content/retention.yaml: what is shipped is sound and the standard's own; what is wrong is told at its place."""

from pathlib import Path

import pytest

from banyan.courseware.retention import FILE, open_retention
from banyan.domain.retention import STANDARD, Keep
from banyan.errors import CourseError
from banyan.settings import CONTENT


def test_what_is_shipped_has_the_standard_periods_and_names_its_rules() -> None:
    shipped = open_retention(CONTENT)
    assert {keep: shipped.of(keep).months for keep in Keep} == {keep: STANDARD.of(keep).months for keep in Keep}
    assert all(shipped.of(keep).ground["zh"] and shipped.of(keep).ground["en"] for keep in Keep)


def test_a_home_from_before_has_the_standard_ones(tmp_path: Path) -> None:
    assert open_retention(tmp_path) == STANDARD


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        pytest.param("months: 6", "months: 5", "不能少于 6 个月", id="logs too short"),
        pytest.param("months: 36", "months: 0", "months", id="no time at all"),
        pytest.param("never: true", "months: 12", "不能按期删", id="facts that go"),
        pytest.param("months: 24", "months: 24\n  never: true", "只写一样", id="both"),
        pytest.param("learning:", "lerning:", "lerning", id="a name nobody knows"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, old: str, new: str, says: str) -> None:
    text = (CONTENT / FILE).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / FILE).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(CourseError, match=says):
        open_retention(tmp_path)
