"""`python -m grading.pictures`: read a photo from standard input, write a line of JSON and a JPEG to standard output.

This process is shut in before the first byte is read: whatever a file may do to a decoder, it has no network, no files
and no other programs, and limits on memory and time.
"""

import json
import sys
import warnings
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps, JpegImagePlugin, PngImagePlugin, UnidentifiedImageError, WebPImagePlugin

from grading.confinement import Limits, confine, limit, mapped

MB = 1 << 20
KINDS = ("JPEG", "PNG", "WEBP")
LOADED = (JpegImagePlugin, PngImagePlugin, WebPImagePlugin)
"""Loaded before the walls stand; no other decoder ever is."""
SMOOTH = ("L", "RGB", "RGBA", "CMYK", "YCbCr")
"""Kinds of pixels that shades can be made of."""
MEGAPIXELS = 64
LONGEST_EDGE = 1600
QUALITY = 80
LIMITS = Limits(memory=640 * MB, shared=64 * MB, processor=20, file=0, files=16)


class Refused(Exception):
    """Why a file makes no picture: kind, large, moving or broken."""


def draw(sent: bytes) -> tuple[bytes, int, int]:
    """Return the JPEG of a photo with its width and height."""
    try:
        with Image.open(BytesIO(sent), formats=KINDS) as image:
            _look_at(image)
            upright = _on_paper(ImageOps.exif_transpose(_small(image)))
    except UnidentifiedImageError:
        raise Refused("kind") from None
    except (Image.DecompressionBombError, MemoryError):
        raise Refused("large") from None
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError):
        raise Refused("broken") from None
    made = BytesIO()
    _bare(upright).save(made, "JPEG", quality=QUALITY, optimize=True)
    return made.getvalue(), *upright.size


def _look_at(image: Image.Image) -> None:
    """Refuse what its header alone gives away, before anything is unpacked. (Two lenses in one JPEG are no moving picture.)"""
    if image.width * image.height > MEGAPIXELS * 10**6:
        raise Refused("large")
    if image.format != "MPO" and getattr(image, "is_animated", False):
        raise Refused("moving")


def _small(image: Image.Image) -> Image.Image:
    """Return a picture no larger than is kept; made small first, it is turned and copied at little cost."""
    small = image if image.mode in SMOOTH else image.convert("RGBA")
    small.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    return small


def _on_paper(image: Image.Image) -> Image.Image:
    """Return a picture without anything see-through: that is white."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        clear = image.convert("RGBA")
        paper = Image.new("RGB", clear.size, "white")
        paper.paste(clear, mask=clear.getchannel("A"))
        return paper
    return image.convert("RGB")


def _bare(image: Image.Image) -> Image.Image:
    """Return the pixels alone: an image of Pillow's carries comments and profiles along, into what is saved."""
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    return bare


def main() -> None:
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = MEGAPIXELS * 10**6
    confine([], [])
    limit(mapped(), LIMITS)
    told: dict[str, Any]
    try:
        content, width, height = draw(sys.stdin.buffer.read())
        told = {"width": width, "height": height}
    except Refused as refused:
        content, told = b"", {"why": str(refused), "megapixels": MEGAPIXELS}
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + content)


if __name__ == "__main__":
    main()
