"""What the five types say of given answers: a statement, pairs, gaps, a few words, a place in a picture."""

import pytest
from pydantic import ValidationError

from banyan.errors import InvalidAnswerError
from grading import questions
from grading.questions import cloze, hotspot, match, short_text, true_false
from tests.grading.questions.samples import CODE, options

HALVES = {"right": "对。", "wrong": "错。"}
RUMOUR = true_false.Item(
    id="q", stem="溃坝的消息有人转了，就是真的。", key=False, feedback=HALVES, why="转的人多，不等于看见的人多。", indicators=CODE
)
WHOM = match.Item(
    id="q",
    stem="配",
    items={"fire": "屋里冒烟", "slope": "坡裂了", "sick": "三人腹泻"},
    options={"a": "119", "b": "镇值班", "c": "卫生院", "d": "12345"},
    key={"fire": "a", "slope": "b", "sick": "c"},
    feedback=HALVES | {"slope": "坡裂了先打镇值班。"},
    indicators=CODE,
)
REPORT = cloze.Item(
    id="q",
    stem="补全",
    text="我在[[where]]。\n\n伤亡[[hurt]]，我的电话[[phone]]。",
    gaps={
        "hurt": cloze.Gap(accept=("待核", "*不知道*")),
        "where": cloze.Gap(choices={"a": "村口", "b": "那边"}, key="a"),
        "phone": cloze.Gap(choices={"a": "就打这个", "b": "不用回"}, key="a"),
    },
    feedback=HALVES | {"hurt": "没看见的，写待核。"},
    indicators=CODE,
)
WORD = short_text.Item(
    id="q", stem="写哪两个字？", accept=("待核", "*待核实"), feedback=HALVES | {"无*": "没数过，不能说无。"}, indicators=CODE
)
PLACES = {
    "top": hotspot.Region(label="坡顶", box=(0, 0, 50, 20)),
    "foot": hotspot.Region(label="坡脚", outline=((10, 50), (40, 50), (25, 90))),
    "road": hotspot.Region(label="路边", box=(60, 60, 40, 40)),
}
SAID = {"top": "裂缝在顶上。", "foot": "水从脚下出。", "road": "路边没事。"}


def picture(*key, **more):
    about = {"id": "q", "stem": "点", "picture": "slope.svg", "alt": "一面坡", "regions": PLACES, "feedback": SAID}
    return hotspot.Item(**about, key=key, indicators=CODE, **more)


def scored(item, raw):
    kind = questions.type_of(item)
    return kind.score(item, kind.parse(item, raw)).fraction


def said(item, raw):
    kind = questions.type_of(item)
    return kind.feedback(item, kind.parse(item, raw)).text.split("\n")


@pytest.mark.parametrize(
    ("item", "raw", "fraction"),
    [
        pytest.param(RUMOUR, "false", 1, id="a rumour seen through"),
        pytest.param(RUMOUR, "true", 0, id="a rumour believed"),
        pytest.param(WHOM, {"fire": "a", "slope": "b", "sick": "c"}, 1, id="all pairs"),
        pytest.param(WHOM, {"fire": "a", "slope": "a", "sick": "a"}, 1 / 3, id="the same for all"),
        pytest.param(WHOM, {"sick": "c", "fire": "a"}, 2 / 3, id="one pair left out"),
        pytest.param(REPORT, {"where": "a", "hurt": " 待核。", "phone": "a"}, 1, id="all gaps"),
        pytest.param(REPORT, {"where": "b", "hurt": "还不知道呢"}, 1 / 3, id="one gap wrong, one open"),
        pytest.param(WORD, "待 核", 1, id="the word"),
        pytest.param(WORD, "先写待核实", 1, id="the word within"),
        pytest.param(WORD, "没有伤亡", 0, id="another word"),
        pytest.param(picture("top"), ["top"], 1, id="the place"),
        pytest.param(picture("top"), ["foot"], 0, id="another place"),
        pytest.param(picture("top", "foot"), ["foot"], 0.5, id="one of two places"),
        pytest.param(picture("top", "foot"), ["foot", "road"], 0, id="a wrong place takes a right one away"),
        pytest.param(picture("top", "foot"), ["foot", "road", "top"], 0.5, id="every place there is"),
    ],
)
def test_an_answer_earns_what_the_rule_of_its_type_says(item, raw, fraction):
    assert scored(item, raw) == pytest.approx(fraction)


