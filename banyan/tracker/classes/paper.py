"""What a class was asked in its exam: how the paper is made up, every question as it read, and who was given which.

Questions are never changed, only replaced by another version, so the paper of a sitting years ago comes back to the letter.
Keys are told only to who may mark.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from banyan.courseware.exam import Form, FormSlot, ReleaseExam, public_slot
from banyan.courseware.manifest import Slot
from banyan.domain.framework import Framework
from banyan.records.examinations import Attempt
from banyan.tracker.classes.lines import Line
from banyan.tracker.classes.sittings import forms_of
from banyan.tracker.corrected import Corrected
from banyan.tracker.replay import shown_lines
from banyan.tracker.rulebook import Rulebook
from grading import questions
from grading.questions import case
from grading.questions.rubric import ByHand
from grading.rulings import Ruling

Name = tuple[int, str, str]
"""Release, question, version."""


@dataclass(frozen=True)
class Asked:
    """One question: its `number` in this class's paper, what stood there, and what earns everything."""

    number: int
    question: str
    version: str
    points: float
    lines: tuple[str, ...]
    key: tuple[str, ...]


@dataclass(frozen=True)
class Sat:
    """One sitting: slot by slot the number of the question, with the order of its options where that was shuffled."""

    line: Line
    attempt: Attempt
    slots: tuple[str, ...]


@dataclass(frozen=True)
class ClassPaper:
    """`exams` are those of the releases that were sat, the oldest first."""

    exams: tuple[ReleaseExam, ...]
    asked: tuple[Asked, ...]
    sat: tuple[Sat, ...]


def paper_of(session: Session, lines: Iterable[Line], rulebook: Rulebook) -> ClassPaper:
    """Return the paper of all sittings of a class, with the keys that count now."""
    everybody, corrected = list(lines), Corrected(session, rulebook)
    drawn = forms_of(session, [each for line in everybody for each in line.sittings])
    forms = [(drawn[each.id], corrected.exam(each)) for line in everybody for each in line.sittings]
    exams = {exam.release: exam for _, exam in forms}
    asked = dict(_asked(forms))
    numbers = {name: each.number for name, each in asked.items()}
    sat = tuple(
        Sat(line, each, tuple(_slots(drawn[each.id], exams[each.release], numbers)))
        for line in everybody
        for each in line.sittings
    )
    return ClassPaper(tuple(exams[each] for each in sorted(exams)), tuple(asked.values()), sat)


def makeup(exam: ReleaseExam, framework: Framework) -> list[tuple[str, str, str]]:
    """Return how a paper is made up: from which to which slot, what is asked there, for how many points."""
    rows, number = [], 1
    for wants in exam.blueprint.slots:
        last = number + wants.count - 1
        what = _said(wants, exam, framework)
        place = f"第{number}题" if last == number else f"第{number}至{last}题"
        rows.append((place, what, f"每题{wants.points:g}分"))
        number = last + 1
    return rows


def _said(wants: Slot, exam: ReleaseExam, framework: Framework) -> str:
    """Return in words what a slot asks for; an indicator that the framework knows no more, by its code."""
    if wants.indicator is None:
        named = [exam.items[each] for each in (*wants.cases, *wants.questions) if each in exam.items]
        titles = [each.title for each in named if isinstance(each, case.Item)]
        return f"情景演练：{'、'.join(titles)}之一" if len(titles) > 1 else f"情景演练：{titles[0]}" if titles else "指定的题"
    code = wants.indicator.rpartition(".")[0]
    known = framework.competency(code).indicators if code in framework else ()
    return next((each.plain["zh"] for each in known if each.code == wants.indicator), wants.indicator)


def _asked(forms: Iterable[tuple[Form, ReleaseExam]]) -> Iterator[tuple[Name, Asked]]:
    """Yield each question once, in the order of the slots it first stood in."""
    found: dict[Name, tuple[FormSlot, dict[int, ReleaseExam]]] = {}
    for form, exam in forms:
        for seat in form.slots:
            found.setdefault(_name(exam.release, seat), (seat, {}))[1][exam.release] = exam
    ordered = sorted(found.items(), key=lambda each: (each[1][0].name, each[0][1:]))
    for number, (name, (seat, exams)) in enumerate(ordered, start=1):
        item = next(iter(exams.values())).items.get(seat.question)
        lines, key = (tuple(_lines(item)), tuple(_keys(item, exams))) if item else (("这道题的原文不在了",), ())
        yield name, Asked(number, seat.question, seat.version, seat.points, lines, key)


def _name(release: int, seat: FormSlot) -> Name:
    """The same text in two releases is the same question; one from before there were versions is its release's own."""
    return (0 if seat.version else release, seat.question, seat.version)


def _lines(item: questions.Item) -> Iterator[str]:
    if isinstance(item, case.Item):
        yield item.title
        for each in item.injects.values():
            yield f"{each.at} {each.text}"
            yield from (f"{key} {choice.text}" for key, choice in each.choices.items())
        return
    public = questions.public(item)
    yield from shown_lines({**public, "stem": public.get("stem", "")})
    if public.get("picture"):
        yield "（题里有一张图，在课程版本里）"


def _keys(item: questions.Item, exams: Mapping[int, ReleaseExam]) -> Iterator[str]:
    """Yield what earns everything: as it was decided afterwards, where it was, release by release where they differ."""
    said = {release: tuple(_ruled(item, exam.rulings.get(item.id))) for release, exam in sorted(exams.items())}
    if len(set(said.values())) == 1:
        yield from next(iter(said.values()))
        return
    for release, lines in said.items():
        yield from (f"课程第{release}版：{each}" for each in lines)


def _ruled(item: questions.Item, ruling: Ruling | None) -> Iterator[str]:
    if ruling is None or not (ruling.void or ruling.keys):
        yield from _key(item)
    elif ruling.void:
        yield "作废，人人得满分"
    else:
        for place, each in enumerate(ruling.keys[-1:] if ruling.again else ruling.keys):
            yield from (f"{'或者' if place else '更正后'}：{line}" for line in _key(each))


def _key(item: questions.Item) -> Iterator[str]:
    kind = questions.type_of(item)
    if isinstance(item, ByHand):
        yield from (f"{each.row}（{each.points:g}分）" for each in item.rubric)
        return
    key = kind.key(item)
    yield from kind.spelled(item, key) if key is not None else ()


def _slots(form: Form, exam: ReleaseExam, numbers: Mapping[Name, int]) -> Iterator[str]:
    for place, seat in enumerate(form.slots, start=1):
        order = _order(exam, seat) if seat.question in exam.items else []
        said = "".join(order) if all(len(each) == 1 for each in order) else "/".join(order)
        yield f"{place}→{numbers[_name(exam.release, seat)]}{f':{said}' if said else ''}"


def _order(exam: ReleaseExam, seat: FormSlot) -> list[str]:
    """Return the options as they were shuffled for somebody, by their letters."""
    public: Mapping[str, Any] = public_slot(exam, seat)
    return [str(each["id"]) for each in public.get("options", ())] if exam.items[seat.question].type in questions.BRIEF else []
