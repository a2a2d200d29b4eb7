"""Many certificates on paper at once: who may want which, the file as it is made, and how long it lies ready.

A worker makes the file and says after every few how far it is; killed, another begins anew. Only who asked may have it,
for a day.
"""

import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from banyan.certificates.face import Face
from banyan.certificates.pdf import bound, pdf
from banyan.certificates.press import Press
from banyan.domain.certification import Validity
from banyan.errors import BadInputError, BanyanError, NotFoundError
from banyan.records.competence import Certificate
from banyan.records.engine import Sessions, reading, writing
from banyan.records.printing import PrintOrder
from banyan.tracker.county import seal_picture
from banyan.tracker.people import NOT_HERE, Me
from banyan.tracker.registers import CertificateLine, certificate_lines, reach, unit_under
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.verification import face

ZIP, PDF = "zip", "pdf"
FORMS = (ZIP, PDF)
MOST = 5000
VOLUME = 100  # certificates bound into one file; more come as several, in a zip
STEP = 25  # certificates between two words on how far it is
SILENT = timedelta(seconds=60)  # a worker that says nothing for so long was killed
WAITS = timedelta(seconds=20)  # an order nobody took for so long was lost on the way
LIES = timedelta(days=1)


@dataclass(frozen=True)
class PrintShop:
    """Where files lie, and the press; it is opened when first needed."""

    folder: Path
    press: Callable[[], Press]
    rulebook: Rulebook

    def file(self, row: PrintOrder) -> Path:
        return self.folder / f"{row.id}.{ending(row.form, len(row.serials))}"


@dataclass(frozen=True)
class Made:
    """So many more are done, and a sentence for each of them that could not be set."""

    count: int
    failed: tuple[str, ...]


def ending(form: str, count: int) -> str:
    return PDF if form == PDF and count <= VOLUME else ZIP


def printable(session: Session, me: Me, unit: str, programme: str, today: date) -> list[CertificateLine]:
    """Return the certificates that hold today of everybody in a unit one administers, by place and name; of all of them if
    none is named.
    """
    paths = (unit_under(session, unit, reach(me)).path,) if unit else reach(me)
    lines = certificate_lines(session, paths, today)
    kept = [each for each in lines if each.validity is Validity.VALID and programme in ("", each.row.programme)]
    return sorted(kept, key=lambda each: (each.place, each.row.person.name, each.row.serial))


def valid_serials(session: Session, programme: str, today: date) -> list[str]:
    """Return the certificates of a whole house that hold today, of one programme or of all."""
    holds = (Certificate.revoked_at.is_(None), Certificate.expires_on >= today)
    query = select(Certificate.serial).where(*holds, *((Certificate.programme == programme,) if programme else ()))
    return list(session.scalars(query.order_by(Certificate.programme, Certificate.id)))


def order(session: Session, me: Me, lines: Sequence[CertificateLine], title: str, form: str, now: datetime) -> PrintOrder:
    """Let a file be made of these certificates; BadInputError if they are none or too many."""
    if form not in FORMS:
        raise BadInputError("请选做成什么文件")
    if not lines:
        raise BadInputError("这样选下来没有现在有效的证书")
    if len(lines) > MOST:
        raise BadInputError("一次最多做{most}张，这里有{count}张；请按镇街分开做", most=MOST, count=len(lines))
    serials = [each.row.serial for each in lines]
    row = PrintOrder(asked_by=me.person.id, asked_at=now, title=title[:200], form=form, serials=serials, failed=[])
    session.add(row)
    session.flush()
    return row


def orders_of(session: Session, me: Me, now: datetime) -> list[PrintOrder]:
    """Return what somebody asked for within the day, the latest first."""
    query = select(PrintOrder).where(PrintOrder.asked_by == me.person.id, PrintOrder.asked_at > now - LIES)
    return list(session.scalars(query.order_by(PrintOrder.id.desc())))


def order_for(session: Session, me: Me, order_id: int, now: datetime) -> PrintOrder:
    """Return an order to who gave it, within the day; to others, and afterwards, it is not there."""
    row = session.get(PrintOrder, order_id)
    if row is None or row.asked_by != me.person.id or row.asked_at <= now - LIES:
        raise NotFoundError(NOT_HERE)
    return row


def make_order(make: Sessions, order_id: int, shop: PrintShop, clock: Callable[[], datetime]) -> bool:
    """Make the file of an order unless somebody else is at it, and say whether it was made."""
    with writing(make) as session:
        row = session.get(PrintOrder, order_id, with_for_update=True)
        if row is None or row.finished_at or (row.worked_at and clock() - row.worked_at < SILENT):
            return False
        row.worked_at, row.done, row.failed = clock(), 0, []
        serials, form, target = list(row.serials), row.form, shop.file(row)
    shop.folder.mkdir(mode=0o700, exist_ok=True)
    for made in press_all(make, serials, form, shop, target):
        with writing(make) as session:
            row = session.get_one(PrintOrder, order_id)
            row.done, row.failed, row.worked_at = row.done + made.count, [*row.failed, *made.failed], clock()
    with writing(make) as session:
        session.get_one(PrintOrder, order_id).finished_at = clock()
    return True


