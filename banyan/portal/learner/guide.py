"""一张纸：the one page a learner needs, in large type; printed it hangs on the wall of a training room."""

from functools import lru_cache

from fastapi.responses import Response
from markupsafe import Markup

from banyan.certificates import qr_picture
from banyan.portal.pages import PublicPage
from banyan.portal.registry import PUBLIC, Routes

routes = Routes()


@routes.get("/guide", needs=PUBLIC)
def guide(page: PublicPage) -> Response:
    return page.show("learner/guide.html", address=page.origin, picture=_picture(page.origin))


@lru_cache(maxsize=8)
def _picture(address: str) -> Markup:
    """Return an address as a QR code in SVG, to be scanned from paper."""
    return Markup(qr_picture.inline(address))  # noqa: S704 - squares of ours
