"""Pictures inside a PDF keep what their camera wrote; here they lose it, their pixels untouched."""

import re
from collections.abc import Iterator

START, END, SCAN, COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
NOTES = range(0xE0, 0xF0)
"""JPEG segments for whatever a maker likes to add: EXIF and XMP among them."""
SHOWS = {0xE0: b"JFIF\0", 0xEE: b"Adobe"}
"""Those that its colours rest on, by what they begin with; of profiles a PDF says itself which is meant."""
MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""Where the bytes of a scan are over."""
BOXES_TOLD = {b"uuid", b"xml ", b"uinf", b"jp2i"}


def bare_jpeg(data: bytes) -> bytes:
    """Return the first picture of a JPEG without what it tells; ValueError if there is none."""
    if data[:2] != bytes((0xFF, START)):
        raise ValueError("no JPEG")
    kept = [data[:2]]
    for marker, start, end in _segments(data):
        told = marker == COMMENT or (marker in NOTES and not data.startswith(SHOWS.get(marker, b"\0\0\0\0"), start + 4))
        if not told:
            kept.append(data[start:end])
        if marker == END:
            return b"".join(kept)
    raise ValueError("no end to it")


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield each segment of a JPEG after its start, a scan with the bytes that follow it: marker, start, end."""
    at = 2
    while found := MARKER.search(data, at):
        start, marker = found.start(), data[found.start() + 1]
        end = start + 2 if marker in (START, END) else start + 2 + int.from_bytes(data[start + 2 : start + 4], "big")
        if marker == SCAN:
            following = MARKER.search(data, end)
            end = following.start() if following else len(data)
        yield marker, start, end
        at = end


def bare_jpx(data: bytes) -> bytes:
    """Return a JPEG 2000 picture without its boxes of notes; one that is no file of boxes stays as it is."""
    if data[4:8] != b"jP  ":
        return data
    return b"".join(data[start:end] for kind, start, end in _boxes(data) if kind not in BOXES_TOLD)


def _boxes(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    at = 0
    while at + 8 <= len(data):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        end = len(data) if size == 0 else at + size
        if not at + 8 <= end <= len(data):
            raise ValueError("a box that does not fit")
        yield kind, at, end
        at = end
