"""A certificate is put in doubt by what was withdrawn, and by nothing else: not by what ran out, nor by days of leave."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.framework import Kind
from banyan.records.competence import Certificate
from banyan.records.corrections import CertificateDoubt
from banyan.records.people import Person
from banyan.tracker.amending import Account, Amendment, amend
from banyan.tracker.intake import Claim, take_in
from banyan.tracker.leaves import Away, record_leave
from banyan.tracker.people import Me, find_me
from banyan.tracker.rulebook import Rulebook
from tests.county import NOW, TODAY, County, Places
from tests.tracker.test_awards import SHOWN

BEFORE, LATE = timedelta(days=-100), timedelta(days=280)
"""Seen so long before today it counts no more so late, while a certificate of today is still good."""
WHY = "核对以后不是本人"


@pytest.fixture
def learner(county: County, places: Places) -> Person:
    return county.person("林秀英", places.xikou_1, "ER", "突发事件信息报告员")


@pytest.fixture
def boss(session: Session, county: County, places: Places) -> Me:
    person = county.person("王主任", places.qingshi, "CW", "管理员")
    county.trust(person, "administrator", places.qingshi)
    return find_me(session, person.staff_number, TODAY)


@pytest.fixture
def resting(rulebook: Rulebook) -> Rulebook:
    """The same rules, with the clock stopped during leave."""
    return replace(rulebook, programmes=(replace(rulebook.programmes[0], leave_suspends=True),))


def practical(person: Person, rulebook: Rulebook, number: int, ago: timedelta) -> Account:
    """What one practical shows of the person, the last thing the programme asks for."""
    indicators = rulebook.framework.competency("C5.2").indicator_codes
    claim = Claim(person.id, "C5.2", indicators, Kind.OS, 3, TODAY + ago, f"practical:{number}:C5.2")
    return Account(f"practical:{number}", person.id, (claim,))


def certify(session: Session, person: Person, rulebook: Rulebook, by: Me, *practicals: Account) -> Certificate:
    """Let somebody show all else a while before, and in these practicals what is left."""
    indicators = {code: rulebook.framework.competency(code).indicator_codes for code, _ in SHOWN}
    rest = [(code, kind) for code, kind in SHOWN if kind is not Kind.OS]
    day = TODAY + BEFORE
    claims = [Claim(person.id, code, indicators[code], kind, 3, day, f"{kind}:{code}") for code, kind in rest]
    take_in(session, claims, rulebook, NOW)
    for each in practicals:
        amend(session, each, Amendment(by), rulebook, NOW)
    return session.scalars(select(Certificate)).one()


def withdraw(session: Session, account: Account, rulebook: Rulebook, by: Me, after: timedelta = timedelta()) -> list[str]:
    """Withdraw all that a practical showed, and return why certificates are in doubt."""
    amend(session, replace(account, claims=()), Amendment(by, WHY), rulebook, NOW + after)
    return [row.why for row in session.scalars(select(CertificateDoubt))]


def test_what_a_certificate_rests_on_puts_it_in_doubt(session: Session, learner: Person, boss: Me, rulebook: Rulebook) -> None:
    only = practical(learner, rulebook, 1, timedelta())
    certify(session, learner, rulebook, boss, only)
    assert withdraw(session, only, rulebook, boss) == [WHY]


def test_what_merely_ran_out_is_not_put_down_to_it(session: Session, learner: Person, boss: Me, rulebook: Rulebook) -> None:
    one, other = (practical(learner, rulebook, number, timedelta()) for number in (1, 2))
    certificate = certify(session, learner, rulebook, boss, one, other)
    assert certificate.expires_on > TODAY + LATE
    assert withdraw(session, one, rulebook, boss, LATE) == [], "the exam ran out meanwhile, and would have all the same"


def test_during_leave_the_clock_stood_still_and_nothing_is_in_doubt(
    session: Session, learner: Person, boss: Me, resting: Rulebook
) -> None:
    one, other = (practical(learner, resting, number, timedelta()) for number in (1, 2))
    certify(session, learner, resting, boss, one, other)
    record_leave(session, Away(learner.id, TODAY, TODAY + timedelta(days=60), "产假"), boss, NOW)
    assert withdraw(session, one, resting, boss, LATE) == []


def test_what_lasted_longer_for_leave_puts_it_in_doubt_as_well(
    session: Session, learner: Person, boss: Me, resting: Rulebook
) -> None:
    only = practical(learner, resting, 1, BEFORE)
    certify(session, learner, resting, boss, only)
    record_leave(session, Away(learner.id, TODAY, TODAY + timedelta(days=60), "产假"), boss, NOW)
    assert withdraw(session, only, resting, boss, LATE) == [WHY]
