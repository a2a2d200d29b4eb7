"""What lies in files of somebody who was erased goes, however often the sweeper is killed, and nobody else's does."""

# ruff: noqa: F811 - fixtures are imported, and asked for by their names

import os
import sqlite3
import time
from pathlib import Path

import pytest

from banyan.domain.erasure import NAME
from banyan.records import answer_store, erased_list
from banyan.records.bundles import Bundles
from banyan.records.classes import ClassSheet
from banyan.records.engine import reading, writing
from banyan.records.erasure import Erasure
from banyan.records.people import Person
from banyan.records.pieces import Piece, PieceFile
from banyan.records.tasks import TaskSubmission
from banyan.tracker import erasure_sweep
from banyan.tracker.erasing import erase
from banyan.tracker.erasure_sweep import Grounds, blot, sweep
from grading.bridge.copying import copy_course
from grading.bridge.gradebook import Course, assignment_name, scores
from tests.county import COURSE, NOW
from tests.grading.confinement.nested import nested
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


def copied(hall: Hall, grounds: Grounds, trainer: str, learners: list[str]) -> Course:
    """Put a copy of the gradebook into a trainer's room."""
    copy = Course(grounds.labs / trainer / "work" / "gradebooks" / COURSE)
    copy_course(Course(grounds.gradebooks / COURSE), copy, learners)
    return copy


def test_a_trainers_copy_with_them_in_it_goes_and_no_link_is_followed(hall: Hall, known: Known, grounds: Grounds) -> None:
    hall.grade(hall.sat(hall.neighbour))
    handle = known.handle
    copy = copied(hall, grounds, "trainer", [handle])
    others = copied(hall, grounds, "other", [hall.neighbour.person.handle])
    elsewhere = grounds.answer_files.parent / "elsewhere" / handle
    elsewhere.mkdir(parents=True)
    (grounds.labs / "sly" / "work").mkdir(parents=True)
    (grounds.labs / "sly" / "work" / "gradebooks").symlink_to(elsewhere.parent)
    (grounds.labs / "sly2" / "work" / "gradebooks" / COURSE).mkdir(parents=True)
    (grounds.labs / "sly2" / "work" / "gradebooks" / COURSE / "submitted").symlink_to(elsewhere.parent)
    (grounds.labs / "sly3").mkdir()
    (grounds.labs / "sly3" / "work").symlink_to(elsewhere.parent)
    erased(hall, known)
    sweep(hall.make, grounds, hall.rulebook, LATER)
    assert not copy.root.exists()
    assert others.database.is_file()
    assert elsewhere.is_dir()


def _junk(copy: Course) -> None:
    copy.database.write_bytes(b"no database at all")


def _no_table(copy: Course) -> None:
    copy.database.unlink()
    sqlite3.connect(copy.database).close()


def _pipe(copy: Course) -> None:
    copy.database.unlink()
    os.mkfifo(copy.database)


def _lock_elsewhere(copy: Course) -> None:
    (copy.root / "locks").mkdir()
    (copy.root / "locks" / "course").symlink_to(copy.root.parent.parent.parent.parent / "planted")


@pytest.mark.parametrize("spoil", [_junk, _no_table, _pipe, _lock_elsewhere])
def test_what_a_trainer_made_of_a_copy_keeps_nobody_waiting(hall: Hall, known: Known, grounds: Grounds, spoil) -> None:  # type: ignore[no-untyped-def]
    spoil(copied(hall, grounds, "trainer", [known.handle]))
    erased(hall, known)
    assert sweep(hall.make, grounds, hall.rulebook, LATER) == 1
    assert not (grounds.labs / "planted").exists()


def test_a_room_goes_however_deep_its_folders_are(hall: Hall, known: Known, grounds: Grounds) -> None:
    copy = copied(hall, grounds, "trainer", [known.handle])
    for each in (copy.root, grounds.labs / known.handle / "work"):
        each.mkdir(parents=True, exist_ok=True)
        nested(each)
    erased(hall, known)
    assert sweep(hall.make, grounds, hall.rulebook, LATER) == 1
    assert not copy.root.exists()
    assert not (grounds.labs / known.handle).exists()


