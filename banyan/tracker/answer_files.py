"""Files as answers: taken in, tied to the attempt and slot they answer, shown to who sent them and to who marks them.

A photo is drawn anew, a document put together anew, and written down first (grading.pictures, grading.documents,
records.answer_store), then tied and made the answer in one transaction, then acknowledged. What was
replaced, or never handed in, is forgotten after a while.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.errors import BadInputError, InvalidAnswerError, NotFoundError, TryLaterError
from banyan.records import answer_store
from banyan.records.classes import ClassPhoto, ClassSheet
from banyan.records.examinations import Answer, AnswerFile, Attempt
from banyan.records.pieces import Piece, PieceFile
from banyan.tracker import attempts
from banyan.tracker.people import Me
from banyan.tracker.rulebook import Rulebook
from grading.documents import Document, is_document, rebuilt
from grading.pictures import Picture, redrawn
from grading.questions import file

MOST = 30
"""Files that one attempt may send, those that were replaced among them."""
FORGOTTEN = timedelta(days=30)
"""How long a file is kept that was sent and not handed in: as long as a learner may still ask about their exam."""


@dataclass(frozen=True)
class Kept:
    """A file on disk: in which folder, under which digest, and what was made of what was sent."""

    folder: Path
    digest: str
    made: Picture | Document

    @property
    def value(self) -> dict[str, Any]:
        """Return the answer it makes."""
        return {"digest": self.digest, **self.made.about}


def require_welcome(session: Session, attempt_id: int, me: Me, slot: str, rulebook: Rulebook, now: datetime) -> file.Item:
    """Return the question a file is for; refuse before one is read: the exam is over, none is asked for, there were too many."""
    attempt = attempts.mine(session, attempt_id, me)
    attempts.require_open(attempt, now)
    seat = attempts.form_of(attempt).slot(slot)
    item = attempts.exam_of(attempt, rulebook).items[seat.question]
    if not isinstance(item, file.Item):
        raise NotFoundError("这道题不收文件，请刷新页面")
    sent = session.scalar(select(func.count()).select_from(AnswerFile).where(AnswerFile.attempt_id == attempt.id)) or 0
    if sent >= MOST:
        raise BadInputError("这份试卷已经传了 {most} 次，不能再换；已经存好的都在", most=MOST)
    return item


def taken(item: file.Item, sent: bytes) -> Picture | Document:
    """Return what is kept of a file, told by what it holds; InvalidAnswerError for one that the question does not ask for."""
    if is_document(sent) or item.accepts == ("pdf",):
        if "pdf" not in item.accepts:
            raise InvalidAnswerError("这道题只收照片，请拍一张，或从相册里选一张")
        return rebuilt(sent)
    return redrawn(sent)


def keep(folder: Path, made: Picture | Document) -> Kept:
    """Write a file down; it is on disk then, and nobody's yet."""
    return Kept(folder, answer_store.put(folder, made.content), made)


def tie(session: Session, attempt: Attempt, slot: str, kept: Kept, now: datetime) -> None:
    """Remember whose a file is and which question it answers; sent again it is the same."""
    if not answer_store.has(kept.folder, kept.digest):
        raise TryLaterError("文件没有存上，请再传一次；它还在您的手机里")  # swept away as it came in, as nobody's
    key = (attempt.id, slot, kept.digest)
    row = session.get(AnswerFile, key) or AnswerFile(attempt_id=attempt.id, slot=slot, digest=kept.digest)
    row.bytes, row.sent_at, row.frozen = len(kept.made.content), now, False
    session.add(row)
    session.flush()


def require_tied(session: Session, attempt: Attempt, slot: str, value: Any) -> None:
    """Refuse an answer that speaks of a file this attempt never sent for this question."""
    digest = value.get("digest") if isinstance(value, Mapping) else None
    if not digest or session.get(AnswerFile, (attempt.id, slot, digest)) is None:
        raise InvalidAnswerError("文件没有传好，请重新选一次")


def freeze(session: Session, attempt: Attempt, answers: Mapping[str, Any]) -> None:
    """Keep the files an attempt is handed in with, for good."""
    for slot, value in answers.items():
        if isinstance(value, Mapping) and isinstance(value.get("digest"), str):
            of = (AnswerFile.attempt_id == attempt.id, AnswerFile.slot == slot, AnswerFile.digest == value["digest"])
            session.execute(update(AnswerFile).where(*of).values(frozen=True))


def own_file(session: Session, attempt_id: int, me: Me, slot: str) -> Mapping[str, Any]:
    """Return what an answer of one's own attempt says of its file."""
    attempt = attempts.mine(session, attempt_id, me)
    row = session.get(Answer, (attempt.id, slot))
    if row is None or not isinstance(row.value, Mapping) or "digest" not in row.value:
        raise BadInputError("这道题没有交文件")
    return row.value


def forget(session: Session, folder: Path, now: datetime) -> int:
    """Forget files that were not handed in, and take away files that no answer speaks of; return how many files."""
    over = select(Attempt.id).where(Attempt.submitted_at < now - FORGOTTEN)
    session.execute(delete(AnswerFile).where(AnswerFile.frozen.is_(False), AnswerFile.attempt_id.in_(over)))
    return answer_store.sweep(folder, spoken_of(session))


def spoken_of(session: Session) -> set[str]:
    """Return the digests of all files that any row speaks of: answers, pieces, photos of classes and forms share a folder."""
    named = (AnswerFile.digest, PieceFile.digest, ClassPhoto.digest, ClassSheet.digest)
    return {digest for column in named for digest in session.scalars(select(column))}


def gone(session: Session, folder: Path) -> list[str]:
    """Return the days on which files were sent that were handed in and are not on disk."""
    frozen = select(AnswerFile.digest, AnswerFile.sent_at).where(AnswerFile.frozen.is_(True))
    pieces = select(PieceFile.digest, Piece.handed_in_at).join(Piece, PieceFile.piece_id == Piece.id)
    photos, sheets = select(ClassPhoto.digest, ClassPhoto.added_at), select(ClassSheet.digest, ClassSheet.put_at)
    rows = [row for query in (frozen, pieces, photos, sheets) for row in session.execute(query)]
    return sorted({county_day(sent_at).isoformat() for digest, sent_at in rows if not answer_store.has(folder, digest)})
