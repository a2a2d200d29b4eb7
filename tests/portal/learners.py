"""What tests of the portal make of a learner: asked, graded, certified."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from banyan.courseware.exam import Form
from banyan.domain.examination import State
from banyan.domain.framework import Kind
from banyan.records.examinations import Submission
from banyan.records.learning import Assignment
from banyan.tracker.awards import certificates_of
from banyan.tracker.intake import Claim, take_in
from banyan.tracker.outcome import SlotResult
from tests.county import NOW, TODAY
from tests.portal.conftest import World


def ask(session: Session, person_id: int, due_on: date = TODAY + timedelta(days=17)) -> None:
    session.add(Assignment(person_id=person_id, programme="ER-T1", due_on=due_on, assigned_at=NOW))
    session.flush()


def certify(session: Session, world: World) -> str:
    """Let the learner have shown everything the programme asks for; return the certificate's serial."""
    rulebook, person = world.hall.rulebook, world.hall.learner.person
    for code, level in rulebook.programme("ER-T1").targets.items():
        competency = rulebook.framework.competency(code)
        for kind in (Kind.OA, Kind.SIM, Kind.OS):
            if kind in competency.evidence:
                source = f"test:{code}:{kind}"
                take_in(session, [Claim(person.id, code, competency.indicator_codes, kind, level, TODAY, source)], rulebook, NOW)
    return certificates_of(session, person.id)[0].serial


def graded(session: Session, submission: Submission, share: float, hard_fail: str | None = None) -> None:
    """Put a result under a submission as the grader would, every slot earning a share."""
    row = session.get_one(Submission, submission.id)
    seats = Form.from_json(row.attempt.form).slots
    results = [SlotResult(each.name, each.question, each.points * share, each.points) for each in seats]
    row.scores, row.score, row.total = SlotResult.keep(results), 100 * share, 100.0
    row.state, row.hard_fail, row.passed = State.GRADED.value, hard_fail, share >= 0.8 and not hard_fail
