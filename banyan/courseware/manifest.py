"""What the files of a course may say, word for word: unknown names are errors, order is meaning."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from banyan.domain.calendar import COUNTY_TIME
from banyan.domain.county import TOLD
from grading.questions.item import Difficulty, Fitting, Id, Misfit, Tag, Words

Points = Annotated[float, Field(gt=0, le=100)]
Level = Annotated[int, Field(ge=1, le=4)]
Tier = Literal["T1", "T2", "T3"]
Clock = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$")]
"""A moment on the county's clocks, e.g. 2026-12-01 08:00."""
FULL = 100
AGREE_WITHIN = 20.0


class Text(Fitting):
    """One sentence in both languages of the interface."""

    zh: Words
    en: Words


class Hours(Fitting):
    online: Annotated[float, Field(ge=0, le=200)]
    practical: Annotated[float, Field(ge=0, le=200)]
    exam: Annotated[float, Field(ge=0, le=200)]

    @property
    def total(self) -> float:
        return self.online + self.practical + self.exam


class Course(Fitting):
    """course.yaml; `teaches` names the level a learner reaches per competency, `needs` what of 本县设置 must be filled
    in before the course can be published, `tags` the words its questions may be tagged with."""

    title: Text
    summary: Text
    outcomes: Annotated[tuple[Text, ...], Field(min_length=1, max_length=12)]
    tier: Tier
    hours: Hours
    teaches: Annotated[dict[str, Level], Field(min_length=1)]
    lessons: Annotated[tuple[Id, ...], Field(min_length=1)]
    assignments: tuple[Id, ...] = ()
    needs: tuple[Words, ...] = ()
    tags: tuple[Tag, ...] = ()

    def misfits(self) -> Iterator[Misfit]:
        for place, each in enumerate(self.needs):
            if each not in TOLD:
                yield Misfit(("needs", place), f'本县设置里没有 "{each}"', f"只能写 {'、'.join(TOLD)}")
            elif each in self.needs[:place]:
                yield Misfit(("needs", place), f'"{each}" 在 needs 里写了两次', "只留一个")
        for part in ("lessons", "assignments"):
            listed: tuple[str, ...] = getattr(self, part)
            for place, each in enumerate(listed):
                if each in listed[:place]:
                    yield Misfit((part, place), f'"{each}" 在 {part} 里写了两次', "只留一个")


class LessonHead(Fitting):
    """The header of a lesson file; what jupytext and an editor write into it is let be.

    `own` names the steps that cite no fact because they state none: a story, something to do, the course's own caution.
    """

    title: Text
    minutes: Annotated[int, Field(ge=1, le=60)]
    own: tuple[str, ...] = ()
    jupytext: dict[str, Any] | None = None
    kernelspec: dict[str, Any] | None = None


class TaskHead(Fitting):
    """The header of a notebook task; what comes in after `due` is marked as late, never refused."""

    title: Text
    summary: Text
    minutes: Annotated[int, Field(ge=1, le=600)]
    due: Clock | None = None
    jupytext: dict[str, Any] | None = None
    kernelspec: dict[str, Any] | None = None

    @property
    def due_at(self) -> datetime | None:
        return _moment(self.due) if self.due else None

    def misfits(self) -> Iterator[Misfit]:
        if self.due and not _is_moment(self.due):
            yield Misfit(("due",), f'"{self.due}" 不是一个日期和时间', "写成 2026-12-01 18:00 这样")


