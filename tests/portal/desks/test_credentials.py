"""A certificate's file in a stranger's hands: their own software accepts it, and refuses whatever is not so any more."""

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from banyan.certificates.data_integrity import holds
from banyan.certificates.status_list import Purpose, encoded
from banyan.portal.app import create_app
from banyan.records.competence import Certificate
from banyan.records.credentials import CredentialPlace
from banyan.records.engine import reading, writing
from banyan.tracker.awards import revoke
from banyan.tracker.certificate_life import resume, suspend
from banyan.tracker.credentials import StatusLists, place_of
from banyan.tracker.resigning import resign
from tests.certificates import strangers
from tests.certificates.strangers import Said, strangers_say
from tests.county import NOW, TODAY
from tests.portal.office import FrontDoor, Office, certify

SCHEMA = Path(strangers.__file__).parent / "verifier" / "open_badge.schema.json"
HOUSE = "https://xuexi.example"
SERVED = ("/verify/issuer", "/verify/status/suspension/0", "/verify/status/revocation/0")


@pytest.fixture
def certificate(office: Office) -> Certificate:
    with writing(office.house.make) as session:
        return certify(session, office.people["陈晓明"], office.house.rulebook)


@pytest.fixture
def badge(office: Office, certificate: Certificate) -> Any:
    """What the learner downloads."""
    reply = office.browser("陈晓明").open(f"/certificates/{certificate.serial}/credential.json")
    assert reply.headers["content-disposition"] == f"attachment; filename={certificate.serial}.json"
    return reply.json()


def served(office: Office) -> dict[str, Any]:
    """Return what the house says to everybody, by address."""
    browser = office.browser()
    return {HOUSE + path: browser.open(path).json() for path in SERVED}


def ask(office: Office, *badges: Any, days: int = 0) -> list[Said]:
    return strangers_say(badges, served(office), NOW + timedelta(days=days))


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to everything in a document that has no parts."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if parts is None:
        yield path
    for key, part in parts or ():
        yield from leaves(part, (*path, key))


def altered(badge: Any, path: tuple[Any, ...]) -> Any:
    """Return a copy in which one value is a little different."""
    fresh = copy.deepcopy(badge)
    part = fresh
    for step in path[:-1]:
        part = part[step]
    value = part[path[-1]]
    part[path[-1]] = not value if isinstance(value, bool) else value[:-1] + ("2" if value[-1] != "2" else "3")
    return fresh


def without(badge: Any, key: str) -> Any:
    return {name: value for name, value in badge.items() if name != key}


def test_somebody_elses_verifier_accepts_it(office: Office, badge: Any) -> None:
    assert ask(office, badge) == [Said(True, "")]


def test_somebody_elses_verifier_refuses_it_with_anything_changed(office: Office, badge: Any) -> None:
    ways = list(leaves(badge))
    copies = [altered(badge, way) for way in ways] + [without(badge, key) for key in badge]
    said = ask(office, *copies)
    assert len(ways) > 50
    assert [way for way, each in zip([*ways, *badge], said, strict=True) if each.accepted] == []


def test_our_own_reader_refuses_it_with_anything_changed(office: Office, badge: Any) -> None:
    keys = office.house.rulebook.issuer.keyring
    assert holds(badge, keys)
    assert not [way for way in leaves(badge) if holds(altered(badge, way), keys)]
    assert not [key for key in badge if holds(without(badge, key), keys)]
    assert not holds({**badge, "more": 1}, keys)


def test_it_is_refused_after_its_last_day_and_not_before(office: Office, certificate: Certificate, badge: Any) -> None:
    last = (certificate.expires_on - NOW.date()).days
    (on_it,), (after,) = (ask(office.later(days=day), badge, days=day) for day in (last, last + 1))
    assert on_it.accepted
    assert 'is after "validUntil"' in after.why


def test_it_is_refused_once_it_is_revoked_and_the_neighbours_is_not(office: Office, certificate: Certificate, badge: Any) -> None:
    with writing(office.house.make) as session:
        other = certify(session, office.people["林秀英"], office.house.rulebook)
    neighbour = office.browser("林秀英").open(f"/certificates/{other.serial}/credential.json").json()
    assert [each.accepted for each in ask(office, badge, neighbour)] == [True, True]
    with writing(office.house.make) as session:
        revoke(session, certificate.serial, "他人代考", office.me("郑国平"), NOW)
    assert ask(office, badge, neighbour) == [Said(False, "suspension"), Said(True, "")]


