"""The roster: a sheet comes in, is looked at as a difference, and is taken in exactly as it was looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.permission import Action
from banyan.errors import BadInputError, TooLateError
from banyan.portal.desks.form import SentForm
from banyan.portal.desks.opening import onward
from banyan.portal.desks.roster_words import FIELDS, UNDECIDED, fault_lines, field_choices, new_units, role_choices, unheard_units
from banyan.portal.desks.sent_file import SentFile
from banyan.portal.desks.spreadsheet import as_file
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes
from banyan.records.roster import RosterImport
from banyan.tracker.registers import reach
from banyan.tracker.roster import uploads
from banyan.tracker.roster.choices import columns_remembered, posts_remembered, remember_columns, remember_posts
from banyan.tracker.roster.difference import Outlook, Rules, compare
from banyan.tracker.roster.marked import marked_sheet
from banyan.tracker.roster.recognised import Recognised, recognise
from banyan.tracker.roster.sheets import empty_sheet, export_roster
from banyan.tracker.roster.taking_in import Decisions, Delivery, take_in
from banyan.tracker.roster.uploads import Upload

routes = Routes()

SHOWN = 200
FEW = 20  # newcomers shown unfolded: the way to confirm them must not be a long road
COUNTED = ("fresh", "moved", "changed", "back", "left", "units", "same", "faulty")
CHECK = "/people/import/check"


@dataclass(frozen=True)
class Ask:
    """Which upload, which of its sheets, and whether new units are to be added."""

    upload: str = ""
    sheet: str = ""
    units: str = ""

    @property
    def query(self) -> str:
        said = {"upload": self.upload, "sheet": self.sheet, "units": self.units}
        return urlencode({key: value for key, value in said.items() if value})

    def but(self, **changes: str) -> str:
        return Ask(**{"upload": self.upload, "sheet": self.sheet, "units": self.units, **changes}).query

    @classmethod
    def of(cls, form: Mapping[str, str]) -> "Ask":
        return cls(form.get("upload", ""), form.get("sheet", ""), form.get("units", ""))


@routes.get("/people/import", needs=Action.MANAGE_PEOPLE)
def choose_file(page: MyPage) -> Response:
    return _form(page)


@routes.post("/people/import", needs=Action.MANAGE_PEOPLE, long=True)
def upload_roster(page: MyPage, file: SentFile) -> Response:
    if not file.content:
        return _form(page, N_("请先选一个文件，再点“上传”"), 422)
    try:
        upload = uploads.keep(page.house.uploads, page.me.person.id, file.name, file.content)
    except BadInputError as fault:
        return _form(page, page.say(fault.message, **fault.params), 422)
    return page.go(f"{CHECK}?{Ask(upload.digest).query}")


@routes.get("/people/import/check", needs=Action.MANAGE_PEOPLE, long=True)
def check_roster(page: MyPage, upload: str = "", sheet: str = "", units: str = "") -> Response:
    """Show what taking in a roster would do; nothing is changed."""
    return _look(page, Ask(upload, sheet, units))


@routes.get("/people/import/columns", needs=Action.MANAGE_PEOPLE)
def match_columns(page: MyPage, upload: str = "", sheet: str = "", units: str = "") -> Response:
    ask = Ask(upload, sheet, units)
    try:
        roster = _recognised(page, _fetch(page, ask), ask)
    except (TooLateError, BadInputError) as fault:
        return _form(page, page.say(fault.message, **fault.params), 422)
    return _columns(page, ask, roster) if roster else page.go(f"{CHECK}?{ask.query}")


@routes.post("/people/import/columns", needs=Action.MANAGE_PEOPLE)
def keep_columns(page: MyPage, form: SentForm) -> Response:
    ask = Ask.of(form)
    try:
        roster = _recognised(page, _fetch(page, ask), ask)
    except (TooLateError, BadInputError) as fault:
        return _form(page, page.say(fault.message, **fault.params), 422)
    assert roster
    try:
        with page.writing() as session:
            chosen = {int(key[7:]): value for key, value in form.items() if key.startswith("column-") and key[7:].isdigit()}
            remember_columns(session, roster, chosen)
    except BadInputError as fault:
        return _columns(page, ask, roster, page.say(fault.message, **fault.params))
    return page.go(f"{CHECK}?{ask.query}")


@routes.post("/people/import/posts", needs=Action.MANAGE_PEOPLE)
def keep_posts(page: MyPage, form: SentForm) -> Response:
    posts = {form[key]: form.get(f"role-{key[5:]}", "") for key in form if key.startswith("post-")}
    with page.writing() as session:
        remember_posts(session, posts)
    return page.go(f"{CHECK}?{Ask.of(form).query}")


@routes.post("/people/import/confirm", needs=Action.MANAGE_PEOPLE, long=True)
def confirm_roster(page: MyPage, form: SentForm) -> Response:
    """Do what was looked at; if it has changed since, show it again. Sent twice, it is done once."""
    ask = Ask.of(form)
    if done := _done_already(page, form.get("seen", "")):
        return page.go(f"/people/import/done?n={done}")
    try:
        upload = _fetch(page, ask)
        roster = _recognised(page, upload, ask)
    except (TooLateError, BadInputError) as fault:
        return _form(page, page.say(fault.message, **fault.params), 422)
    assert roster
    with page.writing() as session:
        outlook = compare(session, roster, _rules(session, page, ask))
        if outlook.digest != form.get("seen", "") or (outlook.faults and not form.get("only_good")):
            return _check(page, ask, upload, roster, outlook, 409)
        row = take_in(
            session, outlook, _ticked(form), Delivery(upload.file_name, upload.digest, page.me), page.house.rulebook, page.now
        )
        row.counts = {**row.counts, "seen": outlook.digest}
        session.flush()
        done = row.id
    if not outlook.faults:
        uploads.forget(page.house.uploads, page.me.person.id, upload.digest)
    return page.go(f"/people/import/done?n={done}&{ask.query}")


@routes.get("/people/import/done", needs=Action.MANAGE_PEOPLE)
def roster_done(page: MyPage, n: int = 0, sheet: str = "", units: str = "") -> Response:
    with page.reading() as session:
        row = session.get(RosterImport, n) if n else None
        then = onward(session, page)
    if row is None or row.imported_by != page.me.person.id:
        return _form(page)
    shelf = uploads.has(page.house.uploads, page.me.person.id, row.digest)
    ask = Ask(row.digest, sheet, units)
    return page.show(
        "desks/roster_done.html",
        onward=then,
        counts={**dict.fromkeys(COUNTED, 0), **row.counts},
        ask=ask,
        marked=shelf and row.counts.get("faulty"),
    )


@routes.get("/people/import/marked.xlsx", needs=Action.MANAGE_PEOPLE, long=True)
def marked_roster(page: MyPage, upload: str = "", sheet: str = "", units: str = "") -> Response:
    ask = Ask(upload, sheet, units)
    try:
        kept = _fetch(page, ask)
        roster = _recognised(page, kept, ask)
    except (TooLateError, BadInputError) as fault:
        return _form(page, page.say(fault.message, **fault.params), 422)
    assert roster
    with page.reading() as session:
        outlook = compare(session, roster, _rules(session, page, ask))
    content = marked_sheet(
        roster.sheet, roster.header, outlook.faults, lambda each: page.say(each.message, **each.params), page.say("要改什么")
    )
    return as_file(page.say("要改的-{name}", name=kept.file_name.rsplit(".", 1)[0]), content)


@routes.get("/people/template.xlsx", needs=Action.MANAGE_PEOPLE)
def template_sheet(page: MyPage) -> Response:
    return as_file(page.say("名册模板"), empty_sheet())


@routes.get("/people.xlsx", needs=Action.MANAGE_PEOPLE, long=True)
def whole_roster(page: MyPage) -> Response:
    with page.reading() as session:
        content = export_roster(session, reach(page.me), page.today)
    return as_file(page.say("名册-{day}", day=page.today.isoformat()), content)


def _look(page: MyPage, ask: Ask, status: int = 200) -> Response:
    try:
        upload = _fetch(page, ask)
        roster = _recognised(page, upload, ask)
    except (TooLateError, BadInputError) as fault:
        return _form(page, page.say(fault.message, **fault.params), 422)
    if roster is None:
        return page.show(
            "desks/roster_sheet.html", ask=ask, upload=upload, sheets=[each for each in upload.book.sheets if any(each.rows)]
        )
    if roster.lacking:
        return _columns(page, ask, roster)
    with page.reading() as session:
        outlook = compare(session, roster, _rules(session, page, ask))
    return _check(page, ask, upload, roster, outlook, status)


def _fetch(page: MyPage, ask: Ask) -> Upload:
    return uploads.fetch(page.house.uploads, page.me.person.id, ask.upload)


def _recognised(page: MyPage, upload: Upload, ask: Ask) -> Recognised | None:
    with page.reading() as session:
        return recognise(upload.book, columns_remembered(session), ask.sheet)


def _rules(session: Session, page: MyPage, ask: Ask) -> Rules:
    held = reach(page.me)
    posts, rulebook = posts_remembered(session, held), page.house.rulebook
    return Rules(held, posts, page.today, bool(ask.units), page.me.person.id, rulebook.outline, rulebook.attempt_key)


def _ticked(form: Mapping[str, str]) -> Decisions:
    def numbers(prefix: str) -> frozenset[int]:
        return frozenset(int(key[len(prefix) :]) for key in form if key.startswith(prefix) and key[len(prefix) :].isdigit())

    return Decisions(numbers("left-"), numbers("ended-"), numbers("kept-"), bool(form.get("only_good")))


def _done_already(page: MyPage, seen: str) -> int:
    """Return the import that did what was looked at, when the same form comes again."""
    query = select(RosterImport).where(RosterImport.imported_by == page.me.person.id).order_by(RosterImport.id.desc()).limit(1)
    with page.reading() as session:
        row = session.scalars(query).first()
    return row.id if row and seen and row.counts.get("seen") == seen else 0


def _form(page: MyPage, fault: str = "", status: int = 200) -> Response:
    uploads.sweep(page.house.uploads)
    return page.show("desks/roster_upload.html", status, fault=fault)


def _columns(page: MyPage, ask: Ask, roster: Recognised, fault: str = "") -> Response:
    titles = [
        (column, roster.title(column), roster.fields.get(column, ""), roster.samples(column))
        for column, title in enumerate(roster.header.titles)
        if title
    ]
    status = 422 if fault else 200
    return page.show(
        "desks/roster_columns.html", status, ask=ask, roster=roster, titles=titles, fault=fault, choices=field_choices(page)
    )


def _check(page: MyPage, ask: Ask, upload: Upload, roster: Recognised, outlook: Outlook, status: int = 200) -> Response:
    bad = len({each.row for each in outlook.faults if not isinstance(each.error, UNDECIDED)})
    return page.show(
        "desks/roster_check.html",
        status,
        ask=ask,
        upload=upload,
        roster=roster,
        outlook=outlook,
        changed=status == 409,
        faults=fault_lines(page, roster, outlook)[:SHOWN],
        bad_rows=bad,
        undecided_rows=outlook.faulty_rows - bad,
        unheard=unheard_units(outlook),
        grown=new_units(outlook),
        words=FIELDS,
        roles=role_choices(page),
        most=SHOWN,
        few=FEW,
        used=[(roster.title(column), FIELDS[field]) for column, field in roster.fields.items() if field in FIELDS],
    )
