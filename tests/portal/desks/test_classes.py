"""The file of a class at the desk: what lacks is said and mended, everything is taken away as one archive that can be checked."""

import hashlib
import json
import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select

from banyan.errors import BadInputError, TamperedError
from banyan.records.certification import CertificateSuspension
from banyan.records.competence import Certificate
from banyan.records.engine import writing
from banyan.records.examinations import Submission
from banyan.records.training import TrainingSeat, TrainingSession
from banyan.tracker.attendance import Roll, call_roll
from banyan.tracker.classes.manifest import check_archive
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.settling import close
from tests.county import COURSE, NOW, TODAY
from tests.grading.test_pictures import SECRET, camera
from tests.portal.office import Browser, Office, certify, open_office
from tests.tracker.classes.forms import FIRST, province
from tests.tracker.classes.test_class_file import WORDS

DONE = 1  # days after
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOTICE = {
    "title": "关于举办报告实训的通知", "number": "榕应急〔2026〕3号", "invited": "各村网格员", "words": "请带手机。\n请准时。",
    "ordered_by": "榕溪县应急管理局", "contact": "", "dated_on": "2026-11-16", "since": "2026-11-01", "until": "2026-12-31",
}  # fmt: skip


def send(browser: Browser, path: str, **fields: Any) -> Any:
    files = {name: fields.pop(name) for name in ("file", "photos") if name in fields}
    return browser.post(f"/services/portal{path}", data={"csrf": browser.seal, **fields}, files=files or None)


def main(browser: Browser, path: str) -> str:
    reply = browser.open(path)
    assert reply.status_code == 200, reply.text
    return reply.text.partition("<main")[2].partition("</main>")[0]


@pytest.fixture
def after(office: Office) -> Office:
    return held(office)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook) -> Office:
    """The same with nothing lacking; for tests that only read."""
    office = held(open_office(tmp_path_factory.mktemp("office"), rulebook))
    whole(office, office.browser("黄老师"))
    return office


def held(office: Office) -> Office:
    """The office a day after a class where 陈晓明 was there all day, sat the exam and got a certificate."""
    form = {"course": COURSE, "title": "报告/急救实训", "place": "县实训基地", "capacity": "30", "level": "3", "form_key": "key"}
    form |= {
        "day-0": TODAY.isoformat(),
        "begins-0": "10:00",
        "ends-0": "12:00",
        "shows": "C5.2.a",
        "unit": office.at.qingshi.code,
    }
    reply = send(office.browser("黄老师"), "/trainings", **form)
    assert reply.status_code == 303, reply.text
    both = [office.people[each].id for each in ("陈晓明", "林秀英")]
    assert send(office.browser("黄老师"), "/trainings/1/seats", people=both).status_code == 303
    later, rulebook = office.later(DONE), office.house.rulebook
    with writing(office.house.make) as session:
        row = session.get_one(TrainingSession, 1)
        call_roll(session, Roll(row.parts[0].id, both, both[:1]), office.me("黄老师"), NOW)
        close(session, 1, office.me("黄老师"), rulebook, later.house.now)
        certify(session, office.me("陈晓明").person, rulebook)
    office.hall.hand_in(office.hall.begin())
    return later


def whole(office: Office, browser: Browser) -> None:
    """Mend everything a class's file lacks."""
    assert send(browser, "/classes/1/notice", **NOTICE).status_code == 303
    sent = {"photos": ("a.jpg", camera(), "image/jpeg"), "caption": "上午：签到"}
    assert send(browser, "/classes/1/photos", **sent).status_code == 303
    submission = office.hall.row(grade(office))
    assert submission.score is not None
    assert summed_up(browser).status_code == 303


def summed_up(browser: Browser, words: str = WORDS) -> Any:
    """Send the summary as its page does, with the figures it was shown with."""
    seen = re.search(r'name="seen" value="(\w+)"', main(browser, "/classes/1/summary"))
    assert seen
    return send(browser, "/classes/1/summary", words=words, seen=seen[1])


def grade(office: Office) -> Any:
    """Let the paper be marked; how that is done has tests of its own."""
    with writing(office.house.make) as session:
        row = session.scalars(select(Submission)).one()
        row.state, row.passed, row.score, row.total, row.scores = "graded", True, 88.5, 100.0, {}
        return row


def archive(browser: Browser) -> tuple[zipfile.ZipFile, bytes]:
    reply = browser.open("/classes/1/archive")
    assert reply.status_code == 200, reply.text
    return zipfile.ZipFile(BytesIO(reply.content)), reply.content


