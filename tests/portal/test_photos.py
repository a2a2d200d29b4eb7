"""A photo as an answer, end to end: sent, kept, frozen by its hash, marked by who may see it, seen by nobody else."""

import hashlib
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import nbformat
import pytest
from PIL import Image

from banyan.courseware.build import build_course
from banyan.domain.examination import State
from banyan.errors import InvalidAnswerError
from banyan.records import answer_store
from banyan.records.engine import reading, writing
from banyan.records.examinations import Answer, AnswerFile, Attempt, Submission
from banyan.records.organisation import Unit
from banyan.records.people import Person
from banyan.settings import CONTENT
from banyan.tracker import answer_files
from banyan.tracker.rulebook import Rulebook
from grading.questions import file
from tests import every_type
from tests import house as houses
from tests.county import NOW, County
from tests.every_type import COURSE
from tests.grading.test_documents import SPOKEN, carrying, locked, page, scripted, told, written
from tests.portal.conftest import PORTAL, Visit, World
from tests.tracker.hall import Hall, open_hall

SLOT, PDF = "s07", "application/pdf"
PATIENCE = 60  # seconds


def photo(colour: str = "green", **more: Any) -> bytes:
    made = BytesIO()
    Image.new("RGB", (60, 40), colour).save(made, "JPEG", **more)
    return made.getvalue()


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    rules = houses.rulebook(tmp_path_factory.mktemp("releases"))
    build_course(CONTENT / "examples", COURSE, CONTENT, rules.catalogue.releases, NOW)
    return rules


@pytest.fixture
def hall(make: Any, rulebook: Rulebook, tmp_path: Path) -> Hall:
    """Who learns and who teaches here; the trainer of the next town teaches the same course there."""
    opened = open_hall(make, rulebook, tmp_path / "gradebooks")
    every_type.learn(opened, opened.neighbour)
    with writing(make) as session:
        for trainer in (opened.trainer, opened.stranger):
            person, unit = session.get_one(Person, trainer.person.id), session.get_one(Unit, trainer.units[0].id)
            County(session).trust(person, "trainer", unit, COURSE)
    return opened


@pytest.fixture
def learner(world: World) -> Visit:
    return begin(world, world.hall.learner.person)


def begin(world: World, who: Person) -> Visit:
    visit = world.as_(who)
    visit.get(f"/courses/{COURSE}/exam")
    assert visit.post(f"/courses/{COURSE}/exam").status_code == 303
    with reading(world.hall.make) as session:
        attempt = session.query(Attempt).order_by(Attempt.id.desc()).first()
    assert attempt is not None
    visit.get(f"/exams/{attempt.id}")
    return visit


def send(visit: Visit, content: bytes, seq: int = 1, slot: str = SLOT, attempt: int = 1) -> Any:
    headers = {"accept": "application/json", "x-csrf-token": visit.seal, "content-type": "application/octet-stream"}
    return visit.client.put(f"{PORTAL}/exams/{attempt}/files/{slot}?seq={seq}", content=content, headers=headers)


def answer(world: World) -> Any:
    with reading(world.hall.make) as session:
        row = session.get(Answer, (1, SLOT))
        return row.value if row else None


def files(world: World) -> list[str]:
    return sorted(each.name for each in folder(world).rglob("*") if each.is_file())


def folder(world: World) -> Path:
    found: Path = world.app.state.house.answer_files
    return found


def hand_in(world: World, visit: Visit) -> Submission:
    assert visit.send("POST", "/exams/1/submit", {}).status_code == 200
    with reading(world.hall.make) as session:
        return session.query(Submission).one()


