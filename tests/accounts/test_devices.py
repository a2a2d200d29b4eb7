"""Six digits on a phone that is remembered: right ones open it, a few wrong ones pause it, more forget it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from banyan.accounts.admission import Caller
from banyan.accounts.devices import (
    FORGET_AT,
    PAUSE,
    PAUSE_AT,
    Tried,
    device_mac,
    devices_of,
    forget_all,
    open_with_pin,
    remembered,
    set_pin,
)
from banyan.accounts.entering import redeem
from banyan.accounts.refusal import NoEntryError
from banyan.accounts.slips import issue_slips
from banyan.errors import BadInputError
from banyan.records.engine import Sessions, reading, writing
from banyan.records.entry import Device
from banyan.records.people import ChargeRow, Person
from tests.county import NOW, TODAY

KEY = b"k" * 32
CALLER = Caller("10.0.0.7", "Mozilla/5.0 (Linux; Android 10; K)")
PIN, WRONG = "481527", "481528"


@dataclass(frozen=True)
class Held:
    """A phone: its token, its device and whose it is."""

    records: Sessions
    token: str
    device_id: int
    person: Person

    def type(self, pin: str, now: datetime = NOW, token: str | None = None) -> Person:
        tried = Tried(self.device_id, (self.token if token is None else token,), pin)
        return open_with_pin(self.records, tried, KEY, CALLER, now).person

    def told(self, pin: str, now: datetime = NOW) -> NoEntryError:
        with pytest.raises(NoEntryError) as fault:
            self.type(pin, now)
        return fault.value

    def known(self, now: datetime = NOW) -> bool:
        with reading(self.records) as session:
            return [each.id for each in remembered(session, [self.token], KEY, now)] == [self.device_id]


Hand = Callable[[Person], Held]


@pytest.fixture
def hand(records: Sessions) -> Hand:
    def come_in(person: Person) -> Held:
        with writing(records) as session:
            slip = issue_slips(session, [person], KEY, None, NOW)[0]
            token = redeem(session, slip.token, KEY, CALLER, NOW).token
            session.flush()
            device = devices_of(session, [token], KEY)[0]
            set_pin(session, device, PIN, KEY)
        return Held(records, token, device.id, person)

    return come_in


@pytest.fixture
def phone(hand: Hand, town: tuple[Person, Person]) -> Held:
    return hand(town[0])


def test_the_right_digits_open_the_phone_they_were_set_on(phone: Held):
    assert phone.type(PIN).id == phone.person.id
    assert phone.known()


def test_neither_digits_nor_token_are_kept(records: Sessions, phone: Held):
    with reading(records) as session:
        row = session.get_one(Device, phone.device_id)
        assert row.token_mac == device_mac(KEY, phone.token)
        assert PIN not in str(row.pin_hash)


def test_wrong_digits_say_how_many_tries_are_left(phone: Held):
    assert [phone.told(WRONG).params["n"] for _ in range(PAUSE_AT - 1)] == [4, 3, 2, 1]


def test_five_wrong_tries_pause_the_phone_even_for_the_right_ones_and_say_whom_to_ring(phone: Held, town):
    for _ in range(PAUSE_AT - 1):
        phone.told(WRONG)
    fault = phone.told(WRONG)
    assert fault.params == {"n": 5, "minutes": 15}
    assert fault.ring.id == town[1].id  # type: ignore[union-attr]
    assert phone.told(PIN, NOW + timedelta(minutes=1)).params["minutes"] == 14
    assert phone.type(PIN, NOW + PAUSE)


def test_right_digits_start_the_count_anew(phone: Held):
    for _ in range(3):
        for _ in range(PAUSE_AT - 1):
            phone.told(WRONG)
        phone.type(PIN)


def test_ten_wrong_tries_forget_the_phone(phone: Held):
    for number in range(FORGET_AT):
        fault = phone.told(WRONG, NOW + number * PAUSE)
    assert "请要一张新的登录条" in str(fault)
    assert not phone.known(NOW + timedelta(days=1))
    assert "不认得您了" in str(phone.told(PIN, NOW + timedelta(days=1)))


def test_a_pause_from_a_clock_that_ran_ahead_does_not_outlast_its_correction(phone: Held):
    ahead = NOW + timedelta(days=400)
    for _ in range(PAUSE_AT):
        phone.told(WRONG, ahead)
    assert phone.type(PIN, NOW)


@pytest.mark.parametrize("token", ["", "A" * 22])
def test_digits_without_the_phones_token_open_nothing(phone: Held, token: str):
    with pytest.raises(NoEntryError, match="不认得"):
        phone.type(PIN, token=token)


def test_one_persons_token_does_not_open_anothers_device(hand: Hand, town):
    chen, boss = hand(town[0]), hand(town[1])
    with pytest.raises(NoEntryError, match="不认得"):
        chen.type(PIN, token=boss.token)


def test_two_people_on_one_phone_are_both_known(records: Sessions, hand: Hand, phone: Held):
    with writing(records) as session:
        lin = Person(staff_number="YX1", handle="y", name="林秀英", created_at=NOW)
        session.add(lin)
    other = hand(lin)
    with reading(records) as session:
        both = remembered(session, [other.token, phone.token], KEY, NOW)
        assert [each.person.name for each in both] == ["林秀英", "陈晓明"]


def test_a_forgotten_phone_opens_no_more_and_has_no_other_way_in(records: Sessions, phone: Held):
    with writing(records) as session:
        forget_all(session, session.get_one(Person, phone.person.id), NOW)
    assert not phone.known()
    assert "不认得您了" in str(phone.told(PIN))


def test_who_has_left_is_not_let_in(records: Sessions, phone: Held):
    with writing(records) as session:
        session.get_one(Person, phone.person.id).left_on = date(2026, 11, 22)
    assert not phone.known()
    assert phone.told(PIN)


def test_who_bears_a_charge_comes_in_by_password_only(records: Sessions, phone: Held, town):
    with writing(records) as session:
        charge = ChargeRow(person_id=phone.person.id, unit_id=1, duty="trainer", course="x-1", starts_on=TODAY)
        session.add(charge)
    assert not phone.known()
    assert "要用密码登录" in str(phone.told(PIN))


@pytest.mark.parametrize("easy", ["123456", "000000", "680523", "12345", "abcdef"])
def test_easy_digits_are_refused_and_change_nothing(records: Sessions, phone: Held, easy: str):
    with pytest.raises(BadInputError), writing(records) as session:
        set_pin(session, session.get_one(Device, phone.device_id), easy, KEY)
    assert phone.type(PIN)
