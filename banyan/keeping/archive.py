"""The file a backup is: a zip whose last line is the SHA-256 over everything before it.

    manifest.json   what it is, of which version, and every file with its size, mode and SHA-256
    keys.sealed     the keys, for whoever has the recovery code; bound to the manifest
    data/…          everything else, readable with any zip program

A file that was cut off lacks the last line, one that was changed contradicts it. It is written beside its place and
moved there when it is whole.
"""

import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Self
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from pydantic import BaseModel, ConfigDict

from banyan.errors import HomeError

FORMAT = 1
MARK = b"banyan-backup sha256="
DIGITS = 64
MANIFEST, SEALED, DATA = "manifest.json", "keys.sealed", "data/"
CHUNK = 1 << 20


class Entry(BaseModel):
    size: int
    mode: int
    sha256: str


class Manifest(BaseModel):
    """`recovery` is the public half of the code that opens the keys; `position` and `seal` end the audit log.

    `with_records` is false where the records lie in a PostgreSQL that is looked after elsewhere.
    """

    model_config = ConfigDict(extra="forbid")

    format: int
    banyan: str
    form: int
    made_at: str
    county: str
    recovery: str
    with_records: bool
    position: int
    seal: str
    folders: dict[str, int] = {}
    files: dict[str, Entry] = {}


class Pen:
    """Puts files into an archive and remembers what was put in."""

    def __init__(self, archive: ZipFile) -> None:
        self.archive = archive
        self.folders: dict[str, int] = {}
        self.files: dict[str, Entry] = {}

    def put(self, name: str, path: Path, mode: int | None = None) -> None:
        """Add a file under a name; one that is gone meanwhile is left out."""
        try:
            source = path.open("rb")
        except FileNotFoundError:
            return
        with source, self.archive.open(_info(DATA + name), "w", force_zip64=True) as target:
            size, digest = 0, hashlib.sha256()
            while chunk := source.read(CHUNK):
                target.write(chunk)
                digest.update(chunk)
                size += len(chunk)
            kept = stat.S_IMODE(os.fstat(source.fileno()).st_mode) if mode is None else mode
        self.files[name] = Entry(size=size, mode=kept, sha256=digest.hexdigest())

    def write(self, name: str, content: bytes) -> None:
        self.archive.writestr(_info(name), content)


@contextmanager
def new_archive(place: Path, part: Path) -> Iterator[Pen]:
    """Give an archive to write into; it takes its place when the block ends well, and leaves nothing otherwise.

    `part` lies beside the place while it is written.
    """
    try:
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
            with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=3) as archive:
                archive.comment = MARK + b"0" * DIGITS
                yield Pen(archive)
            digest = _digest(file).encode()
            file.seek(-DIGITS, os.SEEK_END)
            file.write(digest)
            file.flush()
            os.fsync(file.fileno())
        part.rename(place)
        to_disk(place.parent)
    finally:
        part.unlink(missing_ok=True)


class Archive:
    """A backup that was found whole; see `open`."""

    def __init__(self, archive: ZipFile, manifest: Manifest, bound: bytes) -> None:
        self.archive, self.manifest, self.bound = archive, manifest, bound

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[Self]:
        """Give a backup to read from, or raise HomeError in words: no backup, cut off, changed, or of a newer kind."""
        try:
            file = path.open("rb")
        except OSError as fault:
            raise HomeError("打不开备份 {path}（{fault}）", path=path, fault=fault.strerror) from fault
        with file:
            _check_whole(file, path)
            try:
                with ZipFile(file) as archive:
                    text = archive.read(MANIFEST)
                    yield cls(archive, _manifest(text, path), hashlib.sha256(text).digest())
            except (BadZipFile, KeyError) as fault:
                raise HomeError("备份 {path} 损坏或被改动过；请换一份备份", path=path) from fault

    @property
    def sealed(self) -> bytes:
        return self.archive.read(SEALED)

    def unpack(self, folder: Path) -> None:
        """Write everything but the keys into a folder, each file checked on the way."""
        for name in sorted(self.manifest.folders):
            _inside(folder, name).mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, entry in self.manifest.files.items():
            target = _inside(folder, name)
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self.archive.open(DATA + name) as source, target.open("wb") as file:
                shutil.copyfileobj(source, file, CHUNK)
                file.flush()
                os.fsync(file.fileno())
            with target.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != entry.sha256:
                    raise HomeError("备份里的 {name} 和清单对不上；请换一份备份", name=name)
            target.chmod(entry.mode)
        for name, mode in sorted(self.manifest.folders.items(), reverse=True):
            _inside(folder, name).chmod(mode)


def to_disk(folder: Path) -> None:
    """Let a power cut not undo what was renamed, added or removed in a folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _check_whole(file: BinaryIO, path: Path) -> None:
    start = file.read(4)
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - len(MARK) - DIGITS))
    end = file.read()
    if start != b"PK\x03\x04":
        raise HomeError("{path} 不是榕学的备份", path=path)
    if not end.startswith(MARK):
        raise HomeError("备份 {path} 不完整，可能没有复制完；请重新复制，或换一份备份", path=path)
    if _digest(file) != end[len(MARK) :].decode("ascii", "replace"):
        raise HomeError("备份 {path} 损坏或被改动过；请换一份备份", path=path)


def _manifest(text: bytes, path: Path) -> Manifest:
    try:
        if json.loads(text)["format"] != FORMAT:
            raise HomeError("备份 {path} 是更新版本的榕学做的；请先更新程序，再恢复", path=path)
        return Manifest.model_validate_json(text)
    except (ValueError, TypeError, KeyError) as fault:
        raise HomeError("备份 {path} 的清单读不懂；请换一份备份", path=path) from fault


def _inside(folder: Path, name: str) -> Path:
    """Return where a file of the backup goes: below the folder, whatever its name says."""
    target = folder / name
    if not name or ".." in Path(name).parts or not target.is_relative_to(folder):
        raise HomeError("备份里有不该有的文件名 {name}；请换一份备份", name=name)
    return target


def _digest(file: BinaryIO) -> str:
    """Return the SHA-256 over a file but for its last line's digits."""
    left, digest = file.seek(0, os.SEEK_END) - DIGITS, hashlib.sha256()
    file.seek(0)
    while left > 0 and (chunk := file.read(min(CHUNK, left))):
        digest.update(chunk)
        left -= len(chunk)
    return digest.hexdigest()


def _info(name: str) -> ZipInfo:
    info = ZipInfo(name)
    info.compress_type = ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info
