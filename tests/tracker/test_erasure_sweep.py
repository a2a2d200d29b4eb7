"""What lies in files of somebody who was erased goes, however often the sweeper is killed, and nobody else's does."""

# ruff: noqa: F811 - fixtures are imported, and asked for by their names

import sqlite3
from pathlib import Path

import pytest

from banyan.domain.erasure import NAME
from banyan.records import answer_store, erased_list
from banyan.records.engine import reading, writing
from banyan.records.erasure import Erasure
from banyan.records.people import Person
from banyan.records.pieces import Piece, PieceFile
from banyan.tracker import erasure_sweep
from banyan.tracker.erasure_sweep import Grounds, blot, sweep
from grading.bridge.copying import copy_course
from grading.bridge.gradebook import Course, assignment_name, scores
from tests.county import COURSE, NOW
from tests.tracker.hall import Hall
from tests.tracker.traces import DEED, LATER, Known, erased, everything, grounds, hall, known, prepared, spellings  # noqa: F401


def test_a_sweeper_that_was_killed_is_gone_on_with(
    hall: Hall, known: Known, grounds: Grounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    erased(hall, known)
    with monkeypatch.context() as broken:
        broken.setattr(erasure_sweep, "blot", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            sweep(hall.make, grounds, hall.rulebook, LATER)
    assert erased_list.read(grounds.erased) == {known.handle: "2026-11-24"}
    assert sweep(hall.make, grounds, hall.rulebook, LATER) == 1
    assert known.number not in (grounds.logs / "hub.log").read_text()
    assert sweep(hall.make, grounds, hall.rulebook, LATER) == 0


def test_a_photo_that_somebody_else_also_handed_in_stays(hall: Hall, known: Known, grounds: Grounds) -> None:
    same = answer_store.put(grounds.answer_files, f"photo of {known.name}".encode())
    with writing(hall.make) as session:
        piece = Piece(kind="PF", person_id=hall.neighbour.person.id, competency="C5.2", framework="t", handed_in_at=NOW)
        piece.details, piece.form_key = {}, "theirs"
        session.add(piece)
        session.flush()
        session.add(PieceFile(piece_id=piece.id, position=1, digest=same, bytes=9))
    erased(hall, known)
    sweep(hall.make, grounds, hall.rulebook, LATER)
    assert answer_store.has(grounds.answer_files, same)


def test_the_gradebook_forgets_one_learner_and_keeps_the_others(hall: Hall, known: Known, grounds: Grounds) -> None:
    hall.grade(hall.sat(hall.neighbour))
    erased(hall, known)
    sweep(hall.make, grounds, hall.rulebook, LATER)
    course = Course(grounds.gradebooks / COURSE)
    assert scores(course, assignment_name(1, 1), hall.neighbour.person.handle)
    with sqlite3.connect(course.database) as gradebook:
        students = [each for (each,) in gradebook.execute("SELECT id FROM student")]
    assert known.handle not in students
    assert not list(course.root.glob(f"*/{known.handle}"))


def test_whoever_comes_back_with_a_backup_is_erased_again(hall: Hall, known: Known, grounds: Grounds) -> None:
    erased_list.add(grounds.erased, {known.handle: "2026-11-24", "somebody-of-another-home": "2026-01-01"})
    assert sweep(hall.make, grounds, hall.rulebook, LATER) == 1
    with reading(hall.make) as session:
        assert session.get_one(Person, known.id).name == NAME
        assert session.get_one(Erasure, known.id).why == "restore"


def test_a_log_keeps_its_length_and_what_others_wrote(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_bytes(b"x" * (erasure_sweep.AT_ONCE - 4) + b"10010001 in, 10010002 in\n")
    blot(log, ["10010001"])
    assert log.read_bytes() == b"x" * (erasure_sweep.AT_ONCE - 4) + b"******** in, 10010002 in\n"


def test_a_trainers_copy_forgets_too_and_no_link_out_of_it_is_followed(hall: Hall, known: Known, grounds: Grounds) -> None:
    source, handle = Course(grounds.gradebooks / COURSE), known.handle
    copy = Course(grounds.labs / "trainer" / "work" / "gradebooks" / COURSE)
    copy_course(source, copy, [handle])
    assert list(copy.root.glob(f"*/{handle}"))
    elsewhere = grounds.answer_files.parent / "elsewhere" / handle
    elsewhere.mkdir(parents=True)
    (grounds.labs / "sly" / "work").mkdir(parents=True)
    (grounds.labs / "sly" / "work" / "gradebooks").symlink_to(elsewhere.parent)
    (grounds.labs / "sly2" / "work" / "gradebooks" / COURSE).mkdir(parents=True)
    (grounds.labs / "sly2" / "work" / "gradebooks" / COURSE / "submitted").symlink_to(elsewhere.parent)
    erased(hall, known)
    sweep(hall.make, grounds, hall.rulebook, LATER)
    assert not list(copy.root.glob(f"*/{handle}"))
    assert handle.encode() not in copy.database.read_bytes()
    assert elsewhere.is_dir()
