"""Whether a programme can be completed at all: with the courses it names, in the hours it allows, to the levels it asks for."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from banyan.courseware.content import Content, as_rule, foundation
from banyan.courseware.course import CourseFiles
from banyan.courseware.exam import candidates
from banyan.courseware.faults import Fault
from banyan.courseware.manifest import Programme
from banyan.courseware.workload import Workload, workload
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
    """Yield what keeps programmes from being completed; those that lack a planned course are only held to their names."""
    stated = [programme for _, programme in content.programmes]
    for source, programme in content.programmes:
        yield from _names(source, programme, courses, content)
        yield from _tiers(source, programme, stated)
        if lacking(programme, stated, courses):
            yield from _untaught(source, programme, courses, content)
            continue
        taken = [courses[each] for each in programme.courses]
        if all(each.readable for each in taken):
            yield from _hours(source, programme, taken)
            yield from _markers(source, programme, taken)
            if content.framework and all(code in content.framework for code in programme.targets):
                under = [courses[each] for each in foundation(programme, stated)]
                yield from _targets(source, programme, [*under, *taken], content.framework)


def lacking(programme: Programme, stated: Iterable[Programme], courses: Collection[str]) -> tuple[str, ...]:
    """Return the courses that a programme counts on and that have no folder: while there is one it is in preparation."""
    return tuple(each for each in (*foundation(programme, stated), *programme.courses) if each not in courses)


def _names(source: Source, programme: Programme, courses: Mapping[str, CourseFiles], content: Content) -> Iterator[Fault]:
    for place, each in enumerate(programme.courses):
        if each not in courses and each not in content.planned:
            yield source.fault(("courses", place), f'课程 "{each}" 没有文件夹', "补上课程，或改名字；还没写的课记在 planned.yaml")
    for code in programme.targets:
        if content.framework and code not in content.framework:
            yield source.fault(("targets", code), f'能力 "{code}" 在 framework.yaml 里没有', "改成已有的能力，例如 C5.2")
    if programme.tier == "T1" and len(programme.targets) > ENTRY_COMPETENCIES:
        text = f"入门项目列了 {len(programme.targets)} 项能力，最多 {ENTRY_COMPETENCIES} 项"
        yield source.fault(("targets",), text, "把其余的放到进阶项目")
    if programme.tier == "T1" and programme.hours_max > ENTRY_HOURS:
        yield source.fault(("hours_max",), f"入门项目最多 {ENTRY_HOURS} 学时", "改小")


def _tiers(source: Source, programme: Programme, stated: list[Programme]) -> Iterator[Fault]:
    """Yield what is wrong with the programme below: it has to be there, of the same role and of a lower tier."""
    if programme.builds_on is None:
        return
    below = next((each for each in stated if each.code == programme.builds_on), None)
    if below is None:
        yield source.fault(("builds_on",), f'没有项目 "{programme.builds_on}"', "改成已有的项目")
    elif (below.role, below.tier) >= (programme.role, programme.tier) or below.role != programme.role:
        yield source.fault(("builds_on",), f'"{below.code}" 不是同一岗位的下一级项目', "改成同一岗位、低一级的项目")
    elif lost := [code for code, level in below.targets.items() if programme.targets.get(code, 0) < level]:
        text = f"{'、'.join(lost)} 的要求比 {below.code} 还低"
        yield source.fault(("targets",), text, "高一级的项目，每项能力不低于下一级")


def _untaught(source: Source, programme: Programme, courses: Mapping[str, CourseFiles], content: Content) -> Iterator[Fault]:
    """Yield each target that no course of a programme in preparation is to teach, the programmes below included."""
    chain = (*foundation(programme, [each for _, each in content.programmes]), *programme.courses)
    known = {name: set(each.teaches) for name, each in content.planned.items()}
    known |= {name: set(each.manifest.teaches) for name, each in courses.items() if each.manifest}
    taught = {code for each in chain for code in known.get(each, ())}
    for code in programme.targets:
        if code not in taught and (not content.framework or code in content.framework):
            yield source.fault(("targets", code), f"{code} 没有哪门课教", "加上教它的课，或去掉这一项")


def measured(courses: Iterable[CourseFiles]) -> Workload:
    """Return what several courses take together."""
    return sum((workload(each) for each in courses), Workload())


def _hours(source: Source, programme: Programme, taken: list[CourseFiles]) -> Iterator[Fault]:
    """Hold the hours against what the files measure, and an entry programme to its one practical."""
    hours = measured(taken).hours
    if hours > programme.hours_max:
        text = f"各门课量下来 {hours:.1f} 学时，超过 {programme.hours_max:g} 学时"
        yield source.fault(("hours_max",), text, "减课文、减演练，或改 hours_max")
    for course in taken:
        yield from _claims(course)
    practicals = sum(each.practical is not None for each in taken)
    if programme.tier == "T1" and practicals != 1:
        text = f"入门项目要正好一次现场演练，现在有 {practicals} 次"
        yield source.fault(("courses",), text, "给一门课加上 practical.yaml，或分成两个项目")


def _claims(course: CourseFiles) -> Iterator[Fault]:
    """Hold the hours a course states against what its files measure."""
    if course.manifest is None or course.manifest_source is None:
        return
    found, said = workload(course), course.manifest.hours
    for part in ("online", "practical", "exam"):
        took, claimed = getattr(found, part), getattr(said, part) * 60
        if took > claimed:
            text = f"{part} 写了 {claimed / 60:g} 学时，量下来要 {took / 60:.1f} 学时"
            yield course.manifest_source.fault(("hours", part), text, "改 hours，或减内容")


def _markers(source: Source, programme: Programme, taken: list[CourseFiles]) -> Iterator[Fault]:
    for course in taken if programme.second_marker else ():
        by_hand = any(each.type in questions.BY_HAND for each in course.bank.items.values())
        if by_hand and course.exam and not course.exam.second_marker:
            text = f'课程 "{course.name}" 的考试有老师批的题，没有第二位阅卷老师'
            yield source.fault(("second_marker",), text, f"在 {course.name}/exam.yaml 写 second_marker: true")


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
