"""What the doctor finds: a sentence on how something is, and one on what to do about it.

The sentences are messages, translated where they are shown; `params` fill in both.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """`good` is as it should be; `due` wants somebody's attention; `lost` harms people or data until it is mended."""

    GOOD = "good"
    DUE = "due"
    LOST = "lost"


@dataclass(frozen=True)
class Finding:
    """`about` names what was looked at, for whoever sorts or tests findings."""

    about: str
    level: Level
    what: str
    remedy: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def said(self) -> str:
        return self.what.format(**self.params)

    @property
    def advice(self) -> str:
        return self.remedy.format(**self.params)


def good(about: str, what: str, **params: Any) -> Finding:
    return Finding(about, Level.GOOD, what, "", params)


def due(about: str, what: str, remedy: str, **params: Any) -> Finding:
    return Finding(about, Level.DUE, what, remedy, params)


def lost(about: str, what: str, remedy: str, **params: Any) -> Finding:
    return Finding(about, Level.LOST, what, remedy, params)
