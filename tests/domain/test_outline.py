"""Codes fit their level and the unit above; what is no division code is let be."""

import pytest

from banyan.courseware.outline import open_outline
from banyan.domain.outline import STANDARD, check_code
from banyan.errors import BadInputError
from tests import house

COUNTY, TOWN, VILLAGE = "350102000000", "350102001000", "350102001201"


@pytest.mark.parametrize(
    ("code", "level", "above"),
    [
        pytest.param(TOWN, 4, COUNTY, id="a town"),
        pytest.param(VILLAGE, 5, TOWN, id="a village"),
        pytest.param(f"{VILLAGE}007", 6, VILLAGE, id="a grid"),
        pytest.param(VILLAGE, 5, "U000004", id="under a unit of the county's own numbering"),
        pytest.param("G-17", 6, VILLAGE, id="the county's own number"),
        pytest.param("17", 6, VILLAGE, id="a short number"),
    ],
)
def test_a_code_that_fits(code: str, level: int, above: str) -> None:
    check_code(code, level, above, STANDARD)


@pytest.mark.parametrize(
    ("code", "level", "above", "says"),
    [
        pytest.param("3501020010000", 4, COUNTY, "应是12位", id="a digit too many"),
        pytest.param("35010200100", 4, COUNTY, "应是12位", id="a digit lost"),
        pytest.param(VILLAGE, 6, VILLAGE, "应是15位", id="a grid without its number"),
        pytest.param(VILLAGE, 4, COUNTY, "第9位以后", id="a village's for a town"),
        pytest.param("350103001000", 4, COUNTY, "前6位", id="another county's town"),
        pytest.param("350102002201007", 6, VILLAGE, "前12位", id="another village's grid"),
        pytest.param(COUNTY, 4, COUNTY, "都是0", id="the county's own for a town"),
    ],
)
def test_a_code_that_does_not(code: str, level: int, above: str, says: str) -> None:
    with pytest.raises(BadInputError, match=says):
        check_code(code, level, above, STANDARD)


def test_the_file_we_ship_states_the_standard_ladder() -> None:
    assert open_outline(house.ROOT / "content") == STANDARD


def test_a_county_may_leave_out_a_level_and_add_one_below(tmp_path) -> None:
    rows = [(1, "省", 2), (3, "区", 6), (4, "街道", 9), (5, "社区", 12), (6, "网格", 15), (7, "微网格", 18)]
    levels = "\n".join(f"  - {{number: {n}, zh: {zh}, en: x{n}, digits: {digits}}}" for n, zh, digits in rows)
    (tmp_path / "organisation.yaml").write_text(
        f"levels:\n{levels}\nfacilities:\n  - {{code: base, zh: 基地, en: Base}}\n", encoding="utf-8"
    )
    outline = open_outline(tmp_path)
    assert outline.below(1) == outline.level(3)
    assert outline.below(6).name["zh"] == "微网格"  # type: ignore[union-attr]
    assert outline.below(7) is None
    check_code(f"{VILLAGE}007001", 7, f"{VILLAGE}007", outline)


def test_levels_out_of_order_are_told_with_their_line(tmp_path) -> None:
    text = (house.ROOT / "content" / "organisation.yaml").read_text(encoding="utf-8")
    (tmp_path / "organisation.yaml").write_text(text.replace("digits: 9", "digits: 5"), encoding="utf-8")
    with pytest.raises(Exception, match=r"organisation\.yaml:\d+.*级别的次序不对"):
        open_outline(tmp_path)
