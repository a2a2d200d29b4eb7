"""A course whose exam asks one question of every type: made of the examples, so that a new type is asked here by itself."""

import os
import shutil
import time
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from banyan.courseware.build import build_course
from banyan.records.engine import writing
from banyan.settings import CONTENT
from banyan.tracker.people import Me
from banyan.tracker.progress import Place, finish_step
from banyan.tracker.rulebook import Rulebook
from tests.county import NOW
from tests.tracker.hall import Hall

COURSE = "lesson-parts"
LESSON = """---
title: {zh: 一课, en: A lesson}
minutes: 3
own: [one]
---

# 一课

(one)=
## 一步

读一读。

```{code-cell} ipython3
ask("only")
```
"""
ONLY = {
    "only": {
        "type": "true_false",
        "stem": "读到这里了。",
        "key": True,
        "feedback": {"right": "好。", "wrong": "再读。"},
        "indicators": ["C5.2.a"],
        "own": "skill",
    }
}
NIGHT = {
    "title": "演练。雨夜",
    "own": "care",
    "start": "crack",
    "injects": {
        "crack": {
            "at": "0",
            "text": "坡裂了。",
            "choices": {
                "A": {
                    "text": "打电话",
                    "next": "end",
                    "effects": {"timeliness": 25, "completeness": 25, "accuracy": 20, "routing": 15, "closure": 10, "privacy": 5},
                    "indicators": ["C5.2.a"],
                },
                "B": {"text": "先拍照", "next": "end", "hard_fail": "等证据"},
            },
        }
    },
}


@cache
def practice() -> dict[str, Any]:
    """Return the practice questions of the examples as their files say them."""
    files = sorted((CONTENT / "examples" / COURSE / "questions" / "practice").glob("*.yaml"))
    return {name: each for file in files for name, each in yaml.safe_load(file.read_text(encoding="utf-8")).items()}


def write_course(folder: Path) -> Path:
    """Write the course and return the folder it is in: its exam asks what the examples practise, and a case."""
    asked, course = practice(), folder / COURSE
    shutil.copytree(CONTENT / "examples" / COURSE, course, ignore=shutil.ignore_patterns("audio", "dialogues", "questions"))
    (course / "lessons" / "parts.md").write_text(LESSON, encoding="utf-8")
    points = dict.fromkeys(asked, 100 // (len(asked) + 1))
    slots = [{"question": name, "points": each} for name, each in points.items()]
    slots.append({"case": "night", "points": 100 - sum(points.values())})
    terms = {"minutes": 60, "pass": 80, "attempts": 3, "cooldown_hours": 0, "slots": slots}
    files = {
        "questions/exam/all.yaml": asked,
        "questions/practice/only.yaml": ONLY,
        "cases/night.yaml": NIGHT,
        "exam.yaml": terms,
    }
    for name, content in files.items():
        (course / name).parent.mkdir(parents=True, exist_ok=True)
        _write(course / name, content)
    return folder


def _write(place: Path, content: Any) -> None:
    place.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, default_flow_style=None), encoding="utf-8")


def build(rulebook: Rulebook, folder: Path) -> None:
    build_course(write_course(folder), COURSE, CONTENT, rulebook.catalogue.releases, NOW)


def learn(hall: Hall, *more: Me) -> None:
    """Let the learner, and whoever else, have read the course, as its exam asks."""
    release = hall.rulebook.catalogue.newest(COURSE)
    steps = [Place(lesson.name, step.name) for lesson in release.lessons for step in lesson.steps]
    with writing(hall.make) as session:
        for me, place in product((hall.learner, *more), steps):
            finish_step(session, me.person.id, release, place, NOW)


def age(file: Path, days: float) -> None:
    """Let a file be as old as if it had lain so many days."""
    long_ago = time.time() - days * 24 * 3600
    os.utime(file, (long_ago, long_ago))
