"""Pieces of work and papers of others: sent with photos from a phone, looked at by who may, and by nobody else."""

import pytest
from sqlalchemy import func, select

from banyan.records.competence import EvidenceRow
from banyan.records.engine import reading
from banyan.records.pieces import Piece, PieceFile
from tests.county import COURSE
from tests.grading.test_documents import page, written
from tests.grading.test_pictures import SECRET, camera
from tests.portal.office import Browser, Office

WORK = {
    "about": f"{COURSE}:C5.2", "title": "带小林练首报", "words": "带新来的小林打了三次首报电话，第一次漏了待核。",
    "teaching_log": "1", "form_key": "work",
}  # fmt: skip
CARD = {
    "document": "first-aider", "number": "XJ-17", "issuer": "县红十字会", "issued_on": "2026-03-01", "expires_on": "2027-06-30",
    "form_key": "card",
}  # fmt: skip


def send(browser: Browser, path: str, photos: int = 0, content: bytes = b"", **fields: object) -> object:
    files = [("photos", ("IMG_1.jpg", content or camera(), "image/jpeg")) for _ in range(photos)]
    sent = {"csrf": browser.seal, **fields}
    return browser.post(f"/services/portal{path}", data=sent, files=files or None)


def main(browser: Browser, path: str) -> str:
    return browser.open(path).text.partition("<main")[2].partition("</main>")[0]


def count(office: Office, table: type) -> int:
    with reading(office.house.make) as session:
        return session.scalar(select(func.count()).select_from(table))


def test_a_teaching_log_with_its_photo_goes_to_the_trainer_and_comes_back(office: Office) -> None:
    learner, trainer = office.browser("陈晓明"), office.browser("黄老师")
    for _ in range(2):
        assert send(learner, "/record/portfolio", photos=2, **WORK).status_code == 303
    assert (count(office, Piece), count(office, PieceFile)) == (1, 1), "the same photo twice is one"
    assert "带小林练首报" in main(trainer, "/portfolios/1")
    shown = trainer.open("/portfolios/1/photos/1")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert SECRET not in shown.content, "nothing of the camera is left"
    assert send(trainer, "/portfolios/1", outcome="accepted").status_code == 422
    assert send(trainer, "/portfolios/1", outcome="accepted", seen=["C5.2.a"], words="写得清楚").status_code == 303
    assert "写得清楚" in main(learner, "/record")
    assert count(office, EvidenceRow) == 1


def test_photos_are_their_owners_and_the_reviewers(office: Office) -> None:
    learner = office.browser("陈晓明")
    send(learner, "/record/portfolio", photos=1, **WORK)
    send(learner, "/record/document", photos=1, **CARD)
    assert learner.open("/record/portfolio/1/photos/1").status_code == 200
    assert learner.open("/record/portfolio/1/photos/2").status_code == 404
    assert office.browser("许素芬").open("/portfolios/1/photos/1").status_code == 200
    assert office.browser("郑国平").open("/documents/2/photos/1").status_code == 200
    for name, path in (
        ("林秀英", "/record/portfolio/1/photos/1"),
        ("周老师", "/portfolios/1/photos/1"),
        ("郑国平", "/documents/1/photos/1"),
        ("黄老师", "/portfolios/2/photos/1"),
        ("吴美玲", "/documents/2/photos/1"),
    ):
        assert office.browser(name).open(path).status_code in (403, 404), (name, path)


def test_a_card_may_be_a_pdf_which_is_only_put_by(office: Office) -> None:
    learner, clerk = office.browser("陈晓明"), office.browser("郑国平")
    assert send(learner, "/record/document", photos=1, content=written(page("XJ-17")), **CARD).status_code == 303
    assert "存下PDF来看" in main(clerk, "/documents/1")
    reply = clerk.open("/documents/1/photos/1")
    assert (reply.headers["content-type"], reply.content[:5]) == ("application/pdf", b"%PDF-")
    assert reply.headers["content-disposition"].startswith("attachment")


def test_a_card_is_checked_by_the_administrator(office: Office) -> None:
    learner, clerk = office.browser("陈晓明"), office.browser("郑国平")
    assert send(learner, "/record/document", photos=1, **CARD).status_code == 303
    assert "等管理员核对" in main(learner, "/record")
    assert "陈晓明" in main(clerk, "/documents")
    assert "XJ-17" in main(clerk, "/documents/1")
    assert send(clerk, "/documents/1", outcome="returned", words="照片看不清编号，请重拍").status_code == 303
    assert 'value="XJ-17"' in main(learner, "/record/document?again=1")
    again = CARD | {"form_key": "again", "replaces": "1"}
    assert send(learner, "/record/document", photos=1, **again).status_code == 303
    assert send(clerk, "/documents/2", outcome="accepted", seen=["C5.4.a", "C5.4.b", "C5.4.c"]).status_code == 303
    assert "算到2027年6月30日" in main(learner, "/record")


@pytest.mark.parametrize(
    ("path", "fields", "photos", "content"),
    [
        pytest.param("/record/document", CARD, 0, b"", id="a card without its photo"),
        pytest.param("/record/document", CARD, 1, b"%PDF-1.7 no photo", id="a PDF"),
        pytest.param("/record/document", CARD | {"issued_on": "去年"}, 1, b"", id="no date"),
        pytest.param("/record/document", CARD | {"document": "x" * 500}, 1, b"", id="no such paper"),
        pytest.param("/record/portfolio", WORK | {"about": "C5.2"}, 0, b"", id="for nothing"),
        pytest.param("/record/portfolio", WORK, 1, b"GIF89a", id="what is no photo"),
        pytest.param("/record/portfolio", WORK, 7, b"", id="seven photos"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    office: Office, path: str, fields: dict[str, str], photos: int, content: bytes
) -> None:
    reply = send(office.browser("陈晓明"), path, photos, content, **fields)
    assert reply.status_code == 422
    assert (fields.get("number") or fields["title"]) in reply.text
    assert count(office, Piece) == 0
