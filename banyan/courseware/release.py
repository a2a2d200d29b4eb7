"""A release: one course as it was on the day it was built, in a folder that is never changed afterwards.

release.json            what may be told of the course; everything below reads as it was then
lessons/<name>.ipynb    lessons/practice.json    lessons/models/    audio/<lesson>/<step>.mp3    figures/
tasks/<name>/           what a learner is given of a notebook task: <name>.ipynb without solutions, and its data
private/exam.json       private/practice.json    private/figures/    private/tasks/<name>.ipynb    with keys; for the server alone
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from banyan.courseware.exam import ReleaseExam
from banyan.courseware.manifest import Hours, Level, Practical, Text, Tier
from banyan.courseware.pictures import FOLDER, inline
from banyan.courseware.versions import versions
from banyan.errors import HomeError, NotFoundError
from grading import questions
from grading.questions.item import Fitting


class StepOutline(Fitting):
    """`facts` are those its prose cites; a release made before they were kept has none."""

    name: str
    title: str
    facts: tuple[str, ...] = ()

    def place_of(self, fact: str | None) -> str:
        """Return the address within its lesson of the paragraph that first cites a fact, without one of the step itself."""
        return f"{self.name}{WITHIN}{fact}" if fact in self.facts else self.name


WITHIN = "."
"""What parts a step's name from a fact's in the address of a paragraph; neither has it."""


class Recording(Fitting):
    """A step read aloud; `file` is its name below audio/."""

    file: str
    seconds: int
    bytes: int


class LessonOutline(Fitting):
    """`facts` are cited and `terms` marked in this order, `questions` are its practice questions, `recordings` go by step."""

    name: str
    title: Text
    minutes: int
    steps: tuple[StepOutline, ...]
    facts: tuple[str, ...]
    questions: tuple[str, ...]
    terms: tuple[str, ...] = ()
    recordings: dict[str, Recording] = {}


class TaskPart(Fitting):
    """What of a notebook task is graded; `written` is marked by a person."""

    name: str
    points: float
    written: bool


class TaskOutline(Fitting):
    """What a learner may know of a notebook task before they open it; `files` are names and bytes of what is handed out."""

    name: str
    title: Text
    summary: Text
    minutes: int
    due_at: datetime | None
    parts: tuple[TaskPart, ...]
    files: dict[str, int]

    @property
    def points(self) -> float:
        return sum(each.points for each in self.parts)


class CitedFact(Fitting):
    """What the foot of a lesson says of a fact."""

    text: str
    source: str
    in_force_from: date | None
    reviewed_on: date


class ExplainedTerm(Fitting):
    """What a tap on a word says."""

    plain: str
    source: str | None
    reviewed_on: date | None


class ExamOutline(Fitting):
    """What a learner may know of an exam before sitting it."""

    minutes: int
    pass_percent: float
    attempts: int
    cooldown_hours: float
    slots: int
    points: float


class Outline(Fitting):
    """release.json."""

    course: str
    number: int
    digest: str
    built_at: datetime
    framework: str
    title: Text
    summary: Text
    outcomes: tuple[Text, ...]
    tier: Tier
    hours: Hours
    teaches: dict[str, Level]
    lessons: tuple[LessonOutline, ...]
    tasks: tuple[TaskOutline, ...] = ()
    needs: tuple[str, ...] = ()
    facts: dict[str, CitedFact]
    terms: dict[str, ExplainedTerm] = {}
    practical: Practical | None
    exam_summary: ExamOutline


class Release:
    """Typed access to one release folder; read on first use, then kept."""

    def __init__(self, path: Path, outline: Outline) -> None:
        self.path = path
        self.outline = outline

    @classmethod
    def open(cls, path: Path) -> "Release":
        """Return the release in a folder; NotFoundError if there is none, HomeError if it is damaged."""
        try:
            return cls(path, Outline.model_validate_json((path / "release.json").read_bytes()))
        except FileNotFoundError as error:
            raise NotFoundError("没有这个课程版本") from error
        except ValidationError as error:
            raise HomeError("课程版本 {path} 损坏，请重新生成课程", path=str(path)) from error

    def __repr__(self) -> str:
        return f"Release({self.course} r{self.number})"

    @property
    def course(self) -> str:
        return self.outline.course

    @property
    def number(self) -> int:
        return self.outline.number

    @property
    def digest(self) -> str:
        return self.outline.digest

    @property
    def title(self) -> dict[str, str]:
        return self.outline.title.model_dump()

    @property
    def summary(self) -> dict[str, str]:
        return self.outline.summary.model_dump()

    @property
    def outcomes(self) -> list[dict[str, str]]:
        return [each.model_dump() for each in self.outline.outcomes]

    @property
    def hours(self) -> Hours:
        return self.outline.hours

    @property
    def minutes(self) -> int:
        """How long its lessons take together, as they say themselves; `hours` is what the course may take in all."""
        return sum(each.minutes for each in self.lessons)

    @property
    def teaches(self) -> Mapping[str, int]:
        return self.outline.teaches

    @property
    def lessons(self) -> tuple[LessonOutline, ...]:
        return self.outline.lessons

    @property
    def practical(self) -> Practical | None:
        return self.outline.practical

    def lesson(self, name: str) -> LessonOutline:
        """Return a lesson's outline, or raise NotFoundError."""
        for each in self.lessons:
            if each.name == name:
                return each
        raise NotFoundError("这门课没有这一课")

    @property
    def tasks(self) -> tuple[TaskOutline, ...]:
        return self.outline.tasks

    def task(self, name: str) -> TaskOutline:
        """Return a notebook task's outline, or raise NotFoundError."""
        for each in self.tasks:
            if each.name == name:
                return each
        raise NotFoundError("这门课没有这份作业")

    def task_folder(self, name: str) -> Path:
        """Return where what a learner is given of a task lies, or raise NotFoundError."""
        return self.path / "tasks" / self.task(name).name

    def task_source(self, name: str) -> Path:
        """Return where a task's notebook with its solutions and hidden tests lies, or raise NotFoundError."""
        return self.path / "private" / "tasks" / f"{self.task(name).name}.ipynb"

    def notebook(self, name: str) -> Path:
        """Return where a lesson's notebook lies, or raise NotFoundError."""
        return self.path / "lessons" / f"{self.lesson(name).name}.ipynb"

    def facts(self, names: Iterable[str]) -> list[CitedFact]:
        return [self.outline.facts[each] for each in names]

    def terms(self, names: Iterable[str]) -> list[ExplainedTerm]:
        return [self.outline.terms[each] for each in names]

    def recording(self, lesson: str, step: str) -> Path:
        """Return where a step's recording lies, or raise NotFoundError."""
        found = self.lesson(lesson).recordings.get(step)
        if found is None:
            raise NotFoundError("这一步没有录音")
        return self.path / "audio" / found.file

    @cached_property
    def practice_page(self) -> Mapping[str, Any]:
        """What pages may hold of the practice questions: id → {type, html, answers}."""
        return _read(self.path / "lessons" / "practice.json")

    @cached_property
    def practice(self) -> Mapping[str, questions.Item]:
        """The practice questions with their keys."""
        return {each: questions.load(item) for each, item in _read(self.path / "private" / "practice.json").items()}

    def practice_item(self, name: str) -> questions.Item | None:
        return self.practice.get(name)

    def picture(self, name: str) -> str:
        """Return a picture that a question shows as an address that holds it; those of the exam lie apart."""
        shared = self.path / FOLDER / name
        return inline(shared if shared.is_file() else self.path / "private" / FOLDER / name)

    @cached_property
    def asked_at(self) -> Mapping[str, tuple[str, str]]:
        """Which lesson asks which practice question, and in which step, "" before the first one; in the course's order."""
        return {name: (each.name, step) for each in self.lessons for name, step in _asked(self.notebook(each.name)).items()}

    @property
    def exam_path(self) -> Path:
        """Where the exam with its keys lies."""
        return self.path / "private" / "exam.json"

    @property
    def private_pictures(self) -> Path:
        """Where the pictures lie that the exam's questions show."""
        return self.path / "private" / FOLDER

    @cached_property
    def exam(self) -> ReleaseExam:
        """The exam with its keys."""
        exam = ReleaseExam.from_json(_read(self.exam_path))
        return exam if exam.versions else replace(exam, versions=versions(exam.items, self.private_pictures))


def _read(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise HomeError("课程版本 {path} 损坏，请重新生成课程", path=str(path)) from error
    return found


def _asked(notebook: Path) -> dict[str, str]:
    cells = [each["metadata"].get("banyan", {}) for each in _read(notebook)["cells"]]
    return {each["ask"]: each.get("step") or "" for each in cells if each.get("ask")}
