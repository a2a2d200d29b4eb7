"""What of a class's file is sent: one sheet, its tables, the province's form filled in, or everything as one archive."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from urllib.parse import quote

from fastapi.responses import Response, StreamingResponse
from sqlalchemy.orm import Session

from banyan.certificates.document import Document
from banyan.certificates.document import pdf as printed
from banyan.certificates.pdf import pdf as certificate_pdf
from banyan.domain.class_file import Part
from banyan.errors import BadInputError, BanyanError, NotAllowedError
from banyan.portal.desks.class_tables import tables
from banyan.portal.desks.spreadsheet import workbook
from banyan.portal.i18n import N_
from banyan.portal.pages import SignedInPage
from banyan.records import answer_store
from banyan.records.competence import Certificate
from banyan.tracker.classes import documents
from banyan.tracker.classes.archive import Entry, digests, file_name, kept, made, stream
from banyan.tracker.classes.documents import Printed
from banyan.tracker.classes.file import ClassFile
from banyan.tracker.classes.form import filled
from banyan.tracker.classes.manifest import PLAIN, SIGNED, About, plain, signed
from banyan.tracker.classes.mapping import Mapped
from banyan.tracker.classes.paper import paper_of
from banyan.tracker.classes.report import of_class, of_person
from banyan.tracker.classes.secrecy import Shown, shown_to
from banyan.tracker.classes.sheets import sheet_for
from banyan.tracker.county import seal_picture
from banyan.tracker.holding import suspended
from banyan.tracker.printing import file_name as certificate_name
from banyan.tracker.verification import face

PDF = "application/pdf"
NUMBERS = {part: f"{number:02d}" for number, part in enumerate(Part, start=1)}
NAMES: Mapping[Part, str] = {
    Part.NOTICE: "通知",
    Part.ROSTER: "名册和签到",
    Part.PHOTOS: "现场照片",
    Part.PAPER: "试卷",
    Part.SCORES: "成绩",
    Part.HOURS: "学时",
    Part.CERTIFICATES: "发证名单",
    Part.SUMMARY: "总结",
}
"""What files are called: in Chinese, whoever fetches them."""
TABLES, FORM, KEYS, WITHHELD = "09 名册成绩学时", "10 上报表", "04 试卷和答案", "04 试卷没有放进来"
STILL_TO_SIT = N_("您自己还要考这门课，试卷和答案先不给您；考过以后再来存，或者请不用考的人存。")


def told(page: SignedInPage, file: ClassFile) -> Printed:
    rulebook = page.house.rulebook
    titles = {each.code: each.title["zh"] for each in rulebook.programmes}
    course = rulebook.title_of(file.row.course)["zh"]
    return Printed(file, course, rulebook.issuer.name, page.today, rulebook.framework, page.house.demo, titles)


def sheet(page: SignedInPage, session: Session, file: ClassFile, part: Part) -> bytes:
    """Return one printed sheet of a file; the paper is without keys here, and NotAllowedError for who has to sit it."""
    if part is Part.PAPER and shown(page, session, file) is Shown.NOTHING:
        raise NotAllowedError(STILL_TO_SIT)
    return printed(page.house.press(), _documents(page, session, file)[part]())


def form_of(page: SignedInPage, session: Session, file: ClassFile) -> bytes | None:
    """Return the province's form filled in, None where nobody has brought and mapped one."""
    row = sheet_for(session, file.row.unit.path)
    if row is None or row.mapping is None:
        return None
    print_ = told(page, file)
    people = [of_person(number, each) for number, each in enumerate(file.lines, start=1)]
    values = of_class(file, print_.course, print_.issuer, page.today)
    return filled(answer_store.get(page.house.answer_files, row.digest), Mapped.from_json(row.mapping), values, people)


def archive(page: SignedInPage, session: Session, file: ClassFile) -> Response:
    """Return everything of a file as one archive, written as it is sent."""
    entries = list(_entries(page, session, file))
    issuer, listed = page.house.rulebook.issuer, digests(entries)
    about = About(
        number=file.row.id,
        title=file.row.title,
        course=file.row.course,
        issuer=issuer.name,
        made_at=page.now,
        made_by=page.me.person.staff_number,
        complete=file.is_complete and f"{WITHHELD}.txt" not in listed,
        demo=page.house.demo,
    )
    lists = {SIGNED: signed(about, listed, issuer), PLAIN: plain(listed)}
    body = stream(entries, lists, file.days[1])
    return StreamingResponse(body, headers=_headers("zip", name_of(file)), media_type="application/zip")


