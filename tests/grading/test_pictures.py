"""A photo somebody sent: what it shows is kept, and nothing else; what is no photo is refused in words."""

import os
import subprocess
import sys
import zlib
from io import BytesIO

import pytest
from PIL import Image

from banyan.errors import InvalidAnswerError
from grading import reading
from grading.pictures import redrawn

PLACE = 0x8825
SECRET = b"SECRET-PLACE"


def saved(image, kind, **more):
    made = BytesIO()
    image.save(made, kind, **more)
    return made.getvalue()


FRAMES = [Image.new("RGB", (30, 20), each) for each in ("red", "blue")]
MOVING = {"save_all": True, "append_images": FRAMES[1:]}


def camera(lay=1):
    """A photo as a phone makes it: 200 by 100, red on the left; where it was taken, how the phone lay, a comment."""
    image = Image.new("RGB", (200, 100), "blue")
    image.paste("red", (0, 0, 100, 100))
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = lay, SECRET.decode()
    exif[PLACE] = {1: "N", 2: (24.0, 27.0, 1.0), 3: "E", 4: (118.0, 4.0, 2.0)}
    return saved(image, "JPEG", exif=exif, comment=SECRET, xmp=b"<x>" + SECRET + b"</x>", icc_profile=SECRET)


def opened(picture):
    return Image.open(BytesIO(picture.content))


def test_nothing_is_kept_but_what_a_photo_shows():
    sent = camera()
    assert sent.count(SECRET) >= 3
    made = redrawn(sent)
    image = opened(made)
    assert SECRET not in made.content
    assert dict(image.getexif()) == {}
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert (image.format, made.width, made.height) == ("JPEG", 200, 100)


@pytest.mark.parametrize(
    ("lay", "size", "red"),
    [(1, (200, 100), (20, 50)), (3, (200, 100), (180, 50)), (6, (100, 200), (50, 20)), (8, (100, 200), (50, 180))],
)
def test_a_photo_is_turned_as_the_phone_lay_before_that_is_forgotten(lay, size, red):
    made = redrawn(camera(lay))
    assert (made.width, made.height) == size
    assert opened(made).getpixel(red)[0] > 200


def test_a_large_photo_is_made_as_large_as_a_marker_needs():
    made = redrawn(saved(Image.effect_noise((4000, 3000), 30).convert("RGB"), "JPEG"))
    assert (made.width, made.height) == (1600, 1200)
    assert len(made.content) < 1_000_000


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(saved(Image.new("RGBA", (30, 20), (255, 0, 0, 0)), "PNG"), id="see-through"),
        pytest.param(saved(Image.new("P", (30, 20)), "PNG"), id="a palette"),
        pytest.param(saved(Image.new("I;16", (30, 20)), "PNG"), id="sixteen bits"),
        pytest.param(saved(Image.new("1", (30, 20)), "PNG"), id="black or white"),
        pytest.param(saved(Image.new("CMYK", (30, 20)), "JPEG"), id="a printer's colours"),
        pytest.param(saved(Image.new("RGB", (30, 20)), "WEBP"), id="WebP"),
        pytest.param(saved(FRAMES[0], "MPO", **MOVING), id="two lenses"),
        pytest.param(camera() + b"<html><script>alert(1)</script>PK\x03\x04%PDF-1.7", id="a page behind it"),
    ],
)  # fmt: skip
def test_what_a_phone_makes_is_read_and_what_hangs_on_it_is_lost(sent):
    made = redrawn(sent)
    assert opened(made).mode == "RGB"
    assert b"script" not in made.content


def bomb():
    """A PNG of a few kilobytes that unpacks to 100 megapixels."""
    raw = zlib.compress(bytes(10_001 * 10_000 // 8 + 10_000), 9)
    plain = saved(Image.new("1", (8, 8)), "PNG")
    size = (10_000).to_bytes(4, "big") * 2 + plain[24:29]
    parts = [(b"IHDR", size), (b"IDAT", raw), (b"IEND", b"")]
    chunks = (len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big") for name, body in parts)
    return plain[:8] + b"".join(chunks)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        pytest.param(b"", "文件是空的", id="nothing"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "不是能用的照片", id="SVG"),
        pytest.param(b"<script>alert(1)</script>", "不是能用的照片", id="a page"),
        pytest.param(b"%PDF-1.7", "不是能用的照片", id="a document"),
        pytest.param(saved(FRAMES[0], "GIF"), "不是能用的照片", id="GIF"),
        pytest.param(saved(FRAMES[0], "TIFF"), "不是能用的照片", id="TIFF"),
        pytest.param(saved(FRAMES[0], "PNG", **MOVING), "会动的图", id="a PNG that moves"),
        pytest.param(saved(FRAMES[0], "WEBP", **MOVING), "会动的图", id="a WebP that moves"),
        pytest.param(camera()[:-400], "没有传完整", id="cut off"),
        pytest.param(saved(Image.new("L", (10_000, 10_000)), "JPEG"), "最多 64 百万像素", id="100 megapixels"),
        pytest.param(bomb(), "最多 64 百万像素", id="a bomb"),
        pytest.param(b"\xff\xd8" + os.urandom(20_000), "", id="noise that begins like a photo"),
        pytest.param(bytes(10 * 1024 * 1024 + 1), "最大 10 MB", id="more than 10 MB"),
    ],
)
def test_what_is_no_photo_is_refused_in_words(sent, said):
    with pytest.raises(InvalidAnswerError) as refused:
        redrawn(sent)
    assert said in str(refused.value)


def test_the_reader_is_shut_in_and_is_ended_when_it_takes_too_much():
    deeds = {
        "network": "import socket; socket.socket(socket.AF_INET)",
        "files": "open('/etc/passwd').read()",
        "programs": "import os; os.execv('/bin/true', ['true'])",
        "memory": "bytearray(900 << 20)",
    }
    for name, deed in deeds.items():
        shut = "from grading.pictures.__main__ import *; confine([], []); limit(mapped(), LIMITS)"
        done = subprocess.run([sys.executable, "-P", "-c", f"{shut}\n{deed}"], env={}, capture_output=True, check=False)
        assert done.returncode != 0, name
        assert any(each in done.stderr for each in (b"Error", b"denied")), name


def test_a_reader_that_is_ended_is_a_broken_photo_and_no_fault_of_ours(monkeypatch):
    monkeypatch.setattr(reading, "PATIENCE", 0.01)
    with pytest.raises(InvalidAnswerError, match="没有传完整"):
        redrawn(camera())
