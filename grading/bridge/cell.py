"""What a locked cell of an exam notebook says: `score("s01")`, the points a slot has earned.

It runs wherever nbgrader runs the notebook, beside the frozen answers in `responses.json`; the questions with their
keys stand in the release's private file, named by the environment and never copied.
"""

import json
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from grading import questions, scoring
from grading.rulings import Ruling

EXAM = "BANYAN_EXAM"
"""The environment variable that names the private exam file of the release."""
RESPONSES = "responses.json"
IMPORT = "from grading.bridge.cell import score"
"""What the first cell of an exam says."""


def score(slot: str) -> float:
    """Return the points for a slot, never None: nbgrader would take no value for full points."""
    return earned(json.loads(Path(RESPONSES).read_text(encoding="utf-8")), os.environ[EXAM], slot)


def earned(frozen: Mapping[str, Any], exam: str, slot: str) -> float:
    """Return what the frozen answers earn in a slot; `exam` is the private file of their release."""
    seat = next(each for each in frozen["form"]["slots"] if each["name"] == slot)
    question = seat["question"]
    return scoring.score_slot(_item(exam, question), frozen["answers"].get(slot), seat["points"], _ruling(exam, question))


@lru_cache(maxsize=1024)
def _item(exam: str, question: str) -> questions.Item:
    return questions.load(_file(exam)["items"][question])


@lru_cache(maxsize=1024)
def _ruling(exam: str, question: str) -> Ruling | None:
    told = _file(exam).get("rulings", {}).get(question)
    return Ruling.from_json(told) if told else None


@lru_cache(maxsize=8)
def _file(exam: str) -> dict[str, Any]:
    """Releases are immutable, and a correction is another file, so what was read once stays right."""
    read: dict[str, Any] = json.loads(Path(exam).read_text(encoding="utf-8"))
    return read
