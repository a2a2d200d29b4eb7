"""How a question looks: parts in the right relation, words as they were written, nothing that runs or loads."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given

from grading import questions
from grading.questions import (
    cloze,
    first_report,
    hotspot,
    match,
    numeric,
    open,
    order,
    short_text,
    single,
    true_false,
)
from grading.questions.render import html, stem
from tests.grading.questions.samples import CODE, any_item, options

EVIL = "<img src=x onerror=alert(1)> \"'> </label> {{ 7 * 7 }}"


def hot(key):
    regions = {each: hotspot.Region(label=EVIL[:40], box=(0, 0, 20, 20)) for each in "ab"}
    return hotspot.Item(id="q", stem=EVIL, picture="a.svg", alt=EVIL, regions=regions, key=key, indicators=CODE)


HOSTILE = [
    true_false.Item(id="q", stem=f"{EVIL}\n\n{EVIL}", key=True, indicators=CODE),
    match.Item(
        id="q",
        stem=EVIL,
        items={"a": EVIL, "b": EVIL},
        options={"x": EVIL[:14], "y": "</select><i>"},
        key={"a": "x", "b": "y"},
        indicators=CODE,
    ),
    cloze.Item(
        id="q",
        stem=EVIL,
        text=f"{EVIL}[[a]]{EVIL}[[b]]",
        gaps={"a": cloze.Gap(choices={"x": EVIL[:14], "y": "</select>"}, key="x"), "b": cloze.Gap(accept=("甲",))},
        indicators=CODE,
    ),
    short_text.Item(id="q", stem=f"{EVIL}\n\n{EVIL}", accept=("甲",), indicators=CODE),
    hot(("a",)),
]


SCRIPT = Path(__file__).parents[3] / "banyan" / "portal" / "assets" / "questions.js"
CODE_OF_SCRIPT = re.sub(r"/\*.*?\*/|//[^\n]*", "", SCRIPT.read_text(encoding="utf-8"), flags=re.DOTALL)
SHAPES = set(re.findall(r"^    (\w+): \{$", CODE_OF_SCRIPT.split("var shapes = {")[1].split("\n  };")[0], re.MULTILINE))


class Page(HTMLParser):
    """What a browser finds: elements with their attributes, text, and whether all was closed."""

    VOID = {"input", "br", "img", "hr"}

    def __init__(self, text):
        super().__init__()
        self.elements, self.text, self.open = [], "", []
        self.feed(str(text))

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data

    def all(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]


@given(any_item)
def test_every_question_is_whole_html_with_distinct_ids_and_a_group_with_a_legend(item):
    page = Page(html(questions.public(item), "s01-"))
    assert page.open == []
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    described = [each for _, attrs in page.elements for each in (attrs.get("aria-describedby") or "").split()]
    labelled = [attrs["for"] for attrs in page.all("label") if "for" in attrs]
    assert {*described, *labelled} <= set(ids)
    assert len(page.all("legend")) == len(page.all("fieldset")) >= 1
    assert page.all("div")[0]["data-question"] == item.id


def test_what_authors_write_is_text_and_never_markup():
    item = single.Item(id="q", stem=EVIL, options={"A": EVIL, "B": "乙"}, key="A", indicators=CODE)
    page = Page(html(questions.public(item)))
    assert page.all("img") == []
    assert page.text.count("{{ 7 * 7 }}") == 2


@pytest.mark.parametrize("item", HOSTILE)
def test_what_authors_write_into_any_type_stays_text(item):
    shown = questions.public(item)
    page = Page(html(shown, "s01-", picture=lambda name: f"data:,{name}"))
    pictures = page.all("img")
    assert [each["src"] for each in pictures] == [f"data:,{each}" for each in item.pictures]
    assert not [attrs for _, attrs in page.elements if any(name.startswith("on") for name in attrs)]
    assert page.open == []
    written = page.text + "".join(attrs.get(each) or "" for _, attrs in page.elements for each in ("alt", "aria-label"))
    assert written.count(EVIL) >= 2


def test_every_field_is_named_for_who_cannot_see_the_page():
    for item in HOSTILE:
        page = Page(html(questions.public(item), "s01-"))
        labelled = {attrs.get("for") for attrs in page.all("label")}
        for attrs in [*page.all("select"), *(each for each in page.all("input") if each["type"] == "text")]:
            assert attrs["id"] in labelled or attrs.get("aria-label")


def test_a_place_in_a_picture_is_a_choice_with_a_name_and_the_drawing_is_silent():
    one, several = hot(("a",)), hot(("a", "b"))
    page = Page(html(questions.public(one), "s01-"))
    assert [(each["type"], each["value"]) for each in page.all("input")] == [("radio", "a"), ("radio", "b")]
    assert {each["type"] for each in Page(html(questions.public(several))).all("input")} == {"checkbox"}
    assert [attrs["data-spot"] for attrs in page.all("g")] == ["a", "b"]
    assert page.all("svg")[0]["aria-hidden"] == "true"
    assert page.all("polygon")[0]["points"].split() == ["0.0,0.0", "20.0,0.0", "20.0,20.0", "0.0,20.0"]


def test_true_and_not_are_words_of_the_interface():
    item = true_false.Item(id="q", stem="题", key=True, indicators=CODE)
    english = {"对": "True", "不对": "Not true"}
    page = Page(html(questions.public(item), locale="en", gettext=lambda text: english.get(text, text)))
    assert [each["value"] for each in page.all("input")] == ["true", "false"]
    assert "True" in page.text
    assert "Not true" in page.text


@pytest.mark.parametrize("markdown", ["![图](http://x/y.png)", "[点我](javascript:alert(1))", "<https://x>", "<b>粗</b>"])
def test_a_stem_loads_and_links_nothing(markdown):
    tags = {tag for tag, _ in Page("".join(stem(f"看：{markdown}"))).elements}
    assert tags <= {"p"}


def test_the_first_paragraph_is_the_legend_and_the_rest_follows_it():
    first, rest = stem("先**看**。\n\n- 一\n- 二")
    assert first == "先<strong>看</strong>。"
    assert "<li>一</li>" in rest


@given(any_item)
def test_a_question_names_a_shape_that_the_script_reads(item):
    question = Page(html(questions.public(item))).all("div")[0]
    assert question["data-reads"] in SHAPES


def test_the_script_knows_shapes_and_no_types():
    named = [
        each for each in questions.REGISTRY if each not in SHAPES and re.search(rf"""["']{each}["']|\b{each}:""", CODE_OF_SCRIPT)
    ]
    assert {"choice", "choices", "kept", "order", "text", "parts"} == SHAPES
    assert named == []


