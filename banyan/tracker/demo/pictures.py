"""Pictures for the demo's class, drawn here: no photo of anybody is shipped."""

from collections.abc import Iterator
from io import BytesIO

from PIL import Image, ImageDraw

SIZE = (960, 640)
WALL, FLOOR, BOARD, INK = "#eef1ea", "#c9b99a", "#1e6b52", "#1d2a26"
SHIRTS = ("#8a5a00", "#55635d", "#1e6b52", "#3f6f9f", "#a3271f")


def pictures() -> Iterator[tuple[str, bytes]]:
    """Yield what each shows, and the picture as a JPEG."""
    yield "会场", _drawn(rows=3, tables=False)
    yield "签到", _drawn(rows=1, tables=False)
    yield "下午分组演练", _drawn(rows=2, tables=True)


def _drawn(rows: int, tables: bool) -> bytes:
    image = Image.new("RGB", SIZE, WALL)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 420, 960, 640), fill=FLOOR)
    pen.rectangle((300, 60, 660, 240), fill=BOARD)
    for line in range(3):
        pen.rectangle((330, 95 + 45 * line, 630 - 60 * line, 107 + 45 * line), fill=WALL)
    for row in range(rows):
        for place in range(6):
            _person(pen, 110 + 150 * place + 20 * (row % 2), 340 + 85 * row, SHIRTS[(place + row) % len(SHIRTS)])
    if tables:
        for place in range(3):
            pen.rectangle((90 + 300 * place, 545, 330 + 300 * place, 575), fill=INK)
    made = BytesIO()
    image.save(made, "JPEG", quality=80)
    return made.getvalue()


def _person(pen: ImageDraw.ImageDraw, x: int, y: int, shirt: str) -> None:
    pen.ellipse((x - 24, y - 60, x + 24, y - 12), fill="#d9a981", outline=INK)
    pen.pieslice((x - 26, y - 64, x + 26, y - 10), 180, 360, fill=INK)
    pen.rounded_rectangle((x - 42, y - 8, x + 42, y + 80), 22, fill=shirt)
