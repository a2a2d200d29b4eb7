"""What the records refuse, told apart from what we did wrong: a full disk, a busy database, somebody who was first."""

import errno
import sqlite3

import psycopg
from psycopg.errors import DeadlockDetected, DiskFull, SerializationFailure, UniqueViolation
from sqlalchemy.exc import DBAPIError

FULL, BUSY, TAKEN, OURS = 507, 503, 409, 500  # as HTTP says it
FIRST = (UniqueViolation, DeadlockDetected, SerializationFailure)
SAME = (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)


def status_of(fault: BaseException | None) -> int:
    """TAKEN is what somebody else did at the same moment: nothing is broken, and looked at again it is there."""
    cause = fault.orig if isinstance(fault, DBAPIError) else fault
    if isinstance(cause, sqlite3.Error):
        return _of_sqlite(getattr(cause, "sqlite_errorcode", 0))
    if isinstance(cause, psycopg.Error):
        return FULL if isinstance(cause, DiskFull) else TAKEN if isinstance(cause, FIRST) else OURS
    return FULL if isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) else OURS


def _of_sqlite(code: int) -> int:
    """A result code's last byte is what happened; what comes before it says where, or what exactly."""
    if code in SAME:
        return TAKEN
    return {sqlite3.SQLITE_FULL: FULL, sqlite3.SQLITE_IOERR: FULL, sqlite3.SQLITE_BUSY: BUSY}.get(code & 0xFF, OURS)