def text(archive: zipfile.ZipFile, name: str) -> str:
    """Return what a sheet says, without the spaces it is set with."""
    return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(archive.read(name))).pages)


def test_from_what_lacks_to_an_archive_with_all_eight(after: Office) -> None:
    trainer = after.browser("黄老师")
    assert "缺：通知、现场照片、成绩、总结" in main(trainer, "/classes")
    page = main(trainer, "/classes/1")
    assert "/classes/1/notice" in page
    assert "有1份答卷机器正在批" in page
    whole(after, trainer)
    assert "八样都齐了" in main(trainer, "/classes/1")
    assert "齐了" in main(trainer, "/classes")
    found, _ = archive(trainer)
    names = found.namelist()
    assert names[:2] == ["清单.json", "清单.txt"]
    assert {each for each in names if "/" not in each} == {
        "清单.json", "清单.txt", "01 通知.pdf", "02 名册和签到.pdf", "04 试卷.pdf", "04 试卷和答案.pdf", "05 成绩.pdf",
        "06 学时.pdf", "07 发证名单.pdf", "08 总结.pdf", "09 名册成绩学时.xlsx",
    }  # fmt: skip
    assert "03 现场照片/01 上午：签到.jpg" in names
    assert len([each for each in names if each.startswith("07 证书/陈晓明-")]) == 1
    assert all(each.flag_bits & 0x800 for each in found.infolist()), "names are marked as UTF-8"
    assert SECRET not in found.read("03 现场照片/01 上午：签到.jpg")
    assert found.testzip() is None


def test_a_summary_is_not_offered_before_the_class_is_over(office: Office, after: Office) -> None:
    assert "写总结" in main(after.browser("黄老师"), "/classes/1")
    page = main(office.browser("黄老师"), "/classes/1")
    assert "办完以后写" in page
    assert "写总结" not in page


def test_what_is_printed_says_what_the_records_say(finished: Office) -> None:
    found, _ = archive(finished.browser("黄老师"))
    notice, roster, scores = text(found, "01 通知.pdf"), text(found, "02 名册和签到.pdf"), text(found, "05 成绩.pdf")
    assert "榕应急〔2026〕3号" in notice
    assert "榕溪县应急管理局" in notice
    assert "10:00至12:00" in notice
    assert "120分钟" in roster
    assert "林秀英" in roster
    assert "88.5" in scores
    assert "没有考的：林秀英" in scores
    assert WORDS[:10] in text(found, "08 总结.pdf")
    keys, blank = text(found, "04 试卷和答案.pdf"), text(found, "04 试卷.pdf")
    assert "答案：" in keys
    assert "答案：" not in blank
    book = load_workbook(BytesIO(found.read("09 名册成绩学时.xlsx")))
    assert book.sheetnames == ["名册", "签到", "成绩", "学时", "发证"]
    assert [cell.value for cell in book["成绩"][4]][1:5] == ["陈晓明", finished.people["陈晓明"].staff_number, 88.5, "是"]


def test_the_list_tells_every_file_and_is_signed(finished: Office, tmp_path: Path) -> None:
    found, content = archive(finished.browser("黄老师"))
    told = json.loads(found.read("清单.json"))
    listed = told["payload"]["files"]
    assert listed == {each: hashlib.sha256(found.read(each)).hexdigest() for each in found.namelist()[2:]}
    assert found.read("清单.txt").decode() == "".join(f"{listed[each]}  {each}\n" for each in sorted(listed))
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    checked = check_archive(path, finished.house.rulebook.issuer)
    assert checked.faults == ()
    assert (checked.payload["title"], checked.payload["complete"]) == ("报告/急救实训", True)


def rewritten(content: bytes, path: Path, **changes: bytes | None) -> Path:
    """Write an archive again with some files changed, added or left out."""
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(path, "w") as fresh:
        for each in old.namelist():
            new = changes.pop(each, old.read(each))
            if new is not None:
                fresh.writestr(each, new)
        for name, new in changes.items():
            fresh.writestr(name, new or b"")
    return path


