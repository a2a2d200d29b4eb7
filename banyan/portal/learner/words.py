"""What a learner reads about where they stand: sentences and buttons, never codes or levels."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from banyan.domain.calendar import COUNTY_TIME
from banyan.domain.certification import Need
from banyan.domain.enrolment import Step
from banyan.domain.examination import Refusal
from banyan.portal.i18n import N_, Language
from banyan.portal.templating import PORTAL
from banyan.tracker.admission import Admission
from banyan.tracker.enrolment import Enrolment
from banyan.tracker.practical_sessions import Waiting
from banyan.tracker.progress import LessonProgress

LESSONS = "/services/lessons"
GREETINGS = (  # from which hour of the county's day
    (23, N_("{name}，夜深了，早点休息")),
    (18, N_("{name}，晚上好")),
    (13, N_("{name}，下午好")),
    (11, N_("{name}，中午好")),
    (5, N_("{name}，早上好")),
    (0, N_("{name}，夜深了，早点休息")),
)


def greeting(now: datetime) -> str:
    """Return the message to greet somebody with."""
    hour = now.astimezone(COUNTY_TIME).hour
    return next(message for begins, message in GREETINGS if hour >= begins)


@dataclass(frozen=True)
class Stage:
    """One of the steps to a certificate; `state` is done, now or later."""

    state: str
    title: str
    detail: str = ""


@dataclass(frozen=True)
class Button:
    label: str
    path: str


def stages(enrolment: Enrolment, say: Language) -> list[Stage]:
    """Return the steps of a programme, in order, each with where it stands."""
    return list(_stages(enrolment, say))


def _stages(enrolment: Enrolment, say: Language) -> Iterator[Stage]:
    learnt = all(each.finished for each in enrolment.lessons)
    examined = not {Need.EXAM, Need.DRILL}.intersection(enrolment.needs)
    certified = enrolment.step in (Step.DONE, Step.WAIT_FOR_GRANT)
    yield Stage("done" if learnt or examined else "now", *_lessons(enrolment.lessons, say))
    yield Stage(_state(examined, enrolment.step is not Step.LEARN), say.say("参加考试"), _exam_detail(enrolment, say, examined))
    if enrolment.release.practical:
        words = say.say("已完成") if certified else _practical(enrolment.practical, say)
        yield Stage(_state(certified, enrolment.step is Step.PRACTICAL), say.say("现场演练"), words)


def _practical(wait: Waiting | None, say: Language) -> str:
    if wait and wait.ahead:
        return say.moment(wait.ahead.row.starts_at)
    return say.say("到镇街当面做一次，时间等老师通知")


def _lessons(lessons: Sequence[LessonProgress], say: Language) -> tuple[str, str]:
    """Return what the stage of the lessons is called, and how far it has come."""
    done, count = sum(each.finished for each in lessons), len(lessons)
    if done == count:
        detail = say.say("已完成")
    elif done:
        detail = say.say("学完{done}课，共{count}课", done=done, count=count)
    else:
        detail = say.count("一共约{n}分钟，可以分几次学", sum(each.minutes for each in lessons))
    return say.count("学完{n}课", count), detail


def _state(done: bool, now: bool) -> str:
    return "done" if done else "now" if now else "later"


def _exam_detail(enrolment: Enrolment, say: Language, examined: bool) -> str:
    if examined:
        return say.say("已通过")
    if enrolment.step is Step.LEARN and enrolment.next_lesson:
        return _lessons_first(enrolment.lessons, say)
    again = say.moment(enrolment.free_again) if enrolment.free_again else ""
    opens = enrolment.release.exam.terms.opens_at
    return {
        Step.WAIT_TO_OPEN: say.say("{opens}开始", opens=say.moment(opens) if opens else ""),
        Step.GO_ON: say.say("考试还没交卷，时间还在走"),
        Step.WAIT_FOR_MARK: say.say("试卷交了，正在批"),
        Step.WAIT_TO_RETRY: say.say("{again}以后可以再考", again=again),
        Step.ASK_TRAINER: say.say("请联系您的老师"),
    }.get(enrolment.step) or _before_sitting(enrolment, say)


def _before_sitting(enrolment: Enrolment, say: Language) -> str:
    if enrolment.invigilated and enrolment.room:
        row = enrolment.room.row
        return say.say("{when}，在{place}", when=say.moment(row.starts_at), place=say.written(row.place))
    if enrolment.invigilated:
        return say.say("到监考现场考，时间等老师通知")
    return say.say("约{minutes}分钟，没有网也能答", minutes=enrolment.minutes)


def _lessons_first(lessons: Sequence[LessonProgress], say: Language) -> str:
    return say.count("学完{n}课才能考", len(lessons))


def headline(enrolment: Enrolment, say: Language) -> str:
    """Say what stands between a person and the certificate, in one line."""
    if enrolment.paused:
        return say.say("证书暂停着")
    if enrolment.step is Step.DONE:
        return say.say("已经合格，证书有效")
    if enrolment.step is Step.WAIT_FOR_GRANT:
        return say.say("都做到了，等发证")
    left = sum(each.state != "done" for each in stages(enrolment, say))
    return say.count("还差{n}步，续上证书", left) if enrolment.renewing else say.count("还差{n}步，拿到证书", left)


def button(enrolment: Enrolment, say: Language) -> Button:
    """Return the one thing to do next."""
    course = f"{PORTAL}/courses/{enrolment.release.course}"
    if enrolment.step is Step.LEARN and enrolment.next_lesson:
        return _to_lesson(enrolment.lessons, enrolment.next_lesson, enrolment.release.course, say)
    if enrolment.step is Step.DONE and enrolment.certificate:
        return Button(say.say("看我的证书"), f"{PORTAL}/certificates/{enrolment.certificate.serial}")
    return {
        Step.SIT: Button(say.say("看考试说明") if enrolment.invigilated else say.say("去考试"), f"{course}/exam"),
        Step.GO_ON: Button(say.say("继续考试"), f"{course}/exam"),
        Step.WAIT_FOR_MARK: Button(say.say("看交卷回执"), f"{course}/exam/last"),
        Step.WAIT_TO_RETRY: Button(say.say("看看该练什么"), f"{course}/exam/last"),
        Step.PRACTICAL: Button(say.say("看看演练练什么"), f"{course}#practical"),
    }.get(enrolment.step, Button(say.say("打开课程"), course))


def _to_lesson(lessons: Sequence[LessonProgress], following: LessonProgress, course: str, say: Language) -> Button:
    begun = any(each.done for each in lessons)
    return Button(say.say("继续学习") if begun else say.say("开始学习"), f"{LESSONS}/{course}/{following.name}")


def stages_alone(door: Admission, say: Language) -> list[Stage]:
    """Return the steps of a course that belongs to no programme: its lessons, then its exam."""
    lesson, passed = door.next_lesson, door.refusal is Refusal.PASSED
    detail = _lessons_first(door.lessons, say) if lesson else say.say("约{minutes}分钟，没有网也能答", minutes=door.minutes)
    return [
        Stage("now" if lesson and not passed else "done", *_lessons(door.lessons, say)),
        Stage(_state(passed, not lesson), say.say("参加考试"), say.say("已通过") if passed else detail),
    ]


def button_alone(door: Admission, course: str, say: Language) -> Button:
    """Return the one thing to do next in a course that belongs to no programme."""
    address = f"{PORTAL}/courses/{course}/exam"
    if door.refusal is Refusal.UNLEARNT and door.next_lesson:
        return _to_lesson(door.lessons, door.next_lesson, course, say)
    if door.refusal in (None, Refusal.RUNNING):
        return Button(say.say("继续考试") if door.refusal else say.say("去考试"), address)
    if door.refusal in (Refusal.NOT_OPEN, Refusal.CLOSED):
        return Button(say.say("看考试说明"), address)
    return Button(say.say("看结果"), f"{address}/last")