def test_a_damaged_gradebook_keeps_only_those_waiting_who_are_in_no_other(hall: Hall, known: Known, grounds: Grounds) -> None:
    erased(hall, known)
    book = Course(grounds.gradebooks / COURSE).database
    sound = book.read_bytes()
    book.write_bytes(b"damaged" * 1000)
    assert sweep(hall.make, grounds, hall.rulebook, LATER) == 0
    with writing(hall.make) as session:
        assert session.get_one(Erasure, known.id).swept_at is None
    book.write_bytes(sound)
    assert sweep(hall.make, grounds, hall.rulebook, LATER) == 1


def test_one_who_cannot_be_swept_lets_the_next_be(
    hall: Hall, known: Known, grounds: Grounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    neighbour = hall.neighbour.person
    with writing(hall.make) as session:
        erase(session, neighbour.id, hall.rulebook, DEED)
    erased(hall, known)
    whole = erasure_sweep.leave_gradebooks

    def damaged(folder: Path, handle: str) -> None:
        if handle == known.handle:
            raise sqlite3.DatabaseError("database disk image is malformed")
        whole(folder, handle)

    monkeypatch.setattr(erasure_sweep, "leave_gradebooks", damaged)
    assert sweep(hall.make, grounds, hall.rulebook, LATER) == 1
    with reading(hall.make) as session:
        assert session.get_one(Erasure, neighbour.id).swept_at == LATER
        assert session.get_one(Erasure, known.id).swept_at is None


def test_a_file_that_is_also_a_units_form_stays(hall: Hall, known: Known, grounds: Grounds) -> None:
    same = answer_store.put(grounds.answer_files, f"photo of {known.name}".encode())
    with writing(hall.make) as session:
        sheet = ClassSheet(unit_id=hall.trainer.units[0].id, file_name="f.xlsx", digest=same, bytes=9, put_at=NOW)
        sheet.put_by = hall.trainer.person.id
        session.add(sheet)
    erased(hall, known)
    sweep(hall.make, grounds, hall.rulebook, LATER)
    assert answer_store.has(grounds.answer_files, same)


def work(person_id: int, number: int, digest: str, feedback: str | None) -> TaskSubmission:
    row = TaskSubmission(person_id=person_id, course="c", task="t", number=number, digest=digest, notebooks=[], submitted_at=NOW)
    row.late, row.state, row.remarks, row.feedback = False, "graded", [], feedback
    return row


def test_works_another_still_has_stay_and_those_no_row_names_go(hall: Hall, known: Known, grounds: Grounds) -> None:
    bundles = Bundles(grounds.works)
    mine, both, pages, replaced, fresh = (bundles.keep(each) for each in (b"mine", b"both", b"pages", b"replaced", b"fresh"))
    old = time.time() - 2 * answer_store.DAY
    os.utime(grounds.works / replaced[:2] / replaced, (old, old))
    with writing(hall.make) as session:
        theirs = work(hall.neighbour.person.id, 1, both, pages)
        session.add_all([work(known.id, 1, mine, pages), work(known.id, 2, both, None), theirs])
    erased(hall, known)
    sweep(hall.make, grounds, hall.rulebook, LATER)
    there = {each: answer_store.has(grounds.works, each) for each in (mine, both, pages, replaced, fresh)}
    assert there == {mine: False, both: True, pages: True, replaced: False, fresh: True}


def test_the_list_beside_the_backups_knows_before_the_next_one_is_made(hall: Hall, known: Known, grounds: Grounds) -> None:
    grounds.backups.mkdir()
    erased(hall, known)
    sweep(hall.make, grounds, hall.rulebook, LATER)
    assert erased_list.read(grounds.backups / erased_list.BESIDE) == {known.handle: "2026-11-24"}
