"""Whether the questions, cases and exam of a course hold together with each other, the framework and the facts."""

import re
from collections.abc import Iterator
from pathlib import Path

from banyan.courseware.content import Content
from banyan.courseware.course import CourseFiles
from banyan.courseware.exam import candidates, vacant
from banyan.courseware.facts import flaws
from banyan.courseware.faults import Fault
from banyan.courseware.manifest import Slot
from banyan.courseware.pictures import FOLDER, HEAVIEST_ASKED, unshowable
from banyan.courseware.pools import Pool
from banyan.courseware.proofs import proof_faults
from banyan.courseware.similar import Alike
from banyan.courseware.yaml_source import Place, Source
from grading.questions import BRIEF, BY_HAND, Item, case

MARKUP = re.compile(r"!\[|\]\(|<[/!A-Za-z]")


def question_faults(course: CourseFiles, content: Content) -> Iterator[Fault]:
    for pool in (course.practice, course.bank, course.cases):
        yield from _cited(pool, content)
        yield from _groundless(pool)
        yield from _markup(pool)
        yield from _tagged(pool, course)
        yield from proof_faults(pool)
    for pool in (course.practice, course.bank):
        yield from _indicators(pool, content)
        yield from _pictures(pool, course.folder / FOLDER)
    yield from _case_indicators(course.cases, content)
    yield from _disjoint(course)
    yield from _practice_teaches(course.practice)


def _cited(pool: Pool, content: Content) -> Iterator[Fault]:
    for item, source, place in pool:
        for fact, flaw in flaws(item.facts, content.facts):
            yield source.fault((*place, "facts", item.facts.index(fact)), *flaw)


def _groundless(pool: Pool) -> Iterator[Fault]:
    """Yield each question that says neither which fact it rests on nor that it states none."""
    for item, source, place in pool:
        if not item.facts and item.own is None:
            text = f'题 "{item.id}" 没有写根据什么'
            yield source.fault(
                place, text, "写上 facts；不说世上的事的，写 own: skill（题里的话就够答）或 own: care（本课为稳妥要人这样做）"
            )


def _tagged(pool: Pool, course: CourseFiles) -> Iterator[Fault]:
    known = course.manifest.tags if course.manifest else ()
    for item, source, place in pool:
        for number, each in enumerate(item.tags):
            if each not in known:
                remedy = f"只能写 {'、'.join(known)}" if known else "在 course.yaml 里先写 tags"
                yield source.fault((*place, "tags", number), f'标签 "{each}" 在 course.yaml 的 tags 里没有', remedy)


def _markup(pool: Pool) -> Iterator[Fault]:
    for item, source, place in pool:
        stem = "" if isinstance(item, case.Item) else item.stem
        if MARKUP.search(stem):
            yield source.fault((*place, "stem"), "题干里有图片、链接或 HTML", "题干只写文字")


def _pictures(pool: Pool, folder: Path) -> Iterator[Fault]:
    for item, source, place in pool:
        assert not isinstance(item, case.Item)
        for name in item.pictures:
            if flaw := unshowable(folder / name, f"{FOLDER}/{name}", HEAVIEST_ASKED):
                yield source.fault((*place, "picture"), *flaw)


def _unknown(code: str, source: Source, place: Place, content: Content) -> Iterator[Fault]:
    if content.framework is not None and code not in content.indicators:
        yield source.fault(place, f'指标 "{code}" 在 framework.yaml 里没有', "改成已有的指标，例如 C5.2.a")


def _indicators(pool: Pool, content: Content) -> Iterator[Fault]:
    for item, source, place in pool:
        for number, code in enumerate(item.indicators):
            yield from _unknown(code, source, (*place, "indicators", number), content)


def _case_indicators(pool: Pool, content: Content) -> Iterator[Fault]:
    for item, source, _ in pool:
        assert isinstance(item, case.Item)
        for node, inject in item.injects.items():
            for key, choice in inject.choices.items():
                for number, code in enumerate(choice.indicators):
                    yield from _unknown(code, source, ("injects", node, "choices", key, "indicators", number), content)


