"""A home takes in what courses share; where that changes the framework, everybody's standing is ruled by it at once."""

from datetime import UTC, datetime
from pathlib import Path

from banyan.courseware.content import open_framework
from banyan.domain.calendar import county_day
from banyan.domain.framework import Framework
from banyan.errors import CourseError
from banyan.records.engine import Sessions
from banyan.settings import Home
from banyan.tracker.standing import rebuild_in_turns
from banyan.wiring import check_content, load_content


def renew_content(home: Home, records: Sessions, source: Path) -> int | None:
    """Take what courses share into the home, and return of how many people standing was ruled anew; see `rule_anew`.

    That comes first: killed before the home has the new framework, the next run finds the old one there and does both.
    """
    check_content(source)
    people = rule_anew(records, home.content, source)
    load_content(home, source)
    return people


def rule_anew(records: Sessions, before: Path, after: Path) -> int | None:
    """Rule everybody's standing by the framework of a folder where it is not that of the folder before.

    Return of how many people, None if the framework is the same or the first.
    """
    framework = open_framework(after)
    if not before.is_dir() or _framework(before) == framework:
        return None
    return rebuild_in_turns(records, framework, county_day(datetime.now(UTC)))


def _framework(folder: Path) -> Framework | None:
    """Return a home's framework, None if it was written for another version of the program."""
    try:
        return open_framework(folder)
    except CourseError:
        return None
