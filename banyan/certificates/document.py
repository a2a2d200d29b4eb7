"""A document of several pages, told as blocks in order: what a class's file is printed from. Always in Chinese.

A sign that our fonts lack is printed as 〓 and said so at the foot: a file of forty people is not held up by one name.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from banyan.certificates.face import DEMO
from banyan.certificates.press import Press, Sheet
from banyan.errors import BadInputError

MISSING = "〓"
DEMO_NOTE = {"zh": "演示数据，不作凭据", "en": "Demonstration only: proves nothing"}
Block = Mapping[str, Any]


@dataclass(frozen=True)
class Document:
    """`wide` turns the sheet on its side; `under` stands below the title; `foot` on every page."""

    title: str
    blocks: tuple[Block, ...]
    day: date
    issuer: str
    foot: str
    under: str = ""
    wide: bool = False
    demo: bool = False


def heading(text: str) -> Block:
    return {"kind": "heading", "text": text}


def paragraphs(text: str, indent: bool = True) -> Block:
    return {"kind": "text", "text": text, "indent": indent}


def facts(*rows: tuple[str, str]) -> Block:
    return {"kind": "facts", "rows": [list(each) for each in rows if each[1]]}


def table(heads: Sequence[tuple[str, float]], rows: Iterable[Sequence[str]]) -> Block:
    """Return a table; `heads` are pairs of a word and how wide its column is beside the others."""
    return {"kind": "table", "heads": [head for head, _ in heads], "widths": [width for _, width in heads], "rows": list(rows)}


def signed(*lines: str) -> Block:
    return {"kind": "signed", "lines": list(lines)}


@dataclass(frozen=True)
class Question:
    """`label` is its number and points, `lines` what stands there, `key` what earns everything, empty for who may not see it."""

    label: str
    lines: tuple[str, ...]
    name: str
    version: str
    key: tuple[str, ...] = field(default=())

    def block(self) -> Block:
        return {"kind": "question"} | {name: list(each) if isinstance(each, tuple) else each for name, each in vars(self).items()}


def pdf(press: Press, document: Document) -> bytes:
    """Return a document as PDF/UA; the same document gives the same bytes."""
    try:
        return _print(press, document)
    except BadInputError as fault:
        if "sign" not in fault.params:
            raise
    lacking = press.lacking("".join(_texts(_told(document))))
    clean = replace(document, **_without(document, lacking))
    note = f"{clean.foot}　{MISSING}：字体里没有的字"
    return _print(press, replace(clean, foot=note))


def _without(document: Document, lacking: str) -> dict[str, Any]:
    table = str.maketrans(dict.fromkeys(lacking, MISSING))
    words = {name: getattr(document, name).translate(table) for name in ("title", "under", "issuer", "foot")}
    return words | {"blocks": tuple(_translated(each, table) for each in document.blocks)}


def _translated(value: Any, table: dict[int, str]) -> Any:
    if isinstance(value, str):
        return value.translate(table)
    if isinstance(value, list | tuple):
        return [_translated(each, table) for each in value]
    return {key: _translated(each, table) for key, each in value.items()} if isinstance(value, dict) else value


def _print(press: Press, document: Document) -> bytes:
    sheet = Sheet({"sheet": json.dumps(_told(document), ensure_ascii=False)}, document.day, document.title)
    return press.print("sheet.typ", sheet, format="pdf", pdf_standards=["ua-1"])


def _told(document: Document) -> dict[str, Any]:
    told = {name: value for name, value in vars(document).items() if name != "day"}
    return told | {"demo_word": DEMO, "demo_note": DEMO_NOTE}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)