def _disjoint(course: CourseFiles) -> Iterator[Fault]:
    """Yield what stands in the practice pool and in the exam: then its key would ship with a page."""
    alike = Alike(course.practice.items)
    for name, (source, place) in course.bank.named.items():
        if name in course.practice.named:
            yield source.fault(place, f'题名 "{name}" 练习题里也有', "换一个名字；考试题不能拿来练习")
        elif name in course.bank.items and (other := alike.to(course.bank.items[name])):
            yield source.fault((*place, "stem"), f'题 "{name}" 和练习题 "{other}" 是同一道题', "换一道；考试题不能拿来练习")
    for name, (source, place) in course.cases.named.items():
        if name in course.bank.named or name in course.practice.named:
            yield source.fault(place, f'案例名 "{name}" 已经是一道题的名字', "改文件名")


def _practice_teaches(pool: Pool) -> Iterator[Fault]:
    """Yield each brief question that does not say what an answer teaches; the others can say it by themselves."""
    for item, source, place in pool:
        if item.type in BRIEF and not getattr(item, "feedback", None):
            yield source.fault(place, f'练习题 "{place[-1]}" 没有 "feedback"', "写上每种答法能学到什么")


def exam_faults(course: CourseFiles, content: Content) -> Iterator[Fault]:
    """Yield what keeps the blueprint from being filled."""
    if course.exam is None or course.exam_source is None:
        return
    source = course.exam_source
    bank = course.bank.items | course.cases.items
    for number, slot in enumerate(course.exam.slots):
        if slot.indicator is not None:
            yield from _unknown(slot.indicator, source, ("slots", number, "indicator"), content)
        if slot.tag is not None and course.manifest and slot.tag not in course.manifest.tags:
            yield source.fault(("slots", number, "tag"), f'标签 "{slot.tag}" 在 course.yaml 的 tags 里没有', "补上它，或改名字")
        for name in slot.questions:
            yield from _named(course, name, source, ("slots", number, "question"))
        for name in slot.cases:
            if name not in course.cases.named:
                yield source.fault(("slots", number, "case"), f'案例 "{name}" 在 cases/ 里没有', "补上文件，或改名字")
        if len({bank[each].type in BY_HAND for each in candidates(slot, bank)}) > 1:
            yield source.fault(("slots", number), "一个题位里既有老师批的题又有自动评分的题", "分成两个题位")
    if course.bank.whole and course.cases.whole:
        yield from _vacant(course, bank)


def _named(course: CourseFiles, name: str, source: Source, place: Place) -> Iterator[Fault]:
    if name in course.practice.named:
        yield source.fault(place, f'题 "{name}" 是练习题，不能放进考试', "换成 questions/exam 里的题")
    elif name not in course.bank.named:
        yield source.fault(place, f'题 "{name}" 在 questions/exam 里没有', "补上它，或改名字")


def _vacant(course: CourseFiles, bank: dict[str, Item]) -> Iterator[Fault]:
    assert course.exam is not None
    assert course.exam_source is not None
    empty = vacant(course.exam, bank)
    for number, slot in enumerate(course.exam.slots):
        lacking = sum(1 for seat in empty if seat.wants is slot)
        if lacking and (slot.indicator is not None or len(candidates(slot, bank)) == len(slot.questions) + len(slot.cases)):
            what = f"{_wanted(slot)}的题不够" if slot.indicator else "这里的题别的题位已经用了"
            text = f"这个题位还差 {lacking} 道题：{what}"
            yield course.exam_source.fault(("slots", number), text, "在 questions/exam 里补题，或减少 count")


def _wanted(slot: Slot) -> str:
    more = [f"难度 {'、'.join(slot.difficulties)}"] if slot.difficulties else []
    more += [f"标签 {slot.tag}"] if slot.tag else []
    return f"指标 {slot.indicator}（{'，'.join(more)}）" if more else f"指标 {slot.indicator} "
