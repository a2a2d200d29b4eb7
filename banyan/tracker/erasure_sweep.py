"""After somebody was erased: what still lies in files goes, however often a sweeper is killed on the way.

What has to go stands in the row until it is gone, so each step may be done again. First the list that outlives the records
(banyan.records.erased_list) learns of it; then photos, works, gradebooks and rooms; the row forgets last.
"""

import logging
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.domain.erasure import RESTORE
from banyan.errors import BanyanError
from banyan.records import answer_store, content, erased_list
from banyan.records.engine import Sessions, forget_pages, reading, writing
from banyan.records.erasure import Erasure
from banyan.records.people import Person
from banyan.records.tasks import HandOut, TaskSubmission
from banyan.tracker import answer_files, printing
from banyan.tracker.erasing import Deed, erase
from banyan.tracker.erasing_log import mentions
from banyan.tracker.erasure_rooms import leave_gradebooks, leave_rooms
from banyan.tracker.rulebook import Rulebook

ACTOR = "erasure"
"""Who erases again what a restored backup brought back, in the audit log."""
AT_ONCE = 1 << 20  # bytes of a log looked at
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Grounds:
    """Where in a home files of people lie, and the list of who was erased."""

    answer_files: Path
    works: Path
    gradebooks: Path
    labs: Path
    prints: Path
    logs: Path
    erased: Path
    backups: Path

    @classmethod
    def of(cls, root: Path) -> "Grounds":
        """Return the grounds of a home, by its root."""
        named = ("answer-files", "works", "gradebooks", "labs", "prints", "logs", erased_list.NAME, "backups")
        return cls(*(root / name for name in named))


def sweep(make: Sessions, grounds: Grounds, rulebook: Rulebook, now: datetime) -> int:
    """Erase again who came back with a backup, take away what is left of who was erased, and return of how many."""
    with _going_on("the list of who was erased"):
        _erase_again(make, grounds, rulebook, now)
    with reading(make) as session:
        waiting = list(session.scalars(select(Erasure.person_id).where(Erasure.swept_at.is_(None)).order_by(Erasure.person_id)))
    swept = 0
    for person_id in waiting:
        with _going_on(person_id):
            _sweep_one(make, grounds, person_id, now)
            swept += 1
    if waiting:
        forget_pages(make)
    with _going_on("works"):
        _forget_works(make, grounds)
    return swept


@contextmanager
def _going_on(whose: object) -> Iterator[None]:
    """Let one damaged file keep nobody else waiting; what was left is tried again, and the doctor tells after an hour."""
    try:
        yield
    except (OSError, sqlite3.Error, SQLAlchemyError, BanyanError):
        log.exception("what is left of %s could not be swept away", whose)


def _erase_again(make: Sessions, grounds: Grounds, rulebook: Rulebook, now: datetime) -> None:
    handles = list(erased_list.read(grounds.erased))
    if not handles:
        return
    with reading(make) as session:
        known = set(session.scalars(select(Erasure.person_id)))
        back = [each for each in _people(session, handles) if each not in known]
    for person_id in back:
        with _going_on(person_id):
            with reading(make) as session:
                seen = mentions(session, session.get_one(Person, person_id))
            with writing(make) as session:
                erase(session, person_id, rulebook, Deed(ACTOR, RESTORE, now, seen))


def _people(session: Session, handles: list[str]) -> Iterator[int]:
    for first in range(0, len(handles), 500):
        yield from session.scalars(select(Person.id).where(Person.handle.in_(handles[first : first + 500])))


def _sweep_one(make: Sessions, grounds: Grounds, person_id: int, now: datetime) -> None:
    with reading(make) as session:
        row = session.get_one(Erasure, person_id)
        remains: Mapping[str, Any] = row.remains or {}
        day = county_day(row.erased_at).isoformat()
    if remains:
        erased_list.add(grounds.erased, {remains["handle"]: day})
        if grounds.backups.is_dir():  # what lies beside them must know of it before the next one is made
            erased_list.add(grounds.backups / erased_list.BESIDE, erased_list.read(grounds.erased))
        _sweep_files(make, grounds, remains, now)
        leave_gradebooks(grounds.gradebooks, remains["handle"])
        leave_rooms(grounds.labs, remains["handle"])
        for each in grounds.logs.glob("*.log"):
            blot(each, remains["words"])
    with writing(make) as session:
        row = session.get_one(Erasure, person_id)
        row.remains, row.swept_at = None, now


def _sweep_files(make: Sessions, grounds: Grounds, remains: Mapping[str, Any], now: datetime) -> None:
    """Take away files nobody else's row speaks of; nobody writes meanwhile, so none begins to."""
    with writing(make) as session:
        files, bundles = set(remains["files"]), set(remains["bundles"])
        for digest in files - answer_files.spoken_of(session):
            _unlink(grounds.answer_files, digest)
        for digest in bundles - _named_works(session):
            _unlink(grounds.works, digest)
        printing.forget(session, grounds.prints, now)


def _named_works(session: Session) -> set[str]:
    """Return which works rows speak of; rows of whoever was erased name their work without having it."""
    columns = (TaskSubmission.digest, TaskSubmission.feedback)
    theirs = (select(each).where(TaskSubmission.person_id.not_in(select(Erasure.person_id))) for each in columns)
    return {each for query in (*theirs, select(HandOut.digest)) for each in session.scalars(query) if each}


def _forget_works(make: Sessions, grounds: Grounds) -> None:
    """Take away works no row names: feedback that was replaced, what was sent and never handed in."""
    if grounds.works.is_dir():
        with reading(make) as session:
            named = _named_works(session)
        answer_store.sweep(grounds.works, named)


def _unlink(folder: Path, digest: str) -> None:
    path = content.place(folder, digest)
    if path is not None:
        path.unlink(missing_ok=True)


def blot(path: Path, words: Iterable[str]) -> None:
    """Write stars over some words in a log that others write on at its end: as many bytes as there were."""
    wanted = [each.encode() for each in words if len(each) > 3]
    longest = max(map(len, wanted), default=0)
    if not longest or path.is_symlink():
        return
    with path.open("r+b") as file:
        start = 0
        while chunk := os.pread(file.fileno(), AT_ONCE + longest, start):
            for word in wanted:
                at = chunk.find(word)
                while at >= 0:
                    os.pwrite(file.fileno(), b"*" * len(word), start + at)
                    at = chunk.find(word, at + len(word))
            start += AT_ONCE
