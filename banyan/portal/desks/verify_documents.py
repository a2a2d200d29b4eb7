"""What other systems read to check a certificate's file by themselves: who the issuer is, what holds no more, and, for
people, what each ability means. No sign-in; the same for everybody, so anyone in between may keep it for a while.
"""

import json
from typing import Any

from fastapi.responses import Response

from banyan.certificates import controller
from banyan.certificates.face import ABLE
from banyan.certificates.status_list import Purpose
from banyan.errors import NotFoundError
from banyan.portal.i18n import N_
from banyan.portal.pages import PublicPage
from banyan.portal.registry import PUBLIC, Routes
from banyan.tracker.credentials import StatusLists

routes = Routes(prefix="/verify")

MINUTES = 5  # a revocation is known elsewhere after so long at the latest
SHARED = {"cache-control": f"public, max-age={MINUTES * 60}", "access-control-allow-origin": "*"}
CREDENTIAL = "application/vc"
LARGEST = 2**31 - 1


@routes.get("/issuer", needs=PUBLIC)
def issuer(page: PublicPage) -> Response:
    found = controller.document(page.house.rulebook.issuer)
    return Response(json.dumps(found, ensure_ascii=False), media_type="application/json", headers=SHARED)


@routes.get("/status/{purpose}/{number}", needs=PUBLIC)
def status(page: PublicPage, purpose: str, number: str) -> Response:
    found = None
    if purpose in set(Purpose) and number.isascii() and number.isdecimal() and int(number[:11]) <= LARGEST:
        with page.reading() as session:
            house = page.house
            found = _lists(page.request.app.state).text(
                session, house.rulebook.issuer, Purpose(purpose), int(number[:11]), page.now
            )
    if found is None:
        raise NotFoundError(N_("没有这份名单"))
    return Response(found, media_type=CREDENTIAL, headers=SHARED)


@routes.get("/abilities", needs=PUBLIC)
def abilities(page: PublicPage) -> Response:
    rules = page.house.rulebook
    return page.show("desks/abilities.html", programmes=rules.programmes, framework=rules.framework, able=ABLE)


@routes.get("/offline.html", needs=PUBLIC)
def offline_page(page: PublicPage) -> Response:
    """A page to keep: it carries the keys and what checks a signature, and works from a file."""
    script = (page.request.app.state.shelf.static / "verify_offline.js").read_text(encoding="utf-8")
    keys = " ".join(page.house.rulebook.issuer.keyring.text.split())
    reply = page.show("desks/verify_offline.html", keys=keys, script=script.replace("</", "<\\/"))
    reply.headers["content-disposition"] = "attachment; filename=verify-offline.html"
    return reply


def _lists(state: Any) -> StatusLists:
    """Return this portal's lists; they are kept in memory, and a restart signs them anew."""
    if not hasattr(state, "status_lists"):
        state.status_lists = StatusLists()
    lists: StatusLists = state.status_lists
    return lists
