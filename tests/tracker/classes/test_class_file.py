"""The file of a class, from the records: who came, sat and holds what; what is written and put in; who may see any of it."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from banyan.domain.attendance import Span
from banyan.domain.class_file import Figures, Finding, Part, State
from banyan.domain.permission import Actor, Charge, Duty
from banyan.errors import BadInputError, BanyanError, NotFoundError
from banyan.records import answer_store
from banyan.records.audit import AuditRow
from banyan.records.classes import ClassPhoto, ClassText
from banyan.records.engine import reading, writing
from banyan.records.training import TrainingPart, TrainingSession
from banyan.tracker.amending import Amendment
from banyan.tracker.answer_files import Kept, forget, gone, keep
from banyan.tracker.attendance import Correction, Roll, call_roll, correct
from banyan.tracker.classes.documents import Printed, summary
from banyan.tracker.classes.file import ClassFile, file_of
from banyan.tracker.classes.finding import MOST as A_PAGE
from banyan.tracker.classes.finding import class_for, classes_of, count_classes
from banyan.tracker.classes.form import look
from banyan.tracker.classes.mapping import Mapped, propose
from banyan.tracker.classes.photos import MOST, add_photos, photo_for, require_welcome, take_out
from banyan.tracker.classes.sheets import bring, map_sheet, sheet_for
from banyan.tracker.classes.texts import Notice, Summary, proposed, write_notice, write_summary
from banyan.tracker.people import Me
from banyan.tracker.settling import close
from banyan.tracker.trainings import TrainingPlan, call_off, plan, seat
from grading.pictures import redrawn
from tests.county import COURSE, NOW, TODAY
from tests.grading.test_pictures import camera
from tests.tracker.classes.forms import province
from tests.tracker.hall import Hall

HOUR = timedelta(hours=1)
MORNING, AFTERNOON = Span(NOW, NOW + 3 * HOUR), Span(NOW + 4 * HOUR, NOW + 6 * HOUR)
OVER = AFTERNOON.ends_at + timedelta(minutes=1)
WORDS = "来了一个，练了口头报告和书面报告，下一期多练人数核对。"


@pytest.fixture
def training(hall: Hall) -> TrainingSession:
    """Two on the roster, one there all day; over and settled."""
    wish = TrainingPlan(
        COURSE,
        hall.trainer.units[0].path,
        "报告实训",
        "县实训基地",
        40,
        {"C5.2": frozenset({"C5.2.a"})},
        3,
        (MORNING, AFTERNOON),
        "f",
    )
    with writing(hall.make) as session:
        row = plan(session, wish, hall.trainer, hall.rulebook, NOW)
        both = [hall.learner.person.id, hall.neighbour.person.id]
        seat(session, row.id, both, hall.trainer, NOW)
        for part in row.parts:
            call_roll(session, Roll(part.id, both, [hall.learner.person.id]), hall.trainer, NOW)
        close(session, row.id, hall.trainer, hall.rulebook, OVER)
        return row


def file(hall: Hall, training: TrainingSession) -> ClassFile:
    with reading(hall.make) as session:
        return file_of(session, session.get_one(TrainingSession, training.id), hall.rulebook, OVER)


def state(hall: Hall, training: TrainingSession, part: Part) -> State:
    return next(each.state for each in file(hall, training).findings if each.part is part)


def finding(hall: Hall, training: TrainingSession, part: Part) -> Finding:
    return next(each for each in file(hall, training).findings if each.part is part)


def notice(training: TrainingSession, **changes: object) -> Notice:
    filled = replace(proposed(training, TODAY), invited="各村网格员", ordered_by="榕溪县应急管理局")
    return replace(filled, **changes)


def write(hall: Hall, training: TrainingSession, by: Me | None = None, **changes: object) -> None:
    with writing(hall.make) as session:
        write_notice(session, training.id, notice(training, **changes), by or hall.trainer, NOW)


def summed_up(hall: Hall, training: TrainingSession, words: str = WORDS, now: object = OVER) -> None:
    figures = file(hall, training).figures
    with writing(hall.make) as session:
        write_summary(session, training.id, Summary(words, figures), hall.trainer, now)


def photo(tmp_path: Path, lay: int = 1) -> Kept:
    return keep(tmp_path / "answer-files", redrawn(camera(lay)))


def audited(hall: Hall) -> list[str]:
    with reading(hall.make) as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.action.startswith("class.")).order_by(AuditRow.position))
        return [each.action for each in rows]


def test_it_counts_who_was_there_and_who_was_not(hall: Hall, training: TrainingSession) -> None:
    found = file(hall, training)
    assert found.figures == Figures(invited=2, came=1, enough=1)
    assert [(each.person.name, each.attendance.present, each.hours) for each in found.lines] == [
        ("陈晓明", 300, 6.6),
        ("林秀英", 0, 0),
    ]
    assert found.lines[0].place[-1] == "第一网格"
    assert {each.part for each in found.findings if each.state is State.MISSING} == {
        Part.NOTICE, Part.PHOTOS, Part.PAPER, Part.SCORES, Part.SUMMARY,
    }  # fmt: skip


def printed(hall: Hall, found: ClassFile) -> Printed:
    return Printed(found, "课", "县", TODAY, hall.rulebook.framework)


def test_a_summary_is_signed_by_whoever_wrote_it(hall: Hall, training: TrainingSession) -> None:
    with writing(hall.make) as session:
        write_summary(session, training.id, Summary(WORDS, file(hall, training).figures), hall.second, OVER)
    block = summary(printed(hall, file(hall, training))).blocks[-1]
    assert block["lines"][-1] == hall.second.person.name


def test_newer_classes_of_other_courses_hide_nobody_s_own(hall: Hall, training: TrainingSession) -> None:
    with writing(hall.make) as session:
        for number in range(A_PAGE + 5):
            about = {"course": "other", "title": f"{number}", "place": "x", "unit_id": hall.trainer.units[0].id, "capacity": 1}
            planned = {"planned_by": hall.trainer.person.id, "planned_at": NOW, "form_key": f"k{number}"}
            row = TrainingSession(**about, **planned, shows={}, level=3, framework="")
            row.parts = [TrainingPart(starts_at=NOW + HOUR, ends_at=OVER)]
            session.add(row)
    with reading(hall.make) as session:
        assert [each.id for each in classes_of(session, hall.trainer)] == [training.id]
        assert count_classes(session, hall.trainer) == 1
        county = administrator(hall)
        assert count_classes(session, county) == A_PAGE + 6
        assert [each.id for each in classes_of(session, county, A_PAGE + 4, 2)][1:] == [training.id], "it began first"


def test_a_corrected_sign_in_is_told_with_before_and_why(hall: Hall, training: TrainingSession) -> None:
    with writing(hall.make) as session:
        part = session.get_one(TrainingSession, training.id).parts[0].id
        fix = Correction(part, hall.learner.person.id, 100)
        correct(session, fix, Amendment(hall.trainer, "提前走了，照纸上的签到"), hall.rulebook, OVER)
    (one,) = file(hall, training).changed
    assert (one.person.name, one.before, one.row.minutes, one.row.reason) == ("陈晓明", 180, 100, "提前走了，照纸上的签到")


def test_a_notice_is_kept_version_by_version_and_the_last_one_holds(hall: Hall, training: TrainingSession) -> None:
    write(hall, training)
    write(hall, training)
    write(hall, training, title="关于举办第三期实训的通知", number="榕应急〔2026〕3号")
    found = file(hall, training)
    assert found.notice is not None
    assert (found.notice.number, found.notice.title) == ("榕应急〔2026〕3号", "关于举办第三期实训的通知")
    with reading(hall.make) as session:
        assert len(session.scalars(select(ClassText)).all()) == 2, "the same again is one"
    assert audited(hall) == ["class.notice", "class.notice"]


REFUSED: list[tuple[dict[str, object], str]] = [
    ({"title": " "}, "叫什么"),
    ({"ordered_by": ""}, "谁发的"),
    ({"invited": "人" * 81}, "太长"),
    ({"words": "字" * 2001}, "太长"),
    ({"since": TODAY + timedelta(days=1)}, "包在里面"),
    ({"until": TODAY + timedelta(days=999)}, "包在里面"),
    ({"dated_on": date(1999, 1, 1)}, "年份"),
]


def test_a_notice_that_cannot_be_is_refused_in_words(hall: Hall, training: TrainingSession) -> None:
    for changes, told in REFUSED:
        with pytest.raises(BadInputError, match=told):
            write(hall, training, **changes)
    assert file(hall, training).notice is None


def test_a_summary_is_written_when_it_is_over_and_read_again_when_figures_change(hall: Hall, training: TrainingSession) -> None:
    with pytest.raises(BadInputError, match="办完以后"):
        summed_up(hall, training, now=NOW)
    with pytest.raises(BadInputError, match="20到"):
        summed_up(hall, training, words="很好")
    summed_up(hall, training)
    assert state(hall, training, Part.SUMMARY) is State.HERE
    hall.hand_in(hall.begin())
    assert state(hall, training, Part.SUMMARY) is State.WAITING
    summed_up(hall, training)
    assert state(hall, training, Part.SUMMARY) is State.HERE


def test_photos_are_put_in_once_and_taken_out_for_a_reason(hall: Hall, training: TrainingSession, tmp_path: Path) -> None:
    one, other = photo(tmp_path), photo(tmp_path, lay=6)
    with writing(hall.make) as session:
        assert add_photos(session, training.id, [one, other], " 上午  签到 ", hall.trainer, NOW) == 2
        assert add_photos(session, training.id, [one], "", hall.trainer, NOW) == 0
    assert [each.caption for each in file(hall, training).photos] == ["上午 签到", "上午 签到"]
    with pytest.raises(BadInputError, match="为什么"), writing(hall.make) as session:
        take_out(session, training.id, 1, "", hall.trainer, NOW)
    for _ in range(2):
        with writing(hall.make) as session:
            take_out(session, training.id, 1, "拍到了病人的脸", hall.trainer, NOW)
    assert [each.position for each in file(hall, training).photos] == [2]
    with reading(hall.make) as session:
        assert session.get_one(ClassPhoto, (training.id, 1)).reason == "拍到了病人的脸"
        with pytest.raises(NotFoundError):
            photo_for(session, training.id, 1, hall.trainer)
        with pytest.raises(BadInputError, match="一期最多"):
            require_welcome(session, training.id, hall.trainer, MOST)
    assert audited(hall) == ["class.photo", "class.photo_out"]


def test_a_photo_that_is_not_on_disk_is_not_put_in(hall: Hall, training: TrainingSession, tmp_path: Path) -> None:
    lost = photo(tmp_path)
    (tmp_path / "answer-files" / lost.digest[:2] / lost.digest).unlink()
    with pytest.raises(BanyanError, match="没有存上"), writing(hall.make) as session:
        add_photos(session, training.id, [lost], "", hall.trainer, NOW)


def test_photos_and_forms_are_swept_away_by_nobody_and_missed_when_gone(
    hall: Hall, training: TrainingSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "answer-files"
    one, form = photo(tmp_path), answer_store.put(folder, province())
    with writing(hall.make) as session:
        add_photos(session, training.id, [one], "", hall.trainer, NOW)
        bring(session, "表.xlsx", form, 1, administrator(hall), NOW)
    monkeypatch.setattr(answer_store, "DAY", -1)
    with writing(hall.make) as session:
        assert forget(session, folder, NOW) == 0
        assert gone(session, folder) == []
    (folder / one.digest[:2] / one.digest).unlink()
    with reading(hall.make) as session:
        assert gone(session, folder) == [TODAY.isoformat()]


def administrator(hall: Hall, path: str = "") -> Me:
    """Somebody who administers the county, or a place below it."""
    top = "/" + hall.trainer.units[0].path.strip("/").split("/")[0] + "/"
    return replace(hall.second, actor=Actor(hall.second.person.id, (Charge(Duty.ADMINISTRATOR, path or top),)))


def test_only_who_answers_for_it_sees_the_file(hall: Hall, training: TrainingSession) -> None:
    elsewhere = hall.stranger.units[0].path
    other_course = replace(hall.trainer, actor=Actor(hall.trainer.person.id, (Charge(Duty.TRAINER, "/", "other"),)))
    with reading(hall.make) as session:
        for who in (hall.trainer, hall.second, administrator(hall)):
            assert [each.id for each in classes_of(session, who)] == [training.id]
        for who in (hall.stranger, administrator(hall, elsewhere), hall.learner, other_course):
            assert classes_of(session, who) == []
            with pytest.raises(NotFoundError):
                class_for(session, training.id, who)


def test_an_administrator_sees_and_a_stranger_does_not_write(hall: Hall, training: TrainingSession) -> None:
    for by in (hall.stranger, hall.learner, administrator(hall)):
        with pytest.raises(NotFoundError):
            write(hall, training, by=by)


def test_one_that_was_called_off_is_no_class(hall: Hall) -> None:
    wish = TrainingPlan(
        COURSE, hall.trainer.units[0].path, "不办了", "县实训基地", 4, {"C5.2": frozenset({"C5.2.a"})}, 3, (MORNING,), "g"
    )
    with writing(hall.make) as session:
        row = plan(session, wish, hall.trainer, hall.rulebook, NOW)
        call_off(session, row.id, hall.trainer, NOW)
        assert classes_of(session, hall.trainer) == []
        assert class_for(session, row.id, hall.trainer) is row, "what was put into it can still be read"
        with pytest.raises(BadInputError, match="取消"):
            write_notice(session, row.id, notice(row), hall.trainer, NOW)


def test_the_nearest_form_that_was_mapped_holds(hall: Hall, training: TrainingSession, tmp_path: Path) -> None:
    mapped = propose(look(province())).guessed
    town, county = hall.trainer.units[0].path, administrator(hall)
    with writing(hall.make) as session:
        bring(session, "C:\\省\\上报表.xlsx", "a" * 64, 1, county, NOW)
        assert sheet_for(session, town) is None, "brought and not mapped"
        map_sheet(session, "a" * 64, mapped, county, NOW)
        map_sheet(session, "a" * 64, mapped, county, NOW)
        found = sheet_for(session, town)
        assert found is not None
        assert (found.file_name, Mapped.from_json(found.mapping or {})) == ("上报表.xlsx", mapped)
        bring(session, "镇.xlsx", "b" * 64, 1, administrator(hall, town), NOW)
        map_sheet(session, "b" * 64, mapped, administrator(hall, town), NOW)
        assert sheet_for(session, town).digest == "b" * 64
        assert sheet_for(session, hall.stranger.units[0].path).digest == "a" * 64
        with pytest.raises(BadInputError, match="换过一张表"):
            map_sheet(session, "b" * 64, mapped, county, NOW)
    assert audited(hall) == ["class.sheet", "class.map_sheet"] * 2
