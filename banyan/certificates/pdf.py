"""A certificate on A4: PDF/UA, so that a screen reader reads it too."""

from banyan.certificates.face import Face
from banyan.certificates.press import Press


def pdf(press: Press, face: Face) -> bytes:
    return press.set("paper.typ", face, format="pdf", pdf_standards=["ua-1"])
