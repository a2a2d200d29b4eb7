"""What a course says of the county: known keys only, all of them asked for, tables in paragraphs of their own."""

import nbformat
import pytest

from banyan.courseware.build import build_course
from banyan.courseware.check import check_courses
from banyan.courseware.county import filled, places, spoken
from banyan.courseware.county_words import UNFILLED, fill_for
from banyan.domain.county import NOWHERE, TOLD, Entry, Place
from tests.courseware.conftest import NOW
from tests.courseware.sample import Sample

NEEDS = "lessons: [first]\nneeds: [duty_phone, warning_table]"


def faults(sample: Sample, sentence: str, needs: str = NEEDS) -> list[str]:
    edit(sample, "courses/x-1/course.yaml", "lessons: [first]", needs)
    edit(sample, "courses/x-1/lessons/first.md", "再看一次{fact}`F1`。", f"再看一次{{fact}}`F1`。\n\n{sentence}")
    return check_courses(sample.courses, sample.content)


def edit(sample: Sample, name: str, old: str, new: str) -> None:
    path = sample.courses.parent / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("打{county}`duty_phone`，马上说。", id="a number in a sentence"),
        pytest.param("看这里：\n\n{county}`warning_table`\n\n记住它。", id="a table by itself"),
    ],
)
def test_a_role_in_its_place_is_no_fault(sample: Sample, sentence: str) -> None:
    assert faults(sample, sentence) == []


@pytest.mark.parametrize(
    ("sentence", "needs", "told"),
    [
        pytest.param("打{county}`duty_fone`。", NEEDS, '本县设置里没有 "duty_fone"', id="an unknown key"),
        pytest.param("打{county}`seal`。", NEEDS, '本县设置里没有 "seal"', id="what no lesson may tell"),
        pytest.param("打{county}`county_cdc`。", NEEDS, "needs 里没有它", id="not asked for"),
        pytest.param("看{county}`warning_table`。", NEEDS, "不能写在一句话里", id="a table in a sentence"),
        pytest.param("上一行\n{county}`warning_table`\n下一行", NEEDS, "不能写在一句话里", id="a table amid a paragraph"),
        pytest.param("好。", "lessons: [first]\nneeds: [phone]", '本县设置里没有 "phone"', id="an unknown need"),
        pytest.param("好。", "lessons: [first]\nneeds: [duty_phone, duty_phone]", "写了两次", id="a need twice"),
    ],
)
def test_a_role_out_of_place_is_told_at_its_line(sample: Sample, sentence: str, needs: str, told: str) -> None:
    found = faults(sample, sentence, needs)
    assert len(found) == 1
    assert told in found[0]
    assert found[0].startswith(("courses/x-1/lessons/first.md:", "courses/x-1/course.yaml:"))


def test_the_practicals_sentences_are_checked_too(sample: Sample) -> None:
    edit(sample, "courses/x-1/course.yaml", "lessons: [first]", NEEDS)
    path = sample.courses / "x-1" / "practical.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("prepare:", "prepare:\n  - 贴上{county}`county_cdc`", 1), encoding="utf-8"
    )
    assert [each for each in check_courses(sample.courses, sample.content) if "practical.yaml" in each and "county_cdc" in each]


def test_a_release_holds_empty_places_and_says_what_it_needs(sample: Sample) -> None:
    assert faults(sample, "打{county}`duty_phone`。\n\n{county}`warning_table`") == []
    release = build_course(sample.courses, "x-1", sample.content, sample.courses.parent / "releases", NOW)
    text = "\n".join(cell.source for cell in nbformat.read(release.notebook("first"), 4).cells)
    assert '打<span class="county" data-county="duty_phone"></span>。' in text
    assert '\n<div class="county" data-county="warning_table"></div>' in text
    assert release.outline.needs == ("duty_phone", "warning_table")


def test_what_stands_in_code_is_code() -> None:
    assert places("```\n{county}`duty_phone`\n```") == "```\n{county}`duty_phone`\n```"


def test_each_place_is_filled_for_its_reader_and_nothing_gets_out_of_it() -> None:
    entry = Entry("0591-1<script>", "通知", NOW.date(), "老周", NOW.date())
    fill = fill_for(Place({"duty_phone": entry}), demo=False)
    html = filled('<span class="county" data-county="duty_phone"></span>', fill)
    assert "<script>" not in html
    assert filled('<div class="county" data-county="warning_table"></div>', fill) == f'<div class="county">{UNFILLED}</div>'


@pytest.mark.parametrize("key", TOLD)
def test_what_nobody_filled_in_says_whom_to_ask(key: str) -> None:
    assert "问村里/镇里" in fill_for(NOWHERE, demo=False)(key)


def test_a_sentence_outside_a_lesson_is_escaped_around_its_roles() -> None:
    fill = fill_for(NOWHERE, demo=False)
    assert spoken("<b>打{county}`duty_phone`", fill) == f"&lt;b&gt;打{UNFILLED}"
