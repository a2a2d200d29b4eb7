import contextlib
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.domain.picture import HEAVIEST, PNG_BEGINS, Picture, look_at
from banyan.errors import BadInputError


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int = 200, height: int = 200) -> bytes:
    """A red square."""
    rows = b"".join(b"\x00" + b"\xc0\x20\x20" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return PNG_BEGINS + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def jpeg(width: int = 200, height: int = 200) -> bytes:
    app0 = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8" + app0 + frame + b"\xff\xda\x00\x02\x00" + b"\xff\xd9"


def test_a_picture_is_known_by_what_is_in_it() -> None:
    assert look_at(png(200, 100)) == Picture("png", 200, 100)
    assert look_at(jpeg(200, 100)) == Picture("jpeg", 200, 100)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", id="a drawing with scripts"),
        pytest.param(png()[:-20], id="cut off"),
        pytest.param(png().replace(b"IDAT", b"IDOT"), id="damaged"),
        pytest.param(PNG_BEGINS + chunk(b"IEND", b""), id="a header alone"),
        pytest.param(jpeg()[:-2], id="a photo cut off"),
        pytest.param(b"GIF89a" + b"\x00" * 100, id="another kind"),
        pytest.param(png(20, 20), id="too small"),
        pytest.param(jpeg(9000, 200), id="too wide"),
        pytest.param(jpeg() + b"\x00" * HEAVIEST, id="too heavy"),
    ],
)
def test_what_cannot_be_printed_is_refused(data: bytes) -> None:
    with pytest.raises(BadInputError):
        look_at(data)


@given(st.binary(max_size=300), st.sampled_from([b"", PNG_BEGINS, b"\xff\xd8\xff", png()[:60], jpeg()[:30]]))
def test_no_bytes_confuse_it(rest: bytes, begin: bytes) -> None:
    with contextlib.suppress(BadInputError):
        look_at(begin + rest)
