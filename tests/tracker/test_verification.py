"""Anyone may ask what a serial is worth; they learn that, and nothing of a person they do not hold the paper of."""

import dataclasses
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from banyan.certificates.qr import read_offline
from banyan.errors import TamperedError
from banyan.records.competence import Certificate
from banyan.records.people import Person
from banyan.tracker.awards import certificates_of
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.verification import State, check, face, masked
from tests.county import NOW, TODAY, County, Places
from tests.tracker.test_awards import show


@pytest.fixture
def certificate(session: Session, county: County, places: Places, rulebook: Rulebook) -> Certificate:
    person: Person = county.person("林秀英", places.xikou_1, "ER", "突发事件信息报告员")
    show(session, person, rulebook)
    return certificates_of(session, person.id)[0]


@pytest.mark.parametrize(("days", "state"), [(0, State.VALID), (365, State.VALID), (366, State.EXPIRED)])
def test_it_is_worth_something_until_its_last_day(
    session: Session, certificate: Certificate, rulebook: Rulebook, days: int, state: State
) -> None:
    verdict = check(session, certificate.serial, rulebook.issuer, TODAY + timedelta(days=days))
    assert (verdict.state, verdict.expires_on) == (state, date(2027, 11, 23))


def test_revoking_shows_at_once_and_hides_the_reason(session: Session, certificate: Certificate, rulebook: Rulebook) -> None:
    certificate.revoked_at, certificate.revoked_reason = NOW, "冒名顶替"
    verdict = check(session, certificate.serial, rulebook.issuer, TODAY)
    assert (verdict.state, verdict.revoked_on) == (State.REVOKED, TODAY)
    assert "冒名" not in repr(verdict)


def test_who_asks_without_the_paper_learns_no_name(session: Session, certificate: Certificate, rulebook: Rulebook) -> None:
    verdict = check(session, certificate.serial, rulebook.issuer, TODAY)
    assert (verdict.masked_name, verdict.demo) == ("林*英", True)
    assert "林秀英" not in repr(verdict)
    assert "青石镇" not in repr(verdict)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("林英", "林*", id="two characters"),
        pytest.param("林秀英", "林*英", id="three"),
        pytest.param("欧阳娜娜", "欧**娜", id="four"),
        pytest.param("阿里·买买提", "阿*·**提", id="with a dot"),
        pytest.param("Li Wei", "L* **i", id="English"),
        pytest.param("𠮷田", "𠮷*", id="outside the basic plane"),
    ],
)
def test_a_name_is_masked(name: str, shown: str) -> None:
    assert masked(name) == shown


@pytest.mark.parametrize(
    ("serial", "state"),
    [
        pytest.param("BY26-7K3M-92Q3", State.UNKNOWN, id="a good serial nobody has"),
        pytest.param("BY26-7K3M-92Q4", State.MISTYPED, id="one character wrong"),
        pytest.param("", State.MISTYPED, id="nothing"),
        pytest.param("' OR 1=1 --", State.MISTYPED, id="mischief"),
    ],
)
def test_what_is_no_certificate_is_said_to_be_none(session: Session, rulebook: Rulebook, serial: str, state: State) -> None:
    verdict = check(session, serial, rulebook.issuer, TODAY)
    assert verdict.state is state
    assert verdict.masked_name == ""


def rename(row: Certificate) -> None:
    row.payload = {**row.payload, "n": "李四"}


def prolong(row: Certificate) -> None:
    row.expires_on = date(2099, 1, 1)


def prolong_both(row: Certificate) -> None:
    row.expires_on, row.payload = date(2099, 1, 1), {**row.payload, "e": "2099-01-01"}


def empty(row: Certificate) -> None:
    row.payload = {}


def unsign(row: Certificate) -> None:
    row.signature = "A" * 86


@pytest.mark.parametrize("tamper", [rename, prolong, prolong_both, empty, unsign])
def test_a_row_altered_in_the_records_is_worth_nothing_and_never_printed(
    session: Session, certificate: Certificate, rulebook: Rulebook, tamper: Callable[[Certificate], None]
) -> None:
    tamper(certificate)
    session.flush()
    verdict = check(session, certificate.serial, rulebook.issuer, TODAY)
    assert (verdict.state, verdict.masked_name) == (State.TAMPERED, "")
    with pytest.raises(TamperedError):
        face(certificate, rulebook)


def test_another_house_does_not_vouch_for_it(session: Session, certificate: Certificate, rulebook: Rulebook) -> None:
    other = dataclasses.replace(rulebook.issuer, demo=False, key=Ed25519PrivateKey.generate())
    assert check(session, certificate.serial, other, TODAY).state is State.TAMPERED


def test_what_is_printed_carries_its_proof(certificate: Certificate, rulebook: Rulebook) -> None:
    printed = face(certificate, rulebook)
    assert read_offline(printed.address, rulebook.issuer.public_key).name == printed.name == "林秀英"
    assert "Emergency information reporter" in printed.sentence_en
