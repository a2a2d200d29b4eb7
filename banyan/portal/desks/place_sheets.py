"""Units or facilities from a sheet: looked at first, then all of it or nothing."""

from fastapi.responses import Response

from banyan.domain.permission import Action
from banyan.errors import BadInputError, BanyanError, TooLateError
from banyan.portal.desks.form import SentForm
from banyan.portal.desks.sent_file import SentFile
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes
from banyan.tracker.registers import reach
from banyan.tracker.roster import uploads
from banyan.tracker.roster.place_sheets import look_at, take_in_places

routes = Routes()
SHOWN = 100


@routes.get("/units/import", needs=Action.MANAGE_UNITS)
def choose_sheet(page: MyPage, done: str = "") -> Response:
    return _form(page, done=bool(done))


@routes.post("/units/import", needs=Action.MANAGE_UNITS, long=True)
def upload_sheet(page: MyPage, file: SentFile) -> Response:
    if not file.content:
        return _form(page, BadInputError(N_("请先选一个文件，再点“上传”")))
    try:
        upload = uploads.keep(page.house.uploads, page.me.person.id, file.name, file.content)
    except BadInputError as fault:
        return _form(page, fault)
    return page.go(f"/units/import/check?upload={upload.digest}")


@routes.get("/units/import/check", needs=Action.MANAGE_UNITS)
def check_sheet(page: MyPage, upload: str = "") -> Response:
    """Show what a sheet would do; nothing is changed."""
    return _check(page, upload)


@routes.post("/units/import/confirm", needs=Action.MANAGE_UNITS)
def confirm_sheet(page: MyPage, form: SentForm) -> Response:
    """Do what was looked at; if it has changed since, show it again."""
    digest = form.get("upload", "")
    try:
        book = uploads.fetch(page.house.uploads, page.me.person.id, digest).book
        with page.writing() as session:
            look = look_at(session, book, reach(page.me), page.house.rulebook.outline)
            if look.digest != form.get("seen", "") or look.faults:
                return _check(page, digest, 409)
            me = page.me.person
            take_in_places(session, look, bool(form.get("end_gone")), me.staff_number, me.id, page.now)
    except (TooLateError, BadInputError) as fault:
        return _form(page, fault)
    uploads.forget(page.house.uploads, page.me.person.id, digest)
    return page.go("/units/import?done=1")


def _check(page: MyPage, digest: str, status: int = 200) -> Response:
    try:
        book = uploads.fetch(page.house.uploads, page.me.person.id, digest).book
        with page.reading() as session:
            look = look_at(session, book, reach(page.me), page.house.rulebook.outline)
            found = look.faults[:SHOWN]
            faults = [(place, page.say(error.message, **error.params)) for place, error in found]
            kinds = {each.code: page.language.text(each.name) for each in page.house.rulebook.outline.facilities}
            values = {"look": look, "faults": faults, "kinds": kinds, "upload": digest, "most": SHOWN, "changed": status == 409}
            return page.show("desks/place_sheet.html", status, **values)
    except (TooLateError, BadInputError) as fault:
        return _form(page, fault)


def _form(page: MyPage, fault: BanyanError | None = None, done: bool = False) -> Response:
    said = page.say(fault.message, **fault.params) if fault else ""
    return page.show("desks/place_sheet_upload.html", 422 if fault else 200, fault=said, done=done)