@pytest.mark.parametrize(
    ("item", "raw", "lines"),
    [
        pytest.param(RUMOUR, "true", ["错。", "转的人多，不等于看见的人多。"], id="true_false"),
        pytest.param(
            WHOM,
            {"fire": "b", "slope": "a"},
            ["错。", "屋里冒烟：应当是“119”。", "坡裂了先打镇值班。", "三人腹泻：应当是“卫生院”。"],
            id="match",
        ),
        pytest.param(
            REPORT,
            {"hurt": "无"},
            ["错。", "第1空：应当是“村口”。", "没看见的，写待核。", "第3空：应当是“就打这个”。"],
            id="cloze",
        ),
        pytest.param(WORD, "无伤亡", ["没数过，不能说无。"], id="a common wrong answer"),
        pytest.param(WORD, "伤三人", ["错。"], id="any other"),
        pytest.param(
            picture("top", "foot"),
            ["road", "top"],
            ["路边：路边没事。", "坡顶：裂缝在顶上。", "还漏了：", "坡脚：水从脚下出。"],
            id="places",
        ),
        pytest.param(picture("top"), ["road"], ["路边没事。"], id="one place: what was right is not told"),
    ],
)
def test_feedback_says_what_was_wrong_and_why(item, raw, lines):
    assert said(item, raw) == lines


@pytest.mark.parametrize(
    ("item", "raw"),
    [
        pytest.param(RUMOUR, True, id="no text"),
        pytest.param(RUMOUR, "yes", id="neither"),
        pytest.param(WHOM, {"fire": "z"}, id="a partner that is none"),
        pytest.param(WHOM, {"flood": "a"}, id="a thing that is none"),
        pytest.param(WHOM, {"fire": ["a"]}, id="a list for a partner"),
        pytest.param(REPORT, {"where": "村口"}, id="words for a choice"),
        pytest.param(REPORT, {"hurt": 3}, id="a number for words"),
        pytest.param(REPORT, {"hurt": "长" * 61}, id="too many words"),
        pytest.param(WORD, "长" * 61, id="too long"),
        pytest.param(WORD, {"text": "待核"}, id="a mapping"),
        pytest.param(picture("top"), ["top", "foot"], id="two places where one is asked"),
        pytest.param(picture("top"), [[10, 20]], id="a point"),
    ],
)
def test_what_no_page_of_ours_sends_is_refused(item, raw):
    with pytest.raises(InvalidAnswerError):
        questions.type_of(item).parse(item, raw)


@pytest.mark.parametrize(
    ("item", "words"),
    [
        pytest.param(RUMOUR, ["不对"], id="true_false"),
        pytest.param(WHOM, ["屋里冒烟 → 119", "坡裂了 → 镇值班", "三人腹泻 → 卫生院"], id="match"),
        pytest.param(REPORT, ["村口", "待核", "就打这个"], id="cloze"),
        pytest.param(WORD, ["待核"], id="short_text"),
        pytest.param(picture("top", "foot"), ["foot 坡脚", "top 坡顶"], id="hotspot"),
    ],
)
def test_an_author_reads_the_key_in_words(item, words):
    kind = questions.type_of(item)
    assert kind.spelled(item, kind.key(item)) == words


def test_invisible_marks_make_no_answer_and_are_not_kept():
    assert short_text.parse(WORD, "\x00\x1b") is None
    assert cloze.parse(REPORT, {"hurt": "\x07待\ud800核\n"}) == {"hurt": "待核"}


def test_a_wrong_statement_loses_the_exam_where_the_course_says_so():
    item = RUMOUR.model_copy(update={"hard_fail": True})
    assert true_false.score(item, "true").hard_fail == item.stem
    assert true_false.score(item, "false").hard_fail is None
    assert hotspot.score(picture("top", hard_fail=("road",)), ("road",)).hard_fail == "路边"


def test_a_mark_behind_a_gap_stays_with_it():
    first, second = questions.public(REPORT)["text"]
    assert [each.get("text", each.get("gap")) for each in first] == ["我在", "where", ""]
    assert first[1]["after"] == "。"
    assert [each.get("text", each.get("gap")) for each in second] == ["伤亡", "hurt", "我的电话", "phone", ""]
    assert second[1]["after"] == "，"


