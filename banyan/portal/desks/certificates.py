"""The certificates of one's subtree, and taking one back: first what that means, then the deed."""

from collections import Counter
from typing import Annotated

from fastapi import Form
from fastapi.responses import Response

from banyan.domain.certification import Validity
from banyan.domain.permission import Action
from banyan.errors import BadInputError, NotFoundError
from banyan.portal.desks.paging import sheet
from banyan.portal.desks.words import SOON, VALIDITIES, Word
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes
from banyan.tracker.awards import REASON_LENGTH, revoke
from banyan.tracker.registers import CertificateLine, certificate_for, certificate_lines, reach
from banyan.tracker.search import answers_to

routes = Routes()
routes.entry(N_("发证"), "/issued", Action.SEE_PEOPLE)

PAUSED = Word(N_("暂停"), "due", N_("恢复以后才有效"))
WORDS = {Validity.VALID.value: VALIDITIES[Validity.VALID], "soon": SOON, "paused": PAUSED} | {
    each.value: word for each, word in VALIDITIES.items() if each is not Validity.VALID
}


@routes.get("/issued", needs=Action.SEE_PEOPLE)
def issued(page: MyPage, state: str = "", q: str = "", p: int = 1) -> Response:
    if state and state not in WORDS:
        raise NotFoundError(N_("没有这个筛选条件，请从页面上重新选"))
    with page.reading() as session:
        lines = certificate_lines(session, reach(page.me), page.today)
    asked = q.strip()
    found = [line for line in lines if not asked or asked.upper() in line.row.serial or answers_to(line.row.person, asked)]
    count = Counter(key for line in found for key in _keys(line))
    chosen = [line for line in found if not state or state in _keys(line)]
    return page.show(
        "desks/issued.html",
        any=bool(lines),
        sheet=sheet(chosen, p),
        asked={"q": asked, "state": state},
        states=[(key, page.say("{word}（{n}）", word=page.say(WORDS[key].label), n=count[key])) for key in WORDS if count[key]],
        word=word_for,
    )


@routes.get("/issued/{serial}/revoke", needs=Action.REVOKE)
def ask_to_revoke(page: MyPage, serial: str) -> Response:
    return _revocation(page, serial)


@routes.post("/issued/{serial}/revoke", needs=Action.REVOKE)
def revoke_it(page: MyPage, serial: str, reason: Annotated[str, Form()] = "") -> Response:
    """Revoked already, by whomever, is as good as revoked now; the page says since when and why."""
    with page.reading() as session:
        known = certificate_for(session, serial, page.me, Action.REVOKE, page.today)
    if known.row.revoked_at:
        return page.go(f"/issued/{known.row.serial}/revoke")
    try:
        with page.writing() as session:
            revoke(session, known.row.serial, reason, page.me, page.now)
    except BadInputError as fault:
        return _revocation(page, serial, 422, page.say(fault.message, **fault.params), reason)
    return page.go(f"/issued/{known.row.serial}/revoke")


def word_for(line: CertificateLine) -> Word:
    return PAUSED if line.paused else SOON if line.soon else VALIDITIES[line.validity]


def _keys(line: CertificateLine) -> tuple[str, ...]:
    """A certificate that runs out soon is valid still, and counts as both."""
    if line.paused:
        return ("paused",)
    return (line.validity.value, "soon") if line.soon else (line.validity.value,)


def _revocation(page: MyPage, serial: str, status: int = 200, fault: str = "", reason: str = "") -> Response:
    with page.reading() as session:
        line = certificate_for(session, serial, page.me, Action.REVOKE, page.today)
    return page.show("desks/revoke.html", status, line=line, word=word_for(line), fault=fault, reason=reason, most=REASON_LENGTH)
