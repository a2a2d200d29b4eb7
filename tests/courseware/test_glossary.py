"""Words explained: marked once a step, never where a mark would harm, listed with the lesson."""

import json
import re
from pathlib import Path

import nbformat
import pytest
from nbconvert.filters.markdown_mistune import markdown2html_mistune

from banyan.courseware.build import build_course
from banyan.courseware.check import check_courses
from banyan.courseware.content import read_content
from banyan.courseware.course import course_folders, read_course
from banyan.courseware.glossary import Glossary, Marker, Term, marked_terms
from banyan.courseware.lesson import Block, Lesson
from banyan.courseware.manifest import LessonHead
from banyan.settings import CONTENT, HOUSE
from tests.courseware.conftest import NOW
from tests.courseware.sample import Sample

WORDS = """\
待核:
  plain: 还没弄清。
上风头:
  plain: 风吹来的那一边。
  also: [上风]
险情:
  plain: 危险的情形。
  fact: F1
"""
KNOWN: Glossary = {"待核": Term(plain="还没弄清。"), "上风头": Term(plain="风来的那边。", also=("上风",))}


def lesson(*steps: str) -> Lesson:
    head = LessonHead.model_validate({"title": {"zh": "一", "en": "one"}, "minutes": 3})
    blocks = tuple(Block("markdown", text, 1, f"s{number}") for number, text in enumerate(steps))
    return Lesson("one", Path("one.md"), "one.md", head, (), blocks)


def marked(*steps: str, glossary: Glossary = KNOWN) -> list[str]:
    here = lesson(*steps)
    marker = Marker(here, glossary, marked_terms(here, glossary))
    return [marker.mark(block) for block in here.blocks]


@pytest.fixture
def worded(sample: Sample) -> Sample:
    (sample.content / "glossary.yaml").write_text(WORDS, encoding="utf-8")
    return sample


def test_a_word_is_marked_the_first_time_each_step_says_it() -> None:
    link = '<a class="term" href="#term-1">待核</a>'
    assert marked("待核，还是待核。", "又是待核。") == [f"{link}，还是待核。", f"又是{link}。"]


def test_a_word_chosen_by_hand_is_marked_there_and_nowhere_else_in_the_step() -> None:
    assert marked("待核。\n这里说{term}`待核`。") == ['待核。\n这里说<a class="term" href="#term-1">待核</a>。']


def test_another_spelling_leads_to_the_same_word_and_the_longer_one_wins() -> None:
    assert marked("站到上风。", "往上风头跑。") == [
        '站到<a class="term" href="#term-1">上风</a>。',
        '往<a class="term" href="#term-1">上风头</a>跑。',
    ]


@pytest.mark.parametrize(
    "text",
    ["# 待核", "### 待核", "`待核`", "[待核](http://a)", "![待核](a.svg)", "{fact}`待核`", "```\n待核\n```"],
)
def test_no_word_is_marked_in_headings_code_links_pictures_and_roles(text: str) -> None:
    assert marked(text) == [text]


@pytest.mark.parametrize(
    "text", ["说**待核**的", "说**待核的**话", "说**就待核**的", "**粗**待核**粗**", "**甲待核乙**", "*待核*"]
)
def test_bold_type_stays_bold_around_a_marked_word(text: str) -> None:
    (out,) = marked(text)
    html = markdown2html_mistune(out)
    assert 'class="term"' in html
    assert "*" not in html
    assert bold(html) == bold(markdown2html_mistune(text))


def bold(html: str) -> str:
    """Return a text with its bold and slanted stretches, whatever links cut them up."""
    return re.sub(r"</strong><strong>|</em><em>", "", re.sub(r"</?a[^>]*>", "", html))


def test_the_release_lists_a_lessons_words_in_the_order_they_are_met(worded: Sample, tmp_path: Path) -> None:
    worded.add("lessons/first.md", "\n险情待核，站到上风，再说一次险情。\n")
    release = build_course(worded.courses, "x-1", worded.content, tmp_path / "releases", NOW)
    about = release.lesson("first")
    assert about.terms == ("险情", "待核", "上风头")
    assert [each.plain for each in release.terms(about.terms)] == ["危险的情形。", "还没弄清。", "风吹来的那一边。"]
    assert [each.source for each in release.terms(about.terms)] == ["《突发事件应对法》第六十条", None, None]
    said = "".join(cell.source for cell in nbformat.read(release.notebook("first"), as_version=4).cells)
    assert re.findall(r'href="#term-(\d)">([^<]*)<', said) == [("1", "险情"), ("2", "待核"), ("3", "上风")]


def test_a_release_made_before_there_were_words_is_still_read(worded: Sample, tmp_path: Path) -> None:
    release = build_course(worded.courses, "x-1", worded.content, tmp_path / "releases", NOW)
    about = json.loads((release.path / "release.json").read_text(encoding="utf-8"))
    del about["terms"]
    for each in about["lessons"]:
        del each["terms"], each["recordings"]
    assert type(release.outline).model_validate_json(json.dumps(about)).lessons[0].terms == ()


def test_a_changed_explanation_is_a_new_release(worded: Sample, tmp_path: Path) -> None:
    build_course(worded.courses, "x-1", worded.content, tmp_path / "releases", NOW)
    (worded.content / "glossary.yaml").write_text(WORDS.replace("还没弄清", "还不清楚"), encoding="utf-8")
    assert build_course(worded.courses, "x-1", worded.content, tmp_path / "releases", NOW).number == 2


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param("还没弄清。", "字" * 91, 'glossary.yaml:2: "plain" 太长', id="too long to be plain"),
        pytest.param("also: [上风]", "also: [待核]", 'glossary.yaml:5: "待核" 已经写过了', id="one spelling, two words"),
        pytest.param("fact: F1", "fact: F3", 'glossary.yaml:8: 事实 "F3" 只凭记忆', id="a fact from memory"),
        pytest.param("fact: F1", "source: 网上", 'glossary.yaml:8: 没有 "source" 这个名字', id="a name unknown"),
    ],
)
def test_a_fault_in_the_glossary_is_told_at_its_place(worded: Sample, old: str, new: str, told: str) -> None:
    (worded.content / "glossary.yaml").write_text(WORDS.replace(old, new), encoding="utf-8")
    assert any(told in each for each in check_courses(worded.courses, worded.content))


@pytest.mark.parametrize(
    ("said", "told"),
    [("\n说{term}`首报`。\n", 'glossary.yaml 里没有 "首报" 这个词'), ("\n### 说{term}`待核`\n", "标题里不能标词语")],
)
def test_a_mark_that_leads_nowhere_is_told_by_the_line_of_the_lesson(worded: Sample, said: str, told: str) -> None:
    worded.add("lessons/first.md", said)
    (fault,) = check_courses(worded.courses, worded.content)
    assert told in fault
    assert fault.startswith("courses/x-1/lessons/first.md:")


def test_the_shipped_words_are_all_used_and_break_no_bold_type() -> None:
    glossary = read_content(CONTENT, []).glossary
    used = set()
    for folder in course_folders(HOUSE / "courses"):
        for here in read_course(folder, HOUSE / "courses", []).lessons.values():
            terms = marked_terms(here, glossary)
            marker = Marker(here, glossary, terms)
            used.update(terms)
            for block in here.prose():
                before, after = markdown2html_mistune(block.text), markdown2html_mistune(marker.mark(block))
                assert bold(after) == bold(before), (here.name, block.line)
    assert used == set(glossary)
    assert 15 <= len(glossary) <= 40
