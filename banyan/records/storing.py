"""What the machine refuses, told apart from what we did wrong: a disk that is full, a database that is busy."""

import errno
import sqlite3

from psycopg.errors import DiskFull
from sqlalchemy.exc import DBAPIError

FULL, BUSY, OURS = 507, 503, 500  # as HTTP says it


def status_of(fault: BaseException | None) -> int:
    cause = fault.orig if isinstance(fault, DBAPIError) else fault
    if isinstance(cause, sqlite3.Error):
        return {sqlite3.SQLITE_FULL: FULL, sqlite3.SQLITE_IOERR: FULL, sqlite3.SQLITE_BUSY: BUSY}.get(_primary(cause), OURS)
    full = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return FULL if isinstance(cause, DiskFull) or (isinstance(cause, OSError) and cause.errno in full) else OURS


def _primary(fault: sqlite3.Error) -> int:
    """Return SQLite's result code without the extension that says where it came from."""
    return getattr(fault, "sqlite_errorcode", 0) & 0xFF
