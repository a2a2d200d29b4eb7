"""What lies in an archive, with the SHA-256 of each file, signed by the house: so that anybody can tell years later whether
something was changed, taken out or put in.

`清单.json` is {"payload": {…}, "signature": …, "key": …}; `清单.txt` says the same for `sha256sum -c`.
"""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from banyan.certificates.issuer import Issuer
from banyan.certificates.keyring import Vouching
from banyan.errors import BadInputError, TamperedError

FORM = "banyan-class-1"
SIGNED, PLAIN = "清单.json", "清单.txt"
LARGEST_MANIFEST, LARGEST_FILE = 2 * 1024 * 1024, 200 * 1024 * 1024  # bytes
BLOCK = 1 << 20


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
    payload: dict[str, Any] = {"v": FORM, "i": about.made_at.date().isoformat(), **vars(about)}
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
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, OSError):
        raise BadInputError("{path} 打不开，或者不是一期一档的压缩包", path=path) from None


def _payload(archive: zipfile.ZipFile, keys: Vouching) -> Mapping[str, Any]:
    try:
        if archive.getinfo(SIGNED).file_size > LARGEST_MANIFEST:
            raise ValueError("no list of ours")
        told = json.loads(archive.read(SIGNED))
        payload, signature = told["payload"], told["signature"]
        named = payload["v"] == FORM and isinstance(payload["files"], dict)
    except (KeyError, ValueError, TypeError):
        raise BadInputError("压缩包里没有“{name}”，或者读不出来：不是一期一档的压缩包", name=SIGNED) from None
    if not named or not keys.verify(payload, str(signature)):
        raise TamperedError("“清单.json”不是这里签的，或者被改过：这个压缩包不能作准")
    return dict(payload)


def _faults(archive: zipfile.ZipFile, files: Mapping[str, str]) -> list[str]:
    there = [each.filename for each in archive.infolist() if each.filename not in (SIGNED, PLAIN)]
    faults = [f"{name}：不在清单里，是后来放进去的" for name in there if name not in files]
    faults += [f"{name}：有两份" for name in sorted({name for name in there if there.count(name) > 1})]
    faults += [f"{name}：清单里有，压缩包里没有" for name in files if name not in there]
    faults += [f"{name}：内容被改过" for name, digest in files.items() if name in there and _digest(archive, name) != digest]
    return faults


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    """Return what a file hashes to, "" for one that is broken or claims to be larger than any of ours."""
    hashed = hashlib.sha256()
    if archive.getinfo(name).file_size > LARGEST_FILE:
        return ""
    try:
        with archive.open(name) as file:
            while block := file.read(BLOCK):
                hashed.update(block)
    except (zipfile.BadZipFile, EOFError, RuntimeError):
        return ""
    return hashed.hexdigest()
