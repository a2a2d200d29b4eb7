"""A photo somebody sent, made into a picture of ours: read in a process that is shut in, drawn anew, everything else left behind.

What comes out is a JPEG with nothing in it but its pixels: no place, no time, no camera, no comment, no profile, no
second picture, whatever else the file was. It is turned upright first and no larger than a marker's screen needs.
"""

from dataclasses import dataclass
from typing import Any

from banyan.errors import InvalidAnswerError
from grading.reading import read

MEDIA = "image/jpeg"
WHY = {
    "kind": "这不是能用的照片，请换成 JPG、PNG 或 WebP 的照片",
    "large": "这张照片的尺寸太大了（最多 {megapixels} 百万像素），请用手机自带的相机重拍，或截一张图再传",
    "moving": "会动的图不能当答案，请换一张照片",
    "broken": "这张照片没有传完整，或者文件坏了，请再选一次",
}


@dataclass(frozen=True)
class Picture:
    """JPEG bytes and what they show, in pixels."""

    content: bytes
    width: int
    height: int

    @property
    def about(self) -> dict[str, Any]:
        """Return what an answer says of it."""
        return {"media": MEDIA, "bytes": len(self.content), "width": self.width, "height": self.height}


def redrawn(sent: bytes) -> Picture:
    """Return what a file shows, or raise InvalidAnswerError in words for whoever sent it."""
    told, content = read("grading.pictures", sent)
    if "why" in told:
        raise InvalidAnswerError(WHY[told["why"]], megapixels=told.get("megapixels", 0))
    return Picture(content, told["width"], told["height"])
