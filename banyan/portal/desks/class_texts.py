"""What a trainer puts into a class's file: the notice, photos of the day, the summary."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Annotated, Any

from fastapi import Form
from fastapi.responses import Response

from banyan.domain.class_file import FIGURES, Figures
from banyan.domain.permission import Action
from banyan.errors import BadInputError
from banyan.portal.desks.form import SentForm
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.portal.sent_photos import SentPhotos
from banyan.tracker.answer_files import Kept, keep
from banyan.tracker.classes.file import Outline, outline_of
from banyan.tracker.classes.finding import class_for
from banyan.tracker.classes.photos import LONGEST_CAPTION, MOST, add_photos, photos_of, require_welcome, take_out
from banyan.tracker.classes.texts import (
    LONGEST_LINE,
    LONGEST_NOTICE,
    LONGEST_SUMMARY,
    Notice,
    Summary,
    notice_of,
    proposed,
    write_notice,
    write_summary,
)
from banyan.tracker.pieces import MOST_FILES
from grading.documents import is_document
from grading.pictures import redrawn

routes = Routes()
DAYS = ("dated_on", "since", "until")
UNSENT: Mapping[str, str] = {}
Text = Annotated[str, Form()]


@routes.get("/classes/{training_id}/notice", needs=Action.OBSERVE)
def notice_form(page: MyPage, training_id: int) -> Response:
    return _notice(page, training_id)


@routes.post("/classes/{training_id}/notice", needs=Action.OBSERVE)
def keep_notice(page: MyPage, training_id: int, form: SentForm) -> Response:
    try:
        notice = _read(form)
        with page.writing() as session:
            write_notice(session, training_id, notice, page.me, page.now)
    except BadInputError as fault:
        return _notice(page, training_id, 422, page.say(fault.message, **fault.params), form)
    return page.go(f"/classes/{training_id}")


@routes.get("/classes/{training_id}/summary", needs=Action.OBSERVE)
def summary_form(page: MyPage, training_id: int) -> Response:
    return _summary(page, training_id)


@routes.post("/classes/{training_id}/summary", needs=Action.OBSERVE)
def keep_summary(page: MyPage, training_id: int, words: Text = "", seen: Text = "") -> Response:
    try:
        figures = _outline(page, training_id).figures
        if seen != _digest(figures):
            raise BadInputError(N_("这一页打开以后，人数变过；下面是现在的，请对一遍再保存"))
        with page.writing() as session:
            write_summary(session, training_id, Summary(words, figures), page.me, page.now)
    except BadInputError as fault:
        return _summary(page, training_id, 422, page.say(fault.message, **fault.params), words)
    return page.go(f"/classes/{training_id}")


@routes.get("/classes/{training_id}/photos", needs=Action.OBSERVE)
def photos(page: MyPage, training_id: int) -> Response:
    return _photos(page, training_id)


@routes.post("/classes/{training_id}/photos", needs=Action.OBSERVE, long=True)
def keep_photos(page: MyPage, training_id: int, photos: SentPhotos = (), caption: Text = "") -> Response:
    try:
        with page.reading() as session:
            require_welcome(session, training_id, page.me, len(photos))
        kept = _kept(page, photos)
        with page.writing() as session:
            add_photos(session, training_id, kept, caption, page.me, page.now)
    except BadInputError as fault:
        return _photos(page, training_id, 422, page.say(fault.message, **fault.params))
    return page.go(f"/classes/{training_id}/photos")


@routes.post("/classes/{training_id}/photos/{position}/out", needs=Action.OBSERVE)
def take_photo_out(page: MyPage, training_id: int, position: int, reason: Text = "") -> Response:
    try:
        with page.writing() as session:
            take_out(session, training_id, position, reason, page.me, page.now)
    except BadInputError as fault:
        return _photos(page, training_id, 422, page.say(fault.message, **fault.params))
    return page.go(f"/classes/{training_id}/photos")


def _kept(page: MyPage, sent: Sequence[bytes]) -> tuple[Kept, ...]:
    """Return photos drawn anew and on disk: without where and with what they were taken."""
    if len(sent) > MOST_FILES:
        raise BadInputError("一次最多{most}张，请分几次传", most=MOST_FILES)
    if any(is_document(each) for each in sent):
        raise BadInputError("这里只收照片，不收 PDF")
    made = [keep(page.house.answer_files, redrawn(each)) for each in sent]
    return tuple({each.digest: each for each in made}.values())


def _read(form: Mapping[str, str]) -> Notice:
    try:
        days = {each: date.fromisoformat(form.get(each, "").strip()) for each in DAYS}
    except ValueError:
        raise BadInputError(N_("请把日期选全")) from None
    texts = {each.name: form.get(each.name, "") for each in fields(Notice) if each.name not in (*DAYS, "examined")}
    given: dict[str, Any] = {**texts, **days, "examined": form.get("examined") != "no"}
    return Notice(**given)


def _notice(page: MyPage, training_id: int, status: int = 200, fault: str = "", sent: Mapping[str, str] = UNSENT) -> Response:
    page.here = f"{PORTAL}/classes"
    with page.reading() as session:
        row = class_for(session, training_id, page.me, Action.OBSERVE)
        notice = notice_of(session, row) or proposed(row, page.today)
    filled = {each.name: getattr(notice, each.name) for each in fields(Notice)}
    filled |= {each: filled[each].isoformat() for each in DAYS} | {"examined": "yes" if notice.examined else "no"}
    if sent:  # a box that is not ticked is not sent
        filled |= {"examined": "yes"} | {key: value for key, value in sent.items() if key in filled}
    longest = {"line": LONGEST_LINE, "words": LONGEST_NOTICE}
    return page.show("desks/class_notice.html", status, row=row, filled=filled, longest=longest, fault=fault)


def _outline(page: MyPage, training_id: int) -> Outline:
    with page.reading() as session:
        row = class_for(session, training_id, page.me, Action.OBSERVE)
        return outline_of(session, row, page.house.rulebook, page.now)


def _digest(figures: Figures) -> str:
    """Return what a form says of the figures it was shown with."""
    return hashlib.sha256(repr(figures).encode()).hexdigest()[:16]


def _summary(page: MyPage, training_id: int, status: int = 200, fault: str = "", words: str | None = None) -> Response:
    page.here = f"{PORTAL}/classes"
    file = _outline(page, training_id)
    kept = file.summary.words if file.summary else ""
    then = file.summary.figures if file.summary else file.figures
    return page.show(
        "desks/class_summary.html",
        status,
        file=file,
        words=kept if words is None else words,
        figures=[(page.say(word), getattr(file.figures, name), getattr(then, name)) for name, word in FIGURES.items()],
        seen=_digest(file.figures),
        most=LONGEST_SUMMARY,
        fault=fault,
    )


def _photos(page: MyPage, training_id: int, status: int = 200, fault: str = "") -> Response:
    page.here = f"{PORTAL}/classes"
    with page.reading() as session:
        row = class_for(session, training_id, page.me, Action.OBSERVE)
        photos = photos_of(session, row)
    return page.show(
        "desks/class_photos.html",
        status,
        row=row,
        photos=photos,
        at_once=MOST_FILES,
        longest=LONGEST_CAPTION,
        left=MOST - len(photos),
        fault=fault,
    )
