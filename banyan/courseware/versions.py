"""Versions of a bank's questions, and what became of each between two banks (docs/decisions/0026)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grading import questions
from grading.questions import case
from grading.questions.version import parts

Bank = Mapping[str, questions.Item]


def versions(bank: Bank, pictures: Path) -> dict[str, str]:
    """Return each question's version; what it shows lies in the folder `pictures`."""
    return {name: questions.version(item, _pictures(item, pictures)) for name, item in bank.items()}


def _pictures(item: questions.Item, folder: Path) -> dict[str, str]:
    names = () if isinstance(item, case.Item) else item.pictures
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}


@dataclass(frozen=True)
class Change:
    """What became of a question: `how` is new, gone or changed, `parts` the fields that read otherwise."""

    name: str
    how: str
    parts: tuple[str, ...] = ()


def changes(old: Bank, new: Bank) -> list[Change]:
    """Return what differs between two banks, by name; what an author only notes of a question is no change."""
    found = [Change(name, "gone") for name in old.keys() - new.keys()]
    found += [Change(name, "new") for name in new.keys() - old.keys()]
    for name in old.keys() & new.keys():
        if differing := _differing(parts(old[name]), parts(new[name])):
            found.append(Change(name, "changed", differing))
    return sorted(found, key=lambda each: each.name)


def _differing(old: dict[str, Any], new: dict[str, Any]) -> tuple[str, ...]:
    return tuple(sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name)))


def meaning(item: Mapping[str, Any]) -> tuple[str, frozenset[str]]:
    """Return what a name stands for, given an item's JSON: its type and what a right answer shows.

    A case grows by its choices; it stays the same case.
    """
    return str(item["type"]), frozenset(item.get("indicators", ()))
