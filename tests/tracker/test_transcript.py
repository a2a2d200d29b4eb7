"""学习档案: what was known by the end of a day, of one person, without what is nobody's business."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from banyan.certificates.transcript import is_transcript
from banyan.domain.calendar import add_months
from banyan.errors import BadInputError, NotFoundError
from banyan.records.audit import AuditRow
from banyan.records.competence import Certificate
from banyan.records.engine import reading, writing
from banyan.tracker.transcript import shown_end, transcript, transcript_for
from tests.county import COURSE, NOW, TODAY
from tests.portal.office import certify
from tests.tracker.hall import Hall


def told(hall: Hall, day=TODAY, today=TODAY):  # type: ignore[no-untyped-def]
    with reading(hall.make) as session:
        return transcript(session, hall.learner.person.id, hall.rulebook, day, today)


def test_it_tells_what_was_learnt_and_shown_and_holds_no_phone_no_score(hall: Hall) -> None:
    hall.grade(hall.sat())
    with writing(hall.make) as session:
        certify(session, hall.learner.person, hall.rulebook)
    said = told(hall)
    assert is_transcript(said)
    assert [(each["course"], each["minutes"] > 0) for each in said["courses"]] == [(COURSE, True)]
    assert [(each["outcome"], each["invigilated"]) for each in said["exams"]] == [("waiting", False)]
    assert {each["code"]: each["level"] for each in said["competencies"]}["C5.2"] == 3
    assert said["certificates"][0]["status"] == "valid"
    assert said["posts"][0]["unit"] == "青石镇溪口村第一网格"
    text = json.dumps(said, ensure_ascii=False)
    assert hall.learner.person.phone not in text
    assert hall.learner.person.staff_number not in text
    assert "score" not in text


def test_of_a_day_before_nothing_that_came_later_is_told(hall: Hall) -> None:
    hall.grade(hall.sat())
    with writing(hall.make) as session:
        certify(session, hall.learner.person, hall.rulebook)
    said = told(hall, day=TODAY - timedelta(days=1))
    assert not any(said[part] for part in ("courses", "exams", "competencies", "certificates"))
    assert said["posts"]


def test_a_later_day_sees_what_ran_out_or_was_revoked(hall: Hall) -> None:
    with writing(hall.make) as session:
        row = session.get_one(Certificate, certify(session, hall.learner.person, hall.rulebook).id)
        last = row.expires_on
    assert told(hall, last, last)["certificates"][0]["status"] == "valid"
    assert told(hall, last + timedelta(days=1), last + timedelta(days=1))["certificates"][0]["status"] == "expired"
    with writing(hall.make) as session:
        session.get_one(Certificate, row.id).revoked_at = NOW + timedelta(days=3)
    assert told(hall, TODAY, last)["certificates"][0]["status"] == "valid"
    assert told(hall, TODAY + timedelta(days=3), last)["certificates"][0]["status"] == "revoked"
    assert told(hall, add_months(TODAY, 30), add_months(TODAY, 30))["competencies"] == []


def test_a_day_to_come_is_refused(hall: Hall) -> None:
    with pytest.raises(BadInputError):
        told(hall, day=TODAY + timedelta(days=1))


@pytest.mark.parametrize(("number", "end"), [("10010001", "0001"), ("123", "3"), ("12", "2"), ("ABCDEF", "DEF")])
def test_no_more_than_half_of_a_staff_number_is_told(number: str, end: str) -> None:
    assert shown_end(number) == end


def test_whoever_may_not_see_a_person_finds_no_transcript_and_nothing_is_written(hall: Hall) -> None:
    with pytest.raises(NotFoundError), writing(hall.make) as session:
        transcript_for(session, hall.learner.person.id, hall.neighbour, hall.rulebook, TODAY, NOW)
    with reading(hall.make) as session:
        assert not session.scalars(select(AuditRow).where(AuditRow.action == "transcript.take")).all()
