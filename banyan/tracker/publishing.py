"""Publishing courses: what stands in the workshop becomes a release people learn by, once the county has filled in what
it needs. A demo's courses are published by whoever prepares it; everywhere else by the county's administrator, here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from banyan.courseware.build import digest_of, release_course
from banyan.courseware.catalogue import Catalogue
from banyan.courseware.course import course_folders, read_manifest
from banyan.courseware.release import Release
from banyan.domain.county import BY_KEY, Gap
from banyan.domain.permission import Action, Target
from banyan.errors import NotFoundError, NotYetError
from banyan.records import audit
from banyan.tracker.county import county_unit, gaps, towns
from banyan.tracker.people import NOT_HERE, Me, require

CONSOLE = "setup"
"""Who publishes from the server's own command line."""


@dataclass(frozen=True)
class Workshop:
    """Where courses are written, what they share, and where their releases go."""

    courses: Path
    content: Path
    releases: Path


@dataclass(frozen=True)
class Standing:
    """A course as it stands: its newest release if it has one, whether its files changed since, what it waits for.

    `title` is empty where course.yaml cannot be read.
    """

    course: str
    title: dict[str, str]
    release: Release | None
    changed: bool
    gaps: tuple[Gap, ...]


def shelf(session: Session, workshop: Workshop) -> list[Standing]:
    """Return every course of the workshop, by name."""
    catalogue = Catalogue(workshop.releases)
    return [_standing(session, workshop, catalogue, each.name) for each in course_folders(workshop.courses)]


def needed_by(workshop: Workshop) -> dict[str, list[dict[str, str]]]:
    """Return which courses need which settings: key → titles of courses."""
    found: dict[str, list[dict[str, str]]] = {}
    for folder in course_folders(workshop.courses):
        manifest = read_manifest(folder, workshop.courses)
        if manifest:
            for key in manifest.needs:
                found.setdefault(key, []).append(manifest.title.model_dump())
    return found


def publish(session: Session, workshop: Workshop, course: str, by: Me, now: datetime) -> Release:
    """Publish a course as it stands now; NotYetError names what is empty, CourseError what its authors must mend."""
    require(by.actor, Action.PUBLISH, Target(frozenset({county_unit(session).path})))
    return _publish(session, workshop, course, by.person.staff_number, now)


def publish_all(session: Session, workshop: Workshop, now: datetime) -> list[Release]:
    """Publish every course from the command line, or none and say all that is empty."""
    names = [each.name for each in course_folders(workshop.courses)]
    lacking = dict.fromkeys(gap for name in names for gap in _gaps_of(session, workshop, name))
    if lacking:
        raise NotYetError("课程还不能发布，本县设置里还缺：\n{gaps}", gaps="\n".join(told(session, lacking)))
    return [_publish(session, workshop, name, CONSOLE, now) for name in names]


def told(session: Session, lacking: Iterable[Gap]) -> list[str]:
    """Return what is empty in words, a line each: which number, and whose."""
    names = {unit.path: unit.name for unit in towns(session)}
    return [f"{names[gap.path]}：{BY_KEY[gap.key].name}" if gap.path in names else BY_KEY[gap.key].name for gap in lacking]


def _publish(session: Session, workshop: Workshop, course: str, actor: str, now: datetime) -> Release:
    lacking = _gaps_of(session, workshop, course)
    if lacking:
        raise NotYetError("还不能发布，本县设置里还缺：{gaps}", gaps="、".join(told(session, lacking)))
    before = _newest(Catalogue(workshop.releases), course)
    release = release_course(workshop.courses, course, workshop.content, workshop.releases, now)
    if before is None or before.number != release.number:
        audit.append(session, now, actor, "course.publish", course, release=release.number, digest=release.digest)
    return release


def _gaps_of(session: Session, workshop: Workshop, course: str) -> tuple[Gap, ...]:
    folder = workshop.courses / course
    if folder not in course_folders(workshop.courses):
        raise NotFoundError(NOT_HERE)
    manifest = read_manifest(folder, workshop.courses)
    return gaps(session, manifest.needs) if manifest else ()


def _standing(session: Session, workshop: Workshop, catalogue: Catalogue, course: str) -> Standing:
    manifest = read_manifest(workshop.courses / course, workshop.courses)
    release = _newest(catalogue, course)
    return Standing(
        course=course,
        title=manifest.title.model_dump() if manifest else {},
        release=release,
        changed=release is not None and release.digest != digest_of(workshop.courses, course, workshop.content),
        gaps=_gaps_of(session, workshop, course),
    )


def _newest(catalogue: Catalogue, course: str) -> Release | None:
    try:
        return catalogue.newest(course)
    except NotFoundError:
        return None