def test_steps_move_by_buttons_that_say_what_they_do():
    item = order.Item(id="q", stem="排", items=options("AB"), key=("A", "B"), indicators=CODE)
    page = Page(html(questions.public(item), "s01-"))
    buttons = page.all("button")
    assert [each["aria-label"] for each in buttons] == ["上移", "下移"] * 2
    assert all(each["type"] == "button" for each in buttons)
    assert any(attrs.get("aria-live") == "polite" for attrs in page.all("p"))


def test_a_number_brings_the_number_keys_and_says_its_unit():
    item = numeric.Item(id="q", stem="几人", key=numeric.Key(value=3, unit="人"), indicators=CODE)
    page = Page(html(questions.public(item)))
    assert page.all("input")[0]["inputmode"] == "decimal"
    assert page.all("input")[0]["aria-describedby"] == "q-unit"


def test_a_report_says_that_it_reaches_nobody_and_has_six_groups():
    element = first_report.Element(label="项", choices=options("ab"), key="a")
    item = first_report.Item(id="q", stem="报", elements=dict.fromkeys(first_report.ELEMENTS, element), indicators=CODE)
    page = Page(html(questions.public(item)))
    assert "演练·不会报给任何人" in page.text
    assert [each["data-part"] for each in page.all("fieldset") if "data-part" in each] == list(first_report.ELEMENTS)


def test_words_of_the_interface_are_translated_and_words_of_the_question_are_marked_chinese():
    row = open.Row(row="行", points=1, indicator=CODE[0])
    item = open.Item(id="q", stem="写", rubric=(row,), indicators=CODE)
    english = {"写在这里": "Write here"}
    page = Page(html(questions.public(item), locale="en", gettext=lambda text: english.get(text, text)))
    assert "Write here" in page.text
    assert page.all("legend")[0]["lang"] == "zh-Hans"


def test_the_page_gets_each_option_once_and_in_the_order_given():
    item = single.Item(id="q", stem="题", options=options("ABC"), key="A", indicators=CODE)
    public = json.loads(json.dumps(questions.public(item)))
    public["options"].reverse()
    assert [each["value"] for each in Page(html(public)).all("input")] == ["C", "B", "A"]
