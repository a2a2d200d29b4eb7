"""一期一档: what the file of a class holds, what it still lacks, where that is mended. A class is one session with its roster.

What an auditor asks for has eight parts. Each is there, or missing, or waiting for something that is under way, or was never
asked for; nobody is told that a file is complete while one of them is missing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

HOUR = 45
"""Minutes of one 学时."""
BEFORE, AFTER = timedelta(days=60), timedelta(days=60)
"""How long before the first day and after the last one an exam or a certificate counts as the class's, unless somebody says."""


def N_(message: str) -> str:
    """Mark a message that a page translates."""
    return message


class Part(StrEnum):
    NOTICE = "notice"
    ROSTER = "roster"
    PHOTOS = "photos"
    PAPER = "paper"
    SCORES = "scores"
    HOURS = "hours"
    CERTIFICATES = "certificates"
    SUMMARY = "summary"


NAMES: Mapping[Part, str] = {
    Part.NOTICE: N_("通知"),
    Part.ROSTER: N_("名册和签到"),
    Part.PHOTOS: N_("现场照片"),
    Part.PAPER: N_("试卷"),
    Part.SCORES: N_("成绩"),
    Part.HOURS: N_("学时"),
    Part.CERTIFICATES: N_("发证名单"),
    Part.SUMMARY: N_("总结"),
}
"""In the order in which an auditor reads them."""


class State(StrEnum):
    HERE = "here"
    WAITING = "waiting"  # for something that is under way
    MISSING = "missing"
    NOT_ASKED = "not_asked"


class Where(StrEnum):
    """Where it is mended."""

    NOTICE = "notice"
    PHOTOS = "photos"
    SUMMARY = "summary"
    TRAINING = "training"
    MARKING = "marking"


@dataclass(frozen=True)
class Figures:
    """People: on the roster, there at all, there for 80 percent, who sat the exam, passed it, hold a certificate."""

    invited: int = 0
    came: int = 0
    enough: int = 0
    sat: int = 0
    passed: int = 0
    certified: int = 0


FIGURES: Mapping[str, str] = {
    "invited": N_("名单上"),
    "came": N_("到了"),
    "enough": N_("到够八成"),
    "sat": N_("参加考试"),
    "passed": N_("考试合格"),
    "certified": N_("拿到证书"),
}


@dataclass(frozen=True)
class Holdings:
    """What there is of a class. `unsigned` counts parts that nobody signed in to, `unmarked` papers that wait for a trainer.

    `ungraded` wait for the machine, `stuck` for whoever looks after it. `reported` is what the figures were when the summary
    was written; None while there is none.
    """

    over: bool
    settled: bool
    figures: Figures
    notice: bool = False
    examined: bool = True
    leads_to_certificate: bool = True
    unsigned: int = 0
    photos: int = 0
    unmarked: int = 0
    ungraded: int = 0
    stuck: int = 0
    reported: Figures | None = None


@dataclass(frozen=True)
class Finding:
    """How one part stands: `words` is a message, `params` fill it in; `mend` says where to go, None for nowhere."""

    part: Part
    state: State
    words: str
    params: Mapping[str, object] = field(default_factory=dict)
    mend: Where | None = None


def check(held: Holdings) -> tuple[Finding, ...]:
    """Return how each part of a class's file stands, in the auditor's order."""
    return tuple(_CHECKS[part](held) for part in Part)


def is_complete(findings: tuple[Finding, ...]) -> bool:
    return all(each.state in (State.HERE, State.NOT_ASKED) for each in findings)


def lacking(findings: tuple[Finding, ...]) -> tuple[Part, ...]:
    """Return the parts that are missing or waited for."""
    return tuple(each.part for each in findings if each.state in (State.MISSING, State.WAITING))


def term(first: date, last: date) -> tuple[date, date]:
    """Return from which to which day exams and certificates count as a class's whose sessions last from first to last."""
    return first - BEFORE, last + AFTER


def class_hours(minutes: float) -> float:
    """Return minutes as 学时, to a tenth, rounded down: nobody is credited what they did not sit."""
    return int(minutes * 10) // HOUR / 10


def changed(now: Figures, then: Figures) -> Iterator[str]:
    """Yield the figures that are not what they were."""
    yield from (name for name in FIGURES if getattr(now, name) != getattr(then, name))


def _notice(held: Holdings) -> Finding:
    if held.notice:
        return Finding(Part.NOTICE, State.HERE, N_("写好了，可以打印"), mend=Where.NOTICE)
    return Finding(Part.NOTICE, State.MISSING, N_("还没有写：时间、地点已经替您填好，补上是谁发的就行"), mend=Where.NOTICE)