def name_of(file: ClassFile) -> str:
    return f"{file.days[0]:%Y-%m-%d} {file_name(file.row.title)} 一期一档"


def attachment(content: bytes, kind: str, name: str, ending: str) -> Response:
    return Response(content, media_type=kind, headers=_headers(ending, name))


def shown(page: SignedInPage, session: Session, file: ClassFile) -> Shown:
    return shown_to(session, file.row, page.me, page.house.rulebook, page.now)


def _entries(page: SignedInPage, session: Session, file: ClassFile) -> Iterator[Entry]:
    press, sheets = page.house.press(), _documents(page, session, file)
    for part, document in sheets.items():
        if part is Part.PAPER:
            yield from _papers(page, session, file)
        else:
            yield made(f"{NUMBERS[part]} {NAMES[part]}.pdf", printed(press, document()))
        yield from _beside(page, session, file, part)
    yield made(f"{TABLES}.xlsx", workbook(tables(told(page, file))))
    try:
        if form := form_of(page, session, file):
            yield made(f"{FORM}.xlsx", form)
    except BadInputError as fault:
        yield made(f"{FORM}没有填出来.txt", f"{fault}。\n".encode())


def _papers(page: SignedInPage, session: Session, file: ClassFile) -> Iterator[Entry]:
    """Yield what the class was asked as far as whoever asks may read it; where they may not, why it is not there."""
    told = shown(page, session, file)
    if told is Shown.NOTHING:
        yield made(f"{WITHHELD}.txt", f"{STILL_TO_SIT}\n".encode())
        return
    yield made(
        f"{NUMBERS[Part.PAPER]} {NAMES[Part.PAPER]}.pdf", printed(page.house.press(), _paper(page, session, file, keys=False))
    )
    if told is Shown.KEYS:
        yield made(f"{KEYS}.pdf", printed(page.house.press(), _paper(page, session, file, keys=True)))


def _beside(page: SignedInPage, session: Session, file: ClassFile, part: Part) -> Iterator[Entry]:
    """Yield what lies in a folder of its own beside a sheet."""
    if part is Part.ROSTER:  # photos come after it and have no sheet
        folder = f"{NUMBERS[Part.PHOTOS]} {NAMES[Part.PHOTOS]}"
        for number, each in enumerate(file.photos, start=1):
            said = f" {file_name(each.caption)}" if each.caption else ""
            yield kept(f"{folder}/{number:02d}{said}.jpg", page.house.answer_files, each.digest)
    if part is Part.CERTIFICATES:
        yield from _certificates(page, session, [each.certificate for each in file.lines if each.certificate])


def _certificates(page: SignedInPage, session: Session, rows: Sequence[Certificate]) -> Iterator[Entry]:
    """Yield each certificate on paper, and a list of those that could not be printed: a signed paper is printed whole or not."""
    seal, folder = seal_picture(session) or b"", f"{NUMBERS[Part.CERTIFICATES]} 证书"
    paused, failed = suspended(session, [each.id for each in rows]), []
    for row in rows:
        if row.id in paused:
            failed.append(f"{row.serial}：现在暂停着，没有印")
            continue
        try:
            shown = face(row, page.house.rulebook)
            yield made(f"{folder}/{certificate_name(shown)}.pdf", certificate_pdf(page.house.press(), shown, seal))
        except BanyanError as fault:
            failed.append(f"{row.serial}：{fault}")
    if failed:
        yield made(f"{folder}/没有印出来的.txt", "".join(f"{each}\n" for each in failed).encode())


def _documents(page: SignedInPage, session: Session, file: ClassFile) -> Mapping[Part, Callable[[], Document]]:
    """Return what is printed, in the order of the parts; photos are not."""
    given = told(page, file)
    return {
        Part.NOTICE: partial(documents.notice, given),
        Part.ROSTER: partial(documents.roster, given),
        Part.PAPER: partial(_paper, page, session, file, keys=False),
        Part.SCORES: partial(documents.scores, given),
        Part.HOURS: partial(documents.hours, given),
        Part.CERTIFICATES: partial(documents.certificates, given),
        Part.SUMMARY: partial(documents.summary, given),
    }


def _paper(page: SignedInPage, session: Session, file: ClassFile, keys: bool) -> Document:
    return documents.paper(told(page, file), paper_of(session, file.lines, page.house.rulebook), keys)


def _headers(ending: str, name: str) -> dict[str, str]:
    said = f"attachment; filename=class.{ending}; filename*=UTF-8''{quote(name)}.{ending}"
    return {"content-disposition": said, "cache-control": "no-store"}
