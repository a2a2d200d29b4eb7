"""A certificate of others: its number and photo, checked by somebody else, good for no longer than it says."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from banyan.domain.framework import Kind
from banyan.errors import BadInputError, NotFoundError
from banyan.records.competence import EvidenceRow
from banyan.records.engine import reading, writing
from banyan.records.pieces import Piece
from banyan.tracker.amending import Amendment
from banyan.tracker.answer_files import Kept, keep
from banyan.tracker.documents import DOCUMENTS, same_number
from banyan.tracker.people import Me, find_me
from banyan.tracker.pieces import Draft, Outcome, Verdict, decide, hand_in
from banyan.tracker.standing import evidence_of
from grading.pictures import Picture
from tests.county import NOW, TODAY, County
from tests.tracker.hall import Hall

SHOWS = frozenset({"C5.4.a", "C5.4.b", "C5.4.c"})
CARD = {
    "document": "first-aider", "number": "XJ 2026 0017", "issuer": "县红十字会", "issued_on": "2026-03-01",
    "expires_on": "2027-06-30",
}  # fmt: skip


@pytest.fixture
def photo(tmp_path: Path) -> Kept:
    return keep(tmp_path / "answer-files", Picture(b"a card, drawn anew", 40, 30))


@pytest.fixture
def clerk(hall: Hall) -> Me:
    """Who administers the learner's town and learns too."""
    with writing(hall.make) as session:
        county = County(session, people=800)
        person = county.person("郑国平", hall.trainer.units[0])
        county.trust(person, "administrator", hall.trainer.units[0])
        return find_me(session, person.staff_number, TODAY)


def send(hall: Hall, photo: Kept | None, key: str = "form", me: Me | None = None, **changes: str) -> Piece:
    draft = Draft(changes.pop("competency", "C5.4"), CARD | changes, key, files=(photo,) if photo else ())
    with writing(hall.make) as session:
        return hand_in(session, DOCUMENTS, draft, me or hall.learner, hall.rulebook, NOW)


def rule(hall: Hall, piece: Piece, by: Me, reason: str = "", **how: object) -> int:
    verdict = replace(Verdict(Outcome.ACCEPTED, SHOWS), **how)
    with writing(hall.make) as session:
        return decide(session, DOCUMENTS, piece.id, verdict, Amendment(by, reason), hall.rulebook, NOW).id


def evidence(hall: Hall) -> EvidenceRow:
    with reading(hall.make) as session:
        return session.scalars(select(EvidenceRow).order_by(EvidenceRow.id.desc())).first()


def test_checked_it_counts_from_its_day_and_no_longer_than_it_says(hall: Hall, photo: Kept, clerk: Me) -> None:
    rule(hall, send(hall, photo), clerk)
    row = evidence(hall)
    assert (row.kind, row.competency, row.level, frozenset(row.indicators)) == (Kind.EC, "C5.4", 3, SHOWS)
    assert (row.observed_on, row.expires_on, row.assessor_id) == (date(2026, 3, 1), date(2027, 6, 30), clerk.person.id)


@pytest.mark.parametrize("until", ["", "2040-01-01"])
def test_a_paper_without_an_end_counts_as_long_as_the_competency_says(hall: Hall, photo: Kept, clerk: Me, until: str) -> None:
    rule(hall, send(hall, photo, expires_on=until), clerk)
    assert evidence(hall).expires_on == date(2028, 3, 1)


def test_nobody_checks_their_own_and_a_trainer_checks_none(hall: Hall, photo: Kept, clerk: Me) -> None:
    own = send(hall, photo, me=clerk)
    with pytest.raises(NotFoundError):
        rule(hall, own, clerk)
    piece = send(hall, photo, "other")
    for nobody in (hall.trainer, hall.neighbour, hall.learner, hall.stranger):
        with pytest.raises(NotFoundError):
            rule(hall, piece, nobody)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        pytest.param({"document": "driving"}, "哪一种", id="a paper nobody knows"),
        pytest.param({"competency": "C5.2"}, "哪一种", id="for another competency"),
        pytest.param({"number": "1"}, "编号", id="no number"),
        pytest.param({"issuer": ""}, "哪里发", id="no issuer"),
        pytest.param({"issued_on": "2026-11-24"}, "日期", id="issued tomorrow"),
        pytest.param({"expires_on": "2026-11-22"}, "过期", id="run out"),
    ],
)
def test_what_makes_no_sense_is_not_taken_in(hall: Hall, photo: Kept, changes: dict[str, str], says: str) -> None:
    with pytest.raises(BadInputError, match=says):
        send(hall, photo, **changes)


def test_without_a_photo_it_is_not_taken_in(hall: Hall) -> None:
    with pytest.raises(BadInputError, match="照片"):
        send(hall, None)


def test_it_shows_no_more_than_such_papers_do(hall: Hall, photo: Kept, clerk: Me) -> None:
    piece = send(hall, photo)
    with pytest.raises(BadInputError):
        rule(hall, piece, clerk, indicators=SHOWS | {"C5.4.d"})


def test_the_number_of_somebody_else_s_paper_is_told(hall: Hall, photo: Kept, clerk: Me) -> None:
    rule(hall, send(hall, photo), clerk)
    again = send(hall, photo, "theirs", me=hall.neighbour, number="xj20260017")
    with reading(hall.make) as session:
        found = same_number(session, session.get_one(Piece, again.id))
        assert [each.person_id for each in found] == [hall.learner.person.id]


def test_found_false_afterwards_it_counts_no_more(hall: Hall, photo: Kept, clerk: Me) -> None:
    piece = send(hall, photo)
    known = rule(hall, piece, clerk)
    back = {"outcome": Outcome.RETURNED, "indicators": frozenset(), "words": "编号查不到", "known": known}
    rule(hall, piece, clerk, "红十字会说没有这个编号", **back)
    with reading(hall.make) as session:
        assert not evidence_of(session, hall.learner.person.id)
