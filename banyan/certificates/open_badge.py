"""A certificate as a file for other systems: an Open Badge 3.0, which is a W3C Verifiable Credential 2.0.

It says what the paper says, in the same words. Its identity is the address of the verify page, so that whoever opens
that sees what the certificate is worth today.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from banyan.certificates import controller, status_list
from banyan.certificates.data_integrity import Document, secured
from banyan.certificates.face import DEMO, DEMO_NOTE, LABELS, Ability, Face, abilities_of, face_of
from banyan.certificates.issuer import Issuer
from banyan.certificates.statement import Statement
from banyan.domain.calendar import COUNTY_TIME
from banyan.domain.framework import Framework

CONTEXTS = [status_list.CONTEXT, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
ABILITIES = "/verify/abilities"
MOST = 100_000  # bytes of a file that somebody hands us; ours have about 4,000


@dataclass(frozen=True)
class Place:
    """Where a credential's status stands: which list, and the place in it."""

    number: int
    place: int


def credential(statement: Statement, framework: Framework, issuer: Issuer, place: Place, now: datetime) -> Document:
    """Return the credential of a certificate, signed with the key that signs now."""
    sentence = "".join(face_of(statement, "", framework, None).sentence)
    unsecured = {
        "@context": CONTEXTS,
        "id": f"{issuer.public_url}/verify/{statement.serial}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": (f"{DEMO}·" if statement.demo else "") + statement.title,
        "description": DEMO_NOTE["zh"] if statement.demo else sentence,
        "issuer": _issuer(statement, issuer),
        "validFrom": _start(statement.issued_on),
        "validUntil": _end(statement.expires_on),
        "credentialStatus": status_list.entry(issuer, place.number, place.place),
        "credentialSubject": _subject(statement, _achievement(statement, framework, issuer)),
    }
    made = secured(unsecured, issuer, controller.method(issuer, issuer.public_key), now)
    return made | {"proof": [made["proof"]]}  # Open Badges 3.0 wants a list, whoever reads W3C credentials takes either


def _issuer(statement: Statement, issuer: Issuer) -> Document:
    return {"id": controller.address(issuer), "type": ["Profile"], "name": statement.issuer, "url": f"{issuer.public_url}/"}


def _subject(statement: Statement, achievement: Document) -> Document:
    return {
        "type": ["AchievementSubject"],
        "identifier": [{"type": "IdentityObject", "hashed": False, "identityType": "name", "identityHash": statement.name}],
        "licenseNumber": statement.serial,
        "achievement": achievement,
    }


def _achievement(statement: Statement, framework: Framework, issuer: Issuer) -> Document:
    face, abilities = face_of(statement, "", framework, None), abilities_of(statement, framework)
    page, sentence = issuer.public_url + ABILITIES, "".join(face.sentence)
    alignment = [_alignment(each, f"{page}#{code}", statement.issuer) for code, each in abilities.items()]
    return {
        "id": f"{page}#{statement.programme}",
        "type": ["Achievement"],
        "achievementType": "Certificate",
        "name": statement.programme_title,
        "description": sentence,
        "inLanguage": "zh-CN",
        "criteria": {"narrative": "。".join((sentence.rstrip("。"), *_shown(face))) + "。"},
        **({"alignment": alignment} if alignment else {}),
    }


def _shown(face: Face) -> Iterable[str]:
    """Return what was shown, in sentences without their full stop."""
    if face.watched:
        yield face.watched["zh"]
    if face.abilities:
        yield f"{LABELS['shown']['zh']}：" + "；".join(f"{each.what['zh']}，{each.how_well['zh']}" for each in face.abilities)


def _alignment(ability: Ability, address: str, issuer: str) -> Document:
    return {
        "type": ["Alignment"],
        "targetName": ability.what["zh"],
        "targetDescription": _description(ability),
        "targetFramework": f"{issuer}能力说明",
        "targetType": "ceasn:Competency",
        "targetUrl": address,
    }


def _description(ability: Ability) -> str:
    return f"{ability.how_well['zh']}。{ability.what['en']}: {ability.how_well['en']}."


def _start(day: date) -> str:
    return datetime.combine(day, time(), COUNTY_TIME).isoformat()


def _end(day: date) -> str:
    """A certificate holds on its last day still."""
    return (datetime.combine(day + timedelta(days=1), time(), COUNTY_TIME) - timedelta(seconds=1)).isoformat()
