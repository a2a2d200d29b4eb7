"""From a course folder to a release: checked as a whole, written once, never changed.

The same sources, framework, facts and builder give the same digest; then the release that is there already is returned.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import nbformat

import grading.bridge.handout
import grading.questions
from banyan.courseware.both_scripts import in_both
from banyan.courseware.catalogue import numbers
from banyan.courseware.cell import asked
from banyan.courseware.check import checked_course
from banyan.courseware.content import Content, read_content
from banyan.courseware.course import IGNORED, CourseFiles, read_course
from banyan.courseware.earlier import reused_names
from banyan.courseware.exam import ReleaseExam
from banyan.courseware.facts import Fact, Facts
from banyan.courseware.faults import Fault, Faults, told
from banyan.courseware.folder import publish, unfinished
from banyan.courseware.glossary import Term, marked_terms
from banyan.courseware.leaks import Leak, leaks
from banyan.courseware.lesson import Lesson, as_json
from banyan.courseware.manifest import Course, Exam
from banyan.courseware.notebook import lesson_notebook
from banyan.courseware.pictures import FOLDER, inline
from banyan.courseware.recordings import Sound, recordings
from banyan.courseware.release import ExamOutline, LessonOutline, Outline, Release, TaskOutline, TaskPart
from banyan.courseware.task import Task
from banyan.courseware.task_notebook import task_notebook
from banyan.courseware.versions import versions
from banyan.domain.framework import Framework
from banyan.errors import CourseError
from grading import questions
from grading.bridge.handout import handed_out
from grading.questions import case
from grading.questions.render import html

SHARED = ("framework.yaml", "facts.yaml", "glossary.yaml")
BUILDERS = (Path(__file__).parent, Path(grading.questions.__file__).parent, Path(grading.bridge.handout.__file__))
BROUGHT = tuple(each for each in questions.TYPES if each not in questions.OURS)
"""Types of other packages, a file each."""
PRIVATE = "private"
AUDIO = "audio"
TASKS = "tasks"


class Whole(NamedTuple):
    """A course without a fault: every part is there."""

    files: CourseFiles
    manifest: Course
    exam: Exam
    framework: Framework
    content: Content
    sounds: Mapping[tuple[str, str], Sound]


def release_course(courses_root: Path, course: str, content_root: Path, releases: Path, now: datetime) -> Release:
    """Build a course for people to learn by: what a question's name meant in the releases there are it must still mean."""
    folder = courses_root / course
    if folder.is_dir():
        _refuse(list(reused_names(read_course(folder, courses_root, []), releases)))
    return build_course(courses_root, course, content_root, releases, now)


def build_course(courses_root: Path, course: str, content_root: Path, releases: Path, now: datetime) -> Release:
    """Return the release of a course as it stands now; CourseError with every fault if it cannot be published."""
    whole = _whole(courses_root, course, content_root)
    digest = _digest(whole.files.folder, content_root)
    while True:
        found = numbers(releases, course)
        if found and (newest := Release.open(releases / course / str(found[-1]))).digest == digest:
            return newest
        number = found[-1] + 1 if found else 1
        place = releases / course / str(number)
        with unfinished(place.parent) as folder:
            _write(folder, whole, _outline(whole, number, digest, now))
            _refuse([_leaked(each, whole.files) for each in leaks(folder, _bank(whole.files), PRIVATE)])
            if publish(folder, place, PRIVATE):
                return Release.open(place)


def _whole(courses_root: Path, course: str, content_root: Path) -> Whole:
    folder = courses_root / course
    if not folder.is_dir():
        raise CourseError([f"{courses_root.name}/{course}:1: 没有这个课程文件夹；改名字，或补上课程"])
    faults: Faults = []
    content = read_content(content_root, faults)
    files = checked_course(folder, courses_root, content, faults)
    if faults or files.manifest is None or files.exam is None or content.framework is None:
        raise CourseError(told(faults))
    return Whole(files, files.manifest, files.exam, content.framework, content, recordings(folder / AUDIO))


