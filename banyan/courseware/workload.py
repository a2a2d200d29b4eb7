"""How long a course takes, measured from its files and never from what it claims.

Reading: 250 characters a minute, half a minute a practice question, three quarters a panel, a minute and a half a
dialogue (banyan.courseware.lesson_check), and a quarter of a minute to turn to each step and look at each picture.
A notebook task takes the minutes it gives. The practical takes the minutes of its script, or where it has none the hours
the course states. The exam takes the minutes it gives.
"""

from dataclasses import dataclass

from banyan.courseware.course import CourseFiles
from banyan.courseware.lesson import Lesson, pictures
from banyan.courseware.lesson_check import step_minutes

LOOK_MINUTES = 0.25


@dataclass(frozen=True)
class Workload:
    """Minutes."""

    online: float = 0
    practical: float = 0
    exam: float = 0

    @property
    def hours(self) -> float:
        return (self.online + self.practical + self.exam) / 60

    def __add__(self, other: "Workload") -> "Workload":
        return Workload(self.online + other.online, self.practical + other.practical, self.exam + other.exam)


def workload(course: CourseFiles) -> Workload:
    """Return how long somebody who reads slowly needs for a course."""
    tasks = sum(each.head.minutes for each in course.tasks.values())
    return Workload(
        online=sum(lesson_minutes(each) for each in course.lessons.values()) + tasks,
        practical=_practical(course),
        exam=course.exam.minutes if course.exam else 0,
    )


def lesson_minutes(lesson: Lesson) -> float:
    """Return how long a slow reader needs for a lesson, its pictures and its turning of steps included."""
    looked_at = sum(1 for block in lesson.prose() for _ in pictures(block))
    return sum(step_minutes(lesson, step) for step in lesson.steps) + LOOK_MINUTES * (looked_at + len(lesson.steps))


def _practical(course: CourseFiles) -> float:
    if course.practical is None:
        return 0
    scripted = sum(line.minutes for line in course.practical.script)
    return scripted or (course.manifest.hours.practical * 60 if course.manifest else 0)
