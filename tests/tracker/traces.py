"""A learner who left a trace in every place that holds any, made once and copied for each test."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.accounts.slips import issue_slips
from banyan.domain.erasure import REQUEST
from banyan.records import answer_store, audit
from banyan.records.competence import Practical
from banyan.records.engine import open_engine, sessions, writing
from banyan.records.entry import Device
from banyan.records.examinations import AnswerFile, Submission
from banyan.records.learning import Concern, Reminder
from banyan.records.people import Person
from banyan.records.pieces import Piece, PieceFile
from banyan.tracker.erasing import Deed, erase
from banyan.tracker.erasure_sweep import Grounds
from banyan.tracker.rulebook import Rulebook
from tests.blank import blank_records
from tests.county import COURSE, NOW, TODAY
from tests.portal.office import certify
from tests.tracker.hall import Hall, open_hall

LATER = NOW + timedelta(days=1)
DEED = Deed("10019999", REQUEST, LATER)
KEY = b"entry of this test"


@dataclass(frozen=True)
class Known:
    """What the learner is known by, and who else is not to be touched."""

    id: int
    name: str
    number: str
    phone: str
    handle: str


@pytest.fixture(scope="module")
def prepared(rulebook: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Hall]:
    """A learner who left a trace in every place that holds any: rows, photos, a gradebook, JupyterLab, logs, the audit log."""
    folder = tmp_path_factory.mktemp("prepared")
    engine = blank_records(folder / "records.sqlite")
    hall = open_hall(sessions(engine), rulebook, folder / "gradebooks")
    hall.grade(hall.sat())
    _leave_traces(hall, Grounds.of(folder))
    engine.dispose()
    return folder, hall


@pytest.fixture
def hall(prepared: tuple[Path, Hall], tmp_path: Path) -> Iterator[Hall]:
    folder, built = prepared
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    engine = open_engine(f"sqlite:///{tmp_path}/records.sqlite")
    yield replace(built, make=sessions(engine), gradebooks=tmp_path / "gradebooks")
    engine.dispose()


@pytest.fixture
def grounds(tmp_path: Path) -> Grounds:
    return Grounds.of(tmp_path)


@pytest.fixture
def known(hall: Hall) -> Known:
    person = hall.learner.person
    return Known(person.id, person.name, person.staff_number, person.phone, person.handle)


def _leave_traces(hall: Hall, grounds: Grounds) -> None:
    person = hall.learner.person
    photo = answer_store.put(grounds.answer_files, f"photo of {person.name}".encode())
    with writing(hall.make) as session:
        certify(session, person, hall.rulebook)
        _write_about(session, hall, photo)
    (grounds.labs / person.handle / "work").mkdir(parents=True)
    (grounds.labs / person.handle / "work" / "mine.txt").write_text(person.name, encoding="utf-8")
    grounds.logs.mkdir()
    (grounds.logs / "hub.log").write_text(f"User logged in: {person.staff_number}\nUser logged in: 99\n", encoding="utf-8")


def _write_about(session: Session, hall: Hall, photo: str) -> None:
    person = session.get_one(Person, hall.learner.person.id)
    attempt = session.scalars(select(Submission)).one().attempt_id
    session.add(AnswerFile(attempt_id=attempt, slot="s1", digest=photo, bytes=9, sent_at=NOW, frozen=True))
    issue_slips(session, [person], KEY, None, NOW)
    device = Device(person_id=person.id, token_mac="m", label="phone", created_at=NOW, last_seen_at=NOW)
    concern = Concern(person_id=person.id, course=COURSE, release=1, part="q", kind="wrong", words=person.name, raised_at=NOW)
    piece = Piece(kind="PF", person_id=person.id, competency="C5.2", framework="t", handed_in_at=NOW, form_key="k")
    piece.details = {"title": person.name, "words": f"我是{person.name}，电话{person.phone}", "teaching_log": True}
    session.add_all([device, concern, piece, Reminder(person_id=person.id, programme="ER-T1", reminded_at=NOW)])
    session.add(Practical(person_id=person.id, course=COURSE, release=1, ticked=[], held_on=TODAY, recorded_at=NOW, form_key="p",
                          assessor_id=hall.trainer.person.id, reason=f"不是{person.name}", withdrawn=True))  # fmt: skip
    session.flush()
    session.add(PieceFile(piece_id=piece.id, position=1, digest=photo, bytes=9))
    number = person.staff_number
    audit.append(session, NOW, number, "sign_in", number, address="10.0.0.1")
    audit.append(session, NOW, "10010003", "person.mend", number, name=f"陈小明 → {person.name}", phone="138****0001")
    audit.append(session, NOW, "shell", "roster.newcomers", f"{number}–10010002", staff=[number, "10010002", f"{number}9"])
    audit.append(session, NOW, "10010003", "unit.add", "u", name=person.name)  # a unit that is called like them


def everything(folder: Path) -> Iterator[tuple[Path, bytes]]:
    yield from ((path, path.read_bytes()) for path in sorted(folder.rglob("*")) if path.is_file())


def spellings(word: str) -> list[bytes]:
    return [word.encode(), json.dumps(word)[1:-1].encode()]


def erased(hall: Hall, known: Known) -> None:
    with writing(hall.make) as session:
        erase(session, known.id, hall.rulebook, DEED)