def _refuse(faults: Faults) -> None:
    if faults:
        raise CourseError(told(faults))


def _bank(files: CourseFiles) -> dict[str, questions.Item]:
    return files.bank.items | files.cases.items


def _leaked(leak: Leak, files: CourseFiles) -> Fault:
    source, place = (files.bank.where | files.cases.where)[leak.question]
    text = f'考试题 "{leak.question}" 的这句话会随 {leak.file} 发给学员：“{leak.text[:40]}”'
    return source.fault(place, text, "考试的答案和讲解不能出现在课文、练习和别处；改掉其中一处")


def digest_of(courses_root: Path, course: str, content_root: Path) -> str:
    """Return the digest a release of a course would have if it were built now."""
    return _digest(courses_root / course, content_root)


def _digest(folder: Path, content_root: Path) -> str:
    """Return the SHA-256 of everything that goes into a release: names and contents of the sources, and the builder's own."""
    digest = hashlib.sha256()
    shared = [(name, content_root / name) for name in SHARED if (content_root / name).exists()]
    own = [(f"{root.name}/{path.relative_to(root.parent)}", path) for root in BUILDERS for path in _files(root)]
    own += [(f"types/{each.name}", Path(str(getattr(each, "__file__", "")))) for each in BROUGHT]
    for name, path in [*((str(path.relative_to(folder)), path) for path in _files(folder)), *shared, *own]:
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{name}\0{content}\n".encode())
    return digest.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
        parts = path.relative_to(root).parts
        if path.is_file() and not any(each.startswith(".") or each in IGNORED for each in parts):
            yield path


def _write(folder: Path, whole: Whole, outline: Outline) -> None:
    lessons = folder / "lessons"
    (lessons / "models").mkdir(parents=True)
    (folder / PRIVATE).mkdir()
    for lesson in whole.files.lessons.values():
        nbformat.write(lesson_notebook(lesson, whole.files.folder, whole.content.glossary), lessons / f"{lesson.name}.ipynb")
    for path in whole.files.models:
        shutil.copyfile(path, lessons / "models" / path.name)
    for sound in whole.sounds.values():
        (folder / AUDIO / sound.kept).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(sound.path, folder / AUDIO / sound.kept)
    for task in whole.files.tasks.values():
        _task(folder, task, outline.course)
    practice = {name: in_both(item) for name, item in whole.files.practice.items.items()}
    _pictures(practice, whole.files.folder, folder)
    _pictures(whole.files.bank.items, whole.files.folder, folder / PRIVATE)
    bank = {name: in_both(item) for name, item in _bank(whole.files).items()}
    exam = ReleaseExam(outline.course, outline.number, whole.exam, bank, versions=versions(bank, folder / PRIVATE / FOLDER))
    _json(lessons / "practice.json", {name: _on_page(item, folder) for name, item in practice.items()})
    _json(lessons / "dialogues.json", {name: source.data for name, source in whole.files.dialogues.items()})
    _json(folder / PRIVATE / "practice.json", {name: questions.dump(item) for name, item in practice.items()})
    _json(folder / PRIVATE / "exam.json", exam.to_json())
    _json(folder / "release.json", outline.model_dump(mode="json"))


def _task(folder: Path, task: Task, course: str) -> None:
    """Write what a learner is given of a task and, apart from it, the source with what they are not."""
    given, secret = folder / TASKS / task.name, folder / PRIVATE / TASKS
    given.mkdir(parents=True)
    secret.mkdir(exist_ok=True)
    source = task_notebook(task, course)
    nbformat.write(source, secret / f"{task.name}.ipynb")
    nbformat.write(handed_out(source), given / f"{task.name}.ipynb")
    for path in task.data:
        shutil.copyfile(path, given / path.name)


def _pictures(items: Mapping[str, questions.Item], course: Path, into: Path) -> None:
    """Copy the pictures that questions show; those of the lessons travel in their notebooks."""
    for name in {name for item in items.values() if not isinstance(item, case.Item) for name in item.pictures}:
        (into / FOLDER).mkdir(exist_ok=True)
        shutil.copyfile(course / FOLDER / name, into / FOLDER / name)


