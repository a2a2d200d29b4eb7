"""Signing in by staff number: who gets in, what is written down, when it is enough."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from banyan.accounts.limiter import Limiter
from banyan.accounts.sign_in import Attempt, sign_in
from banyan.errors import NotAllowedError
from banyan.records.audit import AuditRow
from banyan.records.engine import Sessions, reading
from banyan.records.people import Person

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
HALL = "10.0.0.7"


def attempt(number: str, password: str, address: str = HALL) -> Attempt:
    return Attempt(number, password, address)


def written(records: Sessions) -> list[tuple[str, str]]:
    with reading(records) as session:
        return [(row.actor, row.action) for row in session.scalars(select(AuditRow).order_by(AuditRow.position))]


def refusal(records: Sessions, made: Attempt, limiter: Limiter, now: datetime = NOW) -> str:
    with pytest.raises(NotAllowedError) as refused:
        sign_in(records, made, now, limiter)
    return str(refused.value)


def test_number_and_password_let_a_person_in_and_are_written_down(records: Sessions, lin: Person):
    assert sign_in(records, attempt("ｙｘ0001", "initial-1"), NOW, Limiter()).name == "林秀英"
    assert written(records) == [("YX0001", "sign_in")]


def test_an_unknown_number_and_a_wrong_password_read_the_same(records: Sessions, lin: Person):
    limiter = Limiter()
    assert refusal(records, attempt("YX9999", "x"), limiter) == refusal(records, attempt("YX0001", "x"), limiter)


def test_an_unknown_number_takes_as_long_as_a_wrong_password(records: Sessions, lin: Person):
    def seconds(number: str) -> float:
        limiter, began = Limiter(per_account=99), time.process_time()
        for _ in range(5):
            refusal(records, attempt(number, "x"), limiter)
        return time.process_time() - began  # of this process: what else the machine does is not measured

    seconds("YX9999")  # the first draws the hash that stands for nobody's
    assert 0.5 < seconds("YX9999") / seconds("YX0001") < 2


def test_what_is_typed_for_an_unknown_number_is_not_written_down(records: Sessions, lin: Person):
    refusal(records, attempt("my-secret-password", "x"), Limiter())
    assert written(records) == [("unknown", "sign_in.refused")]


def test_who_has_left_is_not_let_in_but_was_on_the_last_day(records: Sessions, lin: Person):
    last_day = datetime(2026, 10, 31, 15, 59, tzinfo=UTC)  # 23:59 in the county
    assert sign_in(records, attempt("YX0002", "initial-2"), last_day, Limiter()).name == "吴美玲"
    refusal(records, attempt("YX0002", "initial-2"), Limiter(), last_day + timedelta(minutes=1))


def test_five_wrong_passwords_lock_the_account_even_for_the_right_one(records: Sessions, lin: Person):
    limiter = Limiter()
    for _ in range(5):
        assert "工号或密码不对" in refusal(records, attempt("YX0001", "x"), limiter)
    told = refusal(records, attempt("yx0001", "initial-1"), limiter)
    assert "15 分钟后再试" in told
    assert "联系您所在镇街的管理员" in told
    assert len(written(records)) == 5


def test_a_lock_ends_by_itself(records: Sessions, lin: Person):
    limiter = Limiter(per_account=1, window=timedelta(seconds=1))
    refusal(records, attempt("YX0001", "x"), limiter)
    time.sleep(1.1)
    assert sign_in(records, attempt("YX0001", "initial-1"), NOW, limiter)


def test_a_success_starts_the_count_anew(records: Sessions, lin: Person):
    limiter = Limiter(per_account=2)
    for _ in range(3):
        refusal(records, attempt("YX0001", "x"), limiter)
        sign_in(records, attempt("YX0001", "initial-1"), NOW, limiter)


def test_an_address_that_tries_many_accounts_is_locked_and_others_are_not(records: Sessions, lin: Person):
    limiter = Limiter(per_address=3)
    for number in ("A1", "A2", "A3"):
        refusal(records, attempt(number, "x"), limiter)
    assert "分钟后再试" in refusal(records, attempt("YX0001", "initial-1"), limiter)
    assert sign_in(records, attempt("YX0001", "initial-1", "10.0.0.8"), NOW, limiter)


def test_a_hall_full_of_people_may_sign_in_from_one_address(records: Sessions, lin: Person):
    limiter = Limiter(per_address=3)
    for _ in range(6):
        sign_in(records, attempt("YX0001", "initial-1"), NOW, limiter)
