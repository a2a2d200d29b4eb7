"""What makes a PDF more than its pages: what acts when it is opened or touched, and what is carried along inside it."""

from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

MOST_OBJECTS = 100_000
ACTING_KEYS = {"/JS", "/JavaScript", "/XFA", "/RichMediaContent"}
ACTIONS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE"}
ACTIONS |= {"/Rendition", "/Movie", "/Sound", "/RichMediaExecute"}
ACTING_PARTS = {"/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"}
CARRYING_KEYS = {"/EmbeddedFiles", "/EF"}
CARRYING_PARTS = {"/FileAttachment", "/EmbeddedFile"}


class Refused(Exception):
    """Why a file makes no document: kind, locked, acts, carries, long or broken."""


def look_at(reader: PdfReader) -> None:
    """Raise Refused for a document that is locked, acts or carries something, wherever in it that is said."""
    if "/Encrypt" in reader.trailer:
        raise Refused("locked")
    for part in _parts(reader):
        kind, deed = {found(part, "/Type"), found(part, "/Subtype")}, found(part, "/S")
        if CARRYING_KEYS & part.keys() or CARRYING_PARTS & kind:
            raise Refused("carries")
        if ACTING_KEYS & part.keys() or ACTING_PARTS & kind or deed in ACTIONS:
            raise Refused("acts")


def found(part: DictionaryObject, key: str) -> str:
    """Return the name a dictionary has under a key, also where it only points to it; else ""."""
    value = at(part, key)
    return str(value) if isinstance(value, NameObject) else ""


def at(part: DictionaryObject, key: str) -> Any:
    """Return what a dictionary holds under a key, wherever it is written down, else None."""
    value = part.get(key)  # which may be what points to it
    return None if value is None else value.get_object()


def _parts(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Yield every dictionary one gets to from the trailer, each once."""
    seen: set[tuple[int, int]] = set()
    ahead: list[Any] = [reader.trailer]
    met = 0
    while ahead:
        thing = ahead.pop()
        met += 1
        if met > MOST_OBJECTS:
            raise Refused("long")
        if isinstance(thing, IndirectObject):
            key = (thing.idnum, thing.generation)
            if key in seen:
                continue
            seen.add(key)
            thing = thing.get_object()
        if isinstance(thing, DictionaryObject):
            yield thing
            ahead.extend(thing.raw_get(each) for each in thing)
        elif isinstance(thing, ArrayObject):
            ahead.extend(list.__iter__(thing))