def test_whatever_was_changed_afterwards_shows(finished: Office, tmp_path: Path) -> None:
    found, content = archive(finished.browser("黄老师"))
    issuer = finished.house.rulebook.issuer
    changes = {"05 成绩.pdf": b"%PDF other", "08 总结.pdf": None, "later.txt": b"x"}
    faults = check_archive(rewritten(content, tmp_path / "b.zip", **changes), issuer).faults
    assert sorted(each.split("：")[0] for each in faults) == ["05 成绩.pdf", "08 总结.pdf", "later.txt"]
    told = json.loads(found.read("清单.json"))
    told["payload"]["complete"] = False
    forged = rewritten(content, tmp_path / "c.zip", **{"清单.json": json.dumps(told).encode()})
    with pytest.raises(TamperedError):
        check_archive(forged, issuer)
    with pytest.raises(BadInputError):
        check_archive(rewritten(content, tmp_path / "d.zip", **{"清单.json": b"[]"}), issuer)
    (tmp_path / "e.zip").write_bytes(content[:500])
    with pytest.raises(BadInputError):
        check_archive(tmp_path / "e.zip", issuer)


@pytest.mark.parametrize("who", ["许素芬", "郑国平", "周建国"])
def test_who_may_not_mark_gets_the_paper_without_keys(finished: Office, who: str) -> None:
    found, _ = archive(finished.browser(who))
    assert "04 试卷.pdf" in found.namelist()
    assert not [each for each in found.namelist() if "答案" in each]
    assert "答案，别传到群里" not in main(finished.browser(who), "/classes/1")


def test_who_has_to_sit_the_exam_gets_neither_paper_nor_keys_and_is_told(after: Office) -> None:
    whole(after, after.browser("黄老师"))
    with writing(after.house.make) as session:
        session.add(
            TrainingSeat(session_id=1, person_id=after.people["黄老师"].id, seated_by=after.people["何老师"].id, seated_at=NOW)
        )
    trainer = after.browser("黄老师")
    found, _ = archive(trainer)
    assert [each for each in found.namelist() if each.startswith("04")] == ["04 试卷没有放进来.txt"]
    assert "您自己还要考这门课" in found.read("04 试卷没有放进来.txt").decode()
    assert not json.loads(found.read("清单.json"))["payload"]["complete"]
    assert trainer.open("/classes/1/sheet?part=paper").status_code == 403
    page = main(trainer, "/classes/1")
    assert "您自己还要考这门课" in page
    assert "part=paper" not in page
    assert "04 试卷.pdf" in archive(after.browser("何老师"))[0].namelist()


def test_one_sheet_is_printed_alone_and_no_other_is_there(finished: Office) -> None:
    trainer = finished.browser("黄老师")
    for part in ("notice", "roster", "paper", "scores", "hours", "certificates", "summary"):
        assert trainer.open(f"/classes/1/sheet?part={part}").content.startswith(b"%PDF"), part
    assert trainer.open("/classes/1/sheet?part=photos").status_code == 404
    assert trainer.open("/classes/1/sheet?part=../keys").status_code == 404


def test_a_certificate_that_is_suspended_is_listed_and_not_printed(after: Office) -> None:
    with writing(after.house.make) as session:
        row = session.scalars(select(Certificate)).one()
        told = {"suspended_by": after.people["郑国平"].id, "suspended_at": NOW, "reason": "查核", "resumed_reason": ""}
        session.add(CertificateSuspension(certificate_id=row.id, **told))
        serial = row.serial
    found, _ = archive(after.browser("黄老师"))
    assert [each for each in found.namelist() if each.startswith("07 证书/")] == ["07 证书/没有印出来的.txt"]
    assert serial in found.read("07 证书/没有印出来的.txt").decode()


def test_a_name_the_fonts_lack_holds_no_archive_up(after: Office) -> None:
    send(after.browser("黄老师"), "/classes/1/notice", **(NOTICE | {"words": "带上\U0001f600"}))
    found, _ = archive(after.browser("黄老师"))
    assert "带上〓" in text(found, "01 通知.pdf")


def test_forms_come_back_as_they_were_filled_in_with_what_is_wrong(after: Office) -> None:
    trainer = after.browser("黄老师")
    for changes, told in (({"ordered_by": ""}, "是谁发的"), ({"since": ""}, "日期选全"), ({"since": "2026-12-30"}, "包在里面")):
        reply = send(trainer, "/classes/1/notice", **(NOTICE | changes))
        assert (reply.status_code, told in reply.text, "请带手机。" in reply.text) == (422, True, True)
    assert summed_up(trainer, "好").status_code == 422
    for name, content, told in (("a.jpg", b"no photo", "照片"), ("a.pdf", b"%PDF-1.4 x", "不收 PDF")):
        reply = send(trainer, "/classes/1/photos", photos=(name, content, "image/jpeg"))
        assert (reply.status_code, told in reply.text) == (422, True), name
    assert send(trainer, "/classes/1/photos").status_code == 422


