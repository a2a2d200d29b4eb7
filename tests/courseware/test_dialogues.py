import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from banyan.courseware.build import build_course
from banyan.courseware.check import check_courses
from tests.courseware.sample import Sample, write

NIGHT = """title: 电话响了
scenes:
  ring:
    lines:
      - 邻居: 后山有响声。
    choices:
      A: {text: 先带人走, next: end}
take: [先走人，再打电话。]
"""
CELL = '\n```{code-cell} ipython3\nfrom widgets import talk\n\ntalk("night-call")\n```\n'


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    course = write(tmp_path)
    course.add("dialogues/night-call.yaml", NIGHT)
    course.add("lessons/first.md", CELL)
    return course


def test_a_dialogue_goes_into_the_release_beside_the_lessons(sample: Sample, tmp_path: Path) -> None:
    release = build_course(sample.courses, "x-1", sample.content, tmp_path / "releases", datetime(2026, 1, 1, tzinfo=UTC))
    table = tmp_path / "releases/x-1" / str(release.number) / "lessons/dialogues.json"
    assert json.loads(table.read_text(encoding="utf-8"))["night-call"]["title"] == "电话响了"


def test_a_fault_is_told_by_file_and_line(sample: Sample) -> None:
    sample.change("dialogues/night-call.yaml", "next: end", "next: ned")
    (told,) = check_courses(sample.courses, sample.content)
    assert told.startswith('courses/x-1/dialogues/night-call.yaml:7: 没有叫 "ned" 的一幕')


def test_a_dialogue_that_is_not_there_is_told_at_the_cell_that_names_it(sample: Sample) -> None:
    sample.change("lessons/first.md", 'talk("night-call")', 'talk("day-call")')
    line = sample.path("lessons/first.md").read_text(encoding="utf-8").split("\n").index('talk("day-call")') + 1
    assert check_courses(sample.courses, sample.content) == [
        f'courses/x-1/lessons/first.md:{line}: dialogues/ 里没有 "day-call" 这段对话；补上文件，或改名字'
    ]


def test_a_dialogue_takes_its_time_in_a_step(sample: Sample) -> None:
    sample.add("lessons/first.md", CELL * 2)
    (told,) = check_courses(sample.courses, sample.content)
    assert "超过 3 分钟" in told
