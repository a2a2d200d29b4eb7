"""The province's own form, at the administrator's desk: bring it, say once what goes where, see what it will look like."""

from fastapi.responses import Response

from banyan.domain.permission import Action
from banyan.errors import BadInputError, NotFoundError
from banyan.portal.desks.class_archive import attachment
from banyan.portal.desks.form import SentForm
from banyan.portal.desks.sent_file import SentFile
from banyan.portal.desks.spreadsheet import KIND
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.records import answer_store
from banyan.tracker.classes.fields import FIELDS, Field
from banyan.tracker.classes.form import look
from banyan.tracker.classes.grid import letters
from banyan.tracker.classes.mapping import Mapped, propose, read_mapping
from banyan.tracker.classes.sheets import bring, brought, home, map_sheet

routes = Routes()
HERE = f"{PORTAL}/classes"


@routes.get("/class-form", needs=Action.SET_COUNTY)
def form_desk(page: MyPage, sheet: str = "", kept: str = "") -> Response:
    return _form(page, sheet, kept=bool(kept))


@routes.post("/class-form", needs=Action.SET_COUNTY, long=True)
def bring_form(page: MyPage, file: SentFile) -> Response:
    try:
        look(file.content)
        digest = answer_store.put(page.house.answer_files, file.content)
        with page.writing() as session:
            bring(session, file.name, digest, len(file.content), page.me, page.now)
    except BadInputError as fault:
        return _form(page, status=422, fault=page.say(fault.message, **fault.params))
    return page.go("/class-form#columns")


@routes.post("/class-form/mapping", needs=Action.SET_COUNTY)
def map_form(page: MyPage, form: SentForm) -> Response:
    asked = form.get("sheet", "")
    try:
        with page.reading() as session:
            last = brought(session, home(session, page.me))
        if last is None:
            raise BadInputError(N_("还没有传表，请先选省里发的那张 xlsx 表"))
        mapped = read_mapping(propose(look(answer_store.get(page.house.answer_files, last.digest)), asked), form)
        with page.writing() as session:
            map_sheet(session, last.digest, mapped, page.me, page.now)
    except BadInputError as fault:
        return _form(page, "", 422, page.say(fault.message, **fault.params))
    return page.go("/class-form?kept=1")


@routes.get("/class-form/file", needs=Action.SET_COUNTY)
def blank_form(page: MyPage) -> Response:
    """The form as it was brought."""
    with page.reading() as session:
        last = brought(session, home(session, page.me))
    if last is None:
        return page.go("/class-form")
    content = answer_store.get(page.house.answer_files, last.digest)
    return attachment(content, KIND, last.file_name.removesuffix(".xlsx"), "xlsx")


def _form(page: MyPage, asked: str = "", status: int = 200, fault: str = "", kept: bool = False) -> Response:
    page.here = HERE
    with page.reading() as session:
        unit = home(session, page.me)
        last = brought(session, unit)
    if last is None:
        return page.show("desks/class_form.html", status, unit=unit, last=None, fault=fault, kept=False)
    try:
        grids = look(answer_store.get(page.house.answer_files, last.digest))
    except BadInputError as broken:  # one kept from before that is not taken today: another can be brought
        told = fault or page.say(broken.message, **broken.params)
        return page.show("desks/class_form.html", status, unit=unit, last=None, fault=told, kept=False)
    mapped = Mapped.from_json(last.mapping) if last.mapping else None
    try:
        proposal = propose(grids, asked or (mapped.sheet if mapped else ""))
    except BadInputError as broken:
        raise NotFoundError(broken.message, **broken.params) from None
    chosen = mapped if mapped and mapped.sheet == proposal.grid.name else proposal.guessed
    return page.show(
        "desks/class_form.html",
        status,
        unit=unit,
        last=last,
        mapped=mapped,
        sheets=[(each.name, each.name) for each in grids],
        sheet=proposal.grid.name,
        header=proposal.header,
        columns=[(f"column-{n}", letters(n), said, _value(chosen.columns.get(n))) for n, said in proposal.header.titles.items()],
        spots=[(f"spot-{each.key}", each.cell, each.label, _value(chosen.spots.get(each.key))) for each in proposal.places],
        first_row=chosen.first_row,
        of_person=_choices(page, person=True),
        of_class=_choices(page, person=False),
        fault=fault,
        kept=kept,
    )


def _value(field: Field | None) -> str:
    return field.value if field else ""


def _choices(page: MyPage, person: bool) -> list[tuple[str, str]]:
    return [(field.value, page.say(each.name)) for field, each in FIELDS.items() if field.is_person == person]
