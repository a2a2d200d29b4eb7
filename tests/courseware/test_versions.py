"""A version is the text that was asked, to the letter and no more; a name stands for one question for good."""

import json
from datetime import timedelta

import pytest

from banyan.courseware.build import build_course, release_course
from banyan.courseware.catalogue import Catalogue
from banyan.courseware.exam import draw
from banyan.courseware.proving import prove_courses
from banyan.courseware.versions import Change, changes
from banyan.errors import CourseError
from grading import questions
from grading.questions import hotspot, single, version
from tests.courseware.conftest import NOW

ASKED = single.Item(
    id="crack",
    stem="先做什么？",
    options={"A": "拍照", "B": "打电话"},
    key="B",
    feedback={"A": "慢了。", "B": "对。"},
    indicators=("C5.2.a",),
)


def again(**changed):
    return ASKED.model_copy(update=changed)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(again(stem="先做什么呢？"), id="the stem"),
        pytest.param(again(options={"A": "拍照片", "B": "打电话"}), id="an option"),
        pytest.param(again(options={"B": "打电话", "A": "拍照"}), id="the order a shuffle starts from"),
        pytest.param(again(key="A"), id="the key"),
        pytest.param(again(feedback={"A": "慢。", "B": "对。"}), id="what it teaches"),
        pytest.param(again(hard_fail=("A",)), id="what loses the exam"),
        pytest.param(again(indicators=("C5.2.b",)), id="what it shows"),
        pytest.param(again(why="人命在前。"), id="why"),
    ],
)
def test_whatever_is_asked_or_scored_by_makes_a_version(other):
    assert version(other) != version(ASKED)


def test_what_an_author_notes_makes_none():
    expects = single.Item.model_validate_json(json.dumps(questions.dump(ASKED) | {"expects": [{"answer": "A", "earns": 0}]}))
    assert version(again(difficulty="hard", tags=("夜里",))) == version(expects) == version(ASKED)


def test_a_version_survives_being_kept_and_is_the_same_for_ever():
    assert version(questions.load(json.loads(json.dumps(questions.dump(ASKED))))) == version(ASKED)
    assert version(ASKED) == "4f6955b28b73390a9c3e0b99d7c940a3"


def test_a_picture_is_part_of_what_is_asked():
    places = {"a": hotspot.Region(label="上", box=(0, 0, 20, 20)), "b": hotspot.Region(label="下", box=(0, 50, 20, 20))}
    item = hotspot.Item(id="p", stem="哪里？", picture="a.svg", alt="坡", regions=places, key=("a",), indicators=("C5.2.a",))
    assert version(item, {"a.svg": "0" * 64}) != version(item, {"a.svg": "1" * 64})


def test_between_two_banks_the_new_the_gone_and_the_changed_are_told_apart():
    old = {"a": ASKED, "b": ASKED, "c": ASKED}
    new = {"a": again(difficulty="easy"), "b": again(stem="又问？", key="A"), "d": ASKED}
    assert changes(old, new) == [Change("b", "changed", ("key", "stem")), Change("c", "gone"), Change("d", "new")]


def build(sample):
    return release_course(sample.courses, "x-1", sample.content, sample.root / "releases", NOW + timedelta(days=1))


def test_a_release_keeps_versions_and_its_forms_name_them(sample):
    first = build(sample)
    sample.change("questions/exam/report.yaml", "坡裂了，先做什么", "坡上裂了缝，先做什么")
    second = build(sample)
    assert second.number == 2
    differing = {each for each in first.exam.versions if first.exam.versions[each] != second.exam.versions[each]}
    assert differing == {"crack"}
    assert first.exam.versions.keys() == first.exam.items.keys()
    assert {each.question: each.version for each in draw(second.exam, b"x").slots}.items() <= second.exam.versions.items()


def test_a_release_from_before_there_were_versions_has_the_same_ones(sample):
    release = build(sample)
    kept = json.loads(release.exam_path.read_text(encoding="utf-8"))
    versions = kept.pop("versions")
    release.exam_path.chmod(0o600)
    release.exam_path.write_text(json.dumps(kept), encoding="utf-8")
    assert Catalogue(sample.root / "releases").newest("x-1").exam.versions == versions


COUNTED = "type: numeric\n  stem: 共几人？\n  key: {value: 24, tolerance: 0.5, unit: 人}"
TYPED = "type: short_text\n  stem: 共几人？\n  accept: [二十四]"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param(
            COUNTED,
            TYPED,
            'report.yaml:18: 题 "people" 在第 1 版里是 numeric，现在是 short_text',
            id="another type",
        ),
        pytest.param(
            "indicators: [C5.2.a]\n  hard_fail: [A]",
            "indicators: [C5.2.a, C5.2.b]\n  hard_fail: [A]",
            'report.yaml:6: 题 "crack" 在第 1 版里考的是 C5.2.a，现在不同',
            id="other indicators",
        ),
    ],
)
def test_a_name_does_not_come_to_mean_another_question(sample, old, new, told):
    build(sample)
    sample.change("questions/exam/report.yaml", old, new)
    with pytest.raises(CourseError) as refused:
        build(sample)
    assert told in str(refused.value)
    assert prove_courses(sample.courses, sample.content) == []
    assert any(told in each for each in prove_courses(sample.courses, sample.content, sample.root / "releases"))


def test_a_name_given_up_for_a_release_still_means_what_it_meant(sample):
    build(sample)
    crack, slot = "crack:\n  type: single", "fissure:\n  type: single"
    sample.change("questions/exam/report.yaml", crack, slot)
    build(sample)
    sample.change("questions/exam/report.yaml", "people:\n  type: numeric", "crack:\n  type: numeric")
    with pytest.raises(CourseError, match="在第 1 版里是 single，现在是 numeric"):
        build(sample)


def test_a_preview_lets_an_author_try_a_question_in_another_type(sample):
    """What a preview builds is thrown away: nobody learns by it, so a name there means what the file says now."""
    preview = sample.root / "preview"
    first = build_course(sample.courses, "x-1", sample.content, preview, NOW)
    sample.change("questions/exam/report.yaml", COUNTED, TYPED)
    assert build_course(sample.courses, "x-1", sample.content, preview, NOW).number == first.number + 1