def waiting_orders(session: Session, now: datetime) -> list[int]:
    """Return the orders that were lost on the way, or whose worker was killed."""
    silent = or_(PrintOrder.worked_at.is_(None), PrintOrder.worked_at < now - SILENT)
    lost = (PrintOrder.finished_at.is_(None), PrintOrder.asked_at < now - WAITS, PrintOrder.asked_at > now - LIES, silent)
    return list(session.scalars(select(PrintOrder.id).where(*lost).order_by(PrintOrder.id)))


def forget(session: Session, folder: Path, now: datetime) -> None:
    """Take away what lay for a day, and files of which no order speaks."""
    for row in session.scalars(select(PrintOrder).where(PrintOrder.asked_at <= now - LIES)).all():
        session.delete(row)
    session.flush()
    known = {str(each) for each in session.scalars(select(PrintOrder.id))}
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name.split(".")[0] not in known:
            path.unlink()


def press_all(make: Sessions, serials: Sequence[str], form: str, shop: PrintShop, target: Path) -> Iterator[Made]:
    """Make one file of many certificates, and say after every few how many; it is there in the end, whole or not at all."""
    part = target.with_name(target.name + ".part")
    if ending(form, len(serials)) == PDF:
        made = _volume(*_faces(make, serials, shop), shop.press(), "证书")
        part.write_bytes(made[0])
        yield Made(len(serials), made[1])
    else:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
            yield from _fill(archive, make, serials, form, shop)
    part.replace(target)


def _fill(archive: zipfile.ZipFile, make: Sessions, serials: Sequence[str], form: str, shop: PrintShop) -> Iterator[Made]:
    size = STEP if form == ZIP else VOLUME
    for start in range(0, len(serials), size):
        found, seal, failed = _faces(make, serials[start : start + size], shop)
        if form == ZIP:
            failed = (*failed, *_singly(archive, found, seal, shop.press()))
        else:
            volume = f"证书-第{start // size + 1}册"
            made, failed = _volume(found, seal, failed, shop.press(), volume)
            archive.writestr(f"{volume}.pdf", made)
        yield Made(len(serials[start : start + size]), failed)


def _faces(make: Sessions, serials: Sequence[str], shop: PrintShop) -> tuple[list[Face], bytes, tuple[str, ...]]:
    """Return what is to be printed, the county's seal, and what cannot be."""
    found, failed = [], []
    with reading(make) as session:
        rows = {row.serial: row for row in session.scalars(select(Certificate).where(Certificate.serial.in_(serials)))}
        for serial in serials:
            row = rows.get(serial)
            if row is None or row.revoked_at:
                failed.append(f"{serial}：已经撤销，没有印")
                continue
            try:
                found.append(face(row, shop.rulebook))
            except BanyanError as fault:
                failed.append(f"{serial}：{fault}")
        return found, seal_picture(session) or b"", tuple(failed)


def _singly(archive: zipfile.ZipFile, faces: Iterable[Face], seal: bytes, press: Press) -> Iterator[str]:
    """Put each into a file of its own; yield a sentence for who could not be set."""
    for each in faces:
        try:
            archive.writestr(f"{file_name(each)}.pdf", pdf(press, each, seal))
        except BanyanError as fault:
            yield f"{each.name} {each.serial}：{fault}"


def _volume(
    faces: Sequence[Face], seal: bytes, failed: tuple[str, ...], press: Press, heading: str
) -> tuple[bytes, tuple[str, ...]]:
    """Bind many into one file; where one cannot be set, all but that one."""
    try:
        return bound(press, faces, heading, seal) if faces else b"", failed
    except BadInputError:
        bad = {each.serial: fault for each in faces if (fault := _fault(each, seal, press))}
        if not bad:
            raise
    told = tuple(f"{each.name} {each.serial}：{bad[each.serial]}" for each in faces if each.serial in bad)
    return _volume([each for each in faces if each.serial not in bad], seal, (*failed, *told), press, heading)


def _fault(each: Face, seal: bytes, press: Press) -> str:
    try:
        pdf(press, each, seal)
    except BadInputError as fault:
        return str(fault)
    return ""


def file_name(each: Face) -> str:
    """Return what a certificate's file is called: whom it is for, without what no file name may hold."""
    plain = "".join(sign for sign in each.name if sign.isalnum() or sign in "·-")
    return f"{plain[:40]}-{each.serial}"