def test_the_list_of_what_is_gone_for_good_names_it_too(office: Office, certificate: Certificate, badge: Any) -> None:
    with writing(office.house.make) as session:
        revoke(session, certificate.serial, "他人代考", office.me("郑国平"), NOW)
    badge["credentialStatus"]["statusListCredential"] = f"{HOUSE}/verify/status/revocation/0"
    assert "Invalid signature" in ask(office, badge)[0].why  # nobody can be led to another list


def test_a_list_that_somebody_else_made_counts_for_nothing(office: Office, certificate: Certificate, badge: Any) -> None:
    with writing(office.house.make) as session:
        revoke(session, certificate.serial, "他人代考", office.me("郑国平"), NOW)
    told = served(office)
    told[f"{HOUSE}/verify/status/suspension/0"]["credentialSubject"]["encodedList"] = encoded([])
    assert "not verified" in strangers_say([badge], told, NOW)[0].why


def test_another_houses_key_does_not_vouch_for_it(office: Office, badge: Any) -> None:
    told = served(office)
    told[f"{HOUSE}/verify/issuer"]["assertionMethod"] = []
    assert not strangers_say([badge], told, NOW)[0].accepted


def with_another_key(office: Office, stolen_on: date | None = None) -> Office:
    """The same office a day later, with a new key, as keeping.rotation leaves it; the old one laid aside, or stolen on a day."""
    later = office.later(days=1)
    old = later.house.rulebook.issuer
    past = replace(old.keyring.keys[0], until=later.house.clock(), stolen_on=stolen_on)
    new = replace(old, key=Ed25519PrivateKey.generate(), past=(past,))
    if stolen_on:
        with writing(later.house.make) as session:
            resign(session, old.public_key, stolen_on, new, later.house.clock())
    house = replace(later.house, rulebook=replace(later.house.rulebook, issuer=new))
    return replace(later, house=house, app=create_app(house, FrontDoor()))


def test_made_before_the_house_changed_its_key_it_is_accepted_after_it(
    office: Office, certificate: Certificate, badge: Any
) -> None:
    now = with_another_key(office)
    again = now.browser("陈晓明").open(f"/certificates/{certificate.serial}/credential.json").json()
    methods = [each["proof"][0]["verificationMethod"] for each in (badge, again)]
    assert methods == served(now)[f"{HOUSE}/verify/issuer"]["assertionMethod"][::-1]
    assert ask(now, badge, again, days=1) == [Said(True, ""), Said(True, "")]
    assert holds(badge, now.house.rulebook.issuer.keyring)
    assert not ask(office, again, days=1)[0].accepted, "who knows only the old key takes nothing of the new one's"


@pytest.mark.parametrize("days", [0, 1], ids=["by then", "afterwards"])
def test_made_with_a_key_that_was_stolen_it_is_refused_and_a_fresh_one_accepted(
    office: Office, certificate: Certificate, badge: Any, days: int
) -> None:
    """Even if it was made before the theft: when a file was made is its maker's own word."""
    now = with_another_key(office, stolen_on=TODAY + timedelta(days=days))
    again = now.browser("陈晓明").open(f"/certificates/{certificate.serial}/credential.json").json()
    refused, accepted = ask(now, badge, again, days=1)
    assert not refused.accepted
    assert "not authorized" in refused.why
    assert accepted == Said(True, "")
    assert [holds(each, now.house.rulebook.issuer.keyring) for each in (badge, again)] == [False, True]


def test_it_is_an_open_badge_by_its_fields(badge: Any) -> None:
    jsonschema.Draft201909Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(badge)


def test_it_says_in_plain_words_what_the_paper_says(badge: Any, certificate: Certificate) -> None:
    subject = badge["credentialSubject"]
    assert subject["identifier"][0]["identityHash"] == "陈晓明"
    assert badge["name"] == "演示·培训考核合格证明"
    aligned = subject["achievement"]["alignment"]
    assert len(aligned) == len(certificate.payload["a"].split())
    spoken = [subject["achievement"]["criteria"]["narrative"], *(each["targetName"] for each in aligned)]
    assert not [code for code in ("C5.2", "L2", "L3", "ER-T1") for text in spoken if code in text]


