"""Questions of the newer types as an author writes them: each misfit by file and line, and in words."""

import pytest

from banyan.courseware.check import check_courses


def faults(sample):
    return check_courses(sample.courses, sample.content)


SPOT = """\
spot:
  type: hotspot
  stem: 哪里裂了？
  picture: slope.svg
  alt: 一面坡
  regions:
    a: {label: 左边, box: [0, 0, 40, 40]}
    b: {label: 右边, box: [60, 0, 40, 40]}
  key: [a]
  indicators: [C5.2.a]
  own: care
"""


@pytest.mark.parametrize(
    ("drawn", "fault"),
    [
        pytest.param("", "spot.yaml:4: 没有图片 figures/slope.svg", id="missing"),
        pytest.param("x" * 60_001, "spot.yaml:4: 图片 figures/slope.svg 超过 60 kB", id="too heavy"),
    ],
)
def test_a_picture_that_a_question_shows_is_there_and_light(sample, drawn, fault):
    sample.add("questions/exam/spot.yaml", SPOT)
    if drawn:
        sample.add("figures/slope.svg", drawn)
    assert [each for each in faults(sample) if fault in each]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        pytest.param("[0, 0, 40, 40]", "[0, 0, 40]", "spot.yaml:7: ", id="three sides"),
        pytest.param("box: [60, 0, 40, 40]", "at: [60, 0]", 'spot.yaml:8: 没有 "at" 这个名字', id="an unknown name"),
        pytest.param("[60, 0, 40, 40]", "[60, 0, 50, 40]", "spot.yaml:8: 方框伸到图外去了", id="out of the picture"),
        pytest.param("[60, 0, 40, 40]", "[60, 0, 3, 40]", "spot.yaml:8: 这个地方太小", id="too small"),
        pytest.param("key: [a]", "key: a", 'spot.yaml:9: "key" 应当是一个列表', id="no list"),
        pytest.param("key: [a]", "key: [c]", 'spot.yaml:9: "key" 写了选项 "c"', id="no such place"),
        pytest.param("slope.svg", "../slope.svg", 'spot.yaml:4: "picture" 的写法不对', id="elsewhere"),
    ],
)
def test_a_misfit_in_a_place_of_a_picture_is_told_where_it_stands(sample, old, new, fault):
    sample.add("figures/slope.svg", "<svg/>")
    sample.add("questions/exam/spot.yaml", SPOT.replace(old, new, 1))
    found = faults(sample)
    assert [each for each in found if fault in each], found


MISFITS = {
    "match": "type: match, stem: 配, items: {a: 甲, b: 乙}, options: {x: 子, y: 丑}, key: {a: x}",
    "cloze": "type: cloze, stem: 填, text: '在[[a]]', gaps: {a: {accept: [待核]}, b: {accept: [待核]}}",
    "short_text": "type: short_text, stem: 填, accept: ['*']",
    "true_false": "type: true_false, stem: 对不对, key: 'yes'",
}


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        ("match", '"key" 没有给 a、b 各配一个'),
        ("cloze", '空 "b" 在 "text" 里出现了 0 次'),
        ("short_text", "认不出任何字"),
        ("true_false", '"key" 应当是 true 或 false'),
    ],
)
def test_a_misfit_of_any_type_is_told_by_file_and_line(sample, kind, fault):
    sample.add("questions/exam/odd.yaml", f"odd: {{{MISFITS[kind]}, indicators: [C5.2.a], own: care}}\n")
    assert [each for each in faults(sample) if "exam/odd.yaml:1: " in each and fault in each]
