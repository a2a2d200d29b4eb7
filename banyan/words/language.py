"""The languages: messages are written in Simplified Chinese; English is read from its catalogues, 繁體 is derived.

A message is a template with named parameters, `_("还差{n}步", n=2)`; `_n("还有{n}天", n)` counts. `N_("…")` marks a
message that is translated later. A date or moment among the parameters is said as the language says it, in the county's
time zone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_datetime
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

import banyan
from banyan.domain.calendar import COUNTY_TIME
from banyan.domain.framework import Text
from banyan.words.traditional import traditional, traditional_all, traditional_html

CHINESE, TRADITIONAL, ENGLISH = "zh-Hans", "zh-Hant", "en"
LANGUAGES = {CHINESE: "简体", TRADITIONAL: "繁體", ENGLISH: "English"}  # each in its own words
LOCALES = {CHINESE: "zh_Hans_CN", TRADITIONAL: "zh_Hant", ENGLISH: "en_GB"}
LOCALE = Path(banyan.__file__).parent / "locale"
SHORT = {CHINESE: "M月d日", TRADITIONAL: "M月d日", ENGLISH: "d MMM"}
CLOCK = {CHINESE: "M月d日 HH:mm", TRADITIONAL: "M月d日 HH:mm", ENGLISH: "d MMM, HH:mm"}

Plural = Callable[[int], int]


def N_(message: str) -> str:
    """Mark a message for translation where it is said, not here."""
    return message


@dataclass(frozen=True)
class Language:
    """One language of the interface; `say` and `count` are what templates know as `_` and `_n`.

    Messages are turned before names are filled in, so that a name stays as its owner writes it.
    """

    code: str
    messages: Mapping[str, str]
    counted: Mapping[str, tuple[str, ...]]
    plural: Plural

    @property
    def foreign(self) -> bool:
        """Whether what is written in Chinese alone is another language to its reader."""
        return self.code == ENGLISH

    def say(self, message: str, **params: Any) -> str:
        words = self.written(self.messages.get(message) or message)
        return words.format(**{name: self._said(value) for name, value in params.items()}) if params else words

    def count(self, message: str, n: int, **params: Any) -> str:
        forms = self.counted.get(message, ())
        return (forms[self.plural(n)] if forms else self.written(message)).format(n=n, **params)

    def text(self, text: Text) -> str:
        """Return what a course or framework says in this language, Chinese where it says nothing else."""
        return (self.code == ENGLISH and text.get("en")) or self.written(text["zh"])

    def written(self, text: str) -> str:
        """Return what a course says in Chinese alone: as it stands, or in 繁體."""
        return traditional(text) if self.code == TRADITIONAL else text

    def written_html(self, html: str) -> str:
        return traditional_html(html) if self.code == TRADITIONAL else html

    def written_all(self, value: Any) -> Any:
        """Return data of a course, a question for one, with each Chinese text in it as this language writes it."""
        return traditional_all(value) if self.code == TRADITIONAL else value

    def day(self, day: date) -> str:
        """2026年12月10日 · 10 December 2026"""
        return _date(day, "long", self.code)

    def short_day(self, day: date) -> str:
        """12月10日 · 10 Dec"""
        return _date(day, SHORT[self.code], self.code)

    def moment(self, moment: datetime) -> str:
        """12月10日 14:05 · 10 Dec, 14:05"""
        return _minute(moment.astimezone(COUNTY_TIME).replace(second=0, microsecond=0), self.code)

    def clock(self, moment: datetime) -> str:
        """14:05"""
        return f"{moment.astimezone(COUNTY_TIME):%H:%M}"

    def _said(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return self.moment(value)
        return self.day(value) if isinstance(value, date) else value


@lru_cache(maxsize=4096)
def _date(day: date, pattern: str, code: str) -> str:
    return format_date(day, pattern, LOCALES[code])


@lru_cache(maxsize=4096)
def _minute(moment: datetime, code: str) -> str:
    return format_datetime(moment, CLOCK[code], locale=LOCALES[code])


@cache
def language(code: str) -> Language:
    """Return a language of the interface; its catalogues are read once."""
    catalogue = [each for path in catalogues(code) for each in _read(path, code)]
    if not catalogue:
        return Language(code, {}, {}, lambda _: 0)
    single = {each.id: each.string for each in catalogue if isinstance(each.id, str) and isinstance(each.string, str)}
    plural = [each for each in catalogue if isinstance(each.id, tuple)]
    counted = {each.id[0]: tuple(each.string) for each in plural if each.string and all(each.string)}
    return Language(code, {key: words for key, words in single.items() if key}, counted, lambda n: 0 if n == 1 else 1)


def catalogues(code: str) -> list[Path]:
    """Return the catalogues of a language, one a part of the house; none for Chinese."""
    return sorted((LOCALE / code / "LC_MESSAGES").glob("*.po"))


def _read(path: Path, code: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=code)
