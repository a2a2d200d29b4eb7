"""Photos of a class: drawn anew, so that they say nothing of where and with what they were taken, and kept like answers."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from banyan.domain.permission import Action
from banyan.errors import BadInputError, NotFoundError, TryLaterError
from banyan.records import answer_store, audit
from banyan.records.classes import ClassPhoto
from banyan.records.training import TrainingSession
from banyan.tracker.amending import why
from banyan.tracker.answer_files import Kept
from banyan.tracker.classes.finding import class_for, held_for
from banyan.tracker.people import Me

MOST, LONGEST_CAPTION = 40, 40


def photos_of(session: Session, row: TrainingSession) -> list[ClassPhoto]:
    """Return the photos that stand, in the order in which they came."""
    query = select(ClassPhoto).where(ClassPhoto.session_id == row.id, ClassPhoto.removed_at.is_(None))
    return list(session.scalars(query.order_by(ClassPhoto.position)))


def require_welcome(session: Session, training_id: int, by: Me, sent: int) -> None:
    """Refuse photos before one is read: not one's own class, none chosen, or too many."""
    row = class_for(session, training_id, by, Action.OBSERVE)
    if not sent:
        raise BadInputError("请选照片")
    if len(photos_of(session, row)) + sent > MOST:
        raise BadInputError("一期最多{most}张照片；请先拿掉几张", most=MOST)


def add_photos(session: Session, training_id: int, photos: Sequence[Kept], caption: str, by: Me, now: datetime) -> int:
    """Put photos into a class's file and return how many were new; what is there already is not put in twice."""
    row = held_for(session, training_id, by)
    said = " ".join(caption.split())
    if len(said) > LONGEST_CAPTION:
        raise BadInputError("说明最多{most}个字", most=LONGEST_CAPTION)
    standing = {each.digest for each in photos_of(session, row)}
    fresh = [each for each in photos if each.digest not in standing]
    if len(standing) + len(fresh) > MOST:
        raise BadInputError("一期最多{most}张照片；请先拿掉几张", most=MOST)
    position = session.scalar(select(func.max(ClassPhoto.position)).where(ClassPhoto.session_id == row.id)) or 0
    for number, each in enumerate(fresh, start=position + 1):
        session.add(_photo(row, number, each, said, by, now))
    session.flush()
    if fresh:
        digests = [each.digest for each in fresh]
        audit.append(session, now, by.person.staff_number, "class.photo", row.course, id=row.id, digests=digests)
    return len(fresh)


def take_out(session: Session, training_id: int, position: int, reason: str, by: Me, now: datetime) -> None:
    """Take a photo out of a class's file, for a reason; it stays in the records. Taken out twice it is taken out once."""
    row = held_for(session, training_id, by)
    photo = session.get(ClassPhoto, (row.id, position), with_for_update=True)
    if photo is None:
        raise NotFoundError("没有这张照片")
    if photo.removed_at:
        return
    photo.reason = why(reason)
    photo.removed_at, photo.removed_by = now, by.person.id
    session.flush()
    detail = {"id": row.id, "digest": photo.digest, "reason": photo.reason}
    audit.append(session, now, by.person.staff_number, "class.photo_out", row.course, **detail)


def photo_for(session: Session, training_id: int, position: int, by: Me) -> ClassPhoto:
    """Return a photo that stands, to who may see the class's file."""
    row = class_for(session, training_id, by)
    photo = session.get(ClassPhoto, (row.id, position))
    if photo is None or photo.removed_at:
        raise NotFoundError("没有这张照片")
    return photo


def _photo(row: TrainingSession, position: int, kept: Kept, caption: str, by: Me, now: datetime) -> ClassPhoto:
    if not answer_store.has(Path(kept.folder), kept.digest):
        raise TryLaterError("照片没有存上，请再传一次；它还在您的手机里")
    photo = ClassPhoto(session_id=row.id, position=position, digest=kept.digest, bytes=len(kept.made.content))
    photo.caption, photo.reason, photo.added_by, photo.added_at = caption, "", by.person.id, now
    return photo
