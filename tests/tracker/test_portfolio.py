"""A piece of work and a teaching log: handed in with photos, reviewed by the course's people, counted for what they are."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from banyan.domain.framework import Kind
from banyan.errors import BadInputError, NotFoundError, TryLaterError
from banyan.records import answer_store
from banyan.records.competence import EvidenceRow
from banyan.records.engine import reading, writing
from banyan.records.pieces import Piece
from banyan.tracker.amending import Amendment
from banyan.tracker.answer_files import Kept, forget, gone, keep
from banyan.tracker.people import Me
from banyan.tracker.pieces import Draft, Outcome, Verdict, decide, file_of, hand_in, own, pieces_under
from banyan.tracker.portfolio import PORTFOLIO
from banyan.tracker.standing import evidence_of
from grading.pictures import Picture
from tests.county import COURSE, NOW
from tests.tracker.hall import Hall

SEEN = frozenset({"C5.2.a", "C5.2.b"})
DETAILS = {"title": "带小林练首报", "words": "带新来的小林打了三次首报电话，第一次漏了待核。", "teaching_log": True}


@pytest.fixture
def photo(tmp_path: Path) -> Kept:
    return keep(tmp_path / "answer-files", Picture(b"a picture, drawn anew", 40, 30))


def draft(key: str = "form", competency: str = "C5.2", files: tuple[Kept, ...] = (), **details: object) -> Draft:
    return Draft(competency, DETAILS | details, key, COURSE, files=files)


def send(hall: Hall, told: Draft, me: Me | None = None) -> Piece:
    with writing(hall.make) as session:
        return hand_in(session, PORTFOLIO, told, me or hall.learner, hall.rulebook, NOW)


def rule(hall: Hall, piece: Piece, by: Me | None = None, **how: object) -> None:
    verdict = replace(Verdict(Outcome.ACCEPTED, SEEN, 4, "写得清楚"), **how)
    with writing(hall.make) as session:
        decide(session, PORTFOLIO, piece.id, verdict, Amendment(by or hall.trainer), hall.rulebook, NOW)


def test_a_teaching_log_counts_as_one(hall: Hall) -> None:
    rule(hall, send(hall, draft()))
    with reading(hall.make) as session:
        row = session.scalars(select(EvidenceRow)).one()
        assert (row.kind, row.level, row.teaching_log, row.assessor_id) == (Kind.PF, 4, True, hall.trainer.person.id)
        assert evidence_of(session, hall.learner.person.id)[0].teaching_log


def test_a_teaching_log_is_reviewed_as_one_and_nothing_else_is(hall: Hall) -> None:
    piece = send(hall, draft())
    with pytest.raises(BadInputError, match="带教记录"):
        rule(hall, piece, level=2)
    for spoilt in (frozenset(), frozenset({"C1.3.a"})):
        with pytest.raises(BadInputError):
            rule(hall, piece, indicators=spoilt)


def test_only_the_course_s_people_review_it_and_never_its_author(hall: Hall) -> None:
    piece = send(hall, draft())
    for nobody in (hall.stranger, hall.neighbour, hall.learner):
        with pytest.raises(NotFoundError):
            rule(hall, piece, by=nobody)
    own_piece = send(hall, draft("trainer's"), me=hall.trainer)
    with pytest.raises(NotFoundError):
        rule(hall, own_piece)
    with reading(hall.make) as session:
        for me, count in ((hall.trainer, 1), (hall.second, 2), (hall.stranger, 0)):
            assert len(pieces_under(session, PORTFOLIO, me, [me.units[0].path], NOW)) == count


@pytest.mark.parametrize(
    ("told", "says"),
    [
        pytest.param(draft(competency="C1.1"), "哪一项能力", id="what the course does not teach"),
        pytest.param(replace(draft(), course="none"), "哪一项能力", id="no course"),
        pytest.param(draft(teaching_log=False), "只有带教记录", id="a competency that no portfolio shows"),
        pytest.param(draft(title="带"), "起个名字", id="a title too short"),
        pytest.param(draft(words="带了三次"), "怎么做的", id="hardly a word"),
        pytest.param(draft(words="长" * 2001), "怎么做的", id="a book"),
    ],
)
def test_what_makes_no_sense_is_not_taken_in(hall: Hall, told: Draft, says: str) -> None:
    with pytest.raises(BadInputError, match=says):
        send(hall, told)


def test_a_photo_goes_with_its_piece_is_kept_for_good_and_is_its_own(hall: Hall, photo: Kept) -> None:
    piece = send(hall, draft(files=(photo,)))
    with writing(hall.make) as session:
        later = NOW + timedelta(days=400)
        assert forget(session, photo.folder, later) == 0
        told = file_of(own(session, piece.id, hall.learner, Kind.PF), 1, photo.folder)
        assert told == (photo.digest, "image/jpeg")
        with pytest.raises(NotFoundError):
            file_of(own(session, piece.id, hall.learner, Kind.PF), 2, photo.folder)
        with pytest.raises(NotFoundError):
            own(session, piece.id, hall.neighbour, Kind.PF)
        with pytest.raises(NotFoundError):
            own(session, piece.id, hall.learner, Kind.EC)
        assert gone(session, photo.folder) == []
        (answer_store._place(photo.folder, photo.digest)).unlink()
        assert gone(session, photo.folder) == ["2026-11-23"]


def test_a_photo_that_is_not_on_disk_is_not_spoken_of(hall: Hall, photo: Kept) -> None:
    with pytest.raises(TryLaterError):
        send(hall, draft(files=(replace(photo, digest="0" * 64),)))
    with pytest.raises(BadInputError, match="最多6个"):
        send(hall, draft(files=(photo,) * 7))
