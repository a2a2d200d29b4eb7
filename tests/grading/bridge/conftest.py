"""A course folder with the sample exam's first assignment, made once and copied for each test."""

import json
import shutil
from pathlib import Path

import pytest

from grading.bridge.gradebook import Course, ensure_assignment
from grading.bridge.task import ensure_task
from tests.grading.bridge import task_sample
from tests.grading.bridge.sample import ITEMS, notebook


@pytest.fixture
def exam(tmp_path: Path) -> Path:
    path = tmp_path / "exam.json"
    path.write_text(json.dumps({"items": ITEMS}), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = Course(tmp_path_factory.mktemp("gradebooks") / "x-9-sample")
    ensure_assignment(course, "exam-r1-t1", notebook())
    return course


@pytest.fixture
def course(made: Course, tmp_path: Path) -> Course:
    return Course(Path(shutil.copytree(made.root, tmp_path / "gradebooks" / made.name)))


@pytest.fixture(scope="session")
def tasks(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course with the sample notebook task, for all tests."""
    course = Course(tmp_path_factory.mktemp("gradebooks") / "x-9-tasks")
    ensure_task(course, task_sample.TASK, task_sample.source(), task_sample.FILES)
    return course
