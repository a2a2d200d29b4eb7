"""Certificates on paper: how many a second one core signs, draws the code of and sets as PDF/UA, singly and bound in volumes.

Kept to one core, as the figure is for one: on several, the setter's threads spend time handing each other their parts. Counted
in the processor's own seconds, so that whoever shares the machine hardly counts; the wall's are told too.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from banyan.certificates import qr
from banyan.certificates.face import Face, face_of
from banyan.certificates.issuer import Issuer
from banyan.certificates.pdf import bound, pdf
from banyan.certificates.press import Press
from banyan.certificates.serial import new_serial
from banyan.certificates.statement import Statement, targets_of
from banyan.courseware.content import open_framework, open_programmes
from banyan.settings import CONTENT, HOUSE
from tests.bench._report import machine, options, tell

FIRST = ord("一")
DAY = date(2026, 11, 23)


def signed_faces() -> Callable[[int], Face]:
    """Return what makes the face of a new certificate, signature and all; no two have the same name or number."""
    framework, programme = open_framework(CONTENT), open_programmes(CONTENT)[0]
    issuer = Issuer("榕溪县", "榕溪县", "https://xuexi.example.cn", False, Ed25519PrivateKey.generate())

    def make(number: int) -> Face:
        name = "林" + chr(FIRST + number % 6000) + chr(FIRST + 7 * number % 5999)
        words = ("培训考核合格证明", programme.code, programme.title["zh"], targets_of(programme))
        dated = (DAY, date(2027, 11, 23), issuer.name, issuer.public_key.id, False, True)
        said = Statement(new_serial(DAY.year), name, *words, *dated)
        return face_of(said, qr.url(issuer.public_url, said, issuer.sign(said.payload())), framework, programme)

    return make


def measure_pdf(count: int = 400, volume: int = 100) -> dict[str, Any]:
    """Set `count` certificates singly and as many again in files of `volume`; figures are certificates per second of one core."""
    with _one_core():
        press, face = Press(CONTENT / "certificate", HOUSE / "node_modules" / "@expo-google-fonts"), signed_faces()
        pdf(press, face(0))  # opens the fonts
        singly = _pace(count, lambda: [pdf(press, face(number)) for number in range(count)])
        books = range(count, 2 * count, volume)
        together = _pace(count, lambda: [bound(press, [face(first + n) for n in range(volume)], "卷") for first in books])
    return {
        "pdf_per_s": singly[0],
        "pdf_per_s_of_the_wall": singly[1],
        "bound_per_s": together[0],
        "kB": round(len(pdf(press, face(1))) / 1000),
    }


def _pace(count: int, work: Callable[[], list[bytes]]) -> tuple[int, int]:
    cpu, wall = time.process_time(), time.perf_counter()
    made = work()
    assert all(each.startswith(b"%PDF") for each in made)
    return round(count / (time.process_time() - cpu)), round(count / (time.perf_counter() - wall))


@contextmanager
def _one_core() -> Iterator[None]:
    """Keep this thread, and those that begin within, to one core."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def main(argv: Sequence[str] | None = None) -> dict[str, Any]:
    chosen = options(__doc__ or "", argv, certificates=400, volume=100)
    found = measure_pdf(chosen.certificates, chosen.volume) | machine()
    tell(found, chosen.json)
    return found


if __name__ == "__main__":
    main()
    sys.exit()