def test_where_a_place_lies_is_shown_and_which_is_right_is_not():
    one, several = questions.public(picture("top")), questions.public(picture("top", "foot"))
    assert one["places"] == several["places"]
    assert (one["several"], several["several"]) == (False, True)
    assert one["places"][0] == {
        "id": "top",
        "number": 1,
        "text": "坡顶",
        "corners": [[0, 0], [50, 0], [50, 20], [0, 20]],
        "tag": [7, 7],
    }


TWICE, TWO = REPORT.text + "[[hurt]]", "我在[[where]]，[[hurt]]"
BROKEN = [
    pytest.param(match, WHOM, {"key": {"fire": "a", "slope": "b"}}, ('"key" 没有给', ("key",)), id="a thing without partner"),
    pytest.param(match, WHOM, {"key": WHOM.key | {"sick": "z"}}, ('写了选项 "z"', ("key", "sick")), id="no such partner"),
    pytest.param(match, WHOM, {"feedback": HALVES | {"z": "。"}}, ('"feedback" 里的 "z"', ("feedback", "z")), id="of nothing"),
    pytest.param(match, WHOM, {"feedback": {"right": "。"}}, ('少了 "wrong"', ("feedback",)), id="half a feedback"),
    pytest.param(cloze, REPORT, {"text": TWO}, ('空 "phone" 在 "text" 里出现了 0 次', ("gaps", "phone")), id="no gap"),
    pytest.param(cloze, REPORT, {"text": TWICE}, ("出现了 2 次", ("gaps", "hurt")), id="a gap twice"),
    pytest.param(cloze, REPORT, {"text": REPORT.text + "[[who]]"}, ('空 "who" 在 "gaps" 里没有', ("text",)), id="an unknown gap"),
    pytest.param(short_text, WORD, {"accept": ("*",)}, ("认不出任何字", ("accept", 0)), id="accepts everything"),
    pytest.param(short_text, WORD, {"accept": ("待核", "。")}, ("认不出任何字", ("accept", 1)), id="accepts nothing"),
    pytest.param(
        short_text, WORD, {"feedback": HALVES | {"待 核": "。"}}, ("是认可的答案", ("feedback", "待 核")), id="wrong and accepted"
    ),
    pytest.param(hotspot, picture("top"), {"key": ("z",)}, ('写了选项 "z"', ("key",)), id="no such place"),
    pytest.param(hotspot, picture("top"), {"hard_fail": ("top",)}, ("里有正确答案", ("hard_fail",)), id="right and unforgivable"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "item", "change", "told"), BROKEN)
def test_a_question_that_contradicts_itself_says_where(kind, item, change, told):
    with pytest.raises(ValidationError) as error:
        kind.Item(**dict(item) | change)
    found = [each for part in error.value.errors() for each in part["ctx"]["misfits"]]
    assert [each.place for each in found if told[0] in each.fault] == [told[1]]


@pytest.mark.parametrize(
    ("model", "about"),
    [
        pytest.param(cloze.Gap, {"choices": options("AB"), "accept": ("待核",)}, id="chosen and typed"),
        pytest.param(cloze.Gap, {"choices": options("AB")}, id="no key"),
        pytest.param(cloze.Gap, {"key": "A", "accept": ("待核",)}, id="a key to typed words"),
        pytest.param(cloze.Gap, {}, id="neither"),
        pytest.param(hotspot.Region, {"label": "甲"}, id="nowhere"),
        pytest.param(hotspot.Region, {"label": "甲", "box": (0, 0, 4, 50)}, id="too narrow for a phone"),
        pytest.param(hotspot.Region, {"label": "甲", "box": (60, 0, 50, 50)}, id="out of the picture"),
        pytest.param(hotspot.Region, {"label": "甲", "outline": ((0, 0), (50, 50))}, id="a line"),
        pytest.param(hotspot.Region, {"label": "甲", "outline": ((0, 0), (50, 50), (0, 101))}, id="a corner outside"),
        pytest.param(hotspot.Region, {"label": "甲", "box": (0, 0, float("nan"), 50)}, id="no number"),
    ],
)
def test_a_gap_or_a_place_that_means_nothing_is_refused(model, about):
    with pytest.raises(ValidationError):
        model(**about)


@pytest.mark.parametrize("name", ["../slope.svg", "slope.gif", "http://x/y.png", "a/b.png", "坡.svg", "slope.svg\n"])
def test_a_picture_is_a_plain_file_of_the_course(name):
    with pytest.raises(ValidationError):
        hotspot.Item(**dict(picture("top")) | {"picture": name})
