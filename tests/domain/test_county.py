from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.domain.county import BY_KEY, CountySettings, Entry, Gap, Scope, Step

COUNTY, EAST, WEST = "/3999/", "/3999/01/", "/3999/02/"
GRID = "/3999/01/011/0111/"
TODAY = date(2026, 11, 23)


def filled(value: object, set_on: date = TODAY) -> Entry:
    return Entry(value, "通知", TODAY, "老周", set_on)


def settings(**values: object) -> CountySettings:
    """`east__duty_phone` is the eastern town's."""
    places = {"county": COUNTY, "east": EAST, "west": WEST}
    return CountySettings({(name.split("__")[1], places[name.split("__")[0]]): filled(each) for name, each in values.items()})


def test_a_grid_rings_its_own_township() -> None:
    held = settings(east__duty_phone="111", west__duty_phone="222", county__county_emergency="333")
    assert held.for_unit(GRID).phone("duty_phone") == "111"
    assert held.for_unit(WEST).phone("duty_phone") == "222"
    assert held.for_unit(WEST).phone("county_emergency") == "333"


def test_a_township_without_a_clinic_of_its_own_rings_the_countys() -> None:
    held = settings(county__clinic_phone="000", east__clinic_phone="111")
    assert [held.for_unit(path).phone("clinic_phone") for path in (GRID, WEST)] == ["111", "000"]


def test_the_desk_beside_the_emergency_numbers_is_the_townships_else_the_countys() -> None:
    held = settings(east__duty_phone="111", county__county_emergency="333")
    assert held.for_unit(GRID).desk == ("duty_phone", "111")
    assert held.for_unit(WEST).desk == ("county_emergency", "333")
    assert CountySettings({}).for_unit(WEST).desk == ("", "")


def test_of_several_units_the_first_that_has_any_counts() -> None:
    held = settings(west__duty_phone="222", east__duty_phone="111", east__clinic_phone="112")
    assert held.for_units([WEST, GRID]).phone("duty_phone") == "222"
    assert held.for_units([WEST, GRID]).phone("clinic_phone") == "112"
    assert held.for_units([]).phone("duty_phone") == ""


def test_a_chain_is_read_with_the_numbers_of_the_place() -> None:
    chain = [{"who": "镇值班室", "of": "duty_phone"}, {"who": "村支书", "phone": ""}]
    held = settings(county__reporting_chain=chain, east__duty_phone="111")
    assert held.for_unit(GRID).steps("reporting_chain") == (Step("镇值班室", "111"), Step("村支书", ""))
    assert held.for_unit(WEST).steps("reporting_chain")[0].phone == ""


@pytest.mark.parametrize(
    ("held", "key", "gaps"),
    [
        pytest.param(settings(east__duty_phone="1"), "duty_phone", (Gap("duty_phone", WEST),), id="each town its own"),
        pytest.param(settings(), "duty_phone", (Gap("duty_phone", EAST), Gap("duty_phone", WEST)), id="every town"),
        pytest.param(settings(), "clinic_phone", (Gap("clinic_phone", ""),), id="the county's would do"),
        pytest.param(settings(east__clinic_phone="1"), "clinic_phone", (Gap("clinic_phone", WEST),), id="the last town's"),
        pytest.param(settings(county__clinic_phone="1"), "clinic_phone", (), id="the county's does"),
        pytest.param(settings(), "drill_clocks", (Gap("drill_clocks", ""),), id="the county's alone"),
    ],
)
def test_what_is_missing_is_named_with_its_township(held: CountySettings, key: str, gaps: tuple[Gap, ...]) -> None:
    assert held.missing([key], [EAST, WEST]) == gaps


@given(st.sets(st.sampled_from([(key, path) for key in BY_KEY for path in (COUNTY, EAST, WEST)])))
def test_nothing_is_missing_exactly_when_every_township_finds_a_value(present: set[tuple[str, str]]) -> None:
    right = {pair for pair in present if (pair[1] == COUNTY) != (BY_KEY[pair[0]].scope is Scope.EACH_TOWN)}
    held = CountySettings({pair: filled("1") for pair in right})
    for key in BY_KEY:
        found = all(held.for_unit(town).value(key) is not None for town in (EAST, WEST))
        assert (held.missing([key], [EAST, WEST]) == ()) == found


def test_without_a_single_township_a_needed_number_is_missing() -> None:
    assert settings().missing(["duty_phone"], []) == (Gap("duty_phone", ""),)


@pytest.mark.parametrize(
    ("set_on", "due"), [(date(2025, 11, 23), True), (date(2025, 11, 24), False)], ids=["twelve months", "a day less"]
)
def test_what_was_confirmed_a_year_ago_is_due(set_on: date, due: bool) -> None:
    assert filled("1", set_on).is_due(TODAY) is due
