"""Recordings of silence, small and whole: what a phone plays, made without a recorder."""

import struct


def mp3(seconds: float) -> bytes:
    """Return frames of 24 ms, MPEG-1 Layer III, 64 kbit/s, one channel, behind a tag as recorders write one."""
    frame = b"\xff\xfb\x54\xc4" + bytes(188)
    return b"ID3\x03\x00\x00\x00\x00\x00\x0a" + bytes(10) + frame * round(seconds / 0.024)


def m4a(seconds: float) -> bytes:
    """Return a movie header that says so, and nothing to play."""
    header = bytes(4) + struct.pack(">IIII", 0, 0, 1000, round(seconds * 1000)) + bytes(80)
    movie = _box(b"mvhd", header)
    return _box(b"ftyp", b"M4A \0\0\0\0") + _box(b"free", bytes(9)) + _box(b"moov", movie)


def ogg(seconds: float) -> bytes:
    """Return the first and the last page of an Opus stream."""
    first = _page(0, b"OpusHead\x01\x01" + struct.pack("<HIhB", 312, 48000, 0, 0))
    return first + _page(round(seconds * 48000) + 312, bytes(40))


def _box(kind: bytes, inside: bytes) -> bytes:
    return struct.pack(">I4s", len(inside) + 8, kind) + inside


def _page(place: int, inside: bytes) -> bytes:
    return b"OggS\0\0" + struct.pack("<qIIIBB", place, 1, 0, 0, 1, len(inside)) + inside
