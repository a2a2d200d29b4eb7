"""Where a reader goes from the end of a lesson: to the next one, to the exam, then to whatever the course page says is next."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from banyan.courseware.release import Release
from banyan.tracker.attempts import sittings
from banyan.tracker.progress import LessonProgress, lesson_progress
from banyan.words.language import Language

PORTAL = "/services/portal/"
LESSONS = "/services/lessons/"


@dataclass(frozen=True)
class Ahead:
    label: str
    path: str


@dataclass(frozen=True)
class Reading:
    """A lesson somebody has open."""

    person_id: int
    release: Release
    lesson: str


def ahead(session: Session, open_now: Reading, speech: Language) -> Ahead:
    """Return what to go on with once the lesson that is open has been read to its end."""
    release, page = open_now.release, f"{PORTAL}courses/{open_now.release.course}"
    following = next_lesson(lesson_progress(session, open_now.person_id, release), open_now.lesson)
    if following:
        title = speech.text(following.title)
        return Ahead(speech.say("下一课：{title}", title=title), f"{LESSONS}{release.course}/{following.name}")
    sat = sittings(session, open_now.person_id, release.course)
    return Ahead(speech.say("看看下一步"), page) if sat else Ahead(speech.say("去考试"), f"{page}/exam")


def next_lesson(lessons: Sequence[LessonProgress], name: str) -> LessonProgress | None:
    """Return the first unfinished lesson after this one, else one left out before it."""
    here = [each.name for each in lessons].index(name)
    return next((each for each in (*lessons[here + 1 :], *lessons[:here]) if not each.finished), None)
