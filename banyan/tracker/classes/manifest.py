"""What lies in an archive, with the SHA-256 of each file, signed by the house: so that anybody can tell years later whether
something was changed, taken out or put in.

`清单.json` is {"payload": {…}, "signature": …, "key": …}; `清单.txt` says the same for `sha256sum -c`.
"""

import hashlib
import json
import lzma
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from banyan.certificates.issuer import Issuer
from banyan.certificates.keyring import Vouching
from banyan.domain.calendar import county_day
from banyan.errors import BadInputError, TamperedError

FORM = "banyan-class-1"
SIGNED, PLAIN = "清单.json", "清单.txt"
LARGEST_MANIFEST, LARGEST_FILE = 2 * 1024 * 1024, 200 * 1024 * 1024  # bytes
BLOCK = 1 << 20
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, RuntimeError, ValueError, OSError)
"""What reading an entry raises that is damaged, encrypted, or packed in a way that is not ours."""


@dataclass(frozen=True)
class About:
    """What an archive is of: the class's number and title, the course, who issued it, when it was made and by whom."""

    number: int
    title: str
    course: str
    issuer: str
    made_at: datetime
    made_by: str
    complete: bool
    demo: bool


def signed(about: About, digests: Mapping[str, str], issuer: Issuer) -> bytes:
    """Return the signed list; `digests` says by name what each file hashes to. `i` is the day, as in all the house signs."""
    payload: dict[str, Any] = {"v": FORM, "i": county_day(about.made_at).isoformat(), **vars(about)}
    payload |= {"made_at": about.made_at.isoformat(), "files": dict(sorted(digests.items())), "k": issuer.public_key.id}
    told = {"payload": payload, "signature": issuer.sign(payload), "key": issuer.public_key.text}
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def plain(digests: Mapping[str, str]) -> bytes:
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items())).encode()


@dataclass(frozen=True)
class Checked:
    """What an archive says of itself, and what of it is not so: a sentence a file."""

    payload: Mapping[str, Any]
    faults: tuple[str, ...]


def check_archive(path: Path, keys: Vouching) -> Checked:
    """Hold an archive against its own list, and the list against the house's keys.

    BadInputError for what is no archive of ours; TamperedError if nobody of the house signed the list.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            payload = _payload(archive, keys)
            return Checked(payload, tuple(_faults(archive, payload["files"])))
    except BROKEN:
        raise BadInputError("{path} 打不开，或者不是一期一档的压缩包", path=path) from None


def _payload(archive: zipfile.ZipFile, keys: Vouching) -> Mapping[str, Any]:
    try:
        told = json.loads(_read(archive, SIGNED))
        payload, signature = told["payload"], told["signature"]
        named = payload["v"] == FORM and isinstance(payload["files"], dict)
    except (KeyError, TypeError, *BROKEN):
        raise BadInputError("压缩包里没有“{name}”，或者读不出来：不是一期一档的压缩包", name=SIGNED) from None
    if not named or not keys.verify(payload, str(signature)):
        raise TamperedError("“清单.json”不是这里签的，或者被改过：这个压缩包不能作准")
    return dict(payload)


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return one of the two lists; ValueError for one larger than any of ours."""
    if archive.getinfo(name).file_size > LARGEST_MANIFEST:
        raise ValueError("no list of ours")
    return archive.read(name)


def _faults(archive: zipfile.ZipFile, files: Mapping[str, str]) -> list[str]:
    every = Counter(each.filename for each in archive.infolist())
    faults = [f"{name}：不在清单里，是后来放进去的" for name in every if name not in files and name not in (SIGNED, PLAIN)]
    faults += [f"{name}：有{count}份" for name, count in sorted(every.items()) if count > 1]
    faults += [f"{name}：清单里有，压缩包里没有" for name in files if name not in every]
    faults += [f"{PLAIN}：压缩包里没有"] if PLAIN not in every else _plain_faults(archive, files)
    held = ((name, digest, _digest(archive, name)) for name, digest in files.items() if name in every)
    return faults + [f"{name}：{'内容被改过' if found else '坏了，读不出来'}" for name, digest, found in held if found != digest]


def _plain_faults(archive: zipfile.ZipFile, files: Mapping[str, str]) -> list[str]:
    """Return what is wrong with the list for `sha256sum -c`: nobody signed it, so it must say what the signed one does."""
    try:
        return [] if _read(archive, PLAIN) == plain(files) else [f"{PLAIN}：和签了名的清单不一样"]
    except BROKEN:
        return [f"{PLAIN}：坏了，读不出来"]


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    """Return what a file hashes to, "" for one that is broken or claims to be larger than any of ours."""
    hashed = hashlib.sha256()
    try:
        if archive.getinfo(name).file_size > LARGEST_FILE:
            return ""
        with archive.open(name) as file:
            while block := file.read(BLOCK):
                hashed.update(block)
    except BROKEN:
        return ""
    return hashed.hexdigest()