def test_a_box_that_was_unticked_stays_so_after_another_mistake(after: Office) -> None:
    trainer, box = after.browser("黄老师"), 'value="no" checked'
    assert send(trainer, "/classes/1/notice", **(NOTICE | {"examined": "no"})).status_code == 303
    assert box in main(trainer, "/classes/1/notice")
    assert box not in send(trainer, "/classes/1/notice", **(NOTICE | {"since": ""})).text


def test_figures_that_changed_while_somebody_wrote_are_shown_before_they_are_kept(after: Office) -> None:
    trainer = after.browser("黄老师")
    seen = re.findall(r'name="seen" value="(\w+)"', main(trainer, "/classes/1/summary"))[0]
    grade(after)
    reply = send(trainer, "/classes/1/summary", words=WORDS, seen=seen)
    assert reply.status_code == 422
    assert "人数变过" in reply.text
    assert WORDS[:10] in reply.text
    assert summed_up(trainer).status_code == 303


def test_a_photo_is_shown_and_taken_out_with_a_reason(after: Office) -> None:
    trainer = after.browser("黄老师")
    assert send(trainer, "/classes/1/photos", photos=("a.jpg", camera(), "image/jpeg")).status_code == 303
    assert trainer.open("/classes/1/photos/1").headers["content-type"] == "image/jpeg"
    assert send(trainer, "/classes/1/photos/1/out", reason="").status_code == 422
    assert send(trainer, "/classes/1/photos/1/out", reason="拍到了病人").status_code == 303
    assert trainer.open("/classes/1/photos/1").status_code == 404


def test_the_province_s_form_is_brought_once_mapped_once_and_every_class_comes_on_it(after: Office) -> None:
    administrator, trainer = after.browser("周建国"), after.browser("黄老师")
    assert trainer.open("/classes/1/form").status_code == 303, "there is none yet"
    assert "选省里发的表" in main(administrator, "/class-form")
    assert send(administrator, "/class-form", file=("省表.xlsx", province(), KIND)).status_code == 303
    page = main(administrator, "/class-form")
    assert "D · 基本情况／工作单位" in page
    assert "存了才算" in page
    assert trainer.open("/classes/1/form").status_code == 303, "guessed is not mapped"
    columns = {"column-2": "p_name", "column-4": "p_place", "column-6": "p_all_hours", "column-7": "p_score", "first_row": "6"}
    sent = {"sheet": "培训情况表", **columns, "spot-B2": "c_title", "spot-A3#0": "c_invited"}
    assert send(administrator, "/class-form/mapping", **sent).status_code == 303
    reply = trainer.open("/classes/1/form")
    sheet = load_workbook(BytesIO(reply.content))["培训情况表"]
    assert (sheet["B2"].value, sheet["A3"].value[:6]) == ("报告/急救实训", "应到人数：2")
    assert [sheet.cell(FIRST, column).value for column in (2, 4)] == ["陈晓明", "青石镇溪口村第一网格"]
    assert "10 上报表.xlsx" in archive(trainer)[0].namelist()
    assert load_workbook(BytesIO(administrator.open("/class-form/file").content))["培训情况表"]["B2"].value is None


def test_a_file_that_is_no_form_is_refused_and_changes_nothing(after: Office) -> None:
    administrator = after.browser("周建国")
    for content, told in ((b"", "没有收到文件"), (b"x,y", "不是 xlsx")):
        reply = send(administrator, "/class-form", file=("a.xlsx", content, KIND))
        assert (reply.status_code, told in reply.text) == (422, True)
    assert send(administrator, "/class-form/mapping", **{"column-1": "p_name"}).status_code == 422
    assert "哪一格填什么" not in main(administrator, "/class-form")


def test_a_class_is_found_from_the_training_and_by_the_way_round(after: Office) -> None:
    trainer = after.browser("黄老师")
    assert "/classes/1" in main(trainer, "/trainings/1")
    assert "/services/portal/classes" in trainer.open("/trainings").text
    assert "/services/portal/classes" in after.browser("郑国平").open("/people").text
    assert "/class-form" in main(after.browser("周建国"), "/classes")
    assert "/class-form" not in main(trainer, "/classes")


@pytest.mark.parametrize("who", ["陈晓明", "周老师", "吴美玲", "王老师"])
def test_nobody_else_is_shown_the_file(after: Office, who: str) -> None:
    for path in ("", "/archive", "/form", "/sheet", "/notice", "/photos", "/summary"):
        assert after.browser(who).open(f"/classes/1{path}").status_code in (403, 404), path
    assert "急救" not in after.browser(who).open("/classes").text
