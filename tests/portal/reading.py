"""What a page says, as somebody reads it: its visible text, without quotations and without what people have written."""

import json
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any

from sqlalchemy.orm import Session

from banyan.records.base import Base

CHINESE = re.compile(r"[\u3400-\u9fff]+")
SILENT = {"script", "style", "svg", "template"}
ALONE = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
READ = ("alt", "aria-label", "placeholder", "title", "content")
IN_SCRIPT = "application/json"


class Said(HTMLParser):
    """Collects text, what is read aloud of attributes, and the tables of words a script is given.

    What stands in an element of a language of its own (`quoted`) is a quotation or a choice of language.
    """

    def __init__(self, quoted: Iterable[str]) -> None:
        super().__init__()
        self.quoted = set(quoted)
        self.open: list[tuple[str, bool]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        script = tag == "script" and "words" in given.get("id", "")
        silent = self.silent or (tag in SILENT and not script) or given.get("lang") in self.quoted
        if not silent:
            self.texts += [value for name, value in given.items() if name in READ or name.startswith("data-say")]
        if tag not in ALONE:
            self.open.append((tag, silent))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.texts.append(data if not data.lstrip().startswith("{") else "\n".join(values(json.loads(data))))

    @property
    def silent(self) -> bool:
        return bool(self.open) and self.open[-1][1]


def said(html: str, quoted: Iterable[str] = ()) -> list[str]:
    reader = Said(quoted)
    reader.feed(html)
    return reader.texts


def values(data: Any) -> Iterator[str]:
    """Yield the texts in JSON, keys not counted."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for each in data.values():
            yield from values(each)
    elif isinstance(data, list):
        for each in data:
            yield from values(each)


def written_by_people(session: Session) -> list[str]:
    """Return every Chinese text the records hold, longest first: names, places, posts, reasons, answers."""
    found: set[str] = set()
    for table in Base.metadata.sorted_tables:
        for row in session.execute(table.select()):
            found.update(each for each in values(list(map(_plain, row))) if CHINESE.search(each))
    return sorted({part for each in found for part in (each, *each.split("\n"))} - {""}, key=len, reverse=True)


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | list | dict) else ""


def without(texts: Iterable[str], names: Iterable[str]) -> list[str]:
    """Return texts with names taken out."""
    known = re.compile("|".join(map(re.escape, names)) or "(?!)")
    return [known.sub("", each) for each in texts]
