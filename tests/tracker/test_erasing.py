"""Erasing somebody: nothing that names them is left anywhere, what was certified stays true, and a kill leaves all or nothing."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from banyan.accounts.slips import issue_slips
from banyan.domain.calendar import county_day
from banyan.domain.erasure import NAME, SHOWN, pseudonym
from banyan.errors import NotFoundError, TamperedError
from banyan.records import answer_store, audit, erased_list
from banyan.records.audit import AuditRow
from banyan.records.base import Base
from banyan.records.competence import Certificate, EvidenceRow
from banyan.records.engine import open_engine, reading, sessions, writing
from banyan.records.entry import Device
from banyan.records.erasure import Erasure
from banyan.records.examinations import AnswerFile, Submission
from banyan.records.learning import Concern, Reminder
from banyan.records.people import Person
from banyan.records.pieces import Piece, PieceFile
from banyan.tracker import erasing, erasure_sweep
from banyan.tracker.erasing import REQUEST, Deed, erase
from banyan.tracker.erasure_plan import PLANS, Fate
from banyan.tracker.erasure_sweep import Grounds, blot, sweep
from banyan.tracker.own_data import PARTS, own_data
from banyan.tracker.people import find_me
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.standing import differences
from banyan.tracker.verification import State, check
from grading.bridge.copying import copy_course
from grading.bridge.gradebook import Course, assignment_name, scores
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


def test_nothing_of_name_phone_and_number_is_left_in_any_table_or_file(
    hall: Hall, known: Known, grounds: Grounds, tmp_path: Path
) -> None:
    before = [path for path, data in everything(tmp_path) for said in (known.name, known.number, known.phone)
              if any(each in data for each in spellings(said))]  # fmt: skip
    assert len(before) > 5
    with writing(hall.make) as session:  # a unit of the same name is nobody's data
        session.execute(text("DELETE FROM audit WHERE action = 'unit.add' AND subject = 'u'"))
    erased(hall, known)
    assert sweep(hall.make, grounds, hall.rulebook, LATER) == 1
    hall.make.kw["bind"].dispose()
    left = [
        (path.relative_to(tmp_path), said)
        for path, data in everything(tmp_path)
        for said in (known.name, known.number, known.phone)
        for each in spellings(said)
        if each in data.replace(f"{known.number}9".encode(), b"").replace(known.handle.encode(), b"")  # opaque, but in a test
    ]
    assert not left


def test_rows_stay_or_go_as_the_plan_says(hall: Hall, known: Known) -> None:
    with reading(hall.make) as session:
        before = {each.part.table: len(each.rows) for each in own_data(session, known.id)}
    erased(hall, known)
    with reading(hall.make) as session:
        after = {each.part.table: each.rows for each in own_data(session, known.id)}
    for table, plan in PLANS.items():
        assert len(after[table]) == (0 if plan.fate is Fate.GONE else before[table]), table
    assert before["evidence"] > 0
    assert before["answer"] > 10


def test_the_plan_decides_on_every_table_and_empties_only_columns_there_are() -> None:
    assert set(PLANS) == {each.table for each in PARTS}
    for table, plan in PLANS.items():
        assert set(plan.columns) <= set(Base.metadata.tables[table].columns.keys())
        assert bool(plan.columns) == (plan.fate is Fate.BLANK)


def test_what_was_certified_stays_true_and_says_whose_name_was_erased(hall: Hall, known: Known) -> None:
    with reading(hall.make) as session:
        row = session.scalars(select(Certificate)).one()
        evidence = len(session.scalars(select(EvidenceRow)).all())
    erased(hall, known)
    with reading(hall.make) as session:
        verdict = check(session, row.serial, hall.rulebook.issuer, TODAY)
        assert (verdict.state, verdict.masked_name, verdict.erased) == (State.VALID, SHOWN, True)
        assert len(session.scalars(select(EvidenceRow)).all()) == evidence
        assert differences(session, hall.rulebook.framework, TODAY) == []
        with pytest.raises(NotFoundError):
            find_me(session, known.number, county_day(LATER))
        with pytest.raises(NotFoundError):
            find_me(session, pseudonym(known.id), county_day(LATER))


def test_a_certificate_that_was_forged_in_the_records_is_not_signed_by_erasing(hall: Hall, known: Known) -> None:
    with writing(hall.make) as session:
        row = session.scalars(select(Certificate)).one()
        row.payload = {**row.payload, "a": "C5.2:4"}
    erased(hall, known)
    with reading(hall.make) as session:
        assert check(session, row.serial, hall.rulebook.issuer, TODAY).state is State.TAMPERED


def test_the_log_still_holds_and_tells_of_the_erasure_without_the_name(hall: Hall, known: Known) -> None:
    with reading(hall.make) as session:
        seals = {row.position: row.seal for row in session.scalars(select(AuditRow))}
    erased(hall, known)
    with reading(hall.make) as session:
        rows = {row.position: row for row in session.scalars(select(AuditRow))}
        assert audit.verify(session) == len(rows) == len(seals) + 2
    assert {position: rows[position].seal for position in seals} == seals
    assert [(row.subject, row.actor) for row in rows.values() if row.action == "person.erase"] == [
        (pseudonym(known.id), DEED.actor)
    ]
    roster = next(row for row in rows.values() if row.action == "roster.newcomers")
    assert roster.detail["staff"] == [pseudonym(known.id), "10010002", f"{known.number}9"]
    assert next(row for row in rows.values() if row.action == "person.mend").detail["name"] == f"陈小明 → {NAME}"
    assert next(row for row in rows.values() if row.action == "unit.add").detail["name"] == known.name


@pytest.mark.parametrize("spoil", ["detail", "actor", "seal"])
def test_a_row_that_was_worded_anew_cannot_be_changed_once_more(hall: Hall, known: Known, spoil: str) -> None:
    erased(hall, known)
    with writing(hall.make) as session:
        row = session.scalars(select(AuditRow).where(AuditRow.action == "sign_in")).first()
        assert row
        setattr(row, spoil, {"address": "10.0.0.2"} if spoil == "detail" else "f" * 40)
    with reading(hall.make) as session, pytest.raises(TamperedError):
        audit.verify(session)


def test_a_change_cannot_be_vouched_for_by_altering_the_row_that_vouches(hall: Hall, known: Known) -> None:
    erased(hall, known)
    with writing(hall.make) as session:
        victim = session.scalars(select(AuditRow).where(AuditRow.action == "unit.add")).one()
        victim.detail = {"name": "x"}
        act = session.scalars(select(AuditRow).where(AuditRow.action == audit.REDACT)).one()
        act.detail = {"rows": {**act.detail["rows"], str(victim.position): audit.seal(victim)}}
    with reading(hall.make) as session, pytest.raises(TamperedError):
        audit.verify(session)


def test_erased_twice_is_erased_once(hall: Hall, known: Known) -> None:
    erased(hall, known)
    with reading(hall.make) as session:
        count = len(session.scalars(select(AuditRow)).all())
    erased(hall, known)
    with reading(hall.make) as session:
        assert len(session.scalars(select(AuditRow)).all()) == count


def test_a_crash_on_the_way_leaves_everything_as_it_was(
    hall: Hall, known: Known, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(erasing, "_redact", lambda *_: (_ for _ in ()).throw(RuntimeError("power cut")))
    with pytest.raises(RuntimeError):
        erased(hall, known)
    with reading(hall.make) as session:
        assert session.get_one(Person, known.id).name == known.name
        assert session.get(Erasure, known.id) is None


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