def _on_page(item: questions.Item, release: Path) -> dict[str, Any]:
    shown = html(questions.public(item), "practice-", picture=lambda name: inline(release / FOLDER / name))
    return {"type": item.type, "html": str(shown), "answers": questions.tabulated(item)}


def _json(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _outline(whole: Whole, number: int, digest: str, now: datetime) -> Outline:
    exam = ReleaseExam(whole.files.name, number, whole.exam, {})
    manifest = whole.manifest
    data = {
        "course": whole.files.name,
        "number": number,
        "digest": digest,
        "built_at": now,
        "framework": whole.framework.version,
        **{each: getattr(manifest, each) for each in ("title", "summary", "outcomes", "tier", "hours", "teaches", "needs")},
        "lessons": tuple(_lesson(lesson, whole) for lesson in whole.files.lessons.values()),
        "tasks": tuple(_task_outline(each) for each in whole.files.tasks.values()),
        "facts": {each: _fact(whole.content.facts[each]) for each in _cited(whole.files)},
        "terms": {each: _term(whole.content.glossary[each], whole.content.facts) for each in _marked(whole)},
        "practical": whole.files.practical,
        "exam_summary": ExamOutline(
            minutes=whole.exam.minutes,
            pass_percent=whole.exam.pass_percent,
            attempts=whole.exam.attempts,
            cooldown_hours=whole.exam.cooldown_hours,
            slots=len(exam.seats),
            points=exam.total,
        ),
    }
    return Outline.model_validate(data)


def _lesson(lesson: Lesson, whole: Whole) -> LessonOutline:
    asks = tuple(name for block in lesson.code() if (name := asked(block)))
    recorded = {step: _recording(sound) for (name, step), sound in whole.sounds.items() if name == lesson.name}
    terms = marked_terms(lesson, whole.content.glossary)
    of_questions = (fact for name in asks for fact in whole.files.practice.items[name].facts)
    facts = tuple(dict.fromkeys((*lesson.facts, *of_questions)))  # those of the prose first: its numbers count them
    about = as_json(lesson) | {"facts": facts, "questions": asks, "terms": terms, "recordings": recorded}
    return LessonOutline.model_validate_json(json.dumps(about))


def _task_outline(task: Task) -> TaskOutline:
    return TaskOutline(
        name=task.name,
        title=task.head.title,
        summary=task.head.summary,
        minutes=task.head.minutes,
        due_at=task.head.due_at,
        parts=tuple(
            TaskPart(name=each.name, points=each.points or 0, written=each.role == "written")
            for each in task.parts
            if each.graded
        ),
        files={each.name: each.stat().st_size for each in task.data},
    )


def _recording(sound: Sound) -> dict[str, Any]:
    return {"file": sound.kept, "seconds": sound.seconds, "bytes": sound.bytes}


def _marked(whole: Whole) -> list[str]:
    glossary = whole.content.glossary
    return list(dict.fromkeys(each for lesson in whole.files.lessons.values() for each in marked_terms(lesson, glossary)))


def _term(term: Term, facts: Facts) -> dict[str, Any]:
    fact = facts[term.fact] if term.fact else None
    return {"plain": term.plain, "source": fact and fact.source, "reviewed_on": fact and fact.reviewed_on}


def _cited(files: CourseFiles) -> list[str]:
    """Return the facts of the lessons, then those that only questions cite: those of the exam are no secret."""
    cited = [each for lesson in files.lessons.values() for each in lesson.facts]
    pools = (files.practice, files.bank, files.cases)
    return list(dict.fromkeys(cited + [each for pool in pools for item, _, _ in pool for each in item.facts]))


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "text": fact.text.zh,
        "source": fact.source,
        "in_force_from": fact.in_force_from,
        "reviewed_on": fact.reviewed_on,
    }
