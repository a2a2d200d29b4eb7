"""What somebody may read of themselves: every table is told, nobody else's row, no secret, no key."""

import pytest
from sqlalchemy import text

from banyan.records import tables  # noqa: F401 - all of them
from banyan.records.base import Base
from banyan.records.engine import reading, writing
from banyan.records.examinations import Mark, Submission
from banyan.tracker.own_data import NOT_OF_LEARNERS, PARTS, Part, own_data
from tests.county import NOW
from tests.tracker.hall import Hall

SECRETS = {"password_hash", "pin_hash", "token_mac", "code_mac", "digest", "form_key"}
KEYS = {"form", "frozen", "scores", "before", "after"}


def test_every_table_is_shown_or_is_said_to_hold_nothing_of_a_learner() -> None:
    shown = [each.table for each in PARTS]
    assert len(shown) == len(set(shown))
    assert set(shown) | set(NOT_OF_LEARNERS) == set(Base.metadata.tables)
    assert not set(shown) & set(NOT_OF_LEARNERS)


@pytest.mark.parametrize("part", PARTS, ids=lambda each: each.table)
def test_no_secret_is_shown_and_nobody_who_acted(part: Part) -> None:
    named = {name for name, _ in part.columns}
    assert named <= set(Base.metadata.tables[part.table].columns.keys())
    assert not named & (SECRETS | KEYS)
    assert not {each for each in named if each.endswith("_by") or each in ("person_id", "assessor_id")}


def test_one_reads_all_of_ones_own_and_nothing_of_a_neighbours(hall: Hall) -> None:
    hall.grade(hall.sat())
    with reading(hall.make) as session:
        mine = {each.part.table: each.rows for each in own_data(session, hall.learner.person.id)}
        theirs = {each.part.table: each.rows for each in own_data(session, hall.neighbour.person.id)}
    assert mine["person"][0][0] == hall.learner.person.staff_number
    assert len(mine["attempt"]) == len(mine["submission"]) == 1
    assert len(mine["answer"]) > 10
    assert mine["step_done"]
    assert not {"attempt", "answer", "submission"} & {name for name, rows in theirs.items() if rows}


def test_what_is_read_is_counted_by_the_records_themselves(hall: Hall) -> None:
    """The way from a table to its person is the same whoever walks it."""
    hall.sat()
    with writing(hall.make) as session:
        counted = session.scalar(
            text("SELECT count(*) FROM answer JOIN attempt ON attempt.id = answer.attempt_id WHERE attempt.person_id = :mine"),
            {"mine": hall.learner.person.id},
        )
        shown = next(each for each in own_data(session, hall.learner.person.id) if each.part.table == "answer")
    assert len(shown.rows) == counted


def test_what_a_first_marker_gave_is_not_read_before_the_result_is_final(hall: Hall) -> None:
    paper = hall.sat()
    hall.grade(paper)
    with writing(hall.make) as session:
        mark = Mark(submission_id=paper.id, slot=hall.slot_of("open"), stage="first", rows=[1], points=1, comment="初评")
        mark.marked_by, mark.marked_at = hall.trainer.person.id, NOW
        session.add(mark)

    def marks() -> tuple[object, ...]:
        with reading(hall.make) as session:
            return next(each.rows for each in own_data(session, hall.learner.person.id) if each.part.table == "mark")

    assert marks() == ()
    with writing(hall.make) as session:
        session.get_one(Submission, paper.id).state = "graded"
    assert len(marks()) == 1
