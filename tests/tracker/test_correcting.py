"""A wrong key, put right: the dry run says what the commit does, and the commit reaches gradebook, result and evidence."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.courseware.exam import Form
from banyan.domain.examination import State
from banyan.domain.framework import Kind
from banyan.errors import BadInputError, NotAllowedError
from banyan.records import audit
from banyan.records.competence import Certificate, EvidenceRow
from banyan.records.corrections import CertificateDoubt, CorrectedResult, EvidenceWithdrawal
from banyan.records.engine import reading, writing
from banyan.records.examinations import Submission
from banyan.records.learning import Assignment
from banyan.records.people import ChargeRow
from banyan.tracker import parity, regrading
from banyan.tracker.aftermath import aftermath, news_for
from banyan.tracker.corrected import private_file
from banyan.tracker.correcting import Choice, Proposal, candidates, decide
from banyan.tracker.doubts import doubts_under, keep_certificate
from banyan.tracker.intake import Claim, take_in
from banyan.tracker.people import Me, find_me
from banyan.tracker.regrading import regrade, unfinished
from banyan.tracker.rescoring import Preview, preview
from banyan.tracker.standing import differences
from grading.bridge.gradebook import Course, scores
from tests.county import COURSE, LONG_AGO, NOW, TODAY
from tests.tracker.hall import Hall
from tests.tracker.second_release import of_its_own, publish_again

TOP = "/399901000000/"


@pytest.fixture
def hall(hall: Hall, tmp_path: Path) -> Hall:
    return of_its_own(hall, tmp_path / "releases")


def asked_at(hall: Hall, submission: Submission, slot: str) -> str:
    with reading(hall.make) as session:
        return Form.from_json(session.get_one(Submission, submission.id).attempt.form).slot(slot).question


def single_slots(hall: Hall, submission: Submission) -> list[str]:
    with reading(hall.make) as session:
        form = Form.from_json(session.get_one(Submission, submission.id).attempt.form)
    return [seat.name for seat in form.slots if hall.exam.items[seat.question].type == "single"]


def other_key(hall: Hall, question: str) -> dict[str, Any]:
    item = hall.exam.items[question]
    key = next(each for each in item.options if each != item.key)  # type: ignore[union-attr]
    return {"key": key, "hard_fail": [], "feedback": {}}


def sat(hall: Hall, leave: list[str], *rows: float) -> Submission:
    submission = hall.sat(leave=leave)
    hall.grade(submission)
    return hall.mark(submission, *rows)


def proposal(choices: dict[str, Choice], corrected: int | None = None) -> Proposal:
    return Proposal(COURSE, 1, corrected, choices)


def look(hall: Hall, wanted: Proposal, me: Me | None = None) -> Preview:
    with reading(hall.make) as session:
        return preview(session, wanted, me or hall.second, hall.rulebook, TODAY)


def commit(hall: Hall, wanted: Proposal, by: Me | None = None) -> int:
    with writing(hall.make) as session:
        return decide(session, wanted, "题目印错了", by or hall.second, hall.rulebook, NOW).id


def grade_anew(hall: Hall, submission: Submission) -> bool:
    return regrade(hall.make, submission.id, hall.rulebook, hall.gradebooks, NOW)


def held(hall: Hall) -> dict[str, float]:
    cells = scores(Course(hall.gradebooks / COURSE), "exam-r1-t1", hall.learner.person.handle)
    return {slot: cell.points for slot, cell in cells.items()}


def evidence(hall: Hall) -> tuple[int, int]:
    """Return how many rows there are, and how many of them were withdrawn."""
    with reading(hall.make) as session:
        assert differences(session, hall.rulebook.framework, TODAY) == []
        return len(session.scalars(select(EvidenceRow)).all()), len(session.scalars(select(EvidenceWithdrawal)).all())


def test_the_dry_run_says_what_the_commit_does_and_changes_nothing(hall: Hall) -> None:
    submission = sat(hall, ["s01", "s02", "s03", "s04"], 1, 0, 0, 0)
    question = asked_at(hall, submission, "s01")
    wanted = proposal({question: Choice.VOID})
    found = look(hall, wanted)

    assert (found.touched, len(found.wins), len(found.loses), found.certificates) == (1, 1, 0, 0)
    (change,) = found.named
    assert (change.before, change.after, change.person and change.person.name) == (79.0, 82.0, "陈晓明")
    assert hall.row(submission).score == 79.0
    assert unfinished_in(hall) == []

    commit(hall, wanted)
    assert unfinished_in(hall) == [submission.id]
    assert grade_anew(hall, submission)
    row = hall.row(submission)
    assert (row.score, row.passed) == (change.after, change.passed_after)
    assert unfinished_in(hall) == []


def unfinished_in(hall: Hall) -> list[int]:
    with reading(hall.make) as session:
        return unfinished(session, 100)


def test_a_fail_that_becomes_a_pass_is_evidence_and_the_gradebook_says_the_same(hall: Hall) -> None:
    submission = sat(hall, ["s01", "s02", "s03", "s04"], 1, 0, 0, 0)
    before = evidence(hall)
    commit(hall, proposal({asked_at(hall, submission, "s01"): Choice.VOID}))
    grade_anew(hall, submission)

    assert evidence(hall)[0] > before[0]
    assert evidence(hall)[1] == 0
    assert sum(held(hall).values()) == 82.0
    assert held(hall)[hall.slot_of("open")] == 1.0  # what the trainer gave is still there


def test_a_pass_that_becomes_a_fail_withdraws_evidence_by_new_rows_and_revokes_nothing(hall: Hall) -> None:
    submission = sat(hall, ["s01", "s02", "s03", "s04"], 4, 0, 0, 0)  # 82
    slot = next(each for each in single_slots(hall, submission) if each not in ("s01", "s02", "s03", "s04"))
    question = asked_at(hall, submission, slot)
    with writing(hall.make) as session:
        certify(hall, session)
    rows, _ = evidence(hall)
    release = publish_again(hall, {question: other_key(hall, question)})
    wanted = proposal({question: Choice.KEY}, release)
    found = look(hall, wanted)
    assert (len(found.loses), found.certificates) == (1, 1)

    commit(hall, wanted)
    assert grade_anew(hall, submission)
    assert not hall.row(submission).passed
    assert evidence(hall)[0] == rows  # nothing is taken away or written over
    assert evidence(hall)[1] > 0
    with reading(hall.make) as session:
        assert session.scalars(select(Certificate)).one().revoked_at is None
        (line,) = doubts_under(session, [TOP], TODAY)
        assert line.certificate.person_id == hall.learner.person.id
        attempt = session.get_one(Submission, submission.id).attempt
        assert [each.id for each in news_for(session, hall.learner.person.id)] == [attempt.id]
        told = aftermath(session, attempt.submission, hall.rulebook, NOW).corrected
        assert told
        assert (told.passed_before, told.passed_after, told.correction.reason) == (True, False, "题目印错了")


def certify(hall: Hall, session: Session) -> None:
    """Let the learner have been seen in the practical, so that their certificate rests on the exam beside it."""
    programme = hall.rulebook.programmes[0]
    session.add(Assignment(person_id=hall.learner.person.id, programme=programme.code, due_on=TODAY, assigned_at=NOW))
    for code, level in programme.targets.items():
        indicators = hall.rulebook.framework.competency(code).indicator_codes
        for kind in (Kind.SIM, Kind.OS):
            shown = Claim(hall.learner.person.id, code, indicators, kind, level, TODAY, f"test:{kind}:{code}")
            take_in(session, [shown], hall.rulebook, NOW)


def test_both_keys_count_where_that_was_decided(hall: Hall) -> None:
    submission = sat(hall, [], 4, 3, 2, 1)
    slot = single_slots(hall, submission)[0]
    question = asked_at(hall, submission, slot)
    release = publish_again(hall, {question: other_key(hall, question)})
    assert look(hall, proposal({question: Choice.BOTH}, release)).changes == ()
    assert len(look(hall, proposal({question: Choice.KEY}, release)).changes) == 1


def test_points_of_a_rubric_may_change_and_marks_keep_their_share(hall: Hall) -> None:
    submission = sat(hall, ["s01", "s02", "s03", "s04"], 4, 0, 0, 0)
    question = asked_at(hall, submission, hall.slot_of("open"))
    rubric = json.loads(hall.exam.items[question].model_dump_json())["rubric"]
    for row, points in zip(rubric, (1, 4, 3, 2), strict=True):
        row["points"] = points
    release = publish_again(hall, {question: {"rubric": rubric}})
    commit(hall, proposal({question: Choice.KEY}, release))
    assert grade_anew(hall, submission)
    assert (hall.row(submission).score, held(hall)[hall.slot_of("open")]) == (79.0, 1.0)


def test_a_void_written_answer_gives_everybody_its_points_marked_or_not(hall: Hall) -> None:
    marked = sat(hall, ["s01", "s02", "s03", "s04"], 1, 0, 0, 0)
    question = asked_at(hall, marked, hall.slot_of("open"))
    commit(hall, proposal({question: Choice.VOID}))
    grade_anew(hall, marked)
    assert (hall.row(marked).state, hall.row(marked).score) == (State.GRADED, 88.0)
    assert held(hall)[hall.slot_of("open")] == 10.0


def test_who_hands_in_after_the_correction_is_graded_by_it_at_once(hall: Hall) -> None:
    first = sat(hall, [], 4, 3, 2, 1)
    attempt = hall.begin(hall.neighbour)
    common = [seat for seat in Form.from_json(attempt.form).slots if hall.exam.items[seat.question].type == "open"]
    commit(hall, proposal({asked_at(hall, first, hall.slot_of("open")): Choice.VOID}))
    hall.answer(attempt)
    late = hall.hand_in(attempt)
    state = hall.grade(late)
    same = common[0].question == asked_at(hall, first, hall.slot_of("open"))
    assert state is (State.GRADED if same else State.UNMARKED)


def test_stock_nbgrader_grades_the_same_by_the_corrected_file(hall: Hall) -> None:
    submission = sat(hall, ["s01"], 4, 3, 2, 1)
    slot = single_slots(hall, submission)[-1]
    question = asked_at(hall, submission, slot)
    release = publish_again(hall, {question: other_key(hall, question)})
    commit(hall, proposal({question: Choice.KEY, asked_at(hall, submission, "s01"): Choice.VOID}, release))
    grade_anew(hall, submission)
    ours = held(hall)
    with reading(hall.make) as session:
        keys = private_file(session, hall.rulebook.catalogue.open(COURSE, 1), hall.gradebooks)
    assert oct(keys.stat().st_mode & 0o777) == "0o600"
    found = parity.check(hall.make, hall.rulebook, hall.gradebooks, NOW)
    assert (found.checked, dict(found.differing)) == ((f"{submission.id}号答卷",), {})
    assert ours["s01"] > 0
    assert ours[slot] == 0


def test_killed_anywhere_it_is_done_again_and_comes_out_the_same(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    submission = sat(hall, ["s01", "s02", "s03", "s04"], 1, 0, 0, 0)
    commit(hall, proposal({asked_at(hall, submission, "s01"): Choice.VOID}))
    with monkeypatch.context() as broken:
        broken.setattr("banyan.tracker.regrading.gradebook.ManualMark", _dead)
        with pytest.raises(SystemExit):
            grade_anew(hall, submission)
    assert hall.row(submission).score == 79.0
    assert unfinished_in(hall) == [submission.id]
    assert grade_anew(hall, submission)
    assert (hall.row(submission).score, sum(held(hall).values())) == (82.0, 82.0)
    assert not grade_anew(hall, submission)  # once is enough


def _dead(*_given: object) -> None:
    raise SystemExit(9)


def test_a_mark_given_while_it_is_graded_anew_is_not_lost(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    submission = sat(hall, ["s01", "s02", "s03", "s04"], 1, 0, 0, 0)
    commit(hall, proposal({asked_at(hall, submission, "s01"): Choice.VOID}))
    graded = regrading.regraded

    def meanwhile(*given: Any) -> Any:
        found = graded(*given)
        hall.mark(submission, 0, 0, 0, 0, by=hall.second)
        return found

    with monkeypatch.context() as busy:
        busy.setattr(regrading, "regraded", meanwhile)
        assert not grade_anew(hall, submission)
    assert grade_anew(hall, submission)
    assert hall.row(submission).score == 81.0
    assert held(hall)[hall.slot_of("open")] == 0.0


def test_a_correction_that_cannot_be_done_stops_after_three_tries_and_says_why(hall: Hall) -> None:
    submission = sat(hall, ["s01", "s02", "s03", "s04"], 1, 0, 0, 0)
    commit(hall, proposal({asked_at(hall, submission, "s01"): Choice.VOID}))
    with writing(hall.make) as session:
        session.get_one(Submission, submission.id).digest = "0" * 64
    for _ in range(4):
        assert not grade_anew(hall, submission)
    assert unfinished_in(hall) == []
    with reading(hall.make) as session:
        row = session.scalars(select(CorrectedResult)).one()
        assert (row.tries, row.done_at) == (3, None)
        assert "对不上" in (row.fault or "")


def test_only_whoever_is_trusted_with_the_whole_county_decides_and_others_may_look(hall: Hall) -> None:
    submission = sat(hall, ["s01", "s02", "s03", "s04"], 1, 0, 0, 0)
    wanted = proposal({asked_at(hall, submission, "s01"): Choice.VOID})
    assert look(hall, wanted, hall.trainer).named
    assert look(hall, wanted, hall.stranger).named == ()
    for me in (hall.trainer, hall.stranger, hall.learner):
        with pytest.raises(NotAllowedError):
            commit(hall, wanted, me)


def test_what_makes_no_sense_is_refused(hall: Hall) -> None:
    submission = sat(hall, [], 4, 3, 2, 1)
    unchanged = {asked_at(hall, submission, "s01"): Choice.KEY}
    for choices, fault in (({}, "还没有选"), ({"nowhere": Choice.VOID}, "不能这样改"), (unchanged, "不能这样改")):
        with pytest.raises(BadInputError, match=fault):
            commit(hall, proposal(choices))


def test_what_the_other_release_changes_is_offered_first_and_a_void_question_no_more(hall: Hall) -> None:
    submission = sat(hall, [], 4, 3, 2, 1)
    slot = single_slots(hall, submission)[-1]
    question = asked_at(hall, submission, slot)
    release = publish_again(hall, {question: other_key(hall, question)})
    with reading(hall.make) as session:
        found = candidates(session, hall.rulebook, proposal({}, release))
    assert (found[0].question, found[0].choices) == (question, (Choice.KEY, Choice.BOTH, Choice.VOID))
    assert {each.choices for each in found[1:]} == {(Choice.VOID,)}

    commit(hall, proposal({question: Choice.VOID}, release))
    with reading(hall.make) as session:
        assert question not in {each.question for each in candidates(session, hall.rulebook, proposal({}, release))}


def test_an_administrator_keeps_a_certificate_for_a_reason_and_it_is_asked_no_more(hall: Hall) -> None:
    submission = sat(hall, ["s01", "s02", "s03", "s04"], 4, 0, 0, 0)
    with writing(hall.make) as session:
        certify(hall, session)
        certificate = session.scalars(select(Certificate)).one()
    commit(hall, proposal({asked_at(hall, submission, "s01"): Choice.VOID}))
    grade_anew(hall, submission)
    with reading(hall.make) as session:
        assert doubts_under(session, [TOP], TODAY) == []  # who gained loses nothing
    with writing(hall.make) as session:
        session.add(CertificateDoubt(certificate_id=certificate.id, correction_id=1, raised_at=NOW))
    with writing(hall.make) as session:
        administrator = _administrator(hall, session)
        with pytest.raises(BadInputError):
            keep_certificate(session, certificate.serial, " ", administrator, NOW)
        keep_certificate(session, certificate.serial, "当面问过，会做", administrator, NOW)
    with reading(hall.make) as session:
        assert doubts_under(session, [TOP], TODAY) == []
        assert "certificate.keep" in {row.action for row in session.scalars(select(audit.AuditRow))}


def _administrator(hall: Hall, session: Session) -> Me:
    unit = hall.second.units[0].id
    session.add(ChargeRow(person_id=hall.second.person.id, unit_id=unit, duty="administrator", starts_on=LONG_AGO))
    session.flush()
    return find_me(session, hall.second.person.staff_number, TODAY)
