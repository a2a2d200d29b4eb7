"""A duty handed on for a time is never wider or longer than one's own, nor handed on again."""

from datetime import date, timedelta

import pytest

from banyan.domain.lending import Loan, check_loan
from banyan.domain.organisation import Term
from banyan.domain.permission import Action, Actor, Charge, Duty, Target, may
from banyan.domain.takeover import may_grant, may_open
from banyan.errors import BadInputError

TODAY = date(2026, 11, 23)
TOWN, GRID = "/39/3999/001/", "/39/3999/001/201/01/"
OWN = Charge(Duty.ADMINISTRATOR, TOWN)
LENT = Charge(Duty.ADMINISTRATOR, TOWN, lent=True)
EVER = Term(date(2026, 1, 1))
LEARNER = Target(frozenset({GRID}), person_id=7)


def loan(first: int = 0, last: int = 10, reason: str = "年休假十天") -> Loan:
    return Loan(TODAY + timedelta(first), TODAY + timedelta(last), reason)


@pytest.mark.parametrize(
    ("own", "term", "wish"),
    [
        pytest.param(OWN, EVER, loan(), id="ten days"),
        pytest.param(OWN, EVER, loan(0, 364), id="a year"),
        pytest.param(OWN, EVER, loan(20, 20), id="one day, later"),
        pytest.param(OWN, Term(date(2026, 1, 1), TODAY + timedelta(10)), loan(), id="as long as one's own"),
    ],
)
def test_what_may_be_handed_on(own: Charge, term: Term, wish: Loan) -> None:
    check_loan(own, term, wish, TODAY)


@pytest.mark.parametrize(
    ("own", "term", "wish", "says"),
    [
        pytest.param(LENT, EVER, loan(), "不能再委托", id="handed on already"),
        pytest.param(Charge(Duty.PLATFORM, TOWN), EVER, loan(), "服务器", id="the platform"),
        pytest.param(OWN, Term(TODAY + timedelta(1)), loan(2), "不归您", id="not yet one's own"),
        pytest.param(OWN, Term(date(2026, 1, 1), TODAY - timedelta(1)), loan(), "不归您", id="no longer one's own"),
        pytest.param(OWN, EVER, loan(-1), "不能早于今天", id="from yesterday"),
        pytest.param(OWN, EVER, loan(5, 4), "不能早于", id="over before it begins"),
        pytest.param(OWN, EVER, loan(0, 365), "最多委托一年", id="a day too long"),
        pytest.param(OWN, Term(date(2026, 1, 1), TODAY + timedelta(9)), loan(), "不能比它更晚", id="longer than one's own"),
        pytest.param(OWN, EVER, loan(reason="休假"), "为什么", id="no reason"),
        pytest.param(OWN, EVER, loan(reason="长" * 201), "为什么", id="a novel"),
    ],
)
def test_what_may_not(own: Charge, term: Term, wish: Loan, says: str) -> None:
    with pytest.raises(BadInputError, match=says):
        check_loan(own, term, wish, TODAY)


def test_what_was_handed_on_opens_the_daily_work_but_makes_nothing_that_outlasts_it() -> None:
    borrower, holder = Actor(1, (LENT,)), Actor(1, (OWN,))
    assert may(borrower, Action.ASSIGN, LEARNER)
    assert may_open(borrower, LEARNER, ())
    for who, allowed in ((holder, True), (borrower, False)):
        assert may(who, Action.GRANT, LEARNER) is allowed
        assert may(who, Action.LEND, LEARNER) is allowed
        assert may_grant(who, LEARNER, Charge(Duty.TRAINER, GRID, "x-1-reporter")) is allowed
        assert may_open(who, LEARNER, (Charge(Duty.TRAINER, GRID, "x-1-reporter"),)) is allowed