class Slot(Fitting):
    """A line of the blueprint: `count` questions of an indicator, or one of the questions named, or one of the cases named.

    Of an indicator's questions it may ask for those of one `difficulty`, or of several, and for those with one `tag`.

    Without `at_least` percent of its points in each of its slots the exam is not passed, whatever the total.
    """

    points: Points
    at_least: Annotated[float, Field(gt=0, le=100)] | None = None
    indicator: str | None = None
    count: Annotated[int, Field(ge=1, le=40)] = 1
    difficulty: Difficulty | Annotated[tuple[Difficulty, ...], Field(min_length=1)] | None = None
    tag: Tag | None = None
    question: Id | tuple[Id, ...] | None = None
    case: Id | tuple[Id, ...] | None = None

    def misfits(self) -> Iterator[Misfit]:
        named = [each for each in ("indicator", "question", "case") if getattr(self, each) is not None]
        if len(named) != 1:
            yield Misfit((), "一个题位要写 indicator、question、case 当中的一个", "只留一个")
        elif self.indicator is None:
            yield from self._only_with_indicator()
        if self.question == ():
            yield Misfit(("question",), '"question" 一道题也没有写', "写上题名")
        if self.case == ():
            yield Misfit(("case",), '"case" 一个案例也没有写', "写上案例名")

    def _only_with_indicator(self) -> Iterator[Misfit]:
        if self.count > 1:
            yield Misfit(("count",), '"count" 只能和 indicator 一起用', "删掉 count，或分写成几个题位")
        for each in ("difficulty", "tag"):
            if getattr(self, each) is not None:
                yield Misfit((each,), f'"{each}" 只能和 indicator 一起用', f"删掉 {each}，题已经指定了")

    @property
    def difficulties(self) -> tuple[str, ...]:
        """How hard a question may be, any if none is named."""
        return (self.difficulty,) if isinstance(self.difficulty, str) else self.difficulty or ()

    @property
    def questions(self) -> tuple[str, ...]:
        return (self.question,) if isinstance(self.question, str) else self.question or ()

    @property
    def cases(self) -> tuple[str, ...]:
        return (self.case,) if isinstance(self.case, str) else self.case or ()


class Exam(Fitting):
    """exam.yaml; `pass_percent` is written `pass`, the points of all slots make 100.

    It may be begun from `opens_at` to `closes_at`; `invigilated` asks for an exam room. With `second_marker` two trainers
    mark each written answer, and agree within `agree_within` percent of its rubric. For `appeal_days` after the result a
    second look may be asked for.
    """

    minutes: Annotated[int, Field(ge=1, le=300)]
    pass_percent: Annotated[float, Field(alias="pass", gt=0, le=100)]
    attempts: Annotated[int, Field(ge=1, le=20)]
    cooldown_hours: Annotated[float, Field(ge=0, le=24 * 60)]
    opens_at: Clock | None = None
    closes_at: Clock | None = None
    invigilated: bool = False
    second_marker: bool = False
    agree_within: Annotated[float, Field(ge=0, le=50)] = AGREE_WITHIN
    appeal_days: Annotated[int, Field(ge=0, le=60)] = 7
    slots: Annotated[tuple[Slot, ...], Field(min_length=1, max_length=100)]

    @property
    def opens(self) -> datetime | None:
        return _moment(self.opens_at) if self.opens_at else None

    @property
    def closes(self) -> datetime | None:
        return _moment(self.closes_at) if self.closes_at else None

    def misfits(self) -> Iterator[Misfit]:
        yield from self._impossible_times()
        if self.agree_within != AGREE_WITHIN and not self.second_marker:
            yield Misfit(("agree_within",), '写了 "agree_within"，却没有写 second_marker: true', "补上，或删掉这一行")
        total = sum(slot.points * slot.count for slot in self.slots)
        if round(total, 2) != FULL:
            yield Misfit(("slots",), f"各题位的分数加起来是 {total:g} 分，不是 {FULL} 分", "改到正好 100 分（points × count）")
        for place, slot in enumerate(self.slots[:-1]):
            if slot.case is not None:
                yield Misfit(("slots", place, "case"), "演练不是最后一个题位", "把它移到最后")

    def _impossible_times(self) -> Iterator[Misfit]:
        given = {name: told for name in ("opens_at", "closes_at") if (told := getattr(self, name))}
        wrong = [name for name, told in given.items() if not _is_moment(told)]
        for name in wrong:
            yield Misfit((name,), f'"{given[name]}" 不是一个日期和时间', "写成 2026-12-01 08:00 这样")
        if not wrong and self.opens and self.closes and self.opens >= self.closes:
            yield Misfit(("closes_at",), "截止的时间不晚于开始的时间", "改晚一些")


def _moment(told: str) -> datetime:
    return datetime.fromisoformat(told).replace(tzinfo=COUNTY_TIME)


