"""An assessor's checklist: what was seen counts, two look by themselves, what they differ about is said, it can be put right."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from banyan.domain.framework import Kind
from banyan.domain.observation import Mark
from banyan.errors import BadInputError, NotFoundError
from banyan.records.audit import AuditRow
from banyan.records.competence import EvidenceRow
from banyan.records.engine import reading, writing
from banyan.records.observations import Observation
from banyan.records.retractions import EvidenceRetraction
from banyan.tracker.amending import Amendment
from banyan.tracker.intake import Claim, take_in
from banyan.tracker.observations import Sheet, beside, dispute, latest_of, may_read, observation_for, put_right, record, withdraw
from banyan.tracker.people import Me, find_me
from banyan.tracker.standing import evidence_of, refresh
from tests.county import COURSE, NOW, TODAY, County
from tests.tracker.hall import Hall
from tests.tracker.second_release import of_its_own, publish_again
from tests.tracker.test_newer_framework import without

ALL = ("C5.2.a", "C5.2.b", "C5.2.c", "C5.2.d")
BECAUSE = "记错了人，当时看到的是别人"


@pytest.fixture
def assessors(hall: Hall) -> tuple[Me, Me, Me]:
    """Two assessors of the learner's town and one of elsewhere."""
    with writing(hall.make) as session:
        county, found = County(session, people=800), []
        for name, beside in (("许老师", hall.trainer), ("孙老师", hall.second), ("叶老师", hall.stranger)):
            person = county.person(name, beside.units[0])
            county.trust(person, "assessor", beside.units[0], COURSE)
            found.append(find_me(session, person.staff_number, TODAY))
    return tuple(found)


def sheet(hall: Hall, key: str = "form", **changes: object) -> Sheet:
    marks: Mapping[str, Mark] = dict.fromkeys(ALL, Mark.YES)
    whole = Sheet(hall.learner.person.id, COURSE, "C5.2", 3, marks, "说得清楚", TODAY, "溪口村村委会", key)
    return replace(whole, **changes)


def keep(hall: Hall, by: Me, told: Sheet) -> Observation:
    with writing(hall.make) as session:
        return record(session, told, by, hall.rulebook, NOW)


def mend(hall: Hall, row: Observation, by: Me, told: Sheet, reason: str = BECAUSE, now: datetime = NOW) -> Observation:
    with writing(hall.make) as session:
        return put_right(session, row.id, told, Amendment(by, reason), hall.rulebook, now)


def take_back(hall: Hall, row: Observation, by: Me, key: str = "gone", reason: str = BECAUSE) -> Observation:
    with writing(hall.make) as session:
        return withdraw(session, row.id, key, Amendment(by, reason), hall.rulebook, NOW)


def standing(hall: Hall) -> list[tuple[str, int, frozenset[str]]]:
    with reading(hall.make) as session:
        return [(each.kind, each.level, each.indicators) for each in evidence_of(session, hall.learner.person.id)]


def test_what_was_seen_counts_and_what_was_not_does_not(hall: Hall, assessors: tuple[Me, Me, Me]) -> None:
    marks = {**dict.fromkeys(ALL, Mark.YES), "C5.2.c": Mark.NOT_YET, "C5.2.d": Mark.UNSEEN}
    row = keep(hall, assessors[0], sheet(hall, marks=marks))
    assert standing(hall) == [(Kind.AO, 3, frozenset(ALL[:2]))]
    with reading(hall.make) as session:
        told = session.scalars(select(EvidenceRow)).one()
        assert (told.source, told.assessor_id) == (f"observation:{row.id}:C5.2", assessors[0].person.id)


def test_nothing_seen_is_a_record_and_shows_nothing(hall: Hall, assessors: tuple[Me, Me, Me]) -> None:
    keep(hall, assessors[0], sheet(hall, marks=dict.fromkeys(ALL, Mark.UNSEEN)))
    assert standing(hall) == []
    with reading(hall.make) as session:
        assert len(latest_of(session, hall.learner.person.id)) == 1


def test_sent_twice_it_is_recorded_once_and_a_form_is_for_one_person(hall: Hall, assessors: tuple[Me, Me, Me]) -> None:
    assert keep(hall, assessors[0], sheet(hall)).id == keep(hall, assessors[0], sheet(hall)).id
    with pytest.raises(NotFoundError):
        keep(hall, assessors[1], sheet(hall))
    with pytest.raises(NotFoundError):
        keep(hall, assessors[0], sheet(hall, person_id=hall.neighbour.person.id))


