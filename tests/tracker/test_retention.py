"""What has outlived its period goes, by the table the page is read from; nothing that is open or that a certificate needs."""

import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from banyan.domain.calendar import add_months
from banyan.domain.erasure import NAME
from banyan.domain.retention import STANDARD, STARTS, Keep, Period
from banyan.records import audit
from banyan.records.audit import AuditRow
from banyan.records.competence import Certificate, EvidenceRow
from banyan.records.consent import ConsentRow
from banyan.records.corrections import CertificateDoubt
from banyan.records.engine import reading, writing
from banyan.records.entry import Device
from banyan.records.examinations import Answer, AnswerFile, Submission
from banyan.records.learning import StepDone
from banyan.records.marking import Appeal
from banyan.records.people import Appointment, Person
from banyan.tracker import retention
from banyan.tracker.consents import say
from banyan.tracker.own_data import PARTS
from banyan.tracker.retention import clear, overdue
from grading.bridge.gradebook import Course, assignment_name, scores
from tests.county import COURSE, NOW
from tests.portal.office import certify
from tests.tracker.hall import Hall

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
MONTHS = st.integers(1, 240)
FAR = NOW + timedelta(days=37 * 31)


def period(months: int | None) -> Period:
    return Period(Keep.ANSWERS, months, {"zh": "", "en": ""})


@given(DAYS, MONTHS, DAYS)
def test_a_period_is_over_exactly_for_what_began_by_the_day_it_says(begun: date, months: int, today: date) -> None:
    since = period(months).over_since(today)
    assert since is not None
    assert period(months).is_over(begun, today) == (begun <= since)


@given(DAYS, MONTHS)
def test_the_last_day_is_still_kept_and_the_next_no_longer(begun: date, months: int) -> None:
    last = add_months(begun, months)
    assert not period(months).is_over(begun, last)
    assert period(months).is_over(begun, last + timedelta(days=1))


@pytest.mark.parametrize(
    ("begun", "months", "last"),
    [
        pytest.param(date(2024, 2, 29), 12, date(2025, 2, 28), id="the 29th in a year without one"),
        pytest.param(date(2024, 2, 29), 48, date(2028, 2, 29), id="the 29th in the next leap year"),
        pytest.param(date(2023, 2, 28), 12, date(2024, 2, 28), id="the 28th stays the 28th"),
        pytest.param(date(2026, 8, 31), 6, date(2027, 2, 28), id="the 31st at the end of February"),
    ],
)
def test_months_end_on_the_same_day_or_the_months_last(begun: date, months: int, last: date) -> None:
    assert period(months).last_day(begun) == last


def test_what_is_never_deleted_is_never_over() -> None:
    assert period(None).last_day(date(2000, 1, 1)) is None
    assert period(None).over_since(date(2100, 1, 1)) is None
    assert not period(None).is_over(date(2000, 1, 1), date(2100, 1, 1))


def test_every_kind_has_a_period_and_every_part_a_kind_that_is_cleared_or_stays() -> None:
    assert set(STANDARD.periods) == set(Keep)
    assert set(STARTS) == set(Keep) - {Keep.FACTS}
    assert {part.keep for part in PARTS} == set(Keep)


@pytest.fixture
def old(hall: Hall) -> Hall:
    """An exam that was graded long ago, with a photo, by somebody who has left."""
    hall.grade(hall.sat())
    with writing(hall.make) as session:
        row = session.scalars(select(Submission)).one()
        row.state, row.passed, row.graded_at = "graded", True, NOW
        session.add(AnswerFile(attempt_id=row.attempt_id, slot="s1", digest="0" * 64, bytes=9, sent_at=NOW, frozen=True))
        person = hall.learner.person.id
        session.add(Device(person_id=person, token_mac="m", created_at=NOW, last_seen_at=NOW, ended_at=NOW))
        leave(session, hall)
    return hall


def leave(session: Session, hall: Hall) -> None:
    """Let the learner's post end today."""
    person = hall.learner.person.id
    session.execute(update(Appointment).where(Appointment.person_id == person).values(ends_on=NOW.date()))
    session.get_one(Person, person).left_on = NOW.date()