def _is_moment(told: str) -> bool:
    try:
        datetime.fromisoformat(told)
    except ValueError:
        return False
    return True


class Tick(Fitting):
    """One thing the trainer sees a person do."""

    indicator: str
    does: Words


class ScriptLine(Fitting):
    """One stretch of a practical session, for the trainer's eyes; `says` is to be read out word for word."""

    minutes: Annotated[int, Field(ge=1, le=480)]
    does: Words
    says: Words | None = None


class DutyLine(Fitting):
    """What the trainer, on the other end of the line, does at a moment of one person's turn."""

    at: Annotated[str, Field(min_length=1, max_length=20)]
    does: Words


class Card(Fitting):
    """A situation to report: `seen` is printed for the learner, `change` on a strip handed over later.

    `unknown` is what must be reported as not known yet (待核); only the trainer's sheet has it.
    """

    title: Annotated[str, Field(min_length=1, max_length=20)]
    seen: Annotated[str, Field(min_length=1, max_length=160)]
    unknown: Annotated[str, Field(min_length=1, max_length=60)]
    change: Annotated[str, Field(min_length=1, max_length=100)]


class Practical(Fitting):
    """practical.yaml; whoever gets every tick has shown the competency at the level."""

    title: Words
    competency: str
    level: Level
    prepare: tuple[Words, ...]
    script: tuple[ScriptLine, ...] = ()
    duty: tuple[DutyLine, ...] = ()
    cards: tuple[Card, ...] = ()
    ticks: Annotated[tuple[Tick, ...], Field(min_length=1, max_length=30)]

    def misfits(self) -> Iterator[Misfit]:
        for place, tick in enumerate(self.ticks):
            if not tick.indicator.startswith(f"{self.competency}."):
                fault = f'"{tick.indicator}" 不是 {self.competency} 的指标'
                yield Misfit(("ticks", place, "indicator"), fault, f"改成 {self.competency}.a 这样的写法")


class Programme(Fitting):
    """programmes/*.yaml: what a certificate asks for, and who grants it.

    `builds_on` is the programme of the tier below, whose courses count as taken. With `second_pair_of_eyes` a certifier
    grants what was earned, with `trainer_apart` nobody who taught or assessed the person may be that certifier; with
    `second_marker` every exam with written answers has two markers. `leave_suspends` lets recorded leave stop the clock
    of what was shown.
    """

    code: Annotated[str, Field(pattern=r"^[A-Z]{2}-[A-Z0-9]{1,8}$")]
    title: Text
    certificate_title: Words
    role: Literal["CW", "GS", "VO", "ER"]
    tier: Tier
    targets: Annotated[dict[str, Level], Field(min_length=1)]
    courses: Annotated[tuple[Id, ...], Field(min_length=1)]
    hours_max: Annotated[float, Field(gt=0)]
    valid_months: Annotated[int, Field(ge=1, le=120)]
    renew_within_days: Annotated[int, Field(ge=0, le=365)] = 60
    builds_on: Annotated[str, Field(pattern=r"^[A-Z]{2}-[A-Z0-9]{1,8}$")] | None = None
    second_pair_of_eyes: bool = False
    trainer_apart: bool = False
    leave_suspends: bool = False
    second_marker: bool = False
    effective_from: date

    def misfits(self) -> Iterator[Misfit]:
        if self.renew_within_days >= 28 * self.valid_months:
            text = f"到期前 {self.renew_within_days} 天就能续，证书只管 {self.valid_months} 个月"
            yield Misfit(("renew_within_days",), text, "改小：一张证书要先过完窗口以前的日子")
        if self.trainer_apart and not self.second_pair_of_eyes:
            yield Misfit(("trainer_apart",), '写了 "trainer_apart"，却没有写 second_pair_of_eyes: true', "补上，或删掉这一行")
        for place, each in enumerate(self.courses):
            if each in self.courses[:place]:
                yield Misfit(("courses", place), f'"{each}" 在 courses 里写了两次', "只留一个")


class PlannedCourse(Fitting):
    """A course that programmes count on and that is not shipped yet: an entry of planned.yaml."""

    title: Text
    teaches: Annotated[tuple[str, ...], Field(min_length=1)]