def test_nobody_assesses_themselves_or_without_the_duty_or_elsewhere(hall: Hall, assessors: tuple[Me, Me, Me]) -> None:
    for stranger in (hall.trainer, hall.learner, assessors[2]):
        with pytest.raises(NotFoundError):
            keep(hall, stranger, sheet(hall))
    with pytest.raises(NotFoundError):
        keep(hall, assessors[0], sheet(hall, person_id=assessors[0].person.id))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        pytest.param({"competency": "C1.1"}, "哪一项能力", id="what the course does not teach"),
        pytest.param({"level": 1}, "哪一项能力", id="a level nobody observes"),
        pytest.param({"marks": {"C5.2.a": Mark.YES}}, "每一项", id="an indicator left open"),
        pytest.param({"observed_on": TODAY + timedelta(days=1)}, "日期", id="tomorrow"),
        pytest.param({"observed_on": TODAY - timedelta(days=61)}, "日期", id="long ago"),
        pytest.param({"place": " "}, "在哪里", id="nowhere"),
        pytest.param({"note": "长" * 501}, "太长", id="a note too long"),
    ],
)
def test_a_sheet_that_makes_no_sense_is_refused(
    hall: Hall, assessors: tuple[Me, Me, Me], changes: dict[str, object], says: str
) -> None:
    with pytest.raises(BadInputError, match=says):
        keep(hall, assessors[0], sheet(hall, **changes))


def test_two_look_by_themselves_and_where_they_differ_is_said(hall: Hall, assessors: tuple[Me, Me, Me]) -> None:
    first, second, _ = assessors
    one = keep(hall, first, sheet(hall, "one", level=4))
    with reading(hall.make) as session:
        assert may_read(session, one, first)
        assert not may_read(session, one, second), "before their own look"
    marks = {**dict.fromkeys(ALL, Mark.YES), "C5.2.b": Mark.NOT_YET}
    other = keep(hall, second, sheet(hall, "two", level=4, marks=marks))
    with reading(hall.make) as session:
        assert may_read(session, one, second)
        assert [each.id for each in beside(session, one)] == [other.id]
        assert dispute([one, other]) == {"C5.2.b"}


def test_the_fourth_rung_needs_both_and_the_teaching_log(hall: Hall, assessors: tuple[Me, Me, Me]) -> None:
    person = hall.learner.person.id
    with writing(hall.make) as session:
        claims = [
            Claim(person, "C5.2", frozenset(ALL), kind, 4, TODAY, f"test:{kind}", teaching_log=kind is Kind.PF)
            for kind in (Kind.OA, Kind.SIM, Kind.OS, Kind.PF)
        ]
        take_in(session, claims, hall.rulebook, NOW)
    for key, by, level in (("one", assessors[0], 3), ("two", assessors[1], 4)):
        keep(hall, by, sheet(hall, key, level=4))
        with writing(hall.make) as session:
            assert refresh(session, person, hall.rulebook.framework, TODAY)["C5.2"].level == level


def test_put_right_the_old_is_withdrawn_with_the_reason_and_stays(hall: Hall, assessors: tuple[Me, Me, Me]) -> None:
    row = keep(hall, assessors[0], sheet(hall))
    with pytest.raises(BadInputError, match="自己来改"):
        mend(hall, row, assessors[1], sheet(hall, "fix"))
    with pytest.raises(BadInputError, match="为什么"):
        mend(hall, row, assessors[0], sheet(hall, "fix"), reason="错")
    with pytest.raises(NotFoundError):
        mend(hall, row, assessors[0], sheet(hall, "fix", person_id=hall.neighbour.person.id))
    fixed = mend(hall, row, assessors[0], sheet(hall, "fix", marks=dict.fromkeys(ALL, Mark.UNSEEN)))
    assert standing(hall) == []
    mend(hall, fixed, assessors[0], sheet(hall, "again", level=2), reason="又核对了一遍，确实看到了")
    assert standing(hall) == [(Kind.AO, 2, frozenset(ALL))]
    with reading(hall.make) as session:
        assert [each.reason for each in session.scalars(select(EvidenceRetraction))] == [BECAUSE]
        sources = [each.source for each in session.scalars(select(EvidenceRow).order_by(EvidenceRow.id))]
        assert sources == [f"observation:{row.id}:C5.2", f"observation:{row.id}:C5.2:2"]
        assert len(session.scalars(select(Observation)).all()) == 3
        assert [each.form_key for each in latest_of(session, hall.learner.person.id)] == ["again"]
        with pytest.raises(NotFoundError):
            observation_for(session, row.id, hall.trainer, TODAY)


def test_however_long_ago_it_was_what_was_seen_can_be_put_right_on_its_own_day(hall: Hall, assessors: tuple[Me, Me, Me]) -> None:
    row, later = keep(hall, assessors[0], sheet(hall)), NOW + timedelta(days=90)
    with pytest.raises(BadInputError, match="日期"):
        mend(hall, row, assessors[0], sheet(hall, "fix", observed_on=TODAY + timedelta(days=1)), now=later)
    fixed = mend(hall, row, assessors[0], sheet(hall, "fix", level=2), now=later)
    mend(hall, fixed, assessors[0], sheet(hall, "again", observed_on=later.date()), now=later)
    assert [(level, shown) for _, level, shown in standing(hall)] == [(3, frozenset(ALL))]


