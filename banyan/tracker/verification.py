"""What a certificate is worth: anyone may ask by its serial, and the stored payload must still carry the signature."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, aliased

from banyan.certificates import qr
from banyan.certificates.face import Face, face_of
from banyan.certificates.issuer import Issuer
from banyan.certificates.serial import read_serial
from banyan.certificates.statement import Statement
from banyan.domain.calendar import county_day
from banyan.domain.certification import validity
from banyan.domain.erasure import REQUEST, SHOWN
from banyan.domain.names import masked
from banyan.errors import TamperedError
from banyan.records.certification import CertificateReissue, CertificateSuspension
from banyan.records.competence import Certificate
from banyan.tracker.rulebook import Rulebook

CERTIFICATE = select(Certificate).where(Certificate.serial == bindparam("serial"))
_NEWER = aliased(Certificate)
PAUSED = select(func.max(CertificateSuspension.suspended_at)).where(
    CertificateSuspension.certificate_id == Certificate.id, CertificateSuspension.resumed_at.is_(None)
)
INSTEAD = (
    select(func.max(_NEWER.serial))
    .join(CertificateReissue, CertificateReissue.new_id == _NEWER.id)
    .where(CertificateReissue.old_id == Certificate.id)
)
WITH_FATE = CERTIFICATE.add_columns(PAUSED.scalar_subquery(), INSTEAD.scalar_subquery())


class State(StrEnum):
    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    REPLACED = "replaced"
    UNKNOWN = "unknown"
    MISTYPED = "mistyped"
    TAMPERED = "tampered"


@dataclass(frozen=True)
class Verdict:
    """What anyone may learn who types a serial, and no more.

    The name is masked (林*英): whoever has the paper compares, and gets the full name from its QR code without asking
    us; whoever only guesses serials learns no names. The reason of a revocation, the unit, the staff number and the
    scores are nobody's business here, nor is that of a suspension. `replaced_by` is the number of the certificate that was
    issued instead of this one. Nothing but the state and the serial is told unless the signature holds.
    """

    state: State
    serial: str = ""
    masked_name: str = ""
    title: str = ""
    programme_title: str = ""
    issuer: str = ""
    issued_on: date | None = None
    expires_on: date | None = None
    revoked_on: date | None = None
    demo: bool = False
    invigilated: bool | None = None
    suspended_on: date | None = None
    replaced_by: str = ""
    erased: bool = False  # the name was
    at_request: bool = False  # of its holder


def check(session: Session, serial: str, issuer: Issuer, today: date) -> Verdict:
    """Return what a serial is worth today."""
    known = read_serial(serial)
    if known is None:
        return Verdict(State.MISTYPED)
    found = session.execute(WITH_FATE, {"serial": known}).one_or_none()
    if found is None:
        return Verdict(State.UNKNOWN, known)
    row, since, replaced_by = found
    try:
        statement = statement_of(row, issuer)
    except TamperedError:
        return Verdict(State.TAMPERED, known)
    state = State(validity(statement.expires_on, row.revoked_at is not None, today))
    return Verdict(
        state=State.REPLACED if replaced_by else State.SUSPENDED if since and state is State.VALID else state,
        serial=statement.serial,
        masked_name=statement.name if statement.name in SHOWN.values() else masked(statement.name),
        erased=statement.name in SHOWN.values(),
        at_request=statement.name == SHOWN[REQUEST],
        title=statement.title,
        programme_title=statement.programme_title,
        issuer=statement.issuer,
        issued_on=statement.issued_on,
        expires_on=statement.expires_on,
        revoked_on=county_day(row.revoked_at) if row.revoked_at and not replaced_by else None,
        suspended_on=county_day(since) if since else None,
        replaced_by=replaced_by or "",
        demo=statement.demo,
        invigilated=statement.invigilated,
    )


def statement_of(row: Certificate, issuer: Issuer) -> Statement:
    """Return what a certificate states; TamperedError if the row or its signature was altered."""
    if not issuer.verify(row.payload, row.signature):
        raise TamperedError("证书 {serial} 的签名对不上，请联系平台管理员", serial=row.serial)
    statement = Statement.parse(row.payload)
    said = (statement.serial, statement.programme, statement.issued_on, statement.expires_on)
    if said != (row.serial, row.programme, row.issued_on, row.expires_on):
        raise TamperedError("证书 {serial} 的记录和签名不一致，请联系平台管理员", serial=row.serial)
    return statement


def face(row: Certificate, rulebook: Rulebook) -> Face:
    """Return what a certificate says on paper and on a phone; TamperedError rather than print what nobody signed."""
    statement = statement_of(row, rulebook.issuer)
    address = qr.url(rulebook.issuer.public_url, statement, row.signature)
    programme = next((each for each in rulebook.programmes if each.code == statement.programme), None)
    return face_of(statement, address, rulebook.framework, programme)


def find_certificate(session: Session, serial: str) -> Certificate | None:
    """Return the certificate with a serial, however it was typed."""
    return session.scalars(CERTIFICATE, {"serial": read_serial(serial) or ""}).one_or_none()
