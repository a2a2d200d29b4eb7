"""Practice under a supervisor: written down by who practised, confirmed by whom they name, put right for a reason."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from banyan.domain.framework import Kind
from banyan.errors import BadInputError, NotFoundError
from banyan.records.competence import EvidenceRow
from banyan.records.engine import reading, writing
from banyan.records.pieces import Piece
from banyan.tracker.amending import Amendment
from banyan.tracker.people import Me
from banyan.tracker.pieces import (
    MOST_WAITING,
    Draft,
    Outcome,
    Verdict,
    decide,
    decision,
    hand_in,
    piece_for,
    pieces_of,
    pieces_under,
    take_back,
)
from banyan.tracker.practice import PRACTICE, guides
from banyan.tracker.standing import evidence_of
from tests.county import NOW, TODAY
from tests.tracker.hall import Hall

SEEN = frozenset({"C2.1.a", "C2.1.b"})
DETAILS = {"from": "2026-11-02", "to": "2026-11-20", "hours": 24, "place": "溪口村", "words": "跟着走访了十二户人家"}


def draft(hall: Hall, key: str = "form", **changes: object) -> Draft:
    details = DETAILS | {name: value for name, value in changes.items() if name in (*DETAILS, "from")}
    rest = {name: value for name, value in changes.items() if name not in details}
    return replace(Draft("C2.1", details, key, addressed_to=hall.trainer.person.id), **rest)


def send(hall: Hall, told: Draft | None = None, me: Me | None = None) -> Piece:
    with writing(hall.make) as session:
        return hand_in(session, PRACTICE, told or draft(hall), me or hall.learner, hall.rulebook, NOW)


def rule(hall: Hall, piece: Piece, outcome: Outcome, by: Me | None = None, reason: str = "", **how: object) -> int:
    told = {"indicators": SEEN if outcome is Outcome.ACCEPTED else frozenset(), "words": "请补写日期和做法"} | how
    with writing(hall.make) as session:
        amendment = Amendment(by or hall.trainer, reason)
        return decide(session, PRACTICE, piece.id, Verdict(outcome, **told), amendment, hall.rulebook, NOW).id


def standing(hall: Hall) -> list[tuple[str, int, frozenset[str]]]:
    with reading(hall.make) as session:
        return [(each.kind, each.level, each.indicators) for each in evidence_of(session, hall.learner.person.id)]


def test_confirmed_by_whom_it_names_it_counts_from_its_last_day(hall: Hall) -> None:
    piece = send(hall)
    assert standing(hall) == [], "self-report never counts"
    rule(hall, piece, Outcome.ACCEPTED)
    with reading(hall.make) as session:
        row = session.scalars(select(EvidenceRow)).one()
        assert (row.kind, row.level, row.observed_on.isoformat()) == (Kind.SP, 2, "2026-11-20")
        assert (row.assessor_id, row.source) == (hall.trainer.person.id, f"piece:{piece.id}:C2.1")


OUTCOMES = pytest.mark.parametrize("outcome", [Outcome.ACCEPTED, Outcome.RETURNED])


@OUTCOMES
def test_another_guide_decides_nothing_while_it_waits_nor_afterwards(hall: Hall, outcome: Outcome) -> None:
    piece = send(hall)
    with pytest.raises(BadInputError, match="黄老师"):
        rule(hall, piece, outcome, by=hall.second)
    first = rule(hall, piece, Outcome.ACCEPTED)
    with pytest.raises(BadInputError, match="黄老师"):
        rule(hall, piece, outcome, by=hall.second, known=first, reason="别人来改的", indicators=frozenset({"C2.1.a"}))
    assert standing(hall) == [(Kind.SP, 2, SEEN)]


@pytest.mark.parametrize("how", ["left", "without the duty", "transferred"])
def test_whose_guide_is_gone_is_undone_or_sent_back_by_another_and_confirmed_by_nobody(hall: Hall, how: str) -> None:
    piece, other = send(hall), send(hall, draft(hall, "other"))
    first = rule(hall, piece, Outcome.ACCEPTED)
    if how == "transferred":
        hall.transfer(hall.learner)
    else:
        hall.send_away(hall.trainer, how)
    by = hall.stranger if how == "transferred" else hall.second
    with pytest.raises(BadInputError, match="黄老师"):
        rule(hall, piece, Outcome.ACCEPTED, by=by, known=first, reason="我看也是这样", indicators=frozenset({"C2.1.a"}))
    with pytest.raises(BadInputError, match="黄老师"):
        rule(hall, other, Outcome.ACCEPTED, by=by)
    with pytest.raises(BadInputError, match="为什么"):
        rule(hall, piece, Outcome.RETURNED, by=by, known=first)
    rule(hall, piece, Outcome.RETURNED, by=by, known=first, reason="查出来是别人做的")
    rule(hall, other, Outcome.RETURNED, by=by)
    assert standing(hall) == []


@OUTCOMES
def test_others_do_not_see_it(hall: Hall, outcome: Outcome) -> None:
    piece = send(hall)
    for stranger in (hall.stranger, hall.neighbour, hall.learner):
        with pytest.raises(NotFoundError):
            rule(hall, piece, outcome, by=stranger)
    assert standing(hall) == []
    with reading(hall.make) as session:
        listed = [pieces_under(session, PRACTICE, me, [me.units[0].path], NOW) for me in (hall.trainer, hall.stranger)]
        assert [len(each) for each in listed] == [1, 0]
        assert {each.name for each in guides(session, hall.learner, TODAY)} == {"黄老师", "何老师"}
        assert [each.name for each in guides(session, hall.trainer, TODAY)] == ["何老师"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        pytest.param({"competency": "C5.4"}, "哪一项", id="a competency that is not shown by practice"),
        pytest.param({"competency": "C9.9"}, "哪一项", id="no competency"),
        pytest.param({"from": "2026-11-21"}, "日期", id="it ends before it begins"),
        pytest.param({"to": "2026-12-01"}, "日期", id="not over yet"),
        pytest.param({"from": "2024-11-02", "to": "2024-11-20"}, "日期", id="long ago"),
        pytest.param({"hours": 1}, "小时", id="an hour"),
        pytest.param({"hours": 19 * 12 + 1}, "小时", id="more hours than days hold"),
        pytest.param({"place": "村"}, "在哪里", id="nowhere"),
        pytest.param({"words": "做了"}, "做了什么", id="nothing said"),
        pytest.param({"addressed_to": None}, "带您", id="under nobody"),
    ],
)
def test_what_makes_no_sense_is_not_taken_in(hall: Hall, changes: dict[str, object], says: str) -> None:
    with pytest.raises(BadInputError, match=says):
        send(hall, draft(hall, **changes))


def test_oneself_or_a_colleague_without_a_duty_is_no_supervisor(hall: Hall) -> None:
    for nobody in (hall.learner, hall.neighbour, hall.stranger):
        with pytest.raises(BadInputError, match="带您"):
            send(hall, draft(hall, addressed_to=nobody.person.id))


def test_sent_twice_it_is_one_and_there_is_an_end_to_what_waits(hall: Hall) -> None:
    assert send(hall).id == send(hall).id
    with pytest.raises(NotFoundError):
        send(hall, me=hall.neighbour)
    for number in range(MOST_WAITING - 1):
        send(hall, draft(hall, f"form {number}"))
    with pytest.raises(BadInputError, match="等着看"):
        send(hall, draft(hall, "one more"))


def test_sent_back_with_words_it_is_sent_again_as_another(hall: Hall) -> None:
    piece = send(hall)
    with pytest.raises(BadInputError, match="退回的话"):
        rule(hall, piece, Outcome.RETURNED, words="不")
    rule(hall, piece, Outcome.RETURNED)
    again = send(hall, draft(hall, "again", replaces=piece.id))
    with pytest.raises(NotFoundError):
        send(hall, draft(hall, "theirs", replaces=piece.id), me=hall.neighbour)
    rule(hall, again, Outcome.ACCEPTED)
    assert standing(hall) == [(Kind.SP, 2, SEEN)]


def test_a_decision_is_put_right_for_a_reason_by_who_has_read_it(hall: Hall) -> None:
    piece = send(hall)
    first = rule(hall, piece, Outcome.ACCEPTED)
    with pytest.raises(BadInputError, match="有人先定"):
        rule(hall, piece, Outcome.RETURNED)
    with pytest.raises(BadInputError, match="为什么"):
        rule(hall, piece, Outcome.RETURNED, known=first)
    second = rule(hall, piece, Outcome.RETURNED, known=first, reason="查出来是别人做的")
    assert standing(hall) == []
    rule(hall, piece, Outcome.ACCEPTED, known=second, reason="再查，是他做的", indicators=frozenset({"C2.1.a"}))
    assert standing(hall) == [(Kind.SP, 2, frozenset({"C2.1.a"}))]
    with reading(hall.make) as session:
        assert len(session.get_one(Piece, piece.id).decisions) == 3


def test_accepted_it_shows_at_least_one_thing_and_nothing_foreign(hall: Hall) -> None:
    piece = send(hall)
    for spoilt in (frozenset(), frozenset({"C5.2.a"})):
        with pytest.raises(BadInputError):
            rule(hall, piece, Outcome.ACCEPTED, indicators=spoilt)
    with reading(hall.make) as session:
        assert session.scalar(select(func.count()).select_from(EvidenceRow)) == 0


def test_taken_back_while_it_waits_it_is_not_decided_and_accepted_it_stays(hall: Hall) -> None:
    piece, other = send(hall), send(hall, draft(hall, "other"))
    for _ in range(2):
        with writing(hall.make) as session:
            take_back(session, PRACTICE, piece.id, hall.learner, NOW)
    with reading(hall.make) as session:
        last = decision(piece_for(session, PRACTICE, piece.id, hall.trainer, TODAY))
        assert last
        assert len(session.get_one(Piece, piece.id).decisions) == 1
    with pytest.raises(BadInputError, match="撤回"):
        rule(hall, piece, Outcome.ACCEPTED, known=last.id)
    rule(hall, other, Outcome.ACCEPTED)
    with pytest.raises(BadInputError, match="已经认可"), writing(hall.make) as session:
        take_back(session, PRACTICE, other.id, hall.learner, NOW)
    with pytest.raises(NotFoundError), writing(hall.make) as session:
        take_back(session, PRACTICE, other.id, hall.neighbour, NOW)
    with reading(hall.make) as session:
        assert len(pieces_of(session, hall.learner.person.id, Kind.SP)) == 2