def test_withdrawn_whole_nothing_of_it_counts_and_undone_it_does_again(hall: Hall, assessors: tuple[Me, Me, Me]) -> None:
    row, other = keep(hall, assessors[0], sheet(hall)), keep(hall, assessors[1], sheet(hall, "theirs"))
    with pytest.raises(BadInputError, match="为什么"):
        take_back(hall, row, assessors[0], reason="错")
    with pytest.raises(BadInputError, match="自己来改"):
        take_back(hall, row, assessors[1])
    gone = take_back(hall, row, assessors[0])
    assert (gone.withdrawn, gone.first_id, gone.reason) == (True, row.id, BECAUSE)
    assert [shown for _, _, shown in standing(hall)] == [frozenset(ALL)], "the other one's stays"
    with reading(hall.make) as session:
        assert beside(session, other) == [], "it says nothing any more"
        assert "observation.withdraw" in session.scalars(select(AuditRow.action)).all()
    assert take_back(hall, gone, assessors[0], "again").id == gone.id
    with pytest.raises(BadInputError, match="刚才改过"):
        mend(hall, row, assessors[0], sheet(hall, "stale"))
    mend(hall, gone, assessors[0], sheet(hall, "back"), reason="看了照片，来的就是她")
    assert len(standing(hall)) == 2


@pytest.mark.parametrize("how", ["left", "without the duty", "transferred"])
def test_when_who_saw_it_is_gone_another_assessor_may_withdraw_it(
    hall: Hall, assessors: tuple[Me, Me, Me], how: str
) -> None:
    row = keep(hall, assessors[0], sheet(hall))
    if how == "transferred":
        hall.transfer(hall.learner)
    else:
        hall.send_away(assessors[0], how)
    by = assessors[2] if how == "transferred" else assessors[1]
    with pytest.raises(BadInputError, match="自己来改"):
        mend(hall, row, by, sheet(hall, "fix", marks=dict.fromkeys(ALL, Mark.UNSEEN)))
    with pytest.raises(NotFoundError):
        take_back(hall, row, hall.trainer)
    take_back(hall, row, by)
    assert standing(hall) == []


def test_what_the_newest_release_no_longer_teaches_is_put_right_and_withdrawn_all_the_same(
    hall: Hall, assessors: tuple[Me, Me, Me], tmp_path: Path
) -> None:
    hall = of_its_own(hall, tmp_path / "releases")
    row = keep(hall, assessors[0], sheet(hall))
    publish_again(hall, {}, teaches={"C4.3": 2})
    with pytest.raises(BadInputError, match="哪一项能力"):
        keep(hall, assessors[0], sheet(hall, "new"))
    fixed = mend(hall, row, assessors[0], sheet(hall, "fix", level=2))
    assert standing(hall) == [(Kind.AO, 2, frozenset(ALL))]
    take_back(hall, fixed, assessors[0])
    assert standing(hall) == []


def test_what_the_framework_asks_for_no_longer_stays_on_the_sheet_and_does_not_count(
    hall: Hall, assessors: tuple[Me, Me, Me]
) -> None:
    row, asked = keep(hall, assessors[0], sheet(hall)), hall.rulebook.framework.competency("C5.2")
    fewer = replace(asked, indicators=asked.indicators[:3])
    domains = tuple(
        replace(each, competencies=tuple(fewer if one.code == "C5.2" else one for one in each.competencies))
        for each in hall.rulebook.framework.domains
    )
    newer = replace(hall, rulebook=replace(hall.rulebook, framework=replace(hall.rulebook.framework, domains=domains)))
    fixed = mend(newer, row, assessors[0], sheet(hall, "as it stood", level=2))
    assert standing(newer) == [(Kind.AO, 2, frozenset(ALL[:3]))]
    mend(newer, fixed, assessors[0], sheet(hall, "as asked now", marks=dict.fromkeys(ALL[:3], Mark.YES)))
    with pytest.raises(BadInputError, match="每一项"):
        keep(newer, assessors[0], sheet(hall, "new"))


def test_withdrawn_it_stays_so_without_the_competency_in_the_framework(hall: Hall, assessors: tuple[Me, Me, Me]) -> None:
    row = keep(hall, assessors[0], sheet(hall))
    newer = replace(hall, rulebook=replace(hall.rulebook, framework=without(hall.rulebook.framework, "C5.2")))
    assert take_back(newer, row, assessors[0]).withdrawn
