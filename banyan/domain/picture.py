"""Whether some bytes are a picture that can be printed: told by what is in them, never by a name or a claim.

Only headers are read; that is enough to refuse what is something else, cut off, or too large to set.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from banyan.errors import BadInputError

HEAVIEST = 300_000  # bytes
LEAST, MOST = 60, 3000  # pixels a side
PNG, JPEG = "png", "jpeg"
PNG_BEGINS, PNG_ENDS = b"\x89PNG\r\n\x1a\n", b"\x00\x00\x00\x00IEND\xaeB`\x82"
JPEG_BEGINS, JPEG_ENDS = b"\xff\xd8\xff", b"\xff\xd9"
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG markers that begin with a picture's height and width."""
BARE = frozenset({0x01, *range(0xD0, 0xD8)})


@dataclass(frozen=True)
class Picture:
    kind: str
    width: int
    height: int


def look_at(data: bytes) -> Picture:
    """Return what a picture is, or raise BadInputError saying what to bring instead."""
    if not data:
        raise BadInputError("没有收到图片；请选一张 PNG 或 JPEG 图片")
    if len(data) > HEAVIEST:
        raise BadInputError("图片有{size} kB，最多{most} kB；请缩小以后再传", size=len(data) // 1000, most=HEAVIEST // 1000)
    found = _png(data) or _jpeg(data)
    if found is None:
        raise BadInputError("这不是完整的 PNG 或 JPEG 图片；请用扫描或手机拍的原图另存为 PNG 再传")
    if not (LEAST <= found.width <= MOST and LEAST <= found.height <= MOST):
        size = f"{found.width}×{found.height}"
        raise BadInputError("图片是{size}像素；每边要在{least}到{most}像素之间", size=size, least=LEAST, most=MOST)
    return found


def _png(data: bytes) -> Picture | None:
    """Every chunk is whole and its sum holds, the first is the header, the last the end."""
    if not data.startswith(PNG_BEGINS) or not data.endswith(PNG_ENDS):
        return None
    chunks = list(_chunks(data))
    if not chunks or chunks[0][0] != b"IHDR" or len(chunks[0][1]) != 13 or not any(name == b"IDAT" for name, _ in chunks):
        return None
    width, height = struct.unpack(">II", chunks[0][1][:8])
    return Picture(PNG, width, height)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(PNG_BEGINS)
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        name, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        told = data[at + 8 + length : at + 12 + length]
        if len(body) < length or told != zlib.crc32(name + body).to_bytes(4, "big"):
            return
        yield name, body
        at += 12 + length


def _jpeg(data: bytes) -> Picture | None:
    if not data.startswith(JPEG_BEGINS) or not data.rstrip(b"\x00").endswith(JPEG_ENDS):
        return None
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return Picture(JPEG, width, height)
        at += 1 if marker == 0xFF else 2 if marker in BARE else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None
