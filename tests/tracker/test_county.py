"""Who fills in what, that nothing is overwritten, and that the audit log knows old and new."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from banyan.domain.county import BY_KEY, Scope
from banyan.errors import BadInputError, NotFoundError
from banyan.records import audit
from banyan.records.audit import AuditRow
from banyan.records.county import CountySetting, SealPicture
from banyan.records.organisation import Unit
from banyan.tracker.county import Filled, confirm, county_unit, fields, gaps, history, put, seal_picture, settings_of, towns
from banyan.tracker.people import Me, find_me
from tests.county import NOW, TODAY, County, Places
from tests.domain.test_picture import png

NOTICE = {"source": "县应急〔2026〕12号", "dated_on": date(2025, 5, 20), "owner": "周建国"}


@pytest.fixture
def admin(county: County, places: Places, session: Session) -> Me:
    return _administrator(county, session, "周建国", places.county)


@pytest.fixture
def town_admin(county: County, places: Places, session: Session) -> Me:
    return _administrator(county, session, "郑国平", places.qingshi)


def _administrator(county: County, session: Session, name: str, unit: Unit) -> Me:
    person = county.person(name, unit, "CW")
    county.trust(person, "administrator", unit)
    return find_me(session, person.staff_number, TODAY)


def duty(unit: Unit, number: object) -> Filled:
    return Filled("duty_phone", unit.path, number, **NOTICE)


def test_a_grid_reads_what_its_own_township_says(session: Session, places: Places, admin: Me) -> None:
    put(session, duty(places.qingshi, "0591-1234567"), admin, NOW)
    put(session, duty(places.yunxi, "0591-7654321"), admin, NOW)
    held = settings_of(session)
    assert held.for_unit(places.xikou_1.path).phone("duty_phone") == "0591-1234567"
    assert held.for_unit(places.shangping_1.path).phone("duty_phone") == "0591-7654321"
    assert held.for_unit(places.county.path).phone("duty_phone") == ""


def test_the_newest_row_counts_and_the_older_stay(session: Session, places: Places, admin: Me) -> None:
    put(session, duty(places.qingshi, "0591-1234567"), admin, NOW)
    put(session, duty(places.qingshi, "0591-1111111"), admin, NOW + timedelta(days=1))
    assert settings_of(session).for_unit(places.qingshi.path).phone("duty_phone") == "0591-1111111"
    assert [row.value for row in history(session, "duty_phone", places.qingshi.path)] == ["0591-1111111", "0591-1234567"]


def test_every_change_is_in_the_log_with_old_and_new(session: Session, places: Places, admin: Me) -> None:
    for given in ("0591-1234567", "0591-1111111", "0591-1111111", None):
        put(session, duty(places.qingshi, given), admin, NOW)
    rows = list(session.scalars(select(AuditRow).order_by(AuditRow.position)))
    assert [row.action for row in rows] == ["county.set", "county.set", "county.confirm", "county.empty"]
    assert [(row.detail["old"], row.detail["new"]) for row in rows[:2]] == [
        (None, "0591-1234567"),
        ("0591-1234567", "0591-1111111"),
    ]
    assert audit.verify(session) == 4


def test_confirming_makes_it_fresh_again(session: Session, places: Places, admin: Me) -> None:
    put(session, duty(places.qingshi, "0591-1234567"), admin, NOW - timedelta(days=400))
    stale = settings_of(session).at("duty_phone", places.qingshi.path)
    put(session, duty(places.qingshi, "0591-1234567"), admin, NOW)
    fresh = settings_of(session).at("duty_phone", places.qingshi.path)
    assert stale is not None
    assert fresh is not None
    assert (stale.is_due(TODAY), fresh.is_due(TODAY)) == (True, False)


def test_what_is_emptied_is_missing_again(session: Session, places: Places, admin: Me) -> None:
    for unit in (places.qingshi, places.yunxi):
        put(session, duty(unit, "0591-1234567"), admin, NOW)
    assert gaps(session, ["duty_phone"]) == ()
    put(session, duty(places.yunxi, None), admin, NOW)
    assert [gap.path for gap in gaps(session, ["duty_phone"])] == [places.yunxi.path]


def test_a_township_fills_in_its_own_and_nothing_else(session: Session, places: Places, town_admin: Me) -> None:
    put(session, duty(places.qingshi, "0591-1234567"), town_admin, NOW)
    assert {(setting.key, unit.path) for setting, unit in fields(session, town_admin)} == {
        (key, places.qingshi.path) for key, each in BY_KEY.items() if each.scope is not Scope.COUNTY
    }
    for path in (places.yunxi.path, places.county.path):
        with pytest.raises(NotFoundError):
            put(session, Filled("clinic_phone", path, "0591-1234567", **NOTICE), town_admin, NOW)


def test_the_county_sees_every_field_of_every_township(session: Session, places: Places, admin: Me) -> None:
    listed = [(setting.key, unit.name) for setting, unit in fields(session, admin)]
    assert ("duty_phone", "青石镇") in listed
    assert ("duty_phone", "云溪镇") in listed
    assert ("duty_phone", "榕溪县") not in listed
    assert ("clinic_phone", "榕溪县") in listed
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("key", ["duty_phone", "drill_clocks"], ids=["a township's at the county", "the county's at a township"])
def test_a_value_stands_only_where_it_belongs(session: Session, places: Places, admin: Me, key: str) -> None:
    unit = places.county if key == "duty_phone" else places.qingshi
    given = "0591-1234567" if key == "duty_phone" else ("5", "30")
    with pytest.raises(BadInputError):
        put(session, Filled(key, unit.path, given, **NOTICE), admin, NOW)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"source": " "}, id="no source"),
        pytest.param({"owner": ""}, id="no owner"),
        pytest.param({"dated_on": None}, id="no day"),
        pytest.param({"dated_on": TODAY + timedelta(days=1)}, id="a day to come"),
        pytest.param({"dated_on": date(1026, 1, 1)}, id="a slip of the pen"),
        pytest.param({"source": "长" * 81}, id="a source without end"),
        pytest.param({"given": "不知道"}, id="no number"),
    ],
)
def test_what_cannot_be_checked_later_is_refused_and_changes_nothing(
    session: Session, places: Places, admin: Me, changes: dict[str, object]
) -> None:
    with pytest.raises(BadInputError):
        put(session, replace(duty(places.qingshi, "0591-1234567"), **changes), admin, NOW)
    assert session.scalar(select(func.count()).select_from(CountySetting)) == 0


def test_a_setting_nobody_knows_does_not_exist(session: Session, places: Places, admin: Me) -> None:
    with pytest.raises(NotFoundError):
        put(session, Filled("password", places.county.path, "x", **NOTICE), admin, NOW)


def test_the_seal_is_kept_once_and_found_again(session: Session, places: Places, admin: Me) -> None:
    for _ in range(2):
        put(session, Filled("seal", places.county.path, png(), **NOTICE), admin, NOW)
    assert session.scalar(select(func.count()).select_from(SealPicture)) == 1
    assert seal_picture(session) == png()
    assert settings_of(session).for_unit(places.county.path).value("seal")["width"] == 200
    put(session, Filled("seal", places.county.path, None, **NOTICE), admin, NOW)
    assert seal_picture(session) is None


def test_reading_takes_one_question_however_much_is_filled_in(session: Session, places: Places, admin: Me) -> None:
    for unit in towns(session):
        for number in range(5):
            put(session, duty(unit, f"0591-123456{number}"), admin, NOW)
    asked: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *told: asked.append(told[2]))
    session.expire_all()
    assert len(settings_of(session).entries) == 2
    assert len(asked) == 1


def test_what_holds_for_the_whole_county_stands_at_the_county(session: Session, places: Places) -> None:
    assert county_unit(session) == places.county


def test_one_word_confirms_with_the_old_source(session: Session, places: Places, admin: Me) -> None:
    with pytest.raises(BadInputError, match="还没有填"):
        confirm(session, "duty_phone", places.qingshi.path, admin, NOW)
    put(session, duty(places.qingshi, "0591-1234567"), admin, NOW - timedelta(days=400))
    row = confirm(session, "duty_phone", places.qingshi.path, admin, NOW)
    assert (row.value, row.source, row.set_at) == ("0591-1234567", NOTICE["source"], NOW)


def test_a_stranger_confirms_nothing(session: Session, places: Places, admin: Me, town_admin: Me) -> None:
    put(session, duty(places.yunxi, "0591-1234567"), admin, NOW)
    with pytest.raises(NotFoundError):
        confirm(session, "duty_phone", places.yunxi.path, town_admin, NOW)
