"""Who reads a course in 繁體 types their answer in it: what a course accepts in 简体 is accepted in both."""

from collections.abc import Iterable
from typing import Any

from banyan.words.traditional import traditional
from grading import questions
from grading.questions.accepted import MOST

TYPED = "accept"


def in_both(item: questions.Item) -> questions.Item:
    """Return a question that accepts each typed answer in 繁體 too; one that nobody types an answer to stays as it is."""
    data = questions.dump(item)
    widened = _widened(data)
    return item if widened == data else questions.load(widened)


def _widened(data: Any) -> Any:
    if isinstance(data, list):
        return [_widened(each) for each in data]
    if not isinstance(data, dict):
        return data
    return {name: _both(value) if name == TYPED and value else _widened(value) for name, value in data.items()}


def _both(accepted: Iterable[str]) -> list[str]:
    written = list(accepted)
    return list(dict.fromkeys((*written, *map(traditional, written))))[:MOST]
