"""Certificates on A4: PDF/UA, so that a screen reader reads them too."""

from collections.abc import Sequence

from banyan.certificates.face import Face
from banyan.certificates.press import Press


def pdf(press: Press, face: Face, seal: bytes = b"") -> bytes:
    """Return the certificate; `seal` is a PNG or JPEG for the place of the seal, none leaves the place for a stamp."""
    return press.paper([face], face.heading, seal)


def bound(press: Press, faces: Sequence[Face], heading: str, seal: bytes = b"") -> bytes:
    """Return several certificates, a page each, in one document."""
    return press.paper(faces, heading, seal)