def _roster(held: Holdings) -> Finding:
    if not held.figures.invited:
        return Finding(Part.ROSTER, State.MISSING, N_("名单上还没有人"), mend=Where.TRAINING)
    if not held.over:
        return Finding(Part.ROSTER, State.WAITING, N_("还没有办完，签到还会变"), mend=Where.TRAINING)
    if held.unsigned:
        words = N_("有{n}段没有一个人签到：来了的，请照纸上的签到表补")
        return Finding(Part.ROSTER, State.MISSING, words, {"n": held.unsigned}, Where.TRAINING)
    return Finding(Part.ROSTER, State.HERE, N_("{n}个人，每一段都有签到"), {"n": held.figures.invited})


def _photos(held: Holdings) -> Finding:
    if held.photos:
        return Finding(Part.PHOTOS, State.HERE, N_("放了{n}张"), {"n": held.photos}, Where.PHOTOS)
    return Finding(Part.PHOTOS, State.MISSING, N_("还没有：手机上拍的就行，会场、签到、演练各一张"), mend=Where.PHOTOS)


def _paper(held: Holdings) -> Finding:
    return _exam(Part.PAPER, held) or Finding(Part.PAPER, State.HERE, N_("考过的每一道题都照当时的原文"))


def _scores(held: Holdings) -> Finding:
    if found := _exam(Part.SCORES, held):
        return found
    if held.stuck:
        words = N_("有{n}份答卷没能评分：在阅卷里看原因，请平台管理员修好")
        return Finding(Part.SCORES, State.WAITING, words, {"n": held.stuck}, Where.MARKING)
    if held.unmarked:
        return Finding(Part.SCORES, State.WAITING, N_("还有{n}份答卷在等老师批"), {"n": held.unmarked}, Where.MARKING)
    if held.ungraded:
        return Finding(Part.SCORES, State.WAITING, N_("有{n}份答卷机器正在批，一般不到一分钟"), {"n": held.ungraded})
    params = {"sat": held.figures.sat, "passed": held.figures.passed}
    return Finding(Part.SCORES, State.HERE, N_("{sat}个人考了，{passed}个人合格"), params)


def _exam(part: Part, held: Holdings) -> Finding | None:
    if not held.examined:
        return Finding(part, State.NOT_ASKED, N_("这一期不考试"))
    if not held.figures.sat:
        words = N_("名单上还没有人考过。考的日子不在这一期里，或者这一期本来不考，请在通知里写明")
        return Finding(part, State.MISSING, words, mend=Where.NOTICE)
    return None


def _hours(held: Holdings) -> Finding:
    if held.settled:
        return Finding(Part.HOURS, State.HERE, N_("{n}个人到够了八成时间"), {"n": held.figures.enough})
    words = N_("办完了，还没有结算") if held.over else N_("还没有办完，办完以后请结算")
    return Finding(Part.HOURS, State.MISSING if held.over else State.WAITING, words, mend=Where.TRAINING)


def _certificates(held: Holdings) -> Finding:
    if not held.leads_to_certificate:
        return Finding(Part.CERTIFICATES, State.NOT_ASKED, N_("这门课不发证书"))
    if held.figures.certified:
        return Finding(Part.CERTIFICATES, State.HERE, N_("{n}个人有证书"), {"n": held.figures.certified})
    if held.reported:
        return Finding(Part.CERTIFICATES, State.HERE, N_("没有人拿到证书，总结里照实写了"))
    return Finding(Part.CERTIFICATES, State.WAITING, N_("还没有人拿到证书；要是就该没有，写了总结就算齐"), mend=Where.SUMMARY)


def _summary(held: Holdings) -> Finding:
    if held.reported is None:
        words = N_("还没有写：人数已经替您算好") if held.over else N_("办完以后写")
        return Finding(Part.SUMMARY, State.MISSING if held.over else State.WAITING, words, mend=Where.SUMMARY)
    if any(changed(held.figures, held.reported)):
        return Finding(Part.SUMMARY, State.WAITING, N_("写好以后数字变过，请再看一遍、存一次"), mend=Where.SUMMARY)
    return Finding(Part.SUMMARY, State.HERE, N_("写好了，数字和现在的一样"), mend=Where.SUMMARY)


_CHECKS = {
    Part.NOTICE: _notice,
    Part.ROSTER: _roster,
    Part.PHOTOS: _photos,
    Part.PAPER: _paper,
    Part.SCORES: _scores,
    Part.HOURS: _hours,
    Part.CERTIFICATES: _certificates,
    Part.SUMMARY: _summary,
}
