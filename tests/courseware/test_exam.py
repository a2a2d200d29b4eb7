"""An exam's form: drawn from a seed alone, whole, fair, and silent about keys."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banyan.courseware.exam import Form, ReleaseExam, draw, public_form, public_slot, vacant
from banyan.courseware.manifest import Exam
from banyan.courseware.seats import seated
from banyan.domain.examination import Terms
from banyan.errors import CourseError, NotFoundError
from grading.questions import numeric


@given(st.binary(max_size=32))
def test_a_seed_stands_for_one_form_for_ever(release, seed):
    assert draw(release.exam, seed) == draw(ReleaseExam.from_json(json.loads(release.exam_path.read_text())), seed)


def test_a_form_drawn_today_is_the_form_drawn_in_years(release):
    form = draw(release.exam, b"attempt 1")
    assert [(each.name, each.question, each.points) for each in form.slots] == [
        ("s01", "crack", 20),
        ("s02", "elements", 20),
        ("s03", "people", 20),
        ("s04", "note", 20),
        ("s05", "night", 20),
    ]
    assert [each.shuffle for each in form.slots][:2] == [336312205301488, 611658095953702]


@given(st.binary(max_size=32))
def test_no_two_slots_ask_the_same_and_all_points_are_there(release, seed):
    form = draw(release.exam, seed)
    asked = [each.question for each in form.slots]
    assert len(set(asked)) == len(asked) == 5
    assert sum(each.points for each in form.slots) == release.exam.total == 100


def test_different_seeds_draw_differently(release):
    orders = {draw(release.exam, bytes([seed])).slots[1].question for seed in range(40)}
    assert orders == {"elements", "people"}


def test_a_form_comes_back_from_json(release):
    form = draw(release.exam, b"x")
    assert Form.from_json(json.loads(json.dumps(form.to_json()))) == form
    assert form.slot("s02").points == 20
    with pytest.raises(NotFoundError):
        form.slot("s99")


@given(st.binary(max_size=8))
def test_a_page_gets_no_key(release, seed):
    page = json.dumps(public_form(release.exam, draw(release.exam, seed)), ensure_ascii=False)
    for secret in ('"key"', "hard_fail", "rubric", "effects", "indicator", "只说看见的", "等证据", "tolerance", "逐个点名"):
        assert secret not in page


def test_the_drill_shows_one_situation_at_a_time(release):
    slot = draw(release.exam, b"x").slot("s05")
    assert public_slot(release.exam, slot)["stem"] == "坡裂了。"
    assert public_slot(release.exam, slot, ("A",))["stem"] == "点人。"
    assert public_slot(release.exam, slot, ("A", "A"))["ended"]
    assert public_slot(release.exam, slot) == public_slot(release.exam, slot), "a reload shows the same order"


def test_an_exam_knows_its_conditions(release):
    assert release.exam.terms == Terms(minutes=20, pass_percent=80, attempts=3, cooldown_hours=12)


def item(name, *indicators):
    return numeric.Item(id=name, stem=name, key=numeric.Key(value=1), indicators=indicators)


def blueprint(*slots):
    data = {"minutes": 10, "pass": 80, "attempts": 1, "cooldown_hours": 0, "slots": slots}
    return Exam.model_validate_json(json.dumps(data))


def test_a_slot_moves_along_so_that_a_later_one_finds_its_only_question():
    """`both` serves a and b; whoever takes it for a first would strand b."""
    items = {"both": item("both", "C5.2.a", "C5.2.b"), "only-a": item("only-a", "C5.2.a")}
    exam = ReleaseExam("x", 1, blueprint({"indicator": "C5.2.a", "points": 50}, {"indicator": "C5.2.b", "points": 50}), items)
    for seed in range(50):
        assert [each.question for each in draw(exam, bytes([seed])).slots] == ["only-a", "both"]


def test_who_sits_again_meets_what_they_have_not_met_yet():
    """Three attempts meet three variants, whichever the first was; then the one met least often comes again."""
    names = ["island", "lane", "slope"]
    exam = ReleaseExam("x", 1, blueprint({"question": names, "points": 100}), {each: item(each, "C5.2.a") for each in names})
    for start in range(20):
        met: list[str] = []
        for number in range(4):
            met.append(draw(exam, bytes([start, number]), met).slots[0].question)
        assert sorted(met[:3]) == names
        assert met[3] in names


def test_a_slot_of_several_cases_takes_one_of_them(release):
    night = release.exam.items["night"]
    items = release.exam.items | {"day": night.model_copy(update={"id": "day"})}
    exam = ReleaseExam("x", 1, blueprint({"case": ["night", "day"], "points": 100}), items)
    assert {draw(exam, bytes([seed])).slots[0].question for seed in range(40)} == {"night", "day"}
    assert ReleaseExam.from_json(json.loads(json.dumps(exam.to_json()))) == exam


def test_a_bank_too_small_is_known_before_and_refused_at_drawing():
    exam = ReleaseExam("x", 1, blueprint({"indicator": "C5.2.a", "points": 50, "count": 2}), {"q": item("q", "C5.2.a")})
    assert [each.name for each in vacant(exam.blueprint, exam.items)] == ["s02"]
    with pytest.raises(CourseError):
        draw(exam, b"")


wishes = st.dictionaries(st.sampled_from("abcd"), st.lists(st.sampled_from("1234"), unique=True), max_size=4)


@given(wishes)
def test_as_many_slots_are_filled_as_can_be(wishes):
    found = seated(wishes)
    assert all(question in wishes[slot] for slot, question in found.items())
    assert len(set(found.values())) == len(found)
    assert len(found) == most(list(wishes.values()), frozenset())


def most(left, taken):
    """The size of the best seating, by trying everything."""
    if not left:
        return 0
    here = [1 + most(left[1:], taken | {question}) for question in left[0] if question not in taken]
    return max([most(left[1:], taken), *here])
