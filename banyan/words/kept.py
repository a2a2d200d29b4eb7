"""A sentence kept for readers nobody knows yet: its message and values, so that each reads it in their own language.

What was kept before, a sentence in Chinese, is read as it stands.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from banyan.errors import BanyanError, CourseError, HomeError
from banyan.words.language import ENGLISH, N_, Language

ASTRAY = N_("平台出了毛病，请把这一句告诉平台管理员：{fault}")
WHOLE = "{sentence}"
FOR_ITS_KEEPERS = (HomeError, CourseError)  # said in Chinese alone, to whoever looks after the platform


@dataclass(frozen=True)
class Kept:
    """`params` fill the message in; a list among them is said as one."""

    message: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, fault: Exception) -> "Kept":
        """Return what a fault says to a reader; one that was not made to be read is said to be the platform's."""
        if isinstance(fault, BanyanError) and not isinstance(fault, FOR_ITS_KEEPERS):
            return cls(fault.message, fault.params)
        return cls(ASTRAY, {"fault": str(fault)})

    @classmethod
    def read(cls, kept: str | Mapping[str, Any]) -> "Kept":
        """Return what `text` or `json` gave, or a sentence that was kept whole."""
        if isinstance(kept, str):
            return cls._from_text(kept)
        return cls(kept["message"], kept["params"])

    @classmethod
    def _from_text(cls, text: str) -> "Kept":
        try:
            found = json.loads(text)
            return cls(found["message"], found["params"])
        except (ValueError, TypeError, KeyError):
            return cls(WHOLE, {"sentence": text})

    @property
    def json(self) -> dict[str, Any]:
        return {"message": self.message, "params": json.loads(json.dumps(dict(self.params), default=str))}

    @property
    def text(self) -> str:
        return json.dumps(self.json, ensure_ascii=False)

    def said(self, language: Language) -> str:
        return language.say(self.message, **_joined(self.params, ", " if language.code == ENGLISH else "、"))

    def __str__(self) -> str:
        return self.message.format(**_joined(self.params, "、"))


def _joined(params: Mapping[str, Any], between: str) -> dict[str, Any]:
    lists = {name: between.join(map(str, each)) for name, each in params.items() if isinstance(each, list | tuple)}
    return {**params, **lists}
