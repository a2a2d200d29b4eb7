"""Whether a programme can be completed at all: with the courses it names, in the hours it allows, to the levels it asks for."""

from collections.abc import Iterator, Mapping

from banyan.courseware.content import Content, as_rule
from banyan.courseware.course import CourseFiles
from banyan.courseware.exam import candidates
from banyan.courseware.faults import Fault
from banyan.courseware.manifest import Programme
from banyan.courseware.yaml_source import Source
from banyan.domain import certification
from banyan.domain.evidence import Evidence, observe
from banyan.domain.framework import Framework, Kind
from grading import questions
from grading.questions import case

ENTRY_HOURS = 8
ENTRY_COMPETENCIES = 6
Shown = dict[tuple[str, Kind, int], set[str]]
"""What a course is sure to show: competency, how, at which level → indicators."""


def programme_faults(courses: Mapping[str, CourseFiles], content: Content) -> Iterator[Fault]:
    for source, programme in content.programmes:
        yield from _names(source, programme, courses, content)
        taken = [courses[each] for each in programme.courses if each in courses]
        yield from _hours(source, programme, taken)
        whole = len(taken) == len(programme.courses) and all(each.readable for each in taken)
        if whole and content.framework and all(code in content.framework for code in programme.targets):
            yield from _targets(source, programme, taken, content.framework)


def _names(source: Source, programme: Programme, courses: Mapping[str, CourseFiles], content: Content) -> Iterator[Fault]:
    for place, each in enumerate(programme.courses):
        if each not in courses:
            yield source.fault(("courses", place), f'课程 "{each}" 没有文件夹', "补上课程，或改名字")
    for code in programme.targets:
        if content.framework and code not in content.framework:
            yield source.fault(("targets", code), f'能力 "{code}" 在 framework.yaml 里没有', "改成已有的能力，例如 C5.2")
    if programme.tier == "T1" and len(programme.targets) > ENTRY_COMPETENCIES:
        text = f"入门项目列了 {len(programme.targets)} 项能力，最多 {ENTRY_COMPETENCIES} 项"
        yield source.fault(("targets",), text, "把其余的放到进阶项目")


def _hours(source: Source, programme: Programme, taken: list[CourseFiles]) -> Iterator[Fault]:
    hours = sum(each.manifest.hours.total for each in taken if each.manifest)
    if hours > programme.hours_max:
        text = f"各门课加起来 {hours:g} 学时，超过 {programme.hours_max:g} 学时"
        yield source.fault(("hours_max",), text, "减课时，或改 hours_max")
    if programme.tier == "T1" and programme.hours_max > ENTRY_HOURS:
        yield source.fault(("hours_max",), f"入门项目最多 {ENTRY_HOURS} 学时", "改小")


def _targets(source: Source, programme: Programme, taken: list[CourseFiles], framework: Framework) -> Iterator[Fault]:
    shown: Shown = {}
    for course in taken:
        _add(shown, course, framework)
    rows = [_row(framework, key, indicators, programme) for key, indicators in shown.items()]
    rule = as_rule(programme)
    for gap in certification.missing(rule, framework, rows, programme.effective_from):
        text = f"{gap.competency} 要到 {gap.wanted} 级，可是这些课程最多只能到 {gap.held} 级（{_lacking(framework, gap, shown)}）"
        yield source.fault(("targets", gap.competency), text, "补考题、演练或实训的勾选项，或把要求降下来")


def _row(framework: Framework, key: tuple[str, Kind, int], indicators: set[str], programme: Programme) -> Evidence:
    code, kind, level = key
    return observe(framework.competency(code), frozenset(indicators), kind, level, programme.effective_from)


def _lacking(framework: Framework, gap: certification.Gap, shown: Shown) -> str:
    """Say per kind of evidence which indicators it does not show."""
    wanted = framework.competency(gap.competency).indicator_codes
    kinds = {kind: had for (code, kind, _), had in shown.items() if code == gap.competency}
    parts = [f"{kind} 还差 {'、'.join(sorted(wanted - had))}" for kind, had in kinds.items() if wanted - had]
    return "；".join(parts) or f"现在只有 {'、'.join(kinds) or '空白'}"


def _add(shown: Shown, course: CourseFiles, framework: Framework) -> None:
    """Add what the exam, the drill that ends it and the practical are sure to show, each at its level."""
    teaches = course.manifest.teaches if course.manifest else {}
    for kind, code in [(Kind.OA, each) for each in _asked(course)] + [(Kind.SIM, each) for each in _drilled(course)]:
        competency = code.rpartition(".")[0]
        if framework.has_indicator(code) and competency in teaches:
            shown.setdefault((competency, kind, teaches[competency]), set()).add(code)
    for tick in course.practical.ticks if course.practical else ():
        competency = tick.indicator.rpartition(".")[0]
        if course.practical and framework.has_indicator(tick.indicator):
            shown.setdefault((competency, Kind.OS, course.practical.level), set()).add(tick.indicator)


def _asked(course: CourseFiles) -> Iterator[str]:
    """Yield the indicators that every form of the exam asks."""
    for slot in course.exam.slots if course.exam else ():
        if slot.indicator is not None:
            yield slot.indicator
        elif slot.case is None:
            possible = [_assessed(course.bank.items[each]) for each in candidates(slot, course.bank.items)]
            yield from set.intersection(*possible) if possible else ()


def _assessed(item: questions.Item) -> set[str]:
    """Return what a question assesses; one that is walked is a simulation and assesses nothing."""
    return set() if questions.stepped_type_of(item) else set(item.indicators)


def _drilled(course: CourseFiles) -> Iterator[str]:
    """Yield the indicators that a good walk through the exam's drill shows, whichever of its cases is drawn."""
    for slot in course.exam.slots if course.exam else ():
        items = [course.cases.items.get(each) for each in slot.cases]
        shown = [case.indicators_shown(each, case.key(each)) for each in items if isinstance(each, case.Item)]
        yield from frozenset.intersection(*shown) if shown else ()
