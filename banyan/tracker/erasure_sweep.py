"""After somebody was erased: what still lies in files goes, however often a sweeper is killed on the way.

What has to go stands in the row until it is gone, so each step may be done again. First the list that outlives the records
(banyan.records.erased_list) learns of it; then photos, works, gradebooks and rooms; the row forgets last.
"""

import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.records import content, erased_list
from banyan.records.engine import Sessions, forget_pages, reading, writing
from banyan.records.erasure import Erasure
from banyan.records.examinations import AnswerFile
from banyan.records.people import Person
from banyan.records.pieces import PieceFile
from banyan.records.tasks import HandOut, TaskSubmission
from banyan.tracker import printing
from banyan.tracker.erasing import RESTORE, Deed, erase
from banyan.tracker.rulebook import Rulebook
from grading.bridge.forgetting import forget
from grading.bridge.gradebook import Course

ACTOR = "erasure"
"""Who erases again what a restored backup brought back, in the audit log."""
AT_ONCE = 1 << 20  # bytes of a log looked at


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

    @classmethod
    def of(cls, root: Path) -> "Grounds":
        """Return the grounds of a home, by its root."""
        named = ("answer-files", "works", "gradebooks", "labs", "prints", "logs", erased_list.NAME)
        return cls(*(root / name for name in named))


def sweep(make: Sessions, grounds: Grounds, rulebook: Rulebook, now: datetime) -> int:
    """Erase again who came back with a backup, take away what is left of who was erased, and return of how many."""
    _erase_again(make, grounds, rulebook, now)
    with reading(make) as session:
        waiting = list(session.scalars(select(Erasure.person_id).where(Erasure.swept_at.is_(None)).order_by(Erasure.person_id)))
    for person_id in waiting:
        _sweep_one(make, grounds, person_id, now)
    if waiting:
        forget_pages(make)
    return len(waiting)


def _erase_again(make: Sessions, grounds: Grounds, rulebook: Rulebook, now: datetime) -> None:
    handles = list(erased_list.read(grounds.erased))
    if not handles:
        return
    with reading(make) as session:
        known = set(session.scalars(select(Erasure.person_id)))
        back = [each for each in _people(session, handles) if each not in known]
    for person_id in back:
        with writing(make) as session:
            erase(session, person_id, rulebook, Deed(ACTOR, RESTORE, now))


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
        _sweep_files(make, grounds, remains, now)
        _sweep_handle(grounds, remains["handle"])
        for log in grounds.logs.glob("*.log"):
            blot(log, remains["words"])
    with writing(make) as session:
        row = session.get_one(Erasure, person_id)
        row.remains, row.swept_at = None, now


def _sweep_files(make: Sessions, grounds: Grounds, remains: Mapping[str, Any], now: datetime) -> None:
    """Take away files nobody else's row speaks of; nobody writes meanwhile, so none begins to."""
    with writing(make) as session:
        files, bundles = set(remains["files"]), set(remains["bundles"])
        for digest in files - _spoken_of(session, files):
            _unlink(grounds.answer_files, digest)
        for digest in bundles - _works(session, bundles):
            _unlink(grounds.works, digest)
        printing.forget(session, grounds.prints, now)


def _spoken_of(session: Session, digests: Collection[str]) -> set[str]:
    answers = select(AnswerFile.digest).where(AnswerFile.digest.in_(digests))
    return {*session.scalars(answers), *session.scalars(select(PieceFile.digest).where(PieceFile.digest.in_(digests)))}


def _works(session: Session, digests: Collection[str]) -> set[str]:
    """Return which bundles another's row still speaks of; the erased person's own rows name their work without having it."""
    gone = select(Erasure.person_id)
    others = select(TaskSubmission.digest).where(TaskSubmission.person_id.not_in(gone), TaskSubmission.digest.in_(digests))
    handed = select(HandOut.digest).where(HandOut.digest.in_(digests))
    pages = select(TaskSubmission.feedback_files).where(TaskSubmission.person_id.not_in(gone))
    shown = {each for files in session.scalars(pages) for each in (files or {}).values()} if digests else set()
    return {*session.scalars(others), *session.scalars(handed), *(shown & set(digests))}


def _unlink(folder: Path, digest: str) -> None:
    path = content.place(folder, digest)
    if path is not None:
        path.unlink(missing_ok=True)


def _sweep_handle(grounds: Grounds, handle: str) -> None:
    """Take somebody out of every gradebook, out of trainers' copies, and their JupyterLab away."""
    for course in _folders([grounds.gradebooks]):
        forget(Course(course), handle)
    for copy in _folders(room / "work" / "gradebooks" for room in _folders([grounds.labs])):
        with suppress(OSError):  # a trainer's own folder: what they made of it is theirs
            forget(Course(copy), handle)
    room = grounds.labs / handle
    if room.is_dir() and not room.is_symlink():
        shutil.rmtree(room)


def _folders(parents: Iterable[Path]) -> Iterator[Path]:
    """Yield the folders in some folders; no link is followed."""
    for parent in parents:
        if parent.is_dir() and not parent.is_symlink():
            yield from (each for each in sorted(parent.iterdir()) if each.is_dir() and not each.is_symlink())


def blot(log: Path, words: Iterable[str]) -> None:
    """Write stars over some words in a log that others write on at its end: as many bytes as there were."""
    wanted = [each.encode() for each in words if len(each) > 3]
    longest = max(map(len, wanted), default=0)
    if not longest or log.is_symlink():
        return
    with log.open("r+b") as file:
        start = 0
        while chunk := os.pread(file.fileno(), AT_ONCE + longest, start):
            for word in wanted:
                at = chunk.find(word)
                while at >= 0:
                    os.pwrite(file.fileno(), b"*" * len(word), start + at)
                    at = chunk.find(word, at + len(word))
            start += AT_ONCE
