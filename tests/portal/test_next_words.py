"""What happens next is always said: for every place where somebody may stand, in one sentence, with whom to ring where needed."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from banyan.domain.enrolment import Step
from banyan.domain.examination import Refusal, Sitting, State, Terms
from banyan.portal.i18n import language
from banyan.portal.learner.next_words import OFFICE, TRAINER, rings, sentence
from banyan.tracker.enrolment import Enrolment
from banyan.tracker.practical_sessions import Waiting
from banyan.tracker.progress import LessonProgress
from tests.county import NOW, TODAY

FIRST, SECOND = (
    LessonProgress("a", {"zh": "什么算突发", "en": "What counts"}, 9, 0, 4),
    LessonProgress("b", {"zh": "怎么报", "en": "How to report"}, 12, 0, 5),
)
TERMS = Terms(40, 80, 3, 12, opens_at=NOW + timedelta(days=8), closes_at=NOW + timedelta(days=9))
RELEASE: Any = SimpleNamespace(course="x-1", exam=SimpleNamespace(terms=TERMS))


def stands(step: Step, lessons: tuple[LessonProgress, ...] = (), **more: Any) -> Enrolment:
    blank: dict[str, Any] = {
        "programme": None, "release": RELEASE, "due_on": None, "lessons": lessons, "sittings": (), "refusal": None,
        "needs": (), "step": step, "certificate": None, "free_again": None,
    }  # fmt: skip
    return Enrolment(**(blank | more))


def handed_in(state: State, at: datetime = NOW) -> tuple[Sitting, ...]:
    return (Sitting(state, at + timedelta(minutes=20), at),)


def meets(days: int) -> Any:
    """A session some days from now; only what is read of it is there."""
    row = SimpleNamespace(starts_at=NOW + timedelta(days=days), place="Room 2")
    return SimpleNamespace(row=row, day=TODAY + timedelta(days=days))


DONE = replace(FIRST, done=4)
WAITS = {"step": Step.WAIT_FOR_MARK, "refusal": Refusal.UNMARKED}
CERTIFICATE: Any = SimpleNamespace(expires_on=date(2027, 11, 22))
TABLE = [
    pytest.param(stands(Step.LEARN, (FIRST, SECOND)), "从第1课“什么算突发”学起，大约9分钟", "", id="never began"),
    pytest.param(
        stands(Step.LEARN, (replace(FIRST, done=2), SECOND)), "接着学第1课“什么算突发”，学到第3步", "", id="in a lesson"
    ),
    pytest.param(stands(Step.LEARN, (DONE, SECOND)), "接着学第2课“怎么报”，大约12分钟", "", id="between lessons"),
    pytest.param(stands(Step.LEARN), "课都学完了", "", id="a lesson was taken away"),
    pytest.param(stands(Step.WAIT_FOR_GRANT), "正等另一位老师看一看", "", id="waits for a second pair of eyes"),
    pytest.param(
        stands(Step.LEARN, (FIRST,), due_on=TODAY - timedelta(days=1)), "从第1课", OFFICE, id="never began, and is late"
    ),
    pytest.param(stands(Step.SIT, (DONE,)), "现在就能考，约40分钟", "", id="may sit"),
    pytest.param(
        stands(Step.SIT, (DONE,), sittings=handed_in(State.GRADED), left=2), "可以再考了，还有2次机会", "", id="may sit again"
    ),
    pytest.param(
        stands(Step.GO_ON, sittings=(Sitting(State.OPEN, NOW),), refusal=Refusal.RUNNING),
        "11月23日 10:00自动交卷，请马上接着答",
        "",
        id="sits",
    ),
    pytest.param(stands(**WAITS, sittings=handed_in(State.SUBMITTED)), "系统正在批", "", id="being graded"),
    pytest.param(stands(**WAITS, sittings=handed_in(State.UNMARKED)), "老师最晚11月26日批完", "", id="waits for a mark"),
    pytest.param(
        stands(**WAITS, sittings=handed_in(State.UNMARKED, NOW - timedelta(days=9))), "已经晚了", TRAINER, id="the mark is late"
    ),
    pytest.param(stands(**WAITS, sittings=handed_in(State.FAILED_TO_GRADE)), "人工处理", TRAINER, id="stuck in grading"),
    pytest.param(
        stands(Step.WAIT_TO_RETRY, refusal=Refusal.COOLING, free_again=NOW), "11月23日 10:00以后可以再考", "", id="cooling"
    ),
    pytest.param(stands(Step.SIT, (DONE,), factor=1.5), "现在就能考，约60分钟", "", id="may sit, with more time"),
    pytest.param(
        stands(Step.SIT, (DONE,), room=meets(3)),
        "现在就能考，约40分钟。找个安静的地方再开始。想在老师监考下考的，",
        "",
        id="may sit, and somebody invigilates",
    ),
    pytest.param(
        stands(Step.SIT, (DONE,), room=meets(3), invigilated=True),
        "课都学完了，就等考试。11月26日 10:00在Room 2考，有老师监考",
        "",
        id="sits in a room",
    ),
    pytest.param(
        stands(Step.SIT, (DONE,), room=meets(0), invigilated=True),
        "今天10:00在Room 2考，有老师监考；考场码到了那里再报",
        "",
        id="sits there today",
    ),
    pytest.param(
        stands(Step.SIT, (DONE,), invigilated=True),
        "要在老师眼前考，老师定好时间和地点，会写在这里",
        TRAINER,
        id="no room is fixed yet",
    ),
    pytest.param(
        stands(Step.SIT, sittings=handed_in(State.GRADED), left=1, invigilated=True, room=meets(3)),
        "可以再考了，还有1次机会。11月26日",
        "",
        id="again in a room",
    ),
    pytest.param(
        stands(Step.WAIT_TO_RETRY, refusal=Refusal.COOLING, free_again=NOW, room=meets(3), invigilated=True),
        "以后可以再考。11月26日 10:00在Room 2考",
        "",
        id="cooling, and a room ahead",
    ),
    pytest.param(stands(Step.WAIT_TO_OPEN, refusal=Refusal.NOT_OPEN), "考试12月1日 10:00开始", "", id="not open yet"),
    pytest.param(stands(Step.ASK_TRAINER, refusal=Refusal.CLOSED), "最晚12月2日 10:00要开考，已经赶不上了", TRAINER, id="closed"),
    pytest.param(stands(Step.ASK_TRAINER, refusal=Refusal.USED_UP), "机会用完了", TRAINER, id="no attempt left"),
    pytest.param(
        stands(Step.ASK_TRAINER, refusal=Refusal.PASSED), "要老师看一看", TRAINER, id="passed, yet something is missing"
    ),
    pytest.param(stands(Step.PRACTICAL), "老师定好时间和地点，会写在这里", TRAINER, id="waits for the practical"),
    pytest.param(
        stands(Step.PRACTICAL, practical=Waiting(since=TODAY - timedelta(days=9))),
        "您从11月14日等到现在，可以打电话问问",
        TRAINER,
        id="waits for days",
    ),
    pytest.param(
        stands(Step.PRACTICAL, practical=Waiting(ahead=meets(10))), "12月3日 10:00，在Room 2。", TRAINER, id="a day is fixed"
    ),
    pytest.param(
        stands(Step.PRACTICAL, practical=Waiting(ahead=meets(0))), "今天10:00现场演练，在Room 2。", TRAINER, id="it is today"
    ),
    pytest.param(
        stands(Step.PRACTICAL, practical=Waiting(missed=meets(-2))),
        "11月21日那场演练还没有您的记录",
        TRAINER,
        id="it went by without them",
    ),
    pytest.param(
        stands(Step.ASK_TRAINER, refusal=Refusal.PASSED, revoked_on=TODAY), "从明天起重新考", OFFICE, id="revoked today"
    ),
    pytest.param(
        stands(Step.SIT, (DONE,), revoked_on=TODAY - timedelta(days=4)),
        "您的证书2026年11月19日撤销了，要重新考过才有新的。课都学完了，现在就能考",
        "",
        id="revoked before",
    ),
    pytest.param(stands(Step.DONE, certificate=CERTIFICATE), "有效到2027年11月22日", "", id="certified"),
]


@pytest.mark.parametrize(("enrolment", "says", "whom"), TABLE)
def test_it_says_what_happens_next_and_whom_to_ring(enrolment: Enrolment, says: str, whom: str) -> None:
    said = sentence(enrolment, TODAY, language("zh-Hans"))
    assert says in said
    assert rings(enrolment, TODAY) == whom
    assert "失败" not in said
    assert "不及格" not in said


@pytest.mark.parametrize(("enrolment", "says", "whom"), TABLE)
def test_it_is_said_in_english_too(enrolment: Enrolment, says: str, whom: str) -> None:
    said = sentence(enrolment, TODAY, language("en"))
    assert "fail" not in said
    assert not [sign for sign in said if "\u3400" <= sign <= "\u9fff"]


def test_every_step_has_its_sentence() -> None:
    told = {each.values[0].step for each in TABLE}
    assert told == set(Step)
