"""Formulas that came out wrong, #N/A and its like, in an xlsx: the library that reads gives them as empty cells.

Taken for empty, a name that a look-up did not find would be a vacant grid, a phone would be none.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from html import unescape

WRONG = re.compile(r"#(N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!)")
CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*[^/>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
VALUE = re.compile(rb"v>(#[^<]{2,8})<")
SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')


def wrong_cells(content: bytes) -> dict[str, dict[tuple[int, int], str]]:
    """Return by sheet what stands in its broken cells, by row and column counted from 0; nothing for other kinds of file."""
    if content[:2] != b"PK":
        return {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            there = set(book.namelist())
            return {name: dict(_wrong(book.read(part))) for name, part in _parts(book) if part in there}
    except (KeyError, RuntimeError, zipfile.BadZipFile, zlib.error):  # the library that reads says what is wrong with it
        return {}


def _parts(book: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield the name of each sheet and where in the archive it is kept."""
    known = {each.get("Id"): each.get("Target", "") for each in _tags(book, "xl/_rels/workbook.xml.rels", RELATION)}
    for each in _tags(book, "xl/workbook.xml", SHEET):
        target = known.get(each.get("r:id"), "")
        yield each.get("name", ""), target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)


def _tags(book: zipfile.ZipFile, part: str, tag: re.Pattern[str]) -> Iterator[dict[str, str]]:
    for found in tag.findall(book.read(part).decode("utf-8", "replace")):
        yield {name: unescape(value) for name, value in ATTRIBUTE.findall(found)}


def _wrong(sheet: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    if b't="e"' not in sheet:
        return
    for attributes, inside in CELL.findall(sheet):
        place, value = PLACE.search(attributes), VALUE.search(inside)
        if place and value and b't="e"' in attributes:
            yield (int(place[2]) - 1, _column(place[1].decode())), value[1].decode("ascii", "replace")


def _column(letters: str) -> int:
    number = 0
    for each in letters:
        number = number * 26 + ord(each) - ord("A") + 1
    return number - 1
