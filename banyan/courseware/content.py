"""What courses share: the framework, the facts, the words explained, the programmes and the courses planned for them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from banyan.courseware.facts import Facts, load_facts
from banyan.courseware.faults import Faults, told
from banyan.courseware.fit import fit
from banyan.courseware.framework import load_framework
from banyan.courseware.glossary import Glossary, load_glossary
from banyan.courseware.manifest import PlannedCourse, Programme
from banyan.courseware.outline import FILE as OUTLINE
from banyan.courseware.outline import load_outline
from banyan.courseware.planned import load_planned
from banyan.courseware.yaml_source import Source, read
from banyan.domain import certification
from banyan.domain.framework import Framework, Role
from banyan.errors import CourseError


@dataclass(frozen=True)
class Content:
    """`programmes` come with the file they stand in, so that a later fault has a place."""

    framework: Framework | None
    facts: Facts
    glossary: Glossary
    programmes: tuple[tuple[Source, Programme], ...]
    planned: Mapping[str, PlannedCourse] = field(default_factory=dict)

    @property
    def indicators(self) -> frozenset[str]:
        return frozenset(code for each in self.framework or () for code in each.indicator_codes)


def read_content(root: Path, faults: Faults) -> Content:
    """Read all that courses share, as far as it can be read."""
    programmes = []
    for path in sorted((root / "programmes").glob("*.yaml")):
        source = read(path, f"{root.name}/programmes/{path.name}", faults)
        programme = fit(Programme, source, faults) if source else None
        if source and programme:
            programmes.append((source, programme))
    facts = load_facts(root / "facts.yaml", f"{root.name}/facts.yaml", faults)
    return Content(
        load_framework(root / "framework.yaml", f"{root.name}/framework.yaml", faults),
        facts,
        load_glossary(root / "glossary.yaml", f"{root.name}/glossary.yaml", facts, faults),
        tuple(programmes),
        load_planned(root / "planned.yaml", f"{root.name}/planned.yaml", faults),
    )


def open_content(root: Path) -> Content:
    """Return what courses share, or raise CourseError with everything that is wrong with it."""
    faults: Faults = []
    content = read_content(root, faults)
    load_outline(root / OUTLINE, f"{root.name}/{OUTLINE}", faults)
    if faults:
        raise CourseError(told(faults))
    return content


def open_framework(root: Path) -> Framework:
    """Return the framework that the content folder states, or raise CourseError."""
    faults: Faults = []
    framework = load_framework(root / "framework.yaml", f"{root.name}/framework.yaml", faults)
    if faults or framework is None:
        raise CourseError(told(faults))
    return framework


def open_programmes(root: Path) -> tuple[certification.Programme, ...]:
    """Return the programmes that the content folder states, as the rules know them, or raise CourseError."""
    stated = [programme for _, programme in open_content(root).programmes]
    return tuple(as_rule(each, foundation(each, stated)) for each in stated)


def open_planned(root: Path) -> Mapping[str, PlannedCourse]:
    """Return the courses that are planned, or raise CourseError."""
    return open_content(root).planned


def foundation(programme: Programme, stated: Iterable[Programme]) -> tuple[str, ...]:
    """Return the courses of the programmes that one builds on, each once, the lowest tier's first."""
    known = {each.code: each for each in stated}
    below: list[Programme] = []
    on = known.get(programme.builds_on or "")
    while on is not None and on not in below:
        below.insert(0, on)
        on = known.get(on.builds_on or "")
    return tuple(dict.fromkeys(course for each in below for course in each.courses))


def as_rule(entry: Programme, under: tuple[str, ...] = ()) -> certification.Programme:
    """Return a programme as the rules know it; `under` are the courses it builds on."""
    return certification.Programme(
        code=entry.code,
        title=entry.title.model_dump(),
        certificate_title=entry.certificate_title,
        role=Role(entry.role),
        tier=entry.tier,
        targets=dict(entry.targets),
        courses=entry.courses,
        hours_max=entry.hours_max,
        valid_months=entry.valid_months,
        effective_from=entry.effective_from,
        renew_within_days=entry.renew_within_days,
        foundation=under,
        second_pair_of_eyes=entry.second_pair_of_eyes,
        trainer_apart=entry.trainer_apart,
        leave_suspends=entry.leave_suspends,
        second_marker=entry.second_marker,
    )
