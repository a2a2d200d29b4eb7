"""Erasing somebody: all of it in one transaction, or nothing. What lies in files goes afterwards (banyan.tracker.erasure_sweep).

Certified facts stay under a pseudonym: number, competency, level, days, unit. Certificates are stated and signed anew without
the name; the holder's own paper stays as genuine as it was. Rows of the audit log that named the person are worded anew.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Select, Table, delete, select, update
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.domain.erasure import NAME, SHOWN, mac, pseudonym
from banyan.errors import NotFoundError
from banyan.records import audit
from banyan.records.base import Base
from banyan.records.certification import CertificateReissue
from banyan.records.competence import Certificate
from banyan.records.erasure import Erasure, ErasureRequest
from banyan.records.examinations import AnswerFile, Attempt
from banyan.records.people import Appointment, ChargeRow, Person
from banyan.records.pieces import Piece, PieceFile
from banyan.records.printing import PrintOrder
from banyan.records.tasks import TaskSubmission
from banyan.tracker.erasing_log import Known, Seen, look_up, reword
from banyan.tracker.erasure_plan import EMPTY, PLANS, WORDS_OF_A_PIECE, Fate
from banyan.tracker.own_data import PARTS, Part
from banyan.tracker.rulebook import Rulebook

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Deed:
    """By whom (a staff number, or the name of a process), why and when.

    `seen` is where the log names the person, if that was looked up beforehand, so that nobody waits for it to be read.
    """

    actor: str
    why: str
    now: datetime
    seen: Seen | None = None


def erase(session: Session, person_id: int, rulebook: Rulebook, deed: Deed) -> Erasure:
    """Erase a person and return the row that says so; erased twice is erased once."""
    person = session.scalars(select(Person).where(Person.id == person_id).with_for_update()).one_or_none()
    if person is None:
        raise NotFoundError("没有找到，或者不归您管")
    before = session.get(Erasure, person_id)
    if before:
        return before
    known, seen = Known.of(person), look_up(session, person, deed.seen)
    row = Erasure(person_id=person.id, erased_at=deed.now, why=deed.why, swept_at=None)
    row.number_mac, row.phone_mac = mac(rulebook.attempt_key, known.number), mac(rulebook.attempt_key, known.phone)
    row.remains = _remains(session, person, known)
    session.add(row)
    for part in reversed(PARTS):
        _carry_out(session, part, person.id)
    _pieces(session, person.id)
    _certificates(session, person.id, rulebook, SHOWN[deed.why])
    _answer(session, person.id, deed.now)
    _end(session, person, deed)
    _forget_prints(session, person.id)
    session.flush()
    audit.append(session, deed.now, _actor(deed, known, person), "person.erase", pseudonym(person.id), why=deed.why)
    reword(session, person, known, seen, deed.now, _actor(deed, known, person))
    return row


def _actor(deed: Deed, known: Known, person: Person) -> str:
    return pseudonym(person.id) if deed.actor == known.number else deed.actor


def _remains(session: Session, person: Person, known: Known) -> dict[str, Any]:
    """Return what the sweeper needs to know once the rows are gone."""
    answers = select(AnswerFile.digest).join(Attempt).where(Attempt.person_id == person.id)
    pieces = select(PieceFile.digest).join(Piece, PieceFile.piece_id == Piece.id).where(Piece.person_id == person.id)
    works = select(TaskSubmission.digest, TaskSubmission.feedback, TaskSubmission.feedback_files)
    told = session.execute(works.where(TaskSubmission.person_id == person.id)).all()
    bundles = {each for digest, feedback, files in told for each in (digest, feedback, *(files or {}).values()) if each}
    return {
        "handle": person.handle,
        "words": [each for each in (known.number, known.phone) if each],
        "files": sorted({*session.scalars(answers), *session.scalars(pieces)}),
        "bundles": sorted(each for each in bundles if isinstance(each, str)),
    }


def _carry_out(session: Session, part: Part, person_id: int) -> None:
    plan, table = PLANS[part.table], Base.metadata.tables[part.table]
    if plan.fate is Fate.STAYS:
        return
    mine = _mine(part, person_id)
    if plan.fate is Fate.GONE:
        session.execute(delete(table).where(mine))
    else:
        session.execute(update(table).where(mine).values({name: _emptied(table, name) for name in plan.columns}))


def _mine(part: Part, person_id: int) -> Any:
    """Return the condition that a row of a part's table is one person's."""
    tables = [Base.metadata.tables[name] for name in (*part.through, part.table)]
    last = tables[-1]
    if not part.through:
        return (last.c.id if last.name == "person" else last.c.person_id) == person_id
    above = tables[-2]
    query: Select[Any] = select(above.c.id).select_from(tables[0])
    for outer, inner in pairwise(tables[:-1]):
        query = query.join(inner, inner.c[f"{outer.name}_id"] == outer.c.id)
    return last.c[f"{above.name}_id"].in_(query.where(tables[0].c.person_id == person_id))


def _emptied(table: Table, name: str) -> object:
    column = table.c[name]
    return EMPTY.get(name, None if column.nullable else "")


def _pieces(session: Session, person_id: int) -> None:
    for piece in session.scalars(select(Piece).where(Piece.person_id == person_id)):
        own = {name: "" for name in WORDS_OF_A_PIECE if isinstance(piece.details.get(name), str)}
        piece.details = {**piece.details, **own}


def _answer(session: Session, person_id: int, now: datetime) -> None:
    """Answer a request that still waits: what it asked for is done."""
    waits = (ErasureRequest.person_id == person_id, ErasureRequest.decided_at.is_(None), ErasureRequest.withdrawn_at.is_(None))
    session.execute(update(ErasureRequest).where(*waits).values(decided_at=now, granted=True))


def _certificates(session: Session, person_id: int, rulebook: Rulebook, shown: str) -> None:
    """State and sign anew, without the name, what the house had signed; what it had not is left as it is, and stays refused."""
    issuer = rulebook.issuer
    for row in session.scalars(select(Certificate).where(Certificate.person_id == person_id)):
        sound = issuer.verify(row.payload, row.signature)
        row.payload = {**row.payload, "n": shown, **({"k": issuer.public_key.id} if sound else {})}
        if sound:
            row.signature = issuer.sign(row.payload)
        session.execute(update(CertificateReissue).where(CertificateReissue.old_id == row.id).values(reason=""))


def _end(session: Session, person: Person, deed: Deed) -> None:
    """Let nobody come in under this account, hold a post or bear a duty any more."""
    last = county_day(deed.now) - DAY
    posts = session.scalars(select(Appointment).where(Appointment.person_id == person.id)).all()
    duties = session.scalars(select(ChargeRow).where(ChargeRow.person_id == person.id)).all()
    rows: tuple[Appointment | ChargeRow, ...] = (*posts, *duties)
    for row in rows:
        if row.ends_on is None or row.ends_on > last:
            row.ends_on = max(last, row.starts_on)
    person.left_on = min(person.left_on or last, last)
    person.staff_number, person.name = pseudonym(person.id), NAME
    person.pinyin = person.initials = person.phone = ""
    person.password_hash, person.must_change_password, person.entered_at = None, True, None


def _forget_prints(session: Session, person_id: int) -> None:
    """Take back orders for files that hold a certificate of the person; their files go with them."""
    serials = set(session.scalars(select(Certificate.serial).where(Certificate.person_id == person_id)))
    for row in session.scalars(select(PrintOrder)).all():
        if serials & set(row.serials):
            session.delete(row)
