"""How long a recording plays, read from its file: MP3, M4A (AAC) and Ogg (Opus, Vorbis), the three that phones play.

Only as much is read as the answer needs; a file that is not what its name says has no answer.
"""

import struct
from collections.abc import Callable, Iterator, Mapping

KBPS = {  # by whether it is MPEG-1; Layer III
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
HERTZ = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}  # by the two bits of the version
NO_SOUND = 0.0


def seconds_of_mp3(data: bytes) -> float:
    """Add up the frames; tags before, between and after them are stepped over."""
    at, seconds, lost = _after_id3(data), NO_SOUND, 0
    while at + 4 <= len(data):
        frame = _frame(data[at : at + 4])
        if frame is None:
            at, lost = at + 1, lost + 1
            if lost > 4096 and not seconds:
                return NO_SOUND
            continue
        if at + frame[0] > len(data):
            break
        at, seconds = at + frame[0], seconds + frame[1]
    return seconds


def _after_id3(data: bytes) -> int:
    if data[:3] != b"ID3" or len(data) < 10:
        return 0
    size = 0
    for each in data[6:10]:
        size = size << 7 | each & 0x7F
    return size + 10


def _frame(head: bytes) -> tuple[int, float] | None:
    """Return bytes and seconds of the Layer III frame that begins so."""
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    rate, hertz = head[2] >> 4, head[2] >> 2 & 3
    if head[0] != 0xFF or head[1] < 0xE0 or version == 1 or layer != 1 or rate in {0, 15} or hertz == 3:
        return None
    samples, per_second = (1152 if version == 3 else 576), HERTZ[version][hertz]
    size = samples // 8 * KBPS[version == 3][rate] * 1000 // per_second + (head[2] >> 1 & 1)
    return size, samples / per_second


def seconds_of_m4a(data: bytes) -> float:
    """Read the movie's own header."""
    if data[4:8] != b"ftyp":
        return NO_SOUND
    for kind, inside in _boxes(data):
        if kind == b"moov":
            for within, header in _boxes(inside):
                if within == b"mvhd":
                    return _movie(header)
    return NO_SOUND


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        size = len(data) - at if size == 0 else size
        if size < 8:
            return
        yield kind, data[at + 8 : at + size]
        at += size


def _movie(header: bytes) -> float:
    shape, skipped = (">IQ", 20) if header[:1] == b"\x01" else (">II", 12)
    if len(header) < skipped + struct.calcsize(shape):
        return NO_SOUND
    scale, length = struct.unpack_from(shape, header, skipped)
    return float(length / scale) if scale else NO_SOUND


def seconds_of_ogg(data: bytes) -> float:
    """Take the place of the last page, in samples, by the rate that the first page states."""
    if data[:4] != b"OggS" or len(data) < 60:
        return NO_SOUND
    before, rate = 0, 48000
    if (opus := data.find(b"OpusHead", 0, 100)) >= 0:
        before = int.from_bytes(data[opus + 10 : opus + 12], "little")
    elif (vorbis := data.find(b"\x01vorbis", 0, 100)) >= 0:
        rate = int.from_bytes(data[vorbis + 12 : vorbis + 16], "little")
    else:
        return NO_SOUND
    last = data.rfind(b"OggS")
    place = int.from_bytes(data[last + 6 : last + 14], "little")
    return max(place - before, 0) / rate if rate and last + 14 <= len(data) else NO_SOUND


SECONDS: Mapping[str, Callable[[bytes], float]] = {".mp3": seconds_of_mp3, ".m4a": seconds_of_m4a, ".ogg": seconds_of_ogg}
"""By the ending of the name."""
