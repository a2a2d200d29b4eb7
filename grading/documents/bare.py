"""A document put together anew from what its pages show: their contents, pictures and letters, and notes drawn on them.

Everything else stays behind because nothing leads to it: who wrote it and when, earlier versions, links, outlines, fields.
"""

import zlib
from io import BytesIO
from typing import Any

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
)

from grading.documents.images import bare_jpeg, bare_jpx
from grading.documents.look import at, found

PAGE_KEYS = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Contents", "/Group")
HANDED_DOWN = ("/MediaBox", "/CropBox", "/Rotate", "/Resources")
RESOURCES = {"/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/XObject", "/Font", "/ProcSet"}
TOLD = {"/Metadata", "/PieceInfo", "/LastModified", "/StructParent", "/StructParents", "/OC", "/AF", "/Alternates", "/Thumb"}
TOLD |= {"/Measure", "/PtData", "/OPI", "/Ref"}
UNSEEN_NOTES = {"/Link", "/Popup"}
HIDDEN = 0b10
PRINTED = 0b100
PICTURES = {"/DCTDecode": bare_jpeg, "/DCT": bare_jpeg, "/JPXDecode": bare_jpx}


def put_together(reader: PdfReader) -> bytes:
    """Return the pages as a new document, the same for the same file; ValueError for a picture that cannot be read."""
    writer = PdfWriter()
    writer.metadata = None
    copy = Copy(writer)
    for page in reader.pages:
        made = writer.add_blank_page(width=page.mediabox.width, height=page.mediabox.height)
        _draw(made, page, copy)
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


class Copy:
    """Copies objects from one document into another, each once, and leaves behind what tells and does not show."""

    def __init__(self, writer: PdfWriter) -> None:
        self.writer = writer
        self.made: dict[tuple[int, int], IndirectObject] = {}

    def of(self, thing: PdfObject | None) -> PdfObject:
        if not isinstance(thing, IndirectObject):
            return self._filled(thing, _begun(thing))
        key = (thing.idnum, thing.generation)
        if key not in self.made:
            found = thing.get_object()
            begun = _begun(found)
            self.made[key] = self.writer._add_object(begun)
            self._filled(found, begun)
        return self.made[key]

    def _filled(self, old: Any, new: Any) -> PdfObject:
        """Fill what was begun; what leads back to it meanwhile finds it."""
        if isinstance(new, DictionaryObject):
            for name in old:
                if name not in TOLD and not (isinstance(old, StreamObject) and name == "/Length"):
                    value = old.raw_get(name)
                    new[NameObject(name)] = self.resources(value) if name == "/Resources" else self.of(value)
        elif isinstance(new, ArrayObject):
            new.extend(self.of(each) for each in list.__iter__(old))
        return new

    def resources(self, thing: Any) -> PdfObject:
        """Return resources, of the kinds that draw."""
        found = thing.get_object()
        if not isinstance(found, DictionaryObject):
            return DictionaryObject()
        kept = DictionaryObject()
        for name in RESOURCES & found.keys():
            kept[NameObject(name)] = self.of(found.raw_get(name))
        return kept


def _begun(thing: Any) -> Any:
    """Return an empty copy of what holds others, and everything else as it is."""
    if isinstance(thing, StreamObject):
        begun = type(thing)()
        begun._data = _bare(thing)
        return begun
    if isinstance(thing, DictionaryObject):
        return DictionaryObject()
    return ArrayObject() if isinstance(thing, ArrayObject) else thing


def _bare(stream: StreamObject) -> bytes:
    """Return a stream's bytes as they are kept, a picture's without what its camera wrote."""
    named = at(stream, "/Filter")
    filters = [str(each.get_object()) for each in named] if isinstance(named, ArrayObject) else [str(named)]
    clean, data = PICTURES.get(filters[-1]), bytes(stream._data)
    if clean is None:
        return data
    if filters[:-1] in ([], ["/FlateDecode"]):
        inner = zlib.decompress(data) if len(filters) > 1 else data
        return zlib.compress(clean(inner)) if len(filters) > 1 else clean(inner)
    raise ValueError("a picture packed in a way that no camera packs it")


def _draw(made: PageObject, page: PageObject, copy: Copy) -> None:
    """Let a new page show what an old one shows."""
    for name in PAGE_KEYS:
        found = _raw(page, name)
        if found is not None:
            made[NameObject(name)] = copy.of(found)
    resources = _raw(page, "/Resources")
    made[NameObject("/Resources")] = copy.resources(resources if resources is not None else DictionaryObject())
    notes = ArrayObject(filter(None, (_note(each.get_object(), copy) for each in at(page, "/Annots") or ())))
    if notes:
        made[NameObject("/Annots")] = notes


def _raw(page: Any, name: str) -> Any:
    """Return what a page says of itself, or has from above."""
    for _ in range(100):
        if name in page:
            return page.raw_get(name)
        if name not in HANDED_DOWN or "/Parent" not in page:
            return None
        page = page["/Parent"].get_object()
    return None


def _looks(note: DictionaryObject) -> Any:
    """Return the drawing a note wears now, of a field with several the one that is chosen."""
    looks = at(note, "/AP")
    if not isinstance(looks, DictionaryObject) or "/N" not in looks:
        return None
    if isinstance(at(looks, "/N"), StreamObject):
        return looks.raw_get("/N")
    several, chosen = at(looks, "/N"), found(note, "/AS")
    if isinstance(several, DictionaryObject) and isinstance(at(several, chosen), StreamObject):
        return several.raw_get(chosen)
    return None


def _note(old: Any, copy: Copy) -> DictionaryObject | None:
    """Return something drawn on a page, a filled field too, as a mere stamp: it looks the same and does nothing."""
    if not isinstance(old, DictionaryObject) or found(old, "/Subtype") in UNSEEN_NOTES or int(at(old, "/F") or 0) & HIDDEN:
        return None
    drawn, place = _looks(old), at(old, "/Rect")
    if drawn is None or not isinstance(place, ArrayObject):
        return None
    stamp = DictionaryObject({NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/Stamp")})
    stamp[NameObject("/Rect")] = ArrayObject(FloatObject(each) for each in place)
    stamp[NameObject("/F")] = NumberObject(PRINTED)
    stamp[NameObject("/AP")] = DictionaryObject({NameObject("/N"): copy.of(drawn)})
    return stamp
