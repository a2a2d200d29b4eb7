"""`banyan courses check`: first the files, then, of a course without a fault, the release they would make."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from banyan.courseware.build import build_course
from banyan.courseware.check import check_courses
from banyan.courseware.course import course_folders, read_course
from banyan.courseware.earlier import reused_names
from banyan.courseware.faults import told
from banyan.errors import CourseError


def prove_courses(courses: Path, content: Path, releases: Path | None = None) -> list[str]:
    """Return every fault of all courses, also of what would be published of them; none means publishable.

    `releases` are those of a home: then names that stood for other questions there are faults too.
    """
    faults = check_courses(courses, content)
    if faults:
        return faults
    for folder in course_folders(courses):
        faults += _of_release(courses, folder.name, content)
        if releases is not None:
            faults += told(list(reused_names(read_course(folder, courses, []), releases)))
    return faults


def _of_release(courses: Path, course: str, content: Path) -> list[str]:
    """Build a course where nobody looks, for what only a built one shows."""
    with TemporaryDirectory(prefix="banyan-check-") as place:
        try:
            build_course(courses, course, content, Path(place), datetime.now(UTC))
        except CourseError as fault:
            return list(fault.faults)
    return []
