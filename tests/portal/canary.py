"""A course with a canary in every text of its exam that only the server may know, and the shipped one with other keys.

A canary is a word that stands nowhere else: wherever it sings, the key of an exam question has come out. It sits in all
that is said about an answer, in every accepted text, in what a rubric asks for, and in the name that only a key bears.
"""

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import yaml

from tests.county import COURSE
from tests.house import ROOT

SONG = "Kanari"
SAID = ("why", "feedback", "says", "hard_fail", "row", "look_for", "wants", "missed", "expects")


def copied(folder: Path) -> Path:
    """Copy the shipped course into a folder and return the copy."""
    return Path(shutil.copytree(ROOT / "courses" / COURSE, folder / COURSE))


def exam_files(course: Path) -> Iterator[Path]:
    yield from sorted((course / "questions" / "exam").glob("*.yaml"))
    yield from sorted((course / "cases").glob("*.yaml"))


def with_canaries(course: Path) -> dict[str, str]:
    """Put canaries into a course; return each with where it sits, as file: text."""
    numbers, sitting = count(1000), {}

    def sing(text: str, where: str) -> str:
        name = f"{SONG}{next(numbers)}"
        sitting[name] = f"{where}: {text}"
        return f"{text}{name}"

    for path in exam_files(course):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        write(path, _marked(data, lambda text, where=path.stem: sing(text, where)))
    return sitting


def _marked(data: Any, sing: Any, said: bool = False) -> Any:
    """Return data with a canary behind every text that is said of an answer, and among the accepted ones."""
    if isinstance(data, list):
        return [_marked(each, sing, said) for each in data]
    if not isinstance(data, dict):
        return sing(data) if said and isinstance(data, str) else data
    marked = {}
    for name, value in data.items():
        if name == "news" or (name == "hard_fail" and not isinstance(value, str)):  # told as one goes; which options, not why
            marked[name] = value
        elif name == "accept":
            marked[name] = [*value, sing("认可")]
        elif name == "expects":
            marked[name] = []
        else:
            marked[name] = _marked(value, sing, said or name in SAID)
    return marked


def with_other_keys(folder: Path) -> None:
    """Give every question of a copy of the course another key, and say other things of the answers; ask the same."""
    for path in exam_files(copied(folder)):
        if path.parent.name != "cases":
            data = yaml.safe_load(path.read_text(encoding="utf-8"))
            write(path, {name: _turned(entry) for name, entry in data.items()})


def _turned(entry: dict[str, Any]) -> dict[str, Any]:
    kind, key = entry["type"], entry.get("key")
    turned = entry | {"why": "另一个道理。"} if kind != "open" else dict(entry)
    turned.pop("expects", None)
    if kind == "single":
        turned |= {"key": next(each for each in entry["options"] if each != key), "hard_fail": []}
    elif kind == "multiple":
        turned |= {"key": [each for each in entry["options"] if each not in key] or key[:1], "hard_fail": []}
    elif kind == "hotspot":
        other = [each for each in entry["regions"] if each not in key]
        turned |= {"key": other[:1] if len(key) == 1 else [*other, *key][:2], "hard_fail": []}
    elif kind == "true_false":
        turned["key"] = not key
    elif kind == "order":
        turned["key"] = key[::-1]
    elif kind == "numeric":
        turned["key"] = key | {"value": key["value"] + 1}
    elif kind == "match":
        turned["key"] = {each: next(other for other in entry["options"] if other != to) for each, to in key.items()}
    elif kind == "short_text":
        turned |= {"accept": ["别的说法"], "feedback": {"right": "对。", "wrong": "不对。"}}
    elif kind == "cloze":
        turned["gaps"] = {name: _turned_gap(gap) for name, gap in entry["gaps"].items()}
    elif kind == "first_report":
        turned["elements"] = {name: _turned_element(each) for name, each in entry["elements"].items()}
    elif kind == "open":
        turned["rubric"] = [row | {"row": f"别的{place}"} for place, row in enumerate(entry["rubric"])]
    return turned


def _turned_gap(gap: dict[str, Any]) -> dict[str, Any]:
    if "accept" in gap:
        return {"accept": ["别的说法"]}
    return gap | {"key": next(each for each in gap["choices"] if each != gap["key"])}


def _turned_element(element: dict[str, Any]) -> dict[str, Any]:
    return element | {"key": next(each for each in element["choices"] if each != element["key"]), "hard_fail": []}


def write(path: Path, data: Any) -> None:
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=10_000), encoding="utf-8")
