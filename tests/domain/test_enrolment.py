"""A learner always has one next step."""

import pytest

from banyan.domain.certification import Need
from banyan.domain.enrolment import Progress, Step, next_step
from banyan.domain.examination import Refusal

ALL = (Need.EXAM, Need.DRILL, Need.PRACTICAL)


@pytest.mark.parametrize(
    ("progress", "step"),
    [
        pytest.param(Progress([False, False], ALL, False), Step.LEARN, id="begin with the lessons"),
        pytest.param(Progress([True, False], ALL, False), Step.LEARN, id="go on with the lessons"),
        pytest.param(Progress([True, False], ALL, False, Refusal.UNLEARNT), Step.LEARN, id="the exam waits for the lessons"),
        pytest.param(Progress([True, True], ALL, False), Step.SIT, id="sit the exam"),
        pytest.param(Progress([True, True], ALL, False, Refusal.RUNNING), Step.GO_ON, id="an exam under way"),
        pytest.param(Progress([False, True], ALL, False, Refusal.RUNNING), Step.GO_ON, id="an exam before a lesson"),
        pytest.param(
            Progress([False, True], ALL, False, Refusal.UNMARKED), Step.WAIT_FOR_MARK, id="handed in, then a new lesson"
        ),
        pytest.param(Progress([True, True], ALL, False, Refusal.COOLING), Step.WAIT_TO_RETRY, id="a night's sleep"),
        pytest.param(Progress([True, True], ALL, False, Refusal.USED_UP), Step.ASK_TRAINER, id="three attempts used"),
        pytest.param(Progress([True, True], ALL, False, Refusal.NOT_OPEN), Step.WAIT_TO_OPEN, id="before the exam opens"),
        pytest.param(Progress([True, True], ALL, False, Refusal.CLOSED), Step.ASK_TRAINER, id="after it closed"),
        pytest.param(Progress([True, True], (Need.PRACTICAL,), False, Refusal.PASSED), Step.PRACTICAL, id="only the practical"),
        pytest.param(Progress([True, True], (), True, Refusal.PASSED), Step.DONE, id="certified"),
        pytest.param(Progress([True, True], (), False, Refusal.PASSED), Step.ASK_TRAINER, id="all shown, certificate revoked"),
    ],
)
def test_the_next_step(progress: Progress, step: Step) -> None:
    assert next_step(progress) is step
