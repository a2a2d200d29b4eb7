"""Erasing somebody: nothing that names them is left anywhere, what was certified stays true, and a kill leaves all or nothing."""

# ruff: noqa: F811 - fixtures are imported, and asked for by their names

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, text

from banyan.domain.calendar import county_day
from banyan.domain.erasure import REQUEST, RETENTION, SHOWN, pseudonym
from banyan.errors import NotFoundError, TamperedError
from banyan.records import audit
from banyan.records.audit import AuditRow
from banyan.records.base import Base
from banyan.records.competence import Certificate, EvidenceRow
from banyan.records.engine import reading, writing
from banyan.records.erasure import Erasure
from banyan.records.examinations import Submission
from banyan.records.people import Person
from banyan.tracker import erasing
from banyan.tracker.erasing import Deed, erase
from banyan.tracker.erasing_log import mentions
from banyan.tracker.erasure_plan import PLANS, Fate
from banyan.tracker.erasure_sweep import Grounds, sweep
from banyan.tracker.own_data import PARTS, own_data
from banyan.tracker.people import find_me
from banyan.tracker.standing import differences
from banyan.tracker.verification import State, check
from tests.county import TODAY
from tests.tracker.hall import Hall
from tests.tracker.traces import DEED, LATER, Known, erased, everything, grounds, hall, known, prepared, spellings  # noqa: F401


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
        assert (verdict.state, verdict.masked_name, verdict.erased) == (State.VALID, SHOWN[REQUEST], True)
        assert len(session.scalars(select(EvidenceRow)).all()) == evidence
        assert differences(session, hall.rulebook.framework, TODAY) == []
        with pytest.raises(NotFoundError):
            find_me(session, known.number, county_day(LATER))
        with pytest.raises(NotFoundError):
            find_me(session, pseudonym(known.id), county_day(LATER))


def test_who_was_erased_because_time_was_up_is_not_said_to_have_asked(hall: Hall, known: Known) -> None:
    with writing(hall.make) as session:
        erase(session, known.id, hall.rulebook, Deed("retention", RETENTION, LATER))
    with reading(hall.make) as session:
        row = session.scalars(select(Certificate)).one()
        verdict = check(session, row.serial, hall.rulebook.issuer, TODAY)
    assert (verdict.state, verdict.erased, verdict.at_request) == (State.VALID, True, False)
    assert "本人要求" not in verdict.masked_name


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
    assert next(row for row in rows.values() if row.action == "person.mend").detail == {"name": "", "phone": ""}
    assert next(row for row in rows.values() if row.action == "unit.add").detail["name"] == known.name


TELLING = "我住在溪口村12号，老伴姓叶，13700001234"


def test_no_reason_old_name_or_old_number_is_left_in_the_log(hall: Hall, known: Known) -> None:
    number, trainer = known.number, hall.trainer.person.staff_number
    with writing(hall.make) as session:
        paper, serial = session.scalars(select(Submission.id)).one(), session.scalars(select(Certificate.serial)).one()
        audit.append(
            session, LATER, "shell", "person.change", number, phone=f"13777778888 → {known.phone}", name="陈阿毛 → 陈晓明"
        )
        audit.append(session, LATER, number, "appeal.ask", f"submission:{paper}", reason=TELLING)
        for action, subject in (("certificate.suspend", serial), ("exam.lengthen", number), ("piece.take_back", "piece:1")):
            audit.append(session, LATER, trainer, action, subject, reason=f"{TELLING}{known.name}", kind="PF")
        audit.append(session, LATER, trainer, "programme.take_back", "ER-T1", reason=TELLING, staff=[number])
        audit.append(session, LATER, trainer, "exam.lengthen", "10010002", reason="别人的原因")
    erased(hall, known)
    with reading(hall.make) as session:
        rows = session.scalars(select(AuditRow)).all()
        assert audit.verify(session) == len(rows)
    told = "\n".join(f"{row.actor} {row.subject} {json.dumps(row.detail, ensure_ascii=False)}" for row in rows)
    assert not [each for each in (TELLING, "13777778888", "陈阿毛", known.phone) if each in told]
    assert "别人的原因" in told
    assert {row.detail["kind"] for row in rows if row.action == "piece.take_back"} == {"PF"}


def test_trying_every_number_against_a_seal_finds_nobody(hall: Hall, known: Known) -> None:
    """All of a reworded row but the number is known; only the salt that went with it keeps its seal from telling."""
    erased(hall, known)
    with reading(hall.make) as session:
        row = session.scalars(select(AuditRow).where(AuditRow.action == "sign_in")).one()
        assert audit.SALT not in row.detail
        guess = AuditRow(position=row.position, at=row.at, actor=known.number, action="sign_in", subject=known.number)
        guess.detail, guess.previous = row.detail, row.previous
        assert audit.seal(guess) != row.seal


def test_looked_up_beforehand_what_is_written_meanwhile_is_reworded_too(hall: Hall, known: Known) -> None:
    with reading(hall.make) as session:
        seen = mentions(session, session.get_one(Person, known.id))
    with writing(hall.make) as session:
        audit.append(session, LATER, known.number, "sign_in", known.number, address="10.0.0.7")
    with writing(hall.make) as session:
        erase(session, known.id, hall.rulebook, replace(DEED, seen=seen))
    with reading(hall.make) as session:
        assert not [row for row in session.scalars(select(AuditRow)) if known.number in (row.actor, row.subject)]


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
    monkeypatch.setattr(erasing, "reword", lambda *_: (_ for _ in ()).throw(RuntimeError("power cut")))
    with pytest.raises(RuntimeError):
        erased(hall, known)
    with reading(hall.make) as session:
        assert session.get_one(Person, known.id).name == known.name
        assert session.get(Erasure, known.id) is None
