"""学习档案: one's own, or that of somebody one administers, as a paper and as a file; and checking one, without signing in."""

import json
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from fastapi import Form, Query
from fastapi.responses import Response

from banyan.certificates.face import ABLE
from banyan.certificates.transcript import ASKED, LONGEST, MOST, Summary, read_file, read_summary, sealed, summary_text
from banyan.certificates.transcript_paper import hours, pdf
from banyan.domain.permission import Action
from banyan.errors import BadInputError, BanyanError
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage, Page, PublicPage
from banyan.portal.registry import PUBLIC, Routes
from banyan.tracker.transcript import transcript, transcript_for

routes, check_routes = Routes(), Routes(prefix="/verify")
Day = Annotated[str, Query(max_length=20)]
Payload = dict[str, Any]
KEPT = {"cache-control": "no-store"}


@routes.get("/record/transcript.pdf", needs=Action.LEARN, long=True)
def own_paper(page: MyPage, on: Day = "") -> Response:
    return _paper(page, _own(page, on))


@routes.get("/record/transcript.json", needs=Action.LEARN)
def own_file(page: MyPage, on: Day = "") -> Response:
    return _file(page, _own(page, on))


@routes.get("/people/{person_id}/transcript.pdf", needs=Action.SEE_PEOPLE, long=True)
def paper_of(page: MyPage, person_id: int, on: Day = "") -> Response:
    return _paper(page, _of(page, person_id, on))


@routes.get("/people/{person_id}/transcript.json", needs=Action.SEE_PEOPLE)
def file_of(page: MyPage, person_id: int, on: Day = "") -> Response:
    return _file(page, _of(page, person_id, on))


@check_routes.get("/transcript", needs=PUBLIC)
def check_form(page: PublicPage, said: Annotated[str, Query(max_length=LONGEST)] = "") -> Response:
    """The form; with the words that a paper's QR code leads here with, the answer at once."""
    keys = page.house.rulebook.issuer.keyring
    return _checked(page, lambda: {"summary": _told(page, read_summary(said, keys))}) if said else _show(page)


@check_routes.post("/transcript", needs=PUBLIC)
def check_file(page: PublicPage, text: Annotated[str, Form(max_length=MOST)] = "") -> Response:
    """Check a file as it was pasted; nothing is looked up and nothing is kept."""
    keys = page.house.rulebook.issuer.keyring

    def read() -> dict[str, Any]:
        payload = read_file(text, keys)
        return {"summary": _told(page, Summary.of(payload))}

    return _checked(page, read)


def _own(page: MyPage, on: str) -> Payload:
    with page.reading() as session:
        return transcript(session, page.me.person.id, page.house.rulebook, _day(on, page.today), page.today)


def _of(page: MyPage, person_id: int, on: str) -> Payload:
    with page.writing() as session:  # that somebody took it is written down
        return transcript_for(session, person_id, page.me, page.house.rulebook, _day(on, page.today), page.now)


def _day(text: str, today: date) -> date:
    try:
        return date.fromisoformat(text) if text else today
    except ValueError:
        raise BadInputError(N_("日期写得不对，请从日历里选")) from None


def _paper(page: MyPage, payload: Payload) -> Response:
    address = f"{page.origin}/verify/{ASKED}{summary_text(payload, page.house.rulebook.issuer)}"
    made = pdf(page.house.press(), payload, address)
    return Response(made, media_type="application/pdf", headers=KEPT | _named(payload, "pdf"))


def _file(page: MyPage, payload: Payload) -> Response:
    text = json.dumps(sealed(payload, page.house.rulebook.issuer), ensure_ascii=False, indent=1)
    return Response(text, media_type="application/json", headers=KEPT | _named(payload, "json"))


def _named(payload: Payload, ending: str) -> dict[str, str]:
    return {"content-disposition": f"attachment; filename=transcript-{payload['as_of']}.{ending}"}


def _checked(page: Page, read: Callable[[], dict[str, Any]]) -> Response:
    try:
        return _show(page, **read())
    except BanyanError as fault:
        return _show(page, 422, fault=page.say(fault.message, **fault.params))


def _told(page: Page, said: Summary) -> dict[str, Any]:
    """Return a summary in words; abilities a later framework dropped keep their code."""
    framework = page.house.rulebook.framework
    names = {code: page.language.text(framework.competency(code).name) for code, _ in said.levels if code in framework}
    levels = [(names.get(code, code), level) for code, level in said.levels]
    return {"row": said, "levels": levels, "training": hours(said.training), "service": hours(said.service)}


def _show(page: Page, status: int = 200, summary: dict[str, Any] | None = None, fault: str = "") -> Response:
    return page.show("learner/transcript_check.html", status, summary=summary, fault=fault, able=ABLE)
