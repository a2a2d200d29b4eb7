"""One archive of a class: names in Chinese that are the same each time, a signed list of all, written as it is sent.

What is printed is made before the first byte goes out, so that a fault is a sentence and not half a file; photos are read
one after another as they are sent.
"""

import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from banyan.records import answer_store
from banyan.tracker.classes.manifest import PLAIN, SIGNED

UNSAFE = re.compile(r"[\\/:*?\"<>|\x00-\x1f]")


@dataclass(frozen=True)
class Entry:
    """A file to be: its digest is known before it is read."""

    name: str
    digest: str
    read: Callable[[], bytes]


def made(name: str, content: bytes) -> Entry:
    return Entry(name, hashlib.sha256(content).hexdigest(), lambda: content)


def kept(name: str, folder: Path, digest: str) -> Entry:
    """Return a file of the store, or raise NotFoundError now if it is gone."""
    if not answer_store.has(folder, digest):
        answer_store.get(folder, digest)
    return Entry(name, digest, lambda: answer_store.get(folder, digest))


def file_name(text: str) -> str:
    """Return a text as part of a file's name, on any machine."""
    return " ".join(UNSAFE.sub(" ", text).split()).strip(". ")[:60]


def digests(entries: Sequence[Entry]) -> Mapping[str, str]:
    return {each.name: each.digest for each in entries}


def stream(entries: Sequence[Entry], listed: Mapping[str, bytes], day: date) -> Iterator[bytes]:
    """Yield a zip archive piece by piece; files bear the class's own day, so that the same content gives the same bytes.

    `listed` is the list of files, signed and plain: it comes first.
    """
    out = _Out()
    with zipfile.ZipFile(out, "w") as archive:
        for name in (SIGNED, PLAIN):
            archive.writestr(_info(name, day), listed[name])
            yield out.take()
        for each in entries:
            archive.writestr(_info(each.name, day), each.read())
            yield out.take()
    yield out.take()


class _Out(io.RawIOBase):
    """Takes what a zip file writes and cannot go back in it."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.pieces.append(bytes(data))  # type: ignore[call-overload]
        return len(self.pieces[-1])

    def take(self) -> bytes:
        taken, self.pieces = b"".join(self.pieces), []
        return taken


def _info(name: str, day: date) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, (max(day.year, 1980), day.month, day.day, 12, 0, 0))
    info.compress_type = zipfile.ZIP_STORED if name.endswith(".jpg") else zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info
