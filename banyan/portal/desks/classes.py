"""一期一档 at the desk: how complete the file of each class is, what it lacks and where to mend it, everything to take away."""

from functools import partial

from fastapi.responses import Response
from sqlalchemy.orm import Session

from banyan.domain.class_file import FIGURES, NAMES, Finding, Part, State, Where
from banyan.domain.permission import Action, may
from banyan.errors import NotFoundError
from banyan.portal.answer_file import reply
from banyan.portal.desks import class_archive
from banyan.portal.desks.paging import sheet_by
from banyan.portal.desks.spreadsheet import KIND
from banyan.portal.desks.words import Word
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage, SignedInPage
from banyan.portal.registry import PORTAL, Routes
from banyan.tracker.classes.file import ClassFile, Outline, file_of, outline_of
from banyan.tracker.classes.finding import class_for, classes_of, count_classes, target
from banyan.tracker.classes.photos import photo_for
from banyan.tracker.classes.secrecy import Shown
from banyan.tracker.classes.sheets import sheet_for
from grading import pictures

routes = Routes()
routes.entry(N_("一期一档"), "/classes", Action.SEE_CLASSES)
A_PAGE = 15
STATES = {
    State.HERE: Word(N_("有了"), "good"),
    State.WAITING: Word(N_("还在等"), "due"),
    State.MISSING: Word(N_("缺"), "lost"),
    State.NOT_ASKED: Word(N_("不用"), "calm"),
}
MENDS = {
    Where.NOTICE: N_("写通知"),
    Where.PHOTOS: N_("加照片"),
    Where.SUMMARY: N_("写总结"),
    Where.TRAINING: N_("去这次实训"),
    Where.MARKING: N_("去阅卷"),
}


@routes.get("/classes", needs=Action.SEE_CLASSES)
def classes(page: MyPage, p: int = 1) -> Response:
    with page.reading() as session:
        rows = sheet_by(count_classes(session, page.me), partial(classes_of, session, page.me), p, A_PAGE)
        files = [outline_of(session, each, page.house.rulebook, page.now) for each in rows.lines]
    return page.show(
        "desks/classes.html",
        sheet=rows,
        files=[(each, [page.say(NAMES[part]) for part in lacking(each)]) for each in files],
        may_set=any(may(page.me.actor, Action.SET_COUNTY, target(each.row)) for each in files),
    )


@routes.get("/classes/{training_id}", needs=Action.SEE_CLASSES)
def one_class(page: MyPage, training_id: int) -> Response:
    page.here = f"{PORTAL}/classes"
    with page.reading() as session:
        file = found(page, session, training_id)
        form, shown = sheet_for(session, file.row.unit.path), class_archive.shown(page, session, file)
    trains = may(page.me.actor, Action.OBSERVE, target(file.row))
    return page.show(
        "desks/class.html",
        file=file,
        findings=[(each, STATES[each.state], page.say(NAMES[each.part])) for each in file.findings],
        figures=[(page.say(word), getattr(file.figures, name)) for name, word in FIGURES.items()],
        course=page.language.text(page.house.rulebook.title_of(file.row.course)),
        lacking=[page.say(NAMES[part]) for part in lacking(file)],
        mends=_mends(page, file) if trains else {},
        form=form,
        trains=trains,
        keys=shown is Shown.KEYS,
        withheld=page.say(class_archive.STILL_TO_SIT) if shown is Shown.NOTHING else "",
        prints=[each for each in Part if each is not Part.PHOTOS and (each is not Part.PAPER or shown is not Shown.NOTHING)],
    )


@routes.get("/classes/{training_id}/sheet", needs=Action.SEE_CLASSES)
def one_sheet(page: MyPage, training_id: int, part: str = Part.NOTICE) -> Response:
    """One part, to be printed."""
    if part not in list(Part) or part == Part.PHOTOS:
        raise NotFoundError(N_("这一份里没有这一张，请回到上一页"))
    with page.reading() as session:
        file = found(page, session, training_id)
        content = class_archive.sheet(page, session, file, Part(part))
    name = f"{class_archive.NUMBERS[Part(part)]} {class_archive.NAMES[Part(part)]}"
    return class_archive.attachment(content, class_archive.PDF, f"{class_archive.name_of(file)} {name}", "pdf")


@routes.get("/classes/{training_id}/form", needs=Action.SEE_CLASSES)
def filled_form(page: MyPage, training_id: int) -> Response:
    """The province's form filled in; where there is none, the page that says so."""
    with page.reading() as session:
        file = found(page, session, training_id)
        content = class_archive.form_of(page, session, file)
    if content is None:
        return page.go(f"/classes/{training_id}#form")
    return class_archive.attachment(content, KIND, f"{class_archive.name_of(file)} 上报表", "xlsx")


@routes.get("/classes/{training_id}/archive", needs=Action.SEE_CLASSES, long=True)
def whole_archive(page: MyPage, training_id: int) -> Response:
    with page.reading() as session:
        return class_archive.archive(page, session, found(page, session, training_id))


@routes.get("/classes/{training_id}/photos/{position}", needs=Action.SEE_CLASSES)
def one_photo(page: MyPage, training_id: int, position: int) -> Response:
    with page.reading() as session:
        photo = photo_for(session, training_id, position, page.me)
    return reply(page.house.answer_files, {"digest": photo.digest, "media": pictures.MEDIA})


def found(page: SignedInPage, session: Session, training_id: int) -> ClassFile:
    return file_of(session, class_for(session, training_id, page.me), page.house.rulebook, page.now)


def lacking(file: Outline) -> list[Part]:
    return [each.part for each in file.findings if each.state in (State.MISSING, State.WAITING)]


def _mends(page: SignedInPage, file: ClassFile) -> dict[Part, tuple[str, str]]:
    """Return where each part can be mended, in an address and words; a summary only once the class is over."""
    able = [each for each in file.findings if each.mend and (file.holdings.over or each.mend is not Where.SUMMARY)]
    return {each.part: (_address(file, each), page.say(MENDS[each.mend])) for each in able if each.mend}


def _address(file: ClassFile, finding: Finding) -> str:
    own = f"{PORTAL}/classes/{file.row.id}"
    return {
        Where.NOTICE: f"{own}/notice",
        Where.PHOTOS: f"{own}/photos",
        Where.SUMMARY: f"{own}/summary",
        Where.TRAINING: f"{PORTAL}/trainings/{file.row.id}",
        Where.MARKING: f"{PORTAL}/marking",
    }[finding.mend or Where.TRAINING]
