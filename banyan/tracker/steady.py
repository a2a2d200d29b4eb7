"""The time exams are ended by: a server's clock that suddenly jumps ahead is not believed for ten minutes.

What a deadline has closed stays closed, while a clock that was set wrong is set right again, mostly by itself. How much
time has passed is known without it: the kernel counts on, asleep too, whatever the clock is set to.
"""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.records import audit

JUMP = timedelta(minutes=2)
"""Less is set right every day."""
BELIEVED_AFTER = timedelta(minutes=10)
ACTION, GRADER = "clock.ahead", "grader"
log = logging.getLogger(__name__)


def _clock() -> datetime:
    return datetime.now(UTC)


def _passed() -> timedelta:
    return timedelta(seconds=time.clock_gettime(time.CLOCK_BOOTTIME))


class SteadyClock:
    """Called, it tells the time; `ahead` is by how much the machine's clock was beyond it then, nothing unless it jumped.

    A clock set back is believed at once: deadlines only come later by it.
    """

    def __init__(self, clock: Callable[[], datetime] = _clock, passed: Callable[[], timedelta] = _passed) -> None:
        self._clock, self._passed, self._turn = clock, passed, Lock()
        self._known = clock() - passed()  # what the machine's clock showed when the count began
        self._doubted: timedelta | None = None
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        with self._turn:
            passed = self._passed()
            began = self._clock() - passed
            if self._is_believed(began, passed):
                self._known, self._doubted = began, None
            self.ahead = began - self._known
            return self._known + passed

    def _is_believed(self, began: datetime, passed: timedelta) -> bool:
        if began - self._known <= JUMP:
            return True
        if self._doubted is None:
            self._doubted = passed
        return passed - self._doubted >= BELIEVED_AFTER


def last_jump(session: Session) -> audit.AuditRow | None:
    query = select(audit.AuditRow).where(audit.AuditRow.action == ACTION)
    return session.scalars(query.order_by(audit.AuditRow.position.desc()).limit(1)).first()


def note_jump(session: Session, clock: SteadyClock, now: datetime) -> None:
    """Write down, once, that the machine's clock has jumped ahead of `now`, which is what a steady clock has just told."""
    last = last_jump(session)
    if not clock.ahead or (last and now - BELIEVED_AFTER < last.at <= now):
        return
    minutes = round(clock.ahead / timedelta(minutes=1))
    log.warning("the machine's clock jumped ahead by %s minutes; believed if it still says so in %s", minutes, BELIEVED_AFTER)
    audit.append(session, now, GRADER, ACTION, "clock", minutes=minutes, to=(now + clock.ahead).isoformat())
