"""A certificate on A4: PDF/UA, so that a screen reader reads it too."""

from banyan.certificates.face import Face
from banyan.certificates.press import Press


def pdf(press: Press, face: Face, seal: bytes = b"") -> bytes:
    """Return the certificate; `seal` is a PNG or JPEG for the place of the seal, none leaves the place for a stamp."""
    return press.set("paper.typ", face, seal, format="pdf", pdf_standards=["ua-1"])
