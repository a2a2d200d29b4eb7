"""Signing in by staff number: who gets in, what is written down, when it is enough."""

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from banyan.accounts.admission import Caller
from banyan.accounts.limiter import Limiter, Window
from banyan.accounts.refusal import NoEntryError
from banyan.accounts.sign_in import Attempt, sign_in
from banyan.records.audit import AuditRow
from banyan.records.engine import Sessions, reading, writing
from banyan.records.people import Person

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
HALL = "10.0.0.7"


@dataclass(frozen=True)
class Made:
    """An attempt and where it came from."""

    attempt: Attempt
    caller: Caller


def attempt(number: str, password: str, address: str = HALL) -> Made:
    return Made(Attempt(number, password), Caller(address))


def enter(records: Sessions, made: Made, now: datetime, limiter: Limiter) -> Person:
    return sign_in(records, made.attempt, made.caller, limiter, now).person


def written(records: Sessions) -> list[tuple[str, str]]:
    with reading(records) as session:
        return [(row.actor, row.action) for row in session.scalars(select(AuditRow).order_by(AuditRow.position))]


def refused(records: Sessions, made: Made, limiter: Limiter, now: datetime = NOW) -> NoEntryError:
    with pytest.raises(NoEntryError) as refused:
        enter(records, made, now, limiter)
    return refused.value


def refusal(records: Sessions, made: Made, limiter: Limiter, now: datetime = NOW) -> str:
    return str(refused(records, made, limiter, now))


def test_number_and_password_let_a_person_in_and_are_written_down(records: Sessions, lin: Person):
    assert enter(records, attempt("ｙｘ0001", "initial-1"), NOW, Limiter()).name == "林秀英"
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
    assert enter(records, attempt("YX0002", "initial-2"), last_day, Limiter()).name == "吴美玲"
    refusal(records, attempt("YX0002", "initial-2"), Limiter(), last_day + timedelta(minutes=1))


def test_five_wrong_passwords_lock_the_account_even_for_the_right_one(records: Sessions, lin: Person):
    limiter = Limiter()
    for _ in range(5):
        assert "号码或密码不对" in refusal(records, attempt("YX0001", "x"), limiter)
    assert "15 分钟后再试" in refusal(records, attempt("yx0001", "initial-1"), limiter)
    assert len(written(records)) == 5


def test_a_lock_out_names_the_nearest_administrator_to_ring(records: Sessions, town: tuple[Person, Person]):
    chen, boss = town
    limiter = Limiter(per_account=1)
    assert refused(records, attempt(chen.staff_number, "x"), limiter).ring.id == boss.id  # type: ignore[union-attr]
    assert refused(records, attempt(chen.phone, "x"), limiter).ring.id == boss.id  # type: ignore[union-attr]


def test_a_number_nobody_has_is_told_whom_to_ring_as_well(records: Sessions, town: tuple[Person, Person]):
    limiter = Limiter(per_account=1)
    refusal(records, attempt("YX9999", "x"), limiter)
    told = refused(records, attempt("YX9999", "x"), limiter)
    assert "分钟后再试" in str(told)
    assert told.ring.id == town[1].id  # type: ignore[union-attr]


@pytest.mark.parametrize("typed", ["{}", "+86{}", "86 {}", "１{rest}", "{head}-{middle}-{tail}"])
def test_a_mobile_number_lets_its_person_in_however_it_is_typed(records: Sessions, town: tuple[Person, Person], typed: str):
    phone = town[0].phone
    parts = {"rest": phone[1:], "head": phone[:3], "middle": phone[3:7], "tail": phone[7:]}
    assert enter(records, attempt(typed.format(phone, **parts), "secret-1"), NOW, Limiter()).id == town[0].id


def test_two_numbers_of_one_person_are_one_account_to_who_guesses(records: Sessions, town: tuple[Person, Person]):
    limiter, chen = Limiter(), town[0]
    for number in (chen.phone, chen.staff_number, chen.phone, chen.staff_number, chen.phone):
        refusal(records, attempt(number, "x"), limiter)
    assert "分钟后再试" in refusal(records, attempt(chen.staff_number, "secret-1"), limiter)


