"""Whose certificate runs out: listed while there is time, gone from the list once renewed."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from banyan.errors import BadInputError, NotFoundError
from banyan.records.competence import Certificate
from banyan.records.people import Person
from banyan.tracker.expiring import Ending, count_expiring, expiring
from banyan.tracker.people import Me, find_me
from banyan.tracker.reminders import remind
from banyan.tracker.rulebook import Rulebook
from tests.county import NOW, TODAY, County, Places


def hold(session: Session, person: Person, rulebook: Rulebook, days: int, revoked: bool = False) -> None:
    """Give somebody a certificate that ends so many days from today."""
    until = TODAY + timedelta(days=days)
    row = Certificate(
        serial=f"BY26-{person.id:04d}-{until:%m%d}",
        person_id=person.id,
        programme=rulebook.programmes[0].code,
        issued_on=date(2024, 1, 1),
        expires_on=until,
        revoked_at=NOW if revoked else None,
        payload={},
        signature="",
    )
    session.add(row)
    session.flush()


def supervisor(session: Session, county: County, at: object) -> Me:
    person = county.person("蔡明辉")
    county.trust(person, "supervisor", at)  # type: ignore[arg-type]
    return find_me(session, person.staff_number, TODAY)


def test_only_what_runs_out_within_ninety_days_here_is_listed_the_first_first(
    session: Session, county: County, places: Places, rulebook: Rulebook
) -> None:
    for name, unit, days in (
        ("还早", places.xikou_1, 91),
        ("快了", places.xikou_1, 90),
        ("过了", places.xikou_2, -1),
        ("别处", places.shangping_1, 3),
    ):
        hold(session, county.person(name, unit), rulebook, days)
    found = expiring(session, [places.qingshi.path], NOW)
    assert [(each.person.name, each.over) for each in found] == [("过了", True), ("快了", False)]
    assert found[0].place == ("青石镇", "溪口村", "第二网格")
    assert count_expiring(session, [places.qingshi.path], NOW) == Ending(2, over=1)
    assert count_expiring(session, [places.xikou_1.path], NOW) == Ending(1, over=0)


def test_who_renewed_is_no_longer_listed_and_what_was_revoked_never(
    session: Session, county: County, places: Places, rulebook: Rulebook
) -> None:
    renewed = county.person("陈晓明", places.xikou_1)
    hold(session, renewed, rulebook, 5)
    hold(session, renewed, rulebook, 700)
    hold(session, county.person("林秀英", places.xikou_2), rulebook, 5, revoked=True)
    assert expiring(session, [places.qingshi.path], NOW) == []
    assert count_expiring(session, [places.qingshi.path], NOW) == Ending(0, over=0)


def test_a_supervisor_reminds_those_under_them_even_if_nobody_asked_the_programme(
    session: Session, county: County, places: Places, rulebook: Rulebook
) -> None:
    me = supervisor(session, county, places.qingshi)
    mine, fresh, foreign = (
        county.person("陈晓明", places.xikou_1),
        county.person("林秀英", places.xikou_2),
        county.person("张远", places.shangping_1),
    )
    for person, days in ((mine, 5), (fresh, 200), (foreign, 5)):
        hold(session, person, rulebook, days)
    assert remind(session, mine.id, rulebook.programmes[0], me, NOW)[1]
    assert expiring(session, [places.qingshi.path], NOW)[0].reminded.by == "蔡明辉"  # type: ignore[union-attr]
    with pytest.raises(BadInputError):
        remind(session, fresh.id, rulebook.programmes[0], me, NOW)
    with pytest.raises(NotFoundError):
        remind(session, foreign.id, rulebook.programmes[0], me, NOW)
