"""What happens next, in one sentence: who does what, and by when. And whom to ring where somebody cannot go on alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from banyan.accounts.supervisor import supervisor_of, trainer_of
from banyan.domain.calendar import county_day
from banyan.domain.enrolment import Step
from banyan.domain.examination import Refusal, Sitting, State, mark_due
from banyan.portal.i18n import N_, Language
from banyan.portal.pages import SignedInPage
from banyan.records.people import Person
from banyan.tracker.enrolment import Enrolment
from banyan.tracker.practical_sessions import Waiting

TRAINER, OFFICE = N_("老师"), N_("镇街管理员")


@dataclass(frozen=True)
class Call:
    """Somebody to ring: what they are to the learner, a message."""

    role: str
    name: str
    phone: str


def sentence(enrolment: Enrolment, today: date, say: Language) -> str:
    """Return what happens next, for every place where somebody may stand; who renews is told first until when they hold."""
    if enrolment.paused:
        return say.say("您的证书暂停着，现在不能用。请给镇街管理员打个电话，问问怎么办。")
    if enrolment.step is Step.WAIT_FOR_GRANT:
        return say.say("要学的、要考的都做到了，证书正等另一位老师看一看。现在不用做什么。")
    if enrolment.revoked_on:
        return _anew(enrolment, enrolment.revoked_on, today, say)
    if enrolment.renewing and enrolment.certificate:
        until = say.say("证书{day}到期。", day=say.day(enrolment.certificate.expires_on))
        return until + _onward(enrolment, today, say)
    return _onward(enrolment, today, say)


def _anew(enrolment: Enrolment, revoked_on: date, today: date, say: Language) -> str:
    """Say what to do once a certificate was revoked: what counts is shown on a later day."""
    if revoked_on == today:
        return say.say("您的证书今天撤销了。要再拿到，从明天起重新考；为什么撤销，请问镇街管理员。")
    return say.say("您的证书{day}撤销了，要重新考过才有新的。", day=say.day(revoked_on)) + _onward(enrolment, today, say)


def _onward(enrolment: Enrolment, today: date, say: Language) -> str:
    step = enrolment.step
    if step is Step.LEARN:
        return _learning(enrolment, say)
    if step is Step.SIT:
        return _sitting(enrolment, today, say)
    if step is Step.GO_ON:
        running = next(each for each in enrolment.sittings if each.state is State.OPEN)
        return say.say("考试还在进行，{deadline}自动交卷，请马上接着答。", deadline=say.moment(running.deadline))
    if step is Step.WAIT_FOR_MARK:
        return _marking(enrolment.sittings, today, say)
    if step is Step.WAIT_TO_RETRY:
        again = say.moment(enrolment.free_again) if enrolment.free_again else ""
        return say.say("这次没过，不要紧。先练一练，{again}以后可以再考。", again=again) + room_words(enrolment, today, say)
    if step is Step.PRACTICAL:
        return practical_words(enrolment.practical or Waiting(), today, say)
    if step is Step.DONE and enrolment.certificate:
        return say.say("证书有效到{day}，现在不用做什么。", day=say.day(enrolment.certificate.expires_on))
    terms = enrolment.release.exam.terms
    if step is Step.WAIT_TO_OPEN and terms.opens_at:
        opens = say.say("课都学完了。考试{opens}开始，到时再来。", opens=say.moment(terms.opens_at))
        return opens + room_words(enrolment, today, say)
    if enrolment.refusal is Refusal.CLOSED and terms.closes_at:
        closes = say.moment(terms.closes_at)
        return say.say("考试最晚{closes}要开考，已经赶不上了。请给老师打个电话，问问什么时候再考。", closes=closes)
    if enrolment.refusal is Refusal.USED_UP:
        return say.say("考试机会用完了。请给老师打个电话，老师可以再给您一次机会。")
    return say.say("考试过了，证书还要老师看一看。请给老师打个电话。")


def _learning(enrolment: Enrolment, say: Language) -> str:
    lesson = enrolment.next_lesson
    if lesson is None:
        return say.say("课都学完了。请打开课程看看。")
    number = enrolment.lessons.index(lesson) + 1
    title = say.text(lesson.title)
    if lesson.done:
        return say.say("接着学第{n}课“{title}”，学到第{step}步了。", n=number, title=title, step=lesson.done + 1)
    if number > 1:
        return say.say("接着学第{n}课“{title}”，大约{minutes}分钟。", n=number, title=title, minutes=lesson.minutes)
    return say.say("从第1课“{title}”学起，大约{minutes}分钟，随时可以停。", title=title, minutes=lesson.minutes)


def _sitting(enrolment: Enrolment, today: date, say: Language) -> str:
    """Say that one may sit, and where somebody invigilates; who must sit there hears of that alone."""
    again = bool(enrolment.sittings)
    if enrolment.invigilated:
        first = say.count("可以再考了，还有{n}次机会。", enrolment.left) if again else say.say("课都学完了，就等考试。")
        return first + room_words(enrolment, today, say)
    if again:
        return say.count("现在可以再考了，还有{n}次机会。", enrolment.left) + room_words(enrolment, today, say)
    first = say.say("课都学完了，现在就能考，约{minutes}分钟。找个安静的地方再开始。", minutes=enrolment.minutes)
    return first + room_words(enrolment, today, say)


def room_words(enrolment: Enrolment, today: date, say: Language) -> str:
    """Say when and where somebody invigilates; of an exam that has to be, too, that it is not fixed yet; "" else."""
    room = enrolment.room
    if room is None:
        return say.say("要在老师眼前考，老师定好时间和地点，会写在这里。") if enrolment.invigilated else ""
    place = say.written(room.row.place)
    when = say.say("今天{clock}", clock=say.clock(room.row.starts_at)) if room.day == today else say.moment(room.row.starts_at)
    if enrolment.invigilated:
        return say.say("{when}在{place}考，有老师监考；考场码到了那里再报。", when=when, place=place)
    return say.say("想在老师监考下考的，{when}到{place}，考场码到了那里再报。", when=when, place=place)


def _marking(sittings: Sequence[Sitting], today: date, say: Language) -> str:
    waiting = _waiting(sittings)
    if waiting is None or waiting.state is State.SUBMITTED:
        return say.say("卷子交上了，系统正在批，一般不到一分钟。现在不用做什么。")
    if waiting.state is State.FAILED_TO_GRADE:
        return say.say("卷子要人工处理，答案都在，不用再考。处理好了结果会出现在这里。")
    due = mark_due(county_day(waiting.waits_since))
    if due < today:
        return say.say("老师本该在{day}前批完，已经晚了。可以打个电话问问。", day=say.short_day(due))
    return say.say("老师最晚{day}批完，结果会出现在这里。现在不用做什么。", day=say.short_day(due))


def practical_words(wait: Waiting, today: date, say: Language) -> str:
    """Say when and where the practical is; else that it will stand here, and since when somebody waits."""
    if wait.ahead:
        row, place = wait.ahead.row, say.written(wait.ahead.row.place)
        if wait.ahead.day == today:
            return say.say("今天{clock}现场演练，在{place}。", clock=say.clock(row.starts_at), place=place)
        return say.say("考试过了，就差现场演练：{moment}，在{place}。", moment=say.moment(row.starts_at), place=place)
    if wait.missed:
        day = say.short_day(wait.missed.day)
        return say.say("{day}那场演练还没有您的记录。没去成，或者去了没记上，都请给老师打个电话。", day=day)
    words = say.say("考试过了，就差一次现场演练。老师定好时间和地点，会写在这里。")
    if wait.since is None or wait.since >= today:
        return words
    return words + say.say("您从{day}等到现在，可以打电话问问。", day=say.short_day(wait.since))


def _waiting(sittings: Sequence[Sitting]) -> Sitting | None:
    return next((each for each in sittings if each.state not in (State.OPEN, State.GRADED)), None)


def rings(enrolment: Enrolment, today: date) -> str:
    """Return who helps where somebody cannot go on alone, TRAINER or OFFICE; "" where they can."""
    waiting = _waiting(enrolment.sittings)
    if enrolment.revoked_on == today:
        return OFFICE
    if enrolment.step is Step.ASK_TRAINER or (enrolment.step is Step.SIT and enrolment.invigilated and not enrolment.room):
        return TRAINER
    if enrolment.step is Step.WAIT_FOR_MARK and waiting and waiting.state is not State.SUBMITTED:
        late = mark_due(county_day(waiting.waits_since)) < today
        return TRAINER if late or waiting.state is State.FAILED_TO_GRADE else ""
    if enrolment.step is Step.PRACTICAL:
        return TRAINER
    asked = enrolment.step is not Step.DONE and not enrolment.renewing
    late = asked and enrolment.due_on is not None and enrolment.due_on < today
    return OFFICE if late else ""


def call(session: Session, enrolment: Enrolment, page: SignedInPage) -> Call | None:
    """Return whom this learner rings about where they stand, None if nobody needs to be rung or there is nobody."""
    role = rings(enrolment, page.today)
    paths = [unit.path for unit in page.me.units]
    person: Person | None = None
    if enrolment.practical and enrolment.practical.ahead and enrolment.practical.ahead.by.phone:
        person = enrolment.practical.ahead.by
    elif role == TRAINER:
        person = trainer_of(session, paths, enrolment.release.course, page.today, page.me.person.id)
    if role and person is None:
        role, person = OFFICE, supervisor_of(session, page.me.person.id, page.today)
    return Call(role, person.name, person.phone) if person else None
