"""The questions and cases of the reporter's course, read as plain data and as items that have been checked."""

import json
from pathlib import Path
from typing import Any

import yaml

from grading.questions import case

ROOT = Path(__file__).parents[2]
COURSE = ROOT / "courses/x-1-reporter"
CONTENT = ROOT / "content"


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def pool(name: str) -> dict[str, dict[str, Any]]:
    """Return the questions of "practice" or "exam"; a name written twice would show as fewer than `written`."""
    return {key: entry for path in sorted((COURSE / "questions" / name).glob("*.yaml")) for key, entry in load(path).items()}


def written(name: str) -> int:
    return sum(len(load(path)) for path in (COURSE / "questions" / name).glob("*.yaml"))


def drill(name: str) -> case.Item:
    return case.Item.model_validate_json(json.dumps({"id": name, **load(COURSE / f"cases/{name}.yaml")}))
