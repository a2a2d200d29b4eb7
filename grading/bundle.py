"""A folder on its way between people: a zip that is looked through before a byte of it is believed.

What comes in may be anything: a bomb, a path that climbs out, a link, two files of one name, ten thousand empty ones.
What is taken is written anew, so what is kept afterwards is a plain zip of plain files, the same for the same content.
"""

import io
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping

from banyan.errors import BadInputError

Files = Mapping[str, bytes]
HEAVIEST = 10 * 1000 * 1000
"""Bytes of a folder, unpacked, and of the zip it comes in."""
MOST_FILES = 100
DEEPEST = 4
LONGEST_NAME = 120  # bytes, as a file system counts
EPOCH = (1980, 1, 1, 0, 0, 0)
WAYS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"})


def packed(files: Files) -> bytes:
    """Return files as a zip: the same bytes for the same names and contents, in whatever order they are given."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            about = zipfile.ZipInfo(name, EPOCH)
            about.compress_type, about.external_attr = zipfile.ZIP_DEFLATED, (stat.S_IFREG | 0o644) << 16
            archive.writestr(about, files[name])
    return out.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    """Return the files of a zip by their paths; BadInputError says what in it cannot be taken."""
    if len(data) > HEAVIEST:
        raise BadInputError("交上来的文件太大了，最大 {most} MB", most=HEAVIEST // 1_000_000)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [each for each in archive.infolist() if not each.is_dir() and not _is_hidden(each.filename)]
            check_names([each.filename for each in members])
            return _contents(archive, members)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as fault:
        raise BadInputError("交上来的压缩包打不开，请重新打包再交") from fault


def check_names(names: list[str]) -> None:
    """Raise BadInputError unless these are the paths of a small folder of plain files."""
    if len(names) > MOST_FILES:
        raise BadInputError("文件太多了，最多 {most} 个，这里有 {count} 个", most=MOST_FILES, count=len(names))
    for name in names:
        parts = name.split("/")
        if len(parts) > DEEPEST or not all(is_plain(each) for each in parts):
            raise BadInputError("文件名 “{name}” 不能用，请改名再交", name=shown(name))
    alike = [unicodedata.normalize("NFC", each).casefold() for each in names]
    twice = next((name for name, each in zip(names, alike, strict=True) if alike.count(each) > 1), None)
    if twice is not None:
        raise BadInputError("有两个文件都叫 “{name}”，请只留一个", name=shown(twice))
    under = {"/".join(each.split("/")[:depth]) for each in alike for depth in range(1, each.count("/") + 1)}
    both = next((name for name, each in zip(names, alike, strict=True) if each in under), None)
    if both is not None:
        raise BadInputError("“{name}” 既是文件又是文件夹，请改名再交", name=shown(both))


def is_plain(name: str) -> bool:
    """Say whether one part of a path is a name that no system takes for anything else."""
    odd = any(unicodedata.category(each) in UNPRINTABLE or each in '\\/:*?"<>|' for each in name)
    fits = 0 < len(name.encode(errors="replace")) <= LONGEST_NAME
    return fits and not odd and not name.startswith((".", " ")) and not name.endswith((".", " "))


def _is_hidden(name: str) -> bool:
    """Say whether a path is what editors and file managers leave behind; `..` is not, and is refused as a name."""
    return any(each == "__MACOSX" or (each.startswith(".") and each.strip(".")) for each in name.split("/"))


def shown(name: str) -> str:
    """Return a name as a sentence may hold it."""
    return "".join(each if unicodedata.category(each) not in UNPRINTABLE else "?" for each in name)[:60]


def _contents(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    """Read what is there, never what the zip says is there: a bomb understates itself."""
    files, left = {}, HEAVIEST
    for each in members:
        kind = stat.S_IFMT(each.external_attr >> 16)
        if kind not in (0, stat.S_IFREG) or each.flag_bits & 1 or each.compress_type not in WAYS:
            raise BadInputError("“{name}” 不是普通文件（链接、加密的都不收）", name=shown(each.filename))
        with archive.open(each) as file:
            content = file.read(left + 1)
        left -= len(content)
        if left < 0:
            raise BadInputError("解开以后太大了，最大 {most} MB", most=HEAVIEST // 1_000_000)
        files[each.filename] = content
    return files
