"""After the theft of a signing key: what the house itself signed with it since is signed anew, whatever it did not stays refused.

A thief can sign, but not write into our records and their sealed log. So a certificate that the log says was issued, and a
receipt of an exam that was handed in, keep their words and get a signature of the new key.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.certificates.issuer import Issuer
from banyan.certificates.keyring import Signer
from banyan.certificates.public_key import PublicKey
from banyan.domain.calendar import COUNTY_TIME
from banyan.errors import TamperedError
from banyan.records import audit
from banyan.records.audit import AuditRow
from banyan.records.competence import Certificate
from banyan.records.examinations import Submission
from banyan.tracker.receipts import issue, verify_receipt


@dataclass(frozen=True)
class Resigned:
    """Serials signed anew, serials that the log does not know and that are refused from now on, and how many receipts."""

    certificates: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    receipts: int = 0


def resign(session: Session, stolen: PublicKey, since: date, issuer: Issuer, now: datetime) -> Resigned:
    """Sign anew what a stolen key signed for us since a day; done again, it finds nothing more to do."""
    audit.verify(session)
    rows = [row for row in _certificates(session, since) if row.payload.get("k") == stolen.id]
    sound = [row for row in rows if stolen.verify(row.payload, row.signature) and _was_issued(session, row)]
    for row in sound:
        row.payload = {**row.payload, "k": issuer.public_key.id}
        row.signature = issuer.sign(row.payload)
        audit.append(session, now, "issuer", "certificate.resign", row.serial)
    doubtful = tuple(row.serial for row in rows if row not in sound)
    return Resigned(tuple(row.serial for row in sound), doubtful, _receipts(session, stolen, since, issuer))


def _certificates(session: Session, since: date) -> list[Certificate]:
    return list(session.scalars(select(Certificate).where(Certificate.issued_on >= since).order_by(Certificate.id)))


def _was_issued(session: Session, row: Certificate) -> bool:
    query = select(AuditRow.position).where(AuditRow.subject == row.serial, AuditRow.action == "certificate.issue")
    return session.scalars(query.limit(1)).first() is not None


def _receipts(session: Session, stolen: PublicKey, since: date, issuer: Issuer) -> int:
    begins, count = datetime.combine(since, time(), COUNTY_TIME), 0
    for row in session.scalars(select(Submission).where(Submission.submitted_at >= begins)).all():
        try:
            said = verify_receipt(row.receipt, Signer(stolen))
        except TamperedError:
            continue
        row.receipt = issue(replace(said, key_id=issuer.public_key.id), issuer)
        count += 1
    return count
