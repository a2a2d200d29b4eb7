"""An exam's receipt as a picture: when what was handed in, and a code by which anyone can check it. In Chinese."""

import json
from dataclasses import asdict, dataclass
from datetime import date

from banyan.certificates import qr_picture
from banyan.certificates.face import DEMO, Text
from banyan.certificates.press import Press, Sheet

FINEST = 216  # pixels per inch: 1080 wide on a page of 360 points
SCAN: Text = {"zh": "扫码核对：是不是这里开出的，有没有改动过", "en": "Scan to check"}
DEMO_NOTE: Text = {"zh": "演示回执，不作凭据", "en": "Demonstration only: proves nothing"}


@dataclass(frozen=True)
class Slip:
    """`handed_in` and `code` as they are read out, `address` is what the QR code holds, `day` when it was handed in."""

    title: str
    name: str
    handed_in: str
    code: str
    issuer: str
    address: str
    day: date
    demo: bool


def picture(press: Press, slip: Slip) -> bytes:
    """Return a PNG 1080 pixels wide; BadInputError if the fonts lack a character of it."""
    told = asdict(slip) | {"demo_word": DEMO, "demo_note": DEMO_NOTE, "labels": {"scan": SCAN}, "site": ""}
    told |= {"qr": qr_picture.svg(slip.address)}
    heading = f"交卷回执 {slip.name} {slip.code}"
    inputs = {"face": json.dumps(told, default=str), "heading": heading}
    sheet = Sheet(inputs, slip.day, slip.name)
    press.print("receipt.typ", sheet, format="pdf", pdf_standards=["ua-1"])  # only so are missing characters told
    return press.print("receipt.typ", sheet, format="png", ppi=FINEST)
