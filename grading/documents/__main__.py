"""`python -m grading.documents`: read a PDF from standard input, write a line of JSON and a PDF to standard output.

This process is shut in before the first byte is read: whatever a file may do to a reader, it has no network, no files
and no other programs, and limits on memory and time.
"""

import json
import logging
import sys
import warnings
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from grading.confinement import Limits, confine, limit, mapped
from grading.documents import MOST_PAGES
from grading.documents.bare import put_together
from grading.documents.look import Refused, look_at
from grading.reading import HEAVIEST

MB = 1 << 20
LIMITS = Limits(memory=400 * MB, shared=64 * MB, processor=20, file=0, files=16)
BROKEN = (PyPdfError, OSError, ValueError, EOFError, IndexError, KeyError, TypeError, AttributeError, ArithmeticError)


def rebuild(sent: bytes) -> tuple[bytes, int]:
    """Return a document of its pages alone, and how many they are; Refused says why there is none."""
    try:
        reader = PdfReader(BytesIO(sent))
        look_at(reader)
        pages = len(reader.pages)
        if not 0 < pages <= MOST_PAGES:
            raise Refused("long" if pages else "broken")
        made = put_together(reader)
        look_at(PdfReader(BytesIO(made)))
    except (*BROKEN, RecursionError, MemoryError):
        raise Refused("broken") from None
    if len(made) > HEAVIEST:
        raise Refused("long")
    return made, pages


def main() -> None:
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    confine([], [])
    limit(mapped(), LIMITS)
    told: dict[str, Any]
    try:
        content, pages = rebuild(sys.stdin.buffer.read())
        told = {"pages": pages}
    except Refused as refused:
        content, told = b"", {"why": str(refused)}
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + content)


if __name__ == "__main__":
    main()
