"""A photo somebody sent, made into a picture of ours: read in a process that is shut in, drawn anew, everything else left behind.

What comes out is a JPEG with nothing in it but its pixels: no place, no time, no camera, no comment, no profile, no
second picture, whatever else the file was. It is turned upright first and no larger than a marker's screen needs.
"""

import json
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any

from banyan.errors import InvalidAnswerError, TryLaterError

HEAVIEST = 10 * 1024 * 1024
"""Bytes that are looked at at all."""
PATIENCE = 40  # seconds, of which the reader itself may compute half
AT_ONCE = 2  # readers; further photos wait their turn
MEDIA = "image/jpeg"
WHY = {
    "kind": "这不是能用的照片，请换成 JPG、PNG 或 WebP 的照片",
    "large": "这张照片的尺寸太大了（最多 {megapixels} 百万像素），请用手机自带的相机重拍，或截一张图再传",
    "moving": "会动的图不能当答案，请换一张照片",
    "broken": "这张照片没有传完整，或者文件坏了，请再选一次",
}
_turns = BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Picture:
    """JPEG bytes and what they show, in pixels."""

    content: bytes
    width: int
    height: int


def redrawn(sent: bytes) -> Picture:
    """Return what a file shows, or raise InvalidAnswerError in words for whoever sent it."""
    if len(sent) > HEAVIEST:
        raise InvalidAnswerError("照片太大了，最大 10 MB")
    if not sent:
        raise InvalidAnswerError("照片是空的，请再选一次")
    if not _turns.acquire(timeout=PATIENCE):
        raise TryLaterError("传照片的人多，请过一分钟再传；照片还在您的手机里")
    try:
        told, content = _read(sent)
    finally:
        _turns.release()
    if "why" in told:
        raise InvalidAnswerError(WHY[told["why"]], megapixels=told["megapixels"])
    return Picture(content, told["width"], told["height"])


def _read(sent: bytes) -> tuple[dict[str, Any], bytes]:
    """Ask the reader; one that was ended, by its limits or by the clock, could not read the file."""
    command = [sys.executable, "-P", "-m", "grading.pictures"]
    with suppress(subprocess.TimeoutExpired):
        done = subprocess.run(command, input=sent, capture_output=True, timeout=PATIENCE, env={}, check=False)
        if done.returncode == 0:
            head, _, content = done.stdout.partition(b"\n")
            return json.loads(head), content
    return {"why": "broken", "megapixels": 0}, b""
