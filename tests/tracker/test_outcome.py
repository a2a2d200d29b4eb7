"""What a passed exam is evidence of: questions are assessed, walks are simulated, and one is never taken for the other."""

from pathlib import Path

import pytest

from banyan.courseware.build import build_course
from banyan.courseware.exam import Form, FormSlot
from banyan.domain.framework import Kind
from banyan.settings import CONTENT
from banyan.tracker.outcome import Graded, SlotResult, claims
from grading import questions
from tests import house
from tests.county import NOW, TODAY
from tests.every_type import COURSE


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> object:
    rules = house.rulebook(tmp_path_factory.mktemp("releases"))
    build_course(CONTENT / "examples", COURSE, Path(CONTENT), rules.catalogue.releases, NOW)
    return rules


def test_a_simulation_that_was_not_walked_well_assesses_nothing(rulebook: object) -> None:
    release = rulebook.catalogue.newest(COURSE)
    exam = release.exam
    walked = {name: item.indicators for name, item in exam.items.items() if questions.stepped_type_of(item)}
    simulated = {code for codes in walked.values() for code in codes}
    asked = {name: item.indicators for name, item in exam.items.items() if not simulated & set(item.indicators)}
    assert walked
    assert asked
    seats = [(seat.name, name) for seat in exam.seats for name in seat.wants.questions if name in asked or name in walked]
    slots = tuple(FormSlot(seat, name, 1.0, 0) for seat, name in seats)
    assert set(walked) & {each.question for each in slots}
    results = tuple(SlotResult(each.name, each.question, float(each.question in asked), 1.0) for each in slots)
    graded = Graded(1, 1, TODAY, exam, Form(COURSE, release.number, slots), {}, results)
    (shown,) = claims(graded, release.teaches, rulebook.framework)
    assessed = {code for each in slots if each.question in asked for code in asked[each.question]}
    assert (shown.kind, shown.indicators) == (Kind.OA, assessed)
