"""Keeping an answer in one statement: it counts by the phone's own count, so a late resend never undoes a newer one."""

from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from banyan.records.examinations import Answer

TABLE = Answer.__table__


def keep_newest(session: Session, answer: dict[str, Any]) -> Any:
    """Keep an answer (column → value) if it is newer than what is kept; return `seq` and `saved_at` of what then is."""
    session.flush()
    records = session.connection()  # no object of the session is meant, so it has nothing to do with it
    kept = records.execute(PUT[records.dialect.name], answer).one_or_none()
    if kept is None:  # a newer one was there
        kept = records.execute(KEPT, {"attempt": answer["attempt_id"], "asked": answer["slot"]}).one()
    return kept


def _put_by(insert: Any) -> Any:
    given = insert(TABLE)
    newer = {each: given.excluded[each] for each in ("seq", "value", "saved_at")}
    kept = given.on_conflict_do_update(index_elements=["attempt_id", "slot"], set_=newer, where=given.excluded.seq > TABLE.c.seq)
    return kept.returning(TABLE.c.seq, TABLE.c.saved_at)


# Said with every answer, so put together once; both databases have it, each in its own words.
PUT = {"sqlite": _put_by(sqlite.insert), "postgresql": _put_by(postgresql.insert)}
KEPT = select(Answer.seq, Answer.saved_at).where(Answer.attempt_id == bindparam("attempt"), Answer.slot == bindparam("asked"))
