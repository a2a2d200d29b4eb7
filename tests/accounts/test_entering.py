"""Coming in by a slip: once, in time, by whoever holds it; told in plain words otherwise."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from banyan.accounts.admission import Admission, Caller
from banyan.accounts.entering import GUESSES, Typed, look, redeem, redeem_typed
from banyan.accounts.limiter import Limiter
from banyan.accounts.passwords import hash_password
from banyan.accounts.refusal import NoEntryError, spoken
from banyan.accounts.slips import PrintedSlip, issue_slips
from banyan.records.audit import AuditRow, without_salt
from banyan.records.engine import Sessions, reading, writing
from banyan.records.entry import Device, Slip
from banyan.records.people import Person
from banyan.words.language import language
from tests.county import NOW

KEY = b"k" * 32
PHONE = Caller("10.0.0.7", "Mozilla/5.0 (Linux; Android 8.1.0; M2006C3LC Build/O1; wv) Chrome/66 MicroMessenger/8.0")
OTHER = Caller("10.0.0.8", "Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X)")
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def slip(records: Sessions, town: tuple[Person, Person]) -> PrintedSlip:
    """陈晓明's, issued by the town's administrator."""
    with writing(records) as session:
        return issue_slips(session, [town[0]], KEY, town[1], NOW)[0]


def enter(records: Sessions, token: str, now: datetime = LATER, caller: Caller = PHONE) -> Admission:
    with writing(records) as session:
        return redeem(session, token, KEY, caller, now)


def refused(records: Sessions, token: str, now: datetime = LATER, caller: Caller = PHONE) -> NoEntryError:
    with pytest.raises(NoEntryError) as fault:
        enter(records, token, now, caller)
    return fault.value


def said(fault: NoEntryError) -> str:
    return spoken(fault, language("zh-Hans"))


def type_in(records: Sessions, number: str, digits: str, limiter: Limiter | None = None, now: datetime = LATER) -> Admission:
    return redeem_typed(records, Typed(number, digits), KEY, PHONE, limiter or Limiter(per_account=99), now)


def not_taken(records: Sessions, number: str, digits: str, limiter: Limiter | None = None) -> NoEntryError:
    with pytest.raises(NoEntryError) as fault:
        type_in(records, number, digits, limiter)
    return fault.value


def wrong(slip: PrintedSlip) -> str:
    return f"{(int(slip.digits) + 1) % 10**8:08}"


def test_a_slip_is_looked_at_as_often_as_one_likes_and_used_once(records: Sessions, slip: PrintedSlip):
    with reading(records) as session:
        for _ in range(3):
            assert look(session, slip.token, KEY, LATER).person.name == "陈晓明"
    assert enter(records, slip.token).person.name == "陈晓明"
    assert "用过了" in said(refused(records, slip.token))


def test_a_used_slip_says_when_and_on_what_phone_and_whom_to_ring(records: Sessions, slip: PrintedSlip, town):
    enter(records, slip.token)
    fault = refused(records, slip.token, NOW + timedelta(days=2), OTHER)
    assert "11月23日 11:00" in said(fault)
    assert "安卓手机 M2006C3LC 微信" in said(fault)
    assert "Android phone M2006C3LC" in spoken(fault, language("en"))
    assert fault.ring.id == town[1].id  # type: ignore[union-attr]


def test_of_two_who_use_a_slip_at_once_one_gets_in(records: Sessions, slip: PrintedSlip):
    def one(_: int) -> bool:
        try:
            return bool(enter(records, slip.token))
        except NoEntryError:
            return False

    with ThreadPoolExecutor(4) as hands:
        assert sorted(hands.map(one, range(8))) == [False] * 7 + [True]
    with reading(records) as session:
        assert session.scalar(select(func.count()).select_from(Device)) == 1


def test_a_slip_ends_every_earlier_way_in(records: Sessions, slip: PrintedSlip, town):
    enter(records, slip.token)
    with writing(records) as session:
        person = session.get_one(Person, town[0].id)
        assert (person.password_hash, person.must_change_password) == (None, True)
        person.password_hash, person.must_change_password = hash_password("of a stranger"), False
        again = issue_slips(session, [person], KEY, None, LATER)[0]
    enter(records, again.token, LATER + timedelta(minutes=5), OTHER)
    with reading(records) as session:
        ended = [each.ended_at is not None for each in session.scalars(select(Device).order_by(Device.id))]
        assert ended == [True, False]
        person = session.get_one(Person, town[0].id)
        assert (person.password_hash, person.must_change_password, person.entered_at) == (None, True, LATER)


def test_it_is_written_down(records: Sessions, slip: PrintedSlip):
    enter(records, slip.token)
    with reading(records) as session:
        last = session.scalars(select(AuditRow).order_by(AuditRow.position.desc())).first()
    assert last is not None
    assert (last.action, last.actor, without_salt(last.detail)) == ("slip.use", slip.person.staff_number, {"address": "10.0.0.7"})


def test_an_expired_slip_says_so_and_opens_again_when_the_clock_is_put_right(records: Sessions, slip: PrintedSlip):
    assert "过期了" in said(refused(records, slip.token, NOW + timedelta(days=14)))
    assert "过期了" in said(refused(records, slip.token, NOW + timedelta(days=4000)))
    assert enter(records, slip.token, NOW + timedelta(days=13, hours=23))


def test_a_clock_that_jumps_back_locks_nobody_out(records: Sessions, slip: PrintedSlip):
    assert enter(records, slip.token, NOW - timedelta(days=3))


def test_a_voided_slip_asks_for_the_newer_one(records: Sessions, slip: PrintedSlip, town):
    with writing(records) as session:
        newer = issue_slips(session, [town[0]], KEY, town[1], LATER)[0]
    assert "后来又给您发过一张" in said(refused(records, slip.token))
    assert enter(records, newer.token)


@pytest.mark.parametrize("token", ["", "A" * 22, "' OR 1=1 --", "A" * 5000], ids=["none", "guessed", "sql", "long"])
def test_a_token_of_no_slip_tells_nothing_of_anybody(records: Sessions, slip: PrintedSlip, token: str):
    assert "打不开" in said(refused(records, token))


def test_a_slip_under_another_key_is_none(records: Sessions, slip: PrintedSlip):
    with reading(records) as session, pytest.raises(NoEntryError, match="打不开"):
        look(session, slip.token, b"another" * 5, LATER)


def test_who_has_left_comes_in_no_more(records: Sessions, slip: PrintedSlip):
    with writing(records) as session:
        session.get_one(Person, slip.person.id).left_on = date(2026, 11, 22)
    assert "离任" in said(refused(records, slip.token))


@pytest.mark.parametrize("spell", [str, lambda digits: f"{digits[:4]} {digits[4:]}", lambda digits: digits.translate(WIDE)])
@pytest.mark.parametrize("by", ["staff_number", "phone"])
def test_either_number_and_the_digits_open_a_slip(records: Sessions, slip: PrintedSlip, by: str, spell):
    assert type_in(records, getattr(slip.person, by), spell(slip.digits)).person.name == "陈晓明"
    assert "用过了" in said(refused(records, slip.token))


WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def test_the_digits_of_one_person_open_nothing_for_another(records: Sessions, slip: PrintedSlip, town):
    assert "对不上" in said(not_taken(records, town[1].staff_number, slip.digits))


@pytest.mark.parametrize("digits", ["", "1", "9" * 5000, "一二三四五六七八"], ids=["nothing", "one", "five thousand", "words"])
def test_whatever_is_typed_for_digits_is_answered_in_words(digits: str, records: Sessions, slip: PrintedSlip):
    assert "对不上" in said(not_taken(records, slip.person.phone, digits))


def test_five_wrong_guesses_close_the_typed_way_and_leave_the_qr_code(records: Sessions, slip: PrintedSlip):
    for _ in range(GUESSES - 1):
        assert "对不上" in said(not_taken(records, slip.person.phone, wrong(slip)))
    assert "不能再用数字进" in said(not_taken(records, slip.person.staff_number, wrong(slip)))
    assert "不能再用数字进" in said(not_taken(records, slip.person.phone, slip.digits))
    with reading(records) as session:
        assert session.scalars(select(Slip.failures)).one() == GUESSES
    assert enter(records, slip.token)


def test_the_limiter_stops_who_guesses_for_many_people(records: Sessions, slip: PrintedSlip, town):
    limiter = Limiter(per_account=99, per_address=3)
    for number in ("nobody-1", "nobody-2", "nobody-3"):
        assert "对不上" in said(not_taken(records, number, "12345678", limiter))
    fault = not_taken(records, slip.person.phone, slip.digits, limiter)
    assert "分钟后再试" in said(fault)
    assert fault.ring.id == town[1].id  # type: ignore[union-attr]


def test_an_unknown_number_and_one_without_a_slip_read_the_same(records: Sessions, town):
    told = {said(not_taken(records, number, "12345678")) for number in ("nobody", town[1].staff_number, town[1].phone)}
    assert len(told) == 1


def test_typed_digits_of_a_used_slip_say_that_it_was_used(records: Sessions, slip: PrintedSlip):
    enter(records, slip.token)
    assert "用过了" in said(not_taken(records, slip.person.phone, slip.digits))
