"""Handing on and calling back in the records: it counts its days only, and ends with the holder's own duty."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.lending import Loan
from banyan.domain.permission import Charge, Duty
from banyan.errors import BadInputError, NotFoundError
from banyan.records.audit import AuditRow
from banyan.records.people import ChargeRow, Person
from banyan.tracker.duties import duties_of, take_back
from banyan.tracker.lending import Borrower, call_back, lend, loans_of
from banyan.tracker.people import Me, find_me
from tests.county import COURSE, NOW, TODAY, County, Places

DAY = timedelta(days=1)


@pytest.fixture
def trainer(session: Session, county: County, places: Places) -> Me:
    person = county.person("黄老师", places.qingshi)
    county.trust(person, "trainer", places.qingshi, COURSE)
    return find_me(session, person.staff_number, TODAY)


@pytest.fixture
def colleague(county: County, places: Places) -> Person:
    return county.person("许素芬", places.xikou)


def own(session: Session, me: Me) -> ChargeRow:
    return session.scalars(select(ChargeRow).where(ChargeRow.person_id == me.person.id)).one()


def hand_on(
    session: Session, me: Me, to: Person, first: int = 0, last: int = 9, name: str = "", now: datetime = NOW
) -> ChargeRow:
    loan = Loan(TODAY + first * DAY, TODAY + last * DAY, "外出培训十天")
    return lend(session, me, own(session, me).id, Borrower(to.staff_number, name or to.name), loan, now)


def charges(session: Session, person: Person, day: int = 0) -> tuple[Charge, ...]:
    return find_me(session, person.staff_number, TODAY + day * DAY).actor.charges


def test_it_counts_on_its_days_only_and_says_that_it_is_lent(
    session: Session, places: Places, trainer: Me, colleague: Person
) -> None:
    hand_on(session, trainer, colleague, 2, 4)
    lent = Charge(Duty.TRAINER, places.qingshi.path, COURSE, lent=True)
    assert [charges(session, colleague, day) for day in (1, 2, 4, 5)] == [(), (lent,), (lent,), ()]
    assert not trainer.actor.charges[0].lent


def test_it_is_written_down_and_shown_on_both_sides(session: Session, trainer: Me, colleague: Person) -> None:
    row = hand_on(session, trainer, colleague)
    assert loans_of(session, duties_of(session, trainer.person.id, TODAY), TODAY) == {own(session, trainer).id: [row]}
    (theirs,) = duties_of(session, colleague.id, TODAY)
    assert theirs.lent_from
    assert theirs.lent_from.person.name == "黄老师"
    said = session.scalars(select(AuditRow).where(AuditRow.action == "duty.lend")).one()
    assert (said.actor, said.subject, said.detail["reason"]) == (
        trainer.person.staff_number,
        colleague.staff_number,
        "外出培训十天",
    )


def test_it_is_called_back_at_once_and_only_by_whose_it_is(
    session: Session, county: County, places: Places, trainer: Me, colleague: Person
) -> None:
    row = hand_on(session, trainer, colleague)
    other = county.person("周老师", places.qingshi)
    county.trust(other, "trainer", places.qingshi, COURSE)
    with pytest.raises(NotFoundError):
        call_back(session, find_me(session, other.staff_number, TODAY), row.id, NOW)
    with pytest.raises(NotFoundError):
        call_back(session, trainer, own(session, trainer).id, NOW)
    call_back(session, trainer, row.id, NOW)
    call_back(session, trainer, row.id, NOW)
    assert charges(session, colleague) == ()
    assert len(list(session.scalars(select(AuditRow).where(AuditRow.action == "duty.call_back")))) == 1


def test_it_ends_when_the_holders_own_duty_is_taken_back(
    session: Session, county: County, places: Places, trainer: Me, colleague: Person
) -> None:
    hand_on(session, trainer, colleague)
    third = county.person("林老师", places.xikou)
    hand_on(session, trainer, third, 3, 8)
    boss = county.person("郑国平", places.qingshi)
    county.trust(boss, "administrator", places.qingshi)
    take_back(session, find_me(session, boss.staff_number, TODAY), trainer.person.id, own(session, trainer).id, NOW)
    assert [charges(session, who, day) for who in (colleague, third) for day in (0, 3, 8)] == [()] * 6


def test_it_cannot_be_handed_on_again(session: Session, county: County, places: Places, trainer: Me, colleague: Person) -> None:
    hand_on(session, trainer, colleague)
    borrower, third = find_me(session, colleague.staff_number, TODAY), county.person("林老师", places.xikou)
    with pytest.raises(BadInputError, match="不能再委托"):
        hand_on(session, borrower, third)


def test_nobody_hands_on_what_is_anothers(
    session: Session, county: County, places: Places, trainer: Me, colleague: Person
) -> None:
    loan = Loan(TODAY, TODAY, "替他一天")
    with pytest.raises(NotFoundError):
        lend(session, find_me(session, colleague.staff_number, TODAY), own(session, trainer).id, Borrower("1", "x"), loan, NOW)


def test_only_somebody_the_duty_reaches_whose_number_and_name_agree(
    session: Session, county: County, places: Places, trainer: Me, colleague: Person
) -> None:
    for person, name in ((colleague, "许淑芬"), (county.person("张远", places.shangping), ""), (trainer.person, "")):
        with pytest.raises(BadInputError, match="没有找到这个人"):
            hand_on(session, trainer, person, name=name)
    hand_on(session, trainer, colleague)
    with pytest.raises(BadInputError, match="已经有这项职责"):
        hand_on(session, trainer, colleague, 9, 12)


def test_who_has_no_password_chooses_one_first(session: Session, trainer: Me, colleague: Person) -> None:
    hand_on(session, trainer, colleague)
    assert colleague.must_change_password