def count(hall: Hall, model: type) -> int:
    with reading(hall.make) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_dry_run_says_what_goes_and_changes_nothing(old: Hall) -> None:
    with reading(old.make) as session:
        told = overdue(session, old.rulebook, FAR)
        assert overdue(session, old.rulebook, NOW) == {}
    assert set(told) == {Keep.IDENTITY, Keep.LEARNING, Keep.ACCESS, Keep.ANSWERS, Keep.PHOTOS}
    assert count(old, Answer) > 10
    assert clear(old.make, old.rulebook, old.gradebooks, FAR) == told


def test_each_kind_goes_when_its_own_period_is_over(old: Hall) -> None:
    def gone(months: int, *models: type) -> None:
        clear(old.make, old.rulebook, old.gradebooks, NOW + timedelta(days=months * 31))
        assert [count(old, each) for each in models] == [0] * len(models)

    clear(old.make, old.rulebook, old.gradebooks, NOW + timedelta(days=150))
    assert count(old, Device) == 1
    gone(7, Device)
    assert count(old, StepDone) > 0
    gone(13, StepDone)
    assert count(old, AnswerFile) == 1
    gone(25, AnswerFile)
    assert count(old, Answer) > 0
    gone(37, Answer)
    with reading(old.make) as session:
        row = session.scalars(select(Submission)).one()
        assert (row.frozen, row.passed) == ("", True)
        assert session.get_one(Person, old.learner.person.id).name == NAME
        assert audit.verify(session)


def test_done_again_nothing_is_left_to_do_and_the_log_says_how_much_went(old: Hall) -> None:
    assert clear(old.make, old.rulebook, old.gradebooks, FAR)
    assert clear(old.make, old.rulebook, old.gradebooks, FAR) == {}
    with reading(old.make) as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.action == "retention.clear")).all()
    assert {row.subject for row in rows} == {"learning", "access", "answers", "photos"}
    assert all(row.detail["rows"] > 0 for row in rows)


def _appeal(session, hall: Hall) -> None:  # type: ignore[no-untyped-def]
    row = session.scalars(select(Submission)).one()
    session.add(Appeal(submission_id=row.id, reason="漏了", asked_at=NOW, due_on=NOW.date(), before={}, answer=""))


def _certificate(session, hall: Hall) -> None:  # type: ignore[no-untyped-def]
    session.get_one(Person, hall.learner.person.id).left_on = None
    row = certify(session, hall.learner.person, hall.rulebook)
    session.get_one(Certificate, row.id).expires_on = add_months(NOW.date(), 60)
    session.get_one(Person, hall.learner.person.id).left_on = NOW.date()


def _doubt(session, hall: Hall) -> None:  # type: ignore[no-untyped-def]
    _certificate(session, hall)
    row = session.scalars(select(Certificate)).one()
    row.expires_on = NOW.date()
    session.add(CertificateDoubt(certificate_id=row.id, raised_at=NOW))


@pytest.mark.parametrize("needs", [_appeal, _certificate, _doubt], ids=["a second look", "a certificate that holds", "a doubt"])
def test_what_is_still_needed_stays(old: Hall, needs) -> None:  # type: ignore[no-untyped-def]
    with writing(old.make) as session:
        needs(session, old)
    clear(old.make, old.rulebook, old.gradebooks, FAR)
    assert count(old, Answer) > 10
    assert count(old, AnswerFile) == 1
    with reading(old.make) as session:
        assert session.scalars(select(Submission)).one().frozen
        assert session.get_one(Person, old.learner.person.id).name == old.learner.person.name


def traces_in(hall: Hall, handle: str) -> list[Path]:
    return sorted(hall.gradebooks.glob(f"*/*/{handle}/*"))


