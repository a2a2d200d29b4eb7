"""Which text was asked, exactly: a question's version is a hash of all that a learner sees of it and all it is scored by.

What an author notes beside it (difficulty, tags, answers foreseen) is no part of it. A field that stands at its default
is left out, so that a type may gain a field without every question becoming another. Options keep their order: it is
what a shuffle starts from.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from grading.questions.item import Kept

NOTES = frozenset({"difficulty", "tags", "expects"})
LENGTH = 32
"""Hexadecimal digits kept of the SHA-256: 128 bits."""


def version(item: Kept, pictures: Mapping[str, str] | None = None) -> str:
    """Return a question's version; `pictures` gives the SHA-256 of each file it shows, by its name."""
    content = {"type": getattr(item, "type", ""), "asked": parts(item), "pictures": dict(pictures or {})}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]


def parts(item: Kept) -> dict[str, Any]:
    """Return what a version is made of, by the names of the fields, as canonical JSON holds it."""
    return {name: value for name, value in _fields(item).items() if name not in NOTES}


def _fields(model: BaseModel) -> dict[str, Any]:
    declared = type(model).model_fields
    values = {name: getattr(model, name) for name in declared}
    return {name: _canonical(value) for name, value in values.items() if value != declared[name].default}


def _canonical(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return _fields(value)
    if isinstance(value, Mapping):
        return [[name, _canonical(each)] for name, each in value.items()]
    if isinstance(value, list | tuple):
        return [_canonical(each) for each in value]
    return value