def test_the_addresses_of_its_abilities_open_a_page_that_has_them(office: Office, badge: Any) -> None:
    page = office.browser().open("/verify/abilities").text
    named = [*(each["targetUrl"] for each in badge["credentialSubject"]["achievement"]["alignment"])]
    for address in (*named, badge["credentialSubject"]["achievement"]["id"]):
        path, _, anchor = address.partition("#")
        assert path == f"{HOUSE}/verify/abilities"
        assert f'id="{anchor}"' in page


def test_it_can_be_downloaded_again_and_keeps_its_place(office: Office, certificate: Certificate, badge: Any) -> None:
    again = office.browser("陈晓明").open(f"/certificates/{certificate.serial}/credential.json").json()
    assert again == badge


def test_what_was_altered_in_the_records_is_not_signed_anew(office: Office, certificate: Certificate) -> None:
    with writing(office.house.make) as session:
        row = session.get_one(Certificate, certificate.id)
        row.payload = {**row.payload, "n": "别人"}
    assert office.browser("陈晓明").open(f"/certificates/{certificate.serial}/credential.json").status_code == 422


@pytest.mark.parametrize(
    "path", ["suspension/1", "refresh/0", "suspension/-1", "suspension/x", "suspension/99999999999999999999", "suspension/²"]
)
def test_there_is_no_list_without_certificates_in_it(office: Office, badge: Any, path: str) -> None:
    assert office.browser().open(f"/verify/status/{path}").status_code == 404


def test_what_everybody_may_read_may_be_kept_for_a_while_and_read_from_anywhere(office: Office, badge: Any) -> None:
    for path in SERVED:
        headers = office.browser().open(path).headers
        assert headers["cache-control"] == "public, max-age=300"
        assert headers["access-control-allow-origin"] == "*"
        assert "set-cookie" not in headers


def test_a_list_is_made_anew_only_when_something_changed_or_an_hour_is_over(office: Office, certificate: Certificate) -> None:
    lists, house = StatusLists(), office.house

    def text(minutes: int) -> bytes | None:
        with reading(house.make) as session:
            moment = NOW + timedelta(minutes=minutes)
            return lists.text(session, house.rulebook.issuer, Purpose.SUSPENSION, 0, moment)

    with writing(house.make) as session:
        place_of(session, certificate.id)
    first = text(0)
    with writing(house.make) as session:
        certify(session, office.people["林秀英"], house.rulebook)  # issuing is no change
    assert text(59) == first
    assert text(60) != first
    later = text(61)
    with writing(house.make) as session:
        revoke(session, certificate.serial, "他人代考", office.me("郑国平"), NOW)
    assert text(61) != later


def test_two_certificates_never_share_a_place(office: Office, certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([7, 7, 7, 8])
    monkeypatch.setattr("banyan.tracker.credentials.secrets.randbelow", lambda _most: next(drawn))
    with writing(office.house.make) as session:
        other = certify(session, office.people["林秀英"], office.house.rulebook)
        places = [place_of(session, each).place for each in (certificate.id, other.id, certificate.id)]
    assert places == [7, 8, 7]
    with reading(office.house.make) as session:
        assert session.query(CredentialPlace).count() == 2


def test_it_is_refused_while_it_is_suspended_and_accepted_again(office: Office, certificate: Certificate, badge: Any) -> None:
    with writing(office.house.make) as session:
        suspend(session, certificate.serial, "有人反映代考，正在核实", office.me("郑国平"), NOW)
    assert ask(office, badge) == [Said(False, "suspension")]
    gone = office.browser().open("/verify/status/revocation/0").json()["credentialSubject"]["encodedList"]
    assert gone == encoded([])  # held back for a while is not gone for good
    with writing(office.house.make) as session:
        resume(session, certificate.serial, "查清楚了，是本人", office.me("郑国平"), NOW)
    assert ask(office, badge) == [Said(True, "")]