def test_what_was_frozen_into_a_gradebook_goes_with_the_answers_and_others_papers_stay(old: Hall) -> None:
    old.grade(old.sat(old.neighbour))
    handle, course = old.learner.person.handle, Course(old.gradebooks / COURSE)
    assert traces_in(old, handle)
    clear(old.make, old.rulebook, old.gradebooks, FAR)
    assert not traces_in(old, handle)
    assert traces_in(old, old.neighbour.person.handle)
    assert scores(course, assignment_name(1, 1), old.neighbour.person.handle)
    with sqlite3.connect(course.database) as gradebook:
        handed = [each for (each,) in gradebook.execute("SELECT student_id FROM submitted_assignment")]
    assert handed == [old.neighbour.person.handle]


def test_a_damaged_gradebook_keeps_its_papers_until_it_is_mended_and_nothing_else(old: Hall) -> None:
    with writing(old.make) as session:  # somebody still in their post: only papers and photos are over
        session.execute(update(Appointment).values(ends_on=None))
    book = Course(old.gradebooks / COURSE).database
    sound = book.read_bytes()
    book.write_bytes(b"damaged" * 1000)
    clear(old.make, old.rulebook, old.gradebooks, FAR)
    assert count(old, Answer) > 10
    assert count(old, AnswerFile) == 0
    book.write_bytes(sound)
    assert clear(old.make, old.rulebook, old.gradebooks, FAR)[Keep.ANSWERS] > 10
    assert count(old, Answer) == 0


def test_whoever_stands_in_a_post_has_not_left_whatever_was_written_down(old: Hall) -> None:
    with writing(old.make) as session:
        session.execute(update(Appointment).where(Appointment.person_id == old.learner.person.id).values(ends_on=None))
    before = count(old, StepDone)
    clear(old.make, old.rulebook, old.gradebooks, FAR)
    assert count(old, StepDone) == before
    with reading(old.make) as session:
        assert session.get_one(Person, old.learner.person.id).name == old.learner.person.name


def test_a_post_that_ran_out_counts_where_nobody_wrote_down_that_they_left(old: Hall) -> None:
    with writing(old.make) as session:
        session.get_one(Person, old.learner.person.id).left_on = None
    clear(old.make, old.rulebook, old.gradebooks, FAR)
    assert count(old, StepDone) == 0
    with reading(old.make) as session:
        assert session.get_one(Person, old.learner.person.id).name == NAME
        assert session.get_one(Person, old.neighbour.person.id).name == old.neighbour.person.name


def test_a_no_to_reminders_is_known_as_long_as_the_phone_is(old: Hall) -> None:
    with writing(old.make) as session:
        say(session, old.learner, "reminders", False, NOW)
    clear(old.make, old.rulebook, old.gradebooks, NOW + timedelta(days=20 * 31))
    with reading(old.make) as session:
        assert session.get_one(Person, old.learner.person.id).phone
    assert count(old, ConsentRow) == 1
    clear(old.make, old.rulebook, old.gradebooks, FAR)
    assert count(old, ConsentRow) == 0


def test_it_goes_in_portions_and_people_a_few_at_a_time(old: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "PORTION", 1)
    old.learn(old.neighbour)
    with writing(old.make) as session:
        neighbour = old.neighbour.person.id
        session.execute(update(Appointment).where(Appointment.person_id == neighbour).values(ends_on=NOW.date()))
    with reading(old.make) as session:
        told = overdue(session, old.rulebook, FAR)
    assert told[Keep.IDENTITY] == 2
    assert clear(old.make, old.rulebook, old.gradebooks, FAR, most=1) == told | {Keep.IDENTITY: 1}
    assert retention.clear_people(old.make, old.rulebook, FAR) == 1
    with reading(old.make) as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.subject == "learning")).all()
    assert len(rows) == 2


def test_what_was_certified_is_never_cleared(old: Hall) -> None:
    with writing(old.make) as session:
        session.get_one(Person, old.learner.person.id).left_on = None
        certify(session, old.learner.person, old.rulebook)
        session.get_one(Person, old.learner.person.id).left_on = NOW.date()
    rows = count(old, EvidenceRow)
    clear(old.make, old.rulebook, old.gradebooks, NOW + timedelta(days=365 * 50))
    assert (count(old, EvidenceRow), count(old, Certificate)) == (rows, 1)
