"""What the house keeps of whoever asks, what for and how long; to read, to take away whole, to have erased; and what one
agreed to, to be taken back."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Form
from fastapi.responses import Response

from banyan.domain.calendar import COUNTY_TIME
from banyan.domain.consent import Consent
from banyan.domain.retention import STARTS, Start
from banyan.errors import BadInputError, BanyanError, NotAllowedError
from banyan.portal.confirmation import confirm
from banyan.portal.desks.spreadsheet import Column, Head, Sheet, as_file, workbook
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage, Page
from banyan.portal.registry import SIGNED_IN, Routes
from banyan.tracker.consents import said_of, say
from banyan.tracker.erasure_plan import PLANS
from banyan.tracker.erasure_requests import MOST_WORDS, ask, last_request, withdraw
from banyan.tracker.own_data import Held, Part, own_data

routes = Routes()
ABOUT = N_("{county}保存的{name}的资料，{at}")
KEPT: Mapping[Start, str] = {
    Start.LEFT: N_("在岗期间；离岗满{n}个月删掉"),
    Start.DONE: N_("用完、交上满{n}个月删掉"),
}
DONE = {
    "asked": N_("收到了。管您的管理员会在期限内答复，您在这里看得到。"),
    "withdrawn": N_("收回了，什么也没有删。"),
    "said": N_("照您说的记下了，马上算数。"),
}
WIDTH, LONGEST = 24, 31  # characters: of a column, of a sheet's name


@routes.get("/my-data", needs=SIGNED_IN)
def overview(page: MyPage, done: str = "") -> Response:
    held = _held(page)
    absent = _absent(page, held)
    return _show(page, held, absent, done=done)


@routes.post("/my-data/erasure", needs=SIGNED_IN)
def ask_to_be_erased(page: MyPage, words: Annotated[str, Form()] = "", password: Annotated[str, Form()] = "") -> Response:
    """Ask to be erased, once one has shown that it is oneself; an administrator decides."""
    try:
        confirm(page, password)
        with page.writing() as session:
            ask(session, page.me, words, page.now)
    except (BadInputError, NotAllowedError) as fault:
        return _again(page, fault)
    return page.go("/my-data?done=asked")


@routes.post("/my-data/erasure/withdraw", needs=SIGNED_IN)
def take_request_back(page: MyPage) -> Response:
    with page.writing() as session:
        withdraw(session, page.me, page.now)
    return page.go("/my-data?done=withdrawn")


@routes.post("/my-data/consent", needs=SIGNED_IN)
def change_consent(page: MyPage, kind: Annotated[str, Form()] = "", given: Annotated[str, Form()] = "") -> Response:
    try:
        with page.writing() as session:
            say(session, page.me, kind, given == "yes", page.now)
    except BadInputError as fault:
        return _again(page, fault)
    return page.go("/my-data?done=said")


@routes.get("/my-data/all.xlsx", needs=SIGNED_IN, long=True)
def as_sheets(page: MyPage) -> Response:
    sheets = [_sheet(page, each) for each in _held(page) if each.rows]
    return as_file(_name(page), workbook(sheets))


@routes.get("/my-data/all.json", needs=SIGNED_IN)
def as_json(page: MyPage) -> Response:
    """Give the same for programs: values as the records hold them, under the words of the page."""
    told = {"about": _about(page), "parts": [_part(page, each) for each in _held(page)]}
    kept = f"attachment; filename=my-data.json; filename*=UTF-8''{quote(_name(page))}.json"
    content = json.dumps(told, ensure_ascii=False, indent=1, default=_plain)
    return Response(content, media_type="application/json", headers={"content-disposition": kept})


def kept_words(page: Page, part: Part) -> str:
    """Return how long a part is kept, from the same table that the daily clearing goes by."""
    period = page.house.rulebook.retention.of(part.keep)
    if period.months is None:
        return page.say(N_("和证书一样长：别人要能查验。您要求删除时去掉名字"))
    start = STARTS[part.keep]
    return page.say(KEPT[start], n=period.months)


def _absent(page: MyPage, held: list[Held]) -> list[str]:
    return [page.say(each.part.name) for each in held if not each.rows]


def _again(page: MyPage, fault: BanyanError) -> Response:
    held = _held(page)
    return _show(page, held, _absent(page, held), fault)


def _show(page: MyPage, held: list[Held], absent: list[str], fault: BanyanError | None = None, done: str = "") -> Response:
    with page.reading() as session:
        request = last_request(session, page.me.person.id)
        agreed = said_of(session, page.me.person.id, Consent.REMINDERS)
    return page.show(
        "learner/own_data.html",
        422 if fault else 200,
        held=held,
        absent=absent,
        words_of=lambda each: _words(page, each),
        kept=lambda each: kept_words(page, each),
        ground=lambda each: page.language.text(page.house.rulebook.retention.of(each.keep).ground),
        fates={name: plan.told for name, plan in PLANS.items()},
        request=request,
        agreed=agreed,
        by_digits=page.me.person.password_hash is None,
        fault=page.say(fault.message, **fault.params) if fault else "",
        done=DONE.get(done, ""),
        most=MOST_WORDS,
    )


def _held(page: MyPage) -> list[Held]:
    with page.reading() as session:
        return own_data(session, page.me.person.id)


def _sheet(page: MyPage, held: Held) -> Sheet:
    columns = [Column(word, WIDTH) for word in _words(page, held)]
    rows = [[_cell(page, value) for value in row] for row in held.rows]
    name = page.say(held.part.name)
    about = f"{_about(page)} · {page.say(held.part.purpose)} · {kept_words(page, held.part)}"
    return Sheet(Head(name, about), columns, rows, name[:LONGEST])


def _part(page: MyPage, held: Held) -> dict[str, Any]:
    told = {"name": page.say(held.part.name), "purpose": page.say(held.part.purpose), "kept": kept_words(page, held.part)}
    return told | {"rows": [dict(zip(_words(page, held), row, strict=True)) for row in held.rows]}


def _words(page: MyPage, held: Held) -> list[str]:
    return [page.say(word) for _, word in held.part.columns]


def _cell(page: MyPage, value: Any) -> str | float:
    if isinstance(value, bool):
        return page.say(N_("是")) if value else page.say(N_("否"))
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, datetime):
        return f"{value.astimezone(COUNTY_TIME):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, (datetime, date)) else str(value)


def _about(page: MyPage) -> str:
    at = f"{page.now.astimezone(COUNTY_TIME):%Y-%m-%d %H:%M}"
    return page.say(ABOUT, county=page.house.county, name=page.me.person.name, at=at)


def _name(page: MyPage) -> str:
    return f"{page.say(N_('我的资料'))} {page.today.isoformat()}"
