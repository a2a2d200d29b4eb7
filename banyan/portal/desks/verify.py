"""Anyone with a certificate in hand: is it worth anything today? No sign-in, and no more said than the paper says.

The server answers for a serial; what stands behind the # of the QR code only the browser sees (assets/verify.js), unless
it cannot check signatures itself and asks. Serials are drawn at random, and one address may ask only so often.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Body
from fastapi.responses import RedirectResponse, Response

from banyan.accounts.limiter import Window
from banyan.certificates.qr import read_fragment
from banyan.certificates.serial import read_serial
from banyan.errors import TamperedError
from banyan.portal.i18n import N_
from banyan.portal.pages import Page, PublicPage
from banyan.portal.registry import PUBLIC, Routes
from banyan.tracker.verification import State, check

routes = Routes(prefix="/verify")

PER_MINUTE = 60  # a hall full of people behind one address still gets its answers
LONGEST = 2000  # characters of a fragment; ours have about 500


@dataclass(frozen=True)
class Said:
    """What a state is called, in which tone, and what it means for who asks."""

    word: str
    tone: str
    means: str
    status: int = 200


SAID: Mapping[State, Said] = {
    State.VALID: Said(N_("有效"), "good", N_("这张证书是真的，现在有效。请对照证书上的姓名和编号。")),
    State.EXPIRED: Said(N_("已过期"), "due", N_("这张证书是真的，但有效期已经过了，现在不能作为证明。")),
    State.REVOKED: Said(N_("已撤销"), "lost", N_("这张证书已经被发证单位撤销，不再有效。")),
    State.SUSPENDED: Said(N_("暂停"), "due", N_("这张证书是真的，但发证单位暂停了它，现在不能作为证明。")),
    State.REPLACED: Said(N_("已换发"), "due", N_("这个编号已经换成新证书，旧的不再有效。请看新编号。")),
    State.UNKNOWN: Said(
        N_("查不到"),
        "lost",
        N_("本单位没有发过这个编号的证书。请再对照一遍编号；如果证书上就是这样写的，它不是本单位发的。"),
        404,
    ),
    State.MISTYPED: Said(
        N_("编号不对"), "due", N_("这不是一个完整的证书编号，多半是看错或少打了一位。请照着证书再输一遍。"), 404
    ),
    State.TAMPERED: Said(N_("不可信"), "lost", N_("这张证书在系统里的记录被改动过，不能作为证明。请联系发证单位。")),
}


@routes.get("/", needs=PUBLIC)
def type_serial(page: PublicPage, serial: str = "") -> Response:
    typed = serial.strip()[:40]
    if typed:
        return RedirectResponse(f"/verify/{read_serial(typed) or _harmless(typed)}", 303)
    return page.show("desks/verify_form.html")


@routes.get("/{serial}", needs=PUBLIC)
def verify_serial(page: PublicPage, serial: str) -> Response:
    if not _may_ask(page):
        return _too_often(page)
    issuer = page.house.rulebook.issuer
    with page.reading() as session:
        verdict = check(session, serial, issuer, page.today)
    said = SAID[verdict.state]
    return page.show("desks/verdict.html", said.status, verdict=verdict, said=said, typed=serial[:40], key=issuer.keyring.text)


@routes.post("/check", needs=PUBLIC)
def check_fragment(page: PublicPage, fragment: Annotated[str, Body(embed=True, max_length=LONGEST)]) -> Response:
    """Check a signature for a browser that cannot; nothing is looked up and nothing is changed."""
    if not _may_ask(page):
        return page.json({"error": 429, "message": page.say(OFTEN)}, 429)
    try:
        said = read_fragment(fragment, page.house.rulebook.issuer.keyring)
    except TamperedError as fault:
        return page.json({"error": 422, "message": page.say(fault.message, **fault.params)}, 422)
    return page.json(
        {
            "serial": said.serial,
            "name": said.name,
            "title": said.title,
            "programme_title": said.programme_title,
            "issuer": said.issuer,
            "issued_on": said.issued_on.isoformat(),
            "expires_on": said.expires_on.isoformat(),
            "demo": said.demo,
            "invigilated": said.invigilated,
        }
    )


OFTEN = N_("查得太快了，请等一分钟再查")


def _may_ask(page: Page) -> bool:
    return _asked(page.request.app.state).take(page.request.client.host if page.request.client else "")


def _asked(state: Any) -> Window:
    """Return the counter of this portal; it is kept in memory, and a restart forgives."""
    if not hasattr(state, "verify_asked"):
        state.verify_asked = Window(PER_MINUTE, seconds=60)
    asked: Window = state.verify_asked
    return asked


def _too_often(page: Page) -> Response:
    reply = page.show("fault.html", 429, code=429, title=page.say(N_("请稍等")), sentence=page.say(OFTEN))
    reply.headers["retry-after"] = "60"
    return reply


def _harmless(typed: str) -> str:
    """Return what was typed as it may stand in an address: letters and digits are all a serial has."""
    return "".join(sign for sign in typed if sign.isascii() and sign.isalnum()) or "-"
