"""一张纸：the one page a learner needs, in large type; printed it hangs on the wall of a training room."""

from functools import lru_cache

import segno
from fastapi.responses import Response
from markupsafe import Markup

from banyan.portal.pages import PublicPage
from banyan.portal.registry import PUBLIC, Routes

routes = Routes()


@routes.get("/guide", needs=PUBLIC)
def guide(page: PublicPage) -> Response:
    return page.show("learner/guide.html", address=page.origin, picture=_picture(page.origin))


@lru_cache(maxsize=8)
def _picture(address: str) -> Markup:
    """Return an address as a QR code in SVG, to be scanned from paper."""
    code = segno.make(address, error="m", micro=False)
    return Markup(code.svg_inline(border=2, dark="#1d2a26", light="#fff", omitsize=True))  # noqa: S704 - squares of ours
