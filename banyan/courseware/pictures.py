"""The pictures of a course's figures/: which formats there are, what keeps one from being shown, and one as part of a page.

A picture goes into the page itself: so a lesson or an exam that is open needs no line for it, and no address tells
who may look at what. What a question shows is on the phone before the exam begins, so it has to be light.
"""

import base64
from pathlib import Path

FOLDER = "figures"
FORMATS = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp"}
HEAVIEST = 200_000
HEAVIEST_ASKED = 60_000
"""Bytes of a picture in a lesson, and of one that a question shows."""


def unshowable(path: Path, name: str, heaviest: int = HEAVIEST) -> tuple[str, str] | None:
    """Return what keeps a picture from being shown, and what to do about it; `name` is what its author calls it."""
    if path.suffix.lower() not in FORMATS:
        return f"图片 {name} 的格式不能用", f"只用 {'、'.join(FORMATS)}"
    if not path.is_file():
        return f"没有图片 {name}", "补上文件，或改路径"
    if path.stat().st_size > heaviest:
        return f"图片 {name} 超过 {heaviest // 1000} kB", "压缩后再放"
    return None


def encoded(path: Path) -> str:
    """Return a picture's bytes as base64."""
    return base64.b64encode(path.read_bytes()).decode("ascii")


def inline(path: Path) -> str:
    """Return a picture as an address that holds it."""
    return f"data:{FORMATS[path.suffix.lower()]};base64,{encoded(path)}"
