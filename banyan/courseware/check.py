"""The check of everything: all faults of all files, found together and told by place."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from banyan.courseware.content import Content, read_content
from banyan.courseware.county import sentence_faults
from banyan.courseware.course import CourseFiles, course_folders, read_course
from banyan.courseware.dialogues import dialogue_faults
from banyan.courseware.faults import Fault, Faults, told
from banyan.courseware.lesson_check import lesson_faults, model_faults
from banyan.courseware.manifest import Practical
from banyan.courseware.programme_check import programme_faults
from banyan.courseware.questions_check import exam_faults, question_faults
from banyan.courseware.recordings import recording_faults
from banyan.courseware.task_check import task_faults
from banyan.courseware.task_trial import trial_faults
from banyan.courseware.yaml_source import Place, Source


def check_courses(courses_root: Path, content_root: Path) -> list[str]:
    """Return every fault of the courses and of what they share, as `file:line: fault；remedy`; none means publishable."""
    faults: Faults = []
    content = read_content(content_root, faults)
    courses: dict[str, CourseFiles] = {}
    if courses_root.is_dir():
        courses = {each.name: read_course(each, courses_root, faults) for each in course_folders(courses_root)}
    else:
        faults.append(Fault(courses_root.name, 1, "没有这个文件夹", "指向放课程的文件夹"))
    for course in courses.values():
        faults.extend(course_faults(course, content))
    faults.extend(programme_faults(courses, content))
    return told(faults)


def checked_course(folder: Path, courses_root: Path, content: Content, faults: Faults) -> CourseFiles:
    """Return one course; all that is wrong with it goes to `faults`."""
    course = read_course(folder, courses_root, faults)
    faults.extend(course_faults(course, content))
    return course


def course_faults(course: CourseFiles, content: Content) -> Iterator[Fault]:
    yield from _taught(course, content)
    yield from question_faults(course, content)
    yield from exam_faults(course, content)
    yield from lesson_faults(course, content)
    yield from model_faults(course)
    yield from dialogue_faults(course.dialogues, course.lessons)
    for task in course.tasks.values():
        yield from list(task_faults(task)) or trial_faults(task, course.name)
    yield from recording_faults(course.folder / "audio", f"{course.file}/audio", course.lessons)


def _taught(course: CourseFiles, content: Content) -> Iterator[Fault]:
    """Yield what the course or its practical names that the framework lacks."""
    if content.framework is None:
        return
    if course.manifest and course.manifest_source:
        for code in course.manifest.teaches:
            if code not in content.framework:
                text = f'能力 "{code}" 在 framework.yaml 里没有'
                yield course.manifest_source.fault(("teaches", code), text, "改成已有的能力，例如 C5.2")
    if course.practical and course.practical_source:
        source = course.practical_source
        yield from _said(course, course.practical, source)
        for place, tick in enumerate(course.practical.ticks):
            if tick.indicator not in content.indicators:
                text = f'指标 "{tick.indicator}" 在 framework.yaml 里没有'
                yield source.fault(("ticks", place, "indicator"), text, "改成已有的指标，例如 C5.2.a")


def _said(course: CourseFiles, practical: Practical, source: Source) -> Iterator[Fault]:
    """Yield what is wrong with what the practical's sentences say of the county."""
    needs = course.manifest.needs if course.manifest else ()
    for where, sentence in _sentences(practical.model_dump(), ()):
        yield from (source.fault(where, *fault) for fault in sentence_faults(sentence, needs))


def _sentences(part: Any, place: Place) -> Iterator[tuple[Place, str]]:
    """Yield every text of some data with its place."""
    if isinstance(part, str):
        yield place, part
    elif isinstance(part, dict | list | tuple):
        for name, each in part.items() if isinstance(part, dict) else enumerate(part):
            yield from _sentences(each, (*place, name))
