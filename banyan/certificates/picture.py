"""A certificate as a picture for a phone: sharp, and light enough to send on a slow line."""

from banyan.certificates.face import Face
from banyan.certificates.press import Press

MOST = 200_000  # bytes
SHARP, LIGHTER, LIGHTEST = 180, 144, 108  # pixels per inch: 900, 720, 540 wide; five, four, three pixels to a module


def picture(press: Press, face: Face) -> bytes:
    """Return a PNG as sharp as 200 kB allow; BadInputError if the fonts lack a character of it."""
    press.set("phone.typ", face, format="pdf", pdf_standards=["ua-1"])
    for fineness in (SHARP, LIGHTER):
        made = press.set("phone.typ", face, format="png", ppi=fineness)
        if len(made) <= MOST:
            return made
    return press.set("phone.typ", face, format="png", ppi=LIGHTEST)
