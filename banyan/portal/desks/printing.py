"""Certificates on paper for a whole town or programme: choose, watch the file being made, fetch it within the day."""

from pathlib import Path
from typing import Annotated

from fastapi import Form
from fastapi.responses import FileResponse, Response

from banyan.domain.estimate import Pile, seconds_left
from banyan.domain.permission import Action
from banyan.errors import BadInputError, NotFoundError, TooLateError
from banyan.portal.desks.pace_words import time_words
from banyan.portal.faults import wants_json
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage, SignedInPage
from banyan.portal.registry import Routes
from banyan.records.printing import PrintOrder
from banyan.tracker.printing import FORMS, MOST, PDF, VOLUME, ZIP, PrintShop, order, order_for, orders_of, printable
from banyan.tracker.registers import reach, units_to_choose

routes = Routes()

FORM_WORDS = {ZIP: N_("每人一个 PDF，装在一个压缩包里"), PDF: N_("合在一起，方便一次打印")}
KINDS = {"zip": "application/zip", "pdf": "application/pdf"}


@routes.get("/issued/print", needs=Action.SEE_PEOPLE)
def choose(page: MyPage, unit: str = "", programme: str = "") -> Response:
    return _choose(page, unit, programme)


@routes.post("/issued/print", needs=Action.SEE_PEOPLE)
def ask(
    page: MyPage,
    unit: Annotated[str, Form()] = "",
    programme: Annotated[str, Form()] = "",
    form: Annotated[str, Form()] = "",
) -> Response:
    try:
        with page.writing() as session:
            lines = printable(session, page.me, unit, programme, page.today)
            row = order(session, page.me, lines, _title(page, unit, programme), form, page.now)
            number = row.id
    except BadInputError as fault:
        return _choose(page, unit, programme, 422, page.say(fault.message, **fault.params))
    page.house.wake_for_print(number)
    return page.go(f"/issued/print/run?n={number}")


@routes.get("/issued/print/run", needs=Action.SEE_PEOPLE)
def run(page: MyPage, n: int = 0) -> Response:
    """How far it is; asked for JSON, only that."""
    if not n:
        return page.go("/issued/print")
    with page.reading() as session:
        row = order_for(session, page.me, n, page.now)
    pile = Pile(row.done, len(row.serials), (page.now - row.asked_at).total_seconds())
    words = "" if row.finished_at else _words(page, pile)
    if wants_json(page.request):
        return page.json({"done": pile.done, "total": pile.total, "words": words})
    form, kind = FORM_WORDS[row.form], _file(page, row).suffix
    return page.show("desks/print_run.html", row=row, pile=pile, words=words, form=form, kind=kind)


@routes.get("/issued/print/file", needs=Action.SEE_PEOPLE)
def fetch(page: MyPage, n: int = 0) -> Response:
    if not n:
        return page.go("/issued/print")
    with page.reading() as session:
        row = order_for(session, page.me, n, page.now)
    path = _file(page, row)
    if not row.finished_at or not path.is_file():
        raise TooLateError(N_("文件还没有做好，或者已经过了一天；请回到证书打印页看一看"))
    name = f"certificates-{row.asked_at:%Y%m%d}-{row.id}{path.suffix}"
    return FileResponse(path, media_type=KINDS[path.suffix[1:]], filename=name)


def _file(page: SignedInPage, row: PrintOrder) -> Path:
    return PrintShop(page.house.prints, page.house.press, page.house.rulebook).file(row)


def _words(page: SignedInPage, pile: Pile) -> str:
    done = page.say(N_("{total}张已经做好{done}张"), total=pile.total, done=pile.done)
    left = time_words(page, seconds_left(pile))
    return f"{done} · {left}" if left else done


def _title(page: SignedInPage, unit: str, programme: str) -> str:
    """Return in words what was chosen; a programme nobody knows is no choice."""
    known = {each.code: each for each in page.house.rulebook.programmes}
    if programme and programme not in known:
        raise NotFoundError(N_("没有这个培训项目"))
    with page.reading() as session:
        names = [each.name for each in units_to_choose(session, reach(page.me)) if each.code == unit]
    return " · ".join([*names, *([known[programme].title["zh"]] if programme else [])])


def _choose(page: SignedInPage, unit: str, programme: str, status: int = 200, fault: str = "") -> Response:
    with page.reading() as session:
        units = [(each.code, each.name) for each in units_to_choose(session, reach(page.me))]
        count = len(printable(session, page.me, unit, programme, page.today))
        mine = orders_of(session, page.me, page.now)
    programmes = [(each.code, page.language.text(each.title)) for each in page.house.rulebook.programmes]
    return page.show(
        "desks/print_choose.html",
        status,
        units=units,
        programmes=programmes,
        asked={"unit": unit, "programme": programme},
        count=count,
        forms=[(each, page.say(FORM_WORDS[each])) for each in FORMS],
        mine=mine,
        most=MOST,
        volume=VOLUME,
        fault=fault,
    )
