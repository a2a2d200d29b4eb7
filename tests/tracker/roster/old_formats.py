"""Files no library of ours writes: an .xls of Excel 97, a workbook with a password, an .ods."""

import struct
import zipfile
from collections.abc import Sequence
from io import BytesIO
from xml.sax.saxutils import escape

SECTOR, NONE, END, FAT = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound(name: str, content: bytes) -> bytes:
    """Return a compound file of one stream, as Office wrote them before 2007."""
    content = content.ljust(max(4096, -(-len(content) // SECTOR) * SECTOR), b"\0")
    sectors = len(content) // SECTOR
    fat = [FAT, END, *range(3, 2 + sectors), END]
    header = struct.pack("<8s16xHHHHH6xIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
                         0, 1, 1, 0, 4096, END, 0, END, 0, 0)  # fmt: skip
    header += struct.pack("<108I", *[NONE] * 108)
    table = struct.pack("<128I", *fat, *[NONE] * (128 - len(fat)))
    directory = _entry("Root Entry", 5, END, 0, child=1) + _entry(name, 2, 2, len(content)) + bytes(256)
    return header + table + directory + content


def _entry(name: str, kind: int, start: int, size: int, child: int = NONE) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    return text.ljust(64, b"\0") + struct.pack("<HBBIII16xI16xIQ", len(text), kind, 1, NONE, NONE, child, 0, start, size)


def xls(rows: Sequence[Sequence[str | float]], name: str = "Sheet1") -> bytes:
    """Return a workbook of one sheet in the form of Excel 97."""
    title = name.encode("utf-16-le")
    head = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)) + _record(0x42, struct.pack("<H", 1200))
    offset = len(head) + 4 + 8 + len(title) + 4
    head += _record(0x85, struct.pack("<IBBBB", offset, 0, 0, len(name), 1) + title) + _record(0x0A, b"")
    sheet = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    sheet += _record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            place = struct.pack("<HHH", row, column, 0)
            if isinstance(cell, str):
                sheet += _record(0x204, place + struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le"))
            else:
                sheet += _record(0x203, place + struct.pack("<d", cell))
    return compound("Workbook", head + sheet + _record(0x0A, b""))


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def ods(rows: Sequence[Sequence[str]]) -> bytes:
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(each)}</text:p></table:table-cell>' for each in row
        )
        + "</table:table-row>"
        for row in rows
    )
    names = " ".join(f'xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{each}:1.0"' for each in ("office", "table", "text"))
    table = f'<table:table table:name="名册">{cells}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", '<manifest:manifest xmlns:manifest="urn:x"/>')
        archive.writestr("content.xml", f"<office:document-content {names}>{body}</office:document-content>")
    return stream.getvalue()