def test_a_mobile_two_people_share_asks_for_the_staff_number(records: Sessions, town: tuple[Person, Person]):
    chen, boss = town
    with writing(records) as session:
        session.get_one(Person, boss.id).phone = chen.phone
    assert "请用工号登录" in refusal(records, attempt(chen.phone, "secret-1"), Limiter())
    with writing(records) as session:
        session.get_one(Person, boss.id).left_on = date(2026, 11, 1)
    assert enter(records, attempt(chen.phone, "secret-1"), NOW, Limiter()).id == chen.id


def test_a_staff_number_comes_before_a_mobile_of_the_same_digits(records: Sessions, town: tuple[Person, Person]):
    chen, boss = town
    with writing(records) as session:
        session.get_one(Person, boss.id).staff_number = chen.phone
    assert refused(records, attempt(chen.phone, "secret-1"), Limiter())


def test_the_first_time_somebody_came_in_is_remembered(records: Sessions, lin: Person):
    for minutes in (0, 5):
        enter(records, attempt("YX0001", "initial-1"), NOW + timedelta(minutes=minutes), Limiter())
    with reading(records) as session:
        assert session.get_one(Person, lin.id).entered_at == NOW


def test_a_lock_ends_by_itself(records: Sessions, lin: Person):
    passed = [1000.0]
    limiter = Limiter(per_account=1, clock=lambda: passed[0])
    refusal(records, attempt("YX0001", "x"), limiter)
    passed[0] += 14 * 60 + 1
    assert "请 1 分钟后再试" in refusal(records, attempt("YX0001", "initial-1"), limiter)
    passed[0] += 60
    assert enter(records, attempt("YX0001", "initial-1"), NOW, limiter)


def test_a_lock_from_a_clock_that_ran_ahead_lasts_no_longer_when_it_is_put_right(
    records: Sessions, lin: Person, monkeypatch: pytest.MonkeyPatch
):
    limiter, right = Limiter(per_account=1, per_address=1), time.time()
    monkeypatch.setattr(time, "time", lambda: right + 365 * 86400)
    refusal(records, attempt("YX0001", "x"), limiter)
    monkeypatch.setattr(time, "time", lambda: right)
    assert "请 15 分钟后再试" in refusal(records, attempt("YX0001", "initial-1"), limiter)


def test_no_more_is_remembered_of_strangers_than_their_window_lasts(monkeypatch: pytest.MonkeyPatch):
    passed = [1000.0]
    monkeypatch.setattr("banyan.accounts.limiter.MANY", 3)
    window = Window(5, 60, lambda: passed[0])
    for key in "abcd":
        window.hit(key)
    passed[0] += 61
    window.hit("e")
    assert set(window.counts) == {"e"}


def test_a_success_starts_the_count_anew(records: Sessions, lin: Person):
    limiter = Limiter(per_account=2)
    for _ in range(3):
        refusal(records, attempt("YX0001", "x"), limiter)
        enter(records, attempt("YX0001", "initial-1"), NOW, limiter)


def test_an_address_that_tries_many_accounts_is_locked_and_others_are_not(records: Sessions, lin: Person):
    limiter = Limiter(per_address=3)
    for number in ("A1", "A2", "A3"):
        refusal(records, attempt(number, "x"), limiter)
    assert "分钟后再试" in refusal(records, attempt("YX0001", "initial-1"), limiter)
    assert enter(records, attempt("YX0001", "initial-1", "10.0.0.8"), NOW, limiter)


def test_a_hall_full_of_people_may_sign_in_from_one_address(records: Sessions, lin: Person):
    limiter = Limiter(per_address=3)
    for _ in range(6):
        enter(records, attempt("YX0001", "initial-1"), NOW, limiter)