def test_while_a_class_sends_photos_pages_and_exams_go_on(world: World, learner: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    """More photos than the portal has threads, each held up by its reader: nobody else waits for any of them."""
    free = threading.Event()
    read = answer_files.redrawn
    monkeypatch.setattr(answer_files, "redrawn", lambda sent: free.wait(PATIENCE) and read(sent))
    with ThreadPoolExecutor(50) as phones:
        sent = [phones.submit(send, learner, photo(), seq) for seq in range(1, 46)]
        try:
            page = phones.submit(world.as_(world.hall.neighbour.person).get, "/learning").result(PATIENCE / 2)
            handed_in = phones.submit(hand_in, world, learner).result(PATIENCE / 2)
            assert not any(each.done() for each in sent)
        finally:
            free.set()
    assert page.status_code == 200
    assert handed_in.state == State.SUBMITTED


def test_an_acknowledged_photo_is_on_disk_and_is_the_answer(world: World, learner: Visit) -> None:
    reply = send(learner, photo(comment=b"where it was taken"))
    value = reply.json()["value"]
    kept = answer_store.get(folder(world), value["digest"])
    assert reply.status_code == 200
    assert answer(world) == value
    assert hashlib.sha256(kept).hexdigest() == value["digest"]
    assert (value["media"], value["bytes"], value["width"], value["height"]) == ("image/jpeg", len(kept), 60, 40)
    assert b"taken" not in kept


def test_an_acknowledged_document_is_the_answer_told_by_its_pages_and_tells_nothing_else(world: World, learner: Visit) -> None:
    reply = send(learner, written(told(page(pages=2))))
    value = reply.json()["value"]
    kept = answer_store.get(folder(world), value["digest"])
    assert reply.status_code == 200
    assert answer(world) == value == {"digest": hashlib.sha256(kept).hexdigest(), "media": PDF, "bytes": len(kept), "pages": 2}
    assert SPOKEN not in kept


def test_a_document_is_only_ever_put_by_and_shut_in(world: World, learner: Visit) -> None:
    send(learner, written(page()))
    submission = hand_in(world, learner)
    sheet = f"/marking/{submission.id}/{SLOT}"
    assert world.hall.grade(submission) is State.UNMARKED
    trainer = world.as_(world.hall.trainer.person)
    assert "下载 PDF，共1页" in trainer.get(sheet).text
    for reply in (learner.get(f"/exams/1/files/{SLOT}"), trainer.get(f"{sheet}/file")):
        said = reply.headers
        assert (reply.status_code, said["content-type"]) == (200, PDF)
        assert said["content-disposition"] == 'attachment; filename="answer.pdf"'
        assert said["x-content-type-options"] == "nosniff"
        assert said["content-security-policy"] == "sandbox; default-src 'none'"
        assert said["cache-control"] == "private, no-store"
    assert world.as_(world.hall.stranger.person).get(f"{sheet}/file").status_code == 404
    assert learner.get(f"{sheet}/file").status_code in (403, 404)


@pytest.mark.parametrize(("made", "said"), [(scripted, "自己运行"), (carrying, "夹带"), (locked, "密码")])
def test_a_document_that_does_more_than_show_changes_nothing(world: World, learner: Visit, made: Any, said: str) -> None:
    reply = send(learner, written(made()))
    assert (reply.status_code, said in reply.json()["message"]) == (422, True)
    assert (answer(world), files(world)) == (None, [])


def test_a_question_takes_only_the_kinds_it_names(world: World) -> None:
    exam = world.hall.rulebook.catalogue.newest(COURSE).exam
    both = next(each for each in exam.items.values() if isinstance(each, file.Item))
    for accepts, sent, said in ((("photo",), written(page()), "只收照片"), (("pdf",), photo(), "不是能用的 PDF")):
        with pytest.raises(InvalidAnswerError, match=said):
            answer_files.taken(both.model_copy(update={"accepts": accepts}), sent)


def test_sent_again_it_is_the_same_and_an_older_one_never_undoes_a_newer(world: World, learner: Visit) -> None:
    green = send(learner, photo(), 5).json()["value"]
    assert send(learner, photo(), 5).json()["value"] == green
    late = send(learner, photo("red"), 3)
    assert (late.status_code, late.json()["seq"]) == (200, 5)
    assert answer(world) == green
    assert learner.send("PUT", f"/exams/1/answers/{SLOT}", {"seq": 6, "value": None}).status_code == 200
    assert answer(world) is None
    back = learner.send("PUT", f"/exams/1/answers/{SLOT}", {"seq": 7, "value": green})
    assert back.status_code == 200, "another phone may say again what this attempt has sent"


def test_who_sent_it_sees_it_as_a_picture_and_as_nothing_else(world: World, learner: Visit) -> None:
    send(learner, photo())
    reply = learner.get(f"/exams/1/files/{SLOT}")
    said = reply.headers
    assert (reply.status_code, said["content-type"]) == (200, "image/jpeg")
    assert said["content-disposition"] == 'inline; filename="photo.jpg"'
    assert said["x-content-type-options"] == "nosniff"
    assert said["cache-control"] == "private, no-store"
    assert "default-src 'none'" in said["content-security-policy"]


def test_nobody_sees_or_uses_anothers_photo(world: World, learner: Visit) -> None:
    value = send(learner, photo()).json()["value"]
    neighbour = begin(world, world.hall.neighbour.person)
    assert neighbour.get(f"/exams/1/files/{SLOT}").status_code == 404
    assert send(neighbour, photo(), attempt=1).status_code == 404
    stolen = neighbour.send("PUT", f"/exams/2/answers/{SLOT}", {"seq": 1, "value": value})
    assert (stolen.status_code, "重新选一次" in stolen.json()["message"]) == (422, True)
    assert world.as_(None).get(f"/exams/1/files/{SLOT}").status_code in (302, 401)


@pytest.mark.parametrize("content", [b"<svg/>", b"", photo()[:-300]])
def test_what_is_no_photo_changes_nothing(world: World, learner: Visit, content: bytes) -> None:
    reply = send(learner, content)
    assert (reply.status_code, len(reply.json()["message"]) > 6) == (422, True)
    assert (answer(world), files(world)) == (None, [])


def test_a_photo_for_another_question_a_wrong_count_or_no_seal_is_refused(world: World, learner: Visit) -> None:
    assert send(learner, photo(), slot="s01").status_code == 404
    assert send(learner, photo(), seq=0).status_code == 422
    learner.seal = "0" * 80
    assert send(learner, photo()).status_code == 403
    assert answer(world) is None


def test_more_than_ten_megabytes_are_refused_before_they_are_read(world: World, learner: Visit) -> None:
    reply = send(learner, bytes(12 * 1024 * 1024))
    assert reply.status_code == 422
    assert "10 MB" in reply.json()["message"]


def test_an_attempt_takes_so_many_photos_and_says_that_the_last_one_stays(
    world: World, learner: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_files, "MOST", 2)
    for seq, colour in enumerate(("green", "red"), start=1):
        assert send(learner, photo(colour), seq).status_code == 200
    refused = send(learner, photo("blue"), 3)
    assert refused.status_code == 422
    assert "已经存好的都在" in refused.json()["message"]


def test_after_time_is_up_no_photo_is_taken_and_the_servers_time_is_told(world: World, learner: Visit) -> None:
    world.clock.now = NOW + timedelta(hours=3)
    reply = send(learner, photo())
    assert reply.status_code == 410
    assert "考试" in reply.json()["message"]
    assert files(world) == []


def test_a_photo_is_frozen_by_its_hash_graded_marked_and_in_the_notebook_by_that_hash(world: World, learner: Visit) -> None:
    value = send(learner, photo()).json()["value"]
    submission = hand_in(world, learner)
    assert json.loads(submission.frozen)["answers"][SLOT] == value
    assert hashlib.sha256(submission.frozen.encode()).hexdigest() == submission.digest
    assert world.hall.grade(submission) is State.UNMARKED
    sheet = f"/marking/{submission.id}/{SLOT}"
    trainer = world.as_(world.hall.trainer.person)
    assert f'src="{PORTAL}{sheet}/file"' in trainer.get(sheet).text
    shown = trainer.get(f"{sheet}/file")
    assert (shown.status_code, hashlib.sha256(shown.content).hexdigest()) == (200, value["digest"])
    assert world.as_(world.hall.stranger.person).get(f"{sheet}/file").status_code == 404
    assert learner.get(f"{sheet}/file").status_code in (403, 404)
    trainer.get(sheet)
    assert trainer.post(sheet, {"row-0": "6", "row-1": "2"}).status_code == 303
    assert world.hall.row(submission).state == State.GRADED
    notebook = next((world.hall.gradebooks / COURSE / "autograded").rglob("*.ipynb"))
    (cell,) = [each for each in nbformat.read(notebook, 4).cells if each.metadata.nbgrader["grade_id"] == SLOT]
    assert f"sha256:{value['digest']}" in cell.source


def test_what_was_replaced_is_forgotten_after_a_while_and_what_was_handed_in_never(world: World, learner: Visit) -> None:
    first, second = (send(learner, photo(each), seq).json()["value"] for seq, each in enumerate(("green", "red"), start=1))
    hand_in(world, learner)
    for place in folder(world).rglob("*"):
        if place.is_file():
            every_type.age(place, days=40)
    soon, later = NOW + timedelta(days=29), NOW + timedelta(days=31)
    for moment, left in ((soon, {first["digest"], second["digest"]}), (later, {second["digest"]})):
        with writing(world.hall.make) as session:
            answer_files.forget(session, folder(world), moment)
        assert set(files(world)) == left
    with reading(world.hall.make) as session:
        assert [(row.digest, row.frozen) for row in session.query(AnswerFile)] == [(second["digest"], True)]
        assert answer_files.gone(session, folder(world)) == []
        answer_store.sweep(folder(world), set())
        assert answer_files.gone(session, folder(world)) == ["2026-11-23"]
