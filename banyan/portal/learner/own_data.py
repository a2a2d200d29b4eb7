"""What the house keeps of whoever asks, what for and how long; to read, and to take away whole."""

import json
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from fastapi.responses import Response

from banyan.domain.calendar import COUNTY_TIME
from banyan.portal.desks.spreadsheet import Column, Head, Sheet, as_file, workbook
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import SIGNED_IN, Routes
from banyan.tracker.own_data import Held, own_data

routes = Routes()
ABOUT = N_("{county}保存的{name}的资料，{at}")
WIDTH, LONGEST = 24, 31  # characters: of a column, of a sheet's name


@routes.get("/my-data", needs=SIGNED_IN)
def overview(page: MyPage) -> Response:
    held = _held(page)
    absent = [page.say(each.part.name) for each in held if not each.rows]
    return page.show("learner/own_data.html", held=held, absent=absent, words_of=lambda each: _words(page, each))


@routes.get("/my-data/all.xlsx", needs=SIGNED_IN)
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


def _held(page: MyPage) -> list[Held]:
    with page.reading() as session:
        return own_data(session, page.me.person.id)


def _sheet(page: MyPage, held: Held) -> Sheet:
    columns = [Column(word, WIDTH) for word in _words(page, held)]
    rows = [[_cell(page, value) for value in row] for row in held.rows]
    name = page.say(held.part.name)
    about = f"{_about(page)} · {page.say(held.part.purpose)} · {page.say(held.part.kept)}"
    return Sheet(Head(name, about), columns, rows, name[:LONGEST])


def _part(page: MyPage, held: Held) -> dict[str, Any]:
    told = {"name": page.say(held.part.name), "purpose": page.say(held.part.purpose), "kept": page.say(held.part.kept)}
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
