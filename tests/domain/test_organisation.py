"""Whom to ring: the duty desk nearest to where somebody works."""

import pytest

from banyan.domain.organisation import duty_phone

COUNTY, TOWN, GRID = "/1/", "/1/11/", "/1/11/111/"
PHONES = {"1": "the county's", "11": "the town's"}


@pytest.mark.parametrize(
    ("phones", "paths", "number"),
    [
        pytest.param(PHONES, [GRID], "the town's", id="the nearest above"),
        pytest.param(PHONES | {"111": "the grid's"}, [GRID], "the grid's", id="the unit's own"),
        pytest.param(PHONES, [COUNTY], "the county's", id="none below counts"),
        pytest.param(PHONES, ["/2/22/", TOWN], "the town's", id="a second post, if the first has none"),
        pytest.param(PHONES, ["/2/111/"], "", id="another county's"),
        pytest.param({}, [GRID], "", id="none is set"),
        pytest.param(PHONES, [], "", id="appointed nowhere"),
    ],
)
def test_the_duty_desk_is_the_nearest_at_or_above(phones: dict[str, str], paths: list[str], number: str) -> None:
    assert duty_phone(phones, paths) == number
