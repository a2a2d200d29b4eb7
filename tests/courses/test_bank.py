"""The reporter's questions: enough of each, none in both pools, none against the law."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from grading.questions import BRIEF
from tests.courses.pools import CONTENT, COURSE, load, pool, written

INDICATORS = [f"{competency}.{letter}" for competency in ("C5.2", "C4.3", "C1.3") for letter in "abcd"]
DRAWN = tuple(sorted(BRIEF))
MANY = ("single", "multiple", "order", "numeric")
CODES = ("type", "key", "indicators", "facts", "hard_fail", "difficulty", "expects")  # what nobody reads
LETTER = re.compile(r"(?<![A-Za-z0-9])[A-HＡ-Ｈ](?![A-Za-z0-9])")
PLACE = re.compile(
    r"第[一二三四五六1-6]个?(?:选项|项选择)|[上下前后][一二两三]?[个项]选|以上(?:都|各|皆|全)|[上下前后最]一?[后前]?[一二]项"
)
LAW = re.compile("法律|法规|条例|《")
ALIKE = 0.25  # of the pairs of characters of two questions, how many both may have


def shown(name: str, types: tuple[str, ...] = DRAWN) -> Counter[str]:
    return Counter(each for entry in pool(name).values() if entry["type"] in types for each in entry["indicators"])


def test_the_bank_is_large_enough() -> None:
    types = Counter(each["type"] for each in pool("exam").values())
    assert sum(types.values()) >= 100
    assert types["single"] <= 0.7 * sum(types.values())
    assert all(types[each] >= 8 for each in MANY)
    assert {"match", "cloze", "true_false", "hotspot", "short_text"} <= types.keys()
    assert types["first_report"] >= 3
    assert types["open"] >= 3


@pytest.mark.parametrize("indicator", INDICATORS)
def test_every_indicator_is_asked_in_several_ways(indicator: str) -> None:
    assert shown("exam")[indicator] >= 6
    kinds = {each["type"] for each in pool("exam").values() if indicator in each["indicators"]}
    assert len(kinds & set(DRAWN)) >= 2


@pytest.mark.parametrize("name", ["practice", "exam"])
def test_every_question_says_how_hard_it_is_and_no_level_is_nearly_all(name: str) -> None:
    levels = Counter(each.get("difficulty") for each in pool(name).values())
    assert levels.keys() == {"easy", "medium", "hard"}
    assert max(levels.values()) <= 0.6 * sum(levels.values())


def test_every_indicator_is_asked_easily_and_less_easily() -> None:
    for indicator in INDICATORS:
        mine = {each["difficulty"] for each in pool("exam").values() if indicator in each["indicators"] and each["type"] in DRAWN}
        assert len(mine) >= 2, indicator


def test_a_few_questions_foresee_what_people_answer() -> None:
    foreseen = [answer for name in ("practice", "exam") for each in pool(name).values() for answer in each.get("expects", ())]
    assert len(foreseen) >= 20
    assert sum(answer["earns"] < 1 for answer in foreseen) >= 15


def test_practice_touches_every_indicator() -> None:
    assert set(INDICATORS) <= shown("practice", (*DRAWN, "first_report")).keys()
    assert len(pool("practice")) >= 10


def test_the_pools_share_nothing() -> None:
    practice, exam = pool("practice"), pool("exam")
    assert not practice.keys() & exam.keys()
    assert not {each["stem"] for each in practice.values()} & {each["stem"] for each in exam.values()}
    assert len(practice) == written("practice")
    assert len(exam) == written("exam")


def read(entry: Any) -> Iterator[str]:
    """Yield whatever a reader reads of a question or a drill."""
    if isinstance(entry, str):
        yield entry
    elif isinstance(entry, dict):
        yield from (text for key, each in entry.items() if key not in CODES for text in read(each))
    elif isinstance(entry, list):
        yield from (text for each in entry for text in read(each))


@pytest.mark.parametrize("told", ["选A的人忘了先喊人", "Ｂ也对", "第二个选项太晚", "以上都要做", "上一项更急"])
def test_a_choice_cited_by_letter_or_place_is_noticed(told: str) -> None:
    assert LETTER.search(told) or PLACE.search(told)


def test_nothing_told_names_a_choice_by_its_letter_or_place() -> None:
    """Choices are shuffled for every reader: a letter or a place would name another one."""
    drills = {path.stem: load(path) for path in (COURSE / "cases").glob("*.yaml")}
    told = [
        (key, text) for each in (pool("practice"), pool("exam"), drills) for key, entry in each.items() for text in read(entry)
    ]
    assert len(told) > 1000
    assert [each for each in told if LETTER.search(each[1]) or PLACE.search(each[1])] == []


def pairs_of(entry: dict[str, Any]) -> set[str]:
    """Return the neighbouring pairs of characters of a stem and all there is to choose from, marks left out."""
    choices = [entry.get(each, {}) for each in ("options", "items", "elements", "gaps", "text", "regions")]
    words = "".join(re.findall(r"\w", entry["stem"] + "".join(text for each in choices for text in read(each))))
    return {words[place : place + 2] for place in range(len(words) - 1)}


def test_no_exam_question_is_a_practice_question_in_other_words() -> None:
    practice, exam = ({key: pairs_of(entry) for key, entry in pool(name).items()} for name in ("practice", "exam"))
    shared = {
        (one, other): len(practice[one] & exam[other]) / len(practice[one] | exam[other])
        for one, other in product(practice, exam)
    }
    assert {pair: share for pair, share in shared.items() if share > ALIKE} == {}


def test_every_exam_touches_every_indicator() -> None:
    exam = load(COURSE / "exam.yaml")
    assert {each.get("indicator") for each in exam["slots"]} >= set(INDICATORS)
    assert sum(each["points"] * each.get("count", 1) for each in exam["slots"]) == 100
    assert exam["pass"] == 80
    assert "case" in exam["slots"][-1]


@pytest.mark.parametrize("name", ["practice", "exam"])
def test_no_right_answer_is_a_number_of_minutes_or_hours(name: str) -> None:
    for key, entry in pool(name).items():
        rights = entry.get("key")
        if entry["type"] in ("single", "multiple"):
            for each in [rights] if isinstance(rights, str) else rights or []:
                assert not any(unit in entry["options"][each] for unit in ("分钟内", "小时内", "分钟以内", "小时以内")), key
        if entry["type"] == "numeric":
            assert entry["key"]["unit"] not in ("分钟", "小时"), key


def test_the_law_says_at_once() -> None:
    question = pool("exam")["how-soon-by-law"]
    assert question["options"][question["key"]] == "立即"


def rank(entry: dict[str, Any]) -> int:
    """Return where the right choice stands by length, 1 the longest."""
    longest = sorted(entry["options"], key=lambda each: -len(entry["options"][each]))
    return longest.index(entry["key"]) + 1


def test_the_right_choice_is_not_given_away_by_its_length_or_place() -> None:
    singles = [each for name in ("practice", "exam") for each in pool(name).values() if each["type"] == "single"]
    longest = sum(max(each["options"], key=lambda option: len(each["options"][option])) == each["key"] for each in singles)
    assert 0.1 <= longest / len(singles) <= 0.4
    assert max(Counter(each["key"] for each in singles).values()) <= len(singles) * 0.5


@pytest.mark.parametrize("name", ["practice", "exam"])
def test_the_right_choice_is_as_often_short_as_long(name: str) -> None:
    ranks = Counter(rank(each) for each in pool(name).values() if each["type"] == "single")
    total = sum(ranks.values())
    assert all(0.12 <= ranks[place] / total <= 0.4 for place in (1, 2, 3, 4))


def test_how_many_choices_are_right_is_no_fixed_number() -> None:
    counts = Counter(len(each["key"]) for each in pool("exam").values() if each["type"] == "multiple")
    assert len(counts) >= 3
    assert max(counts.values()) <= 0.65 * sum(counts.values())


def test_every_choice_of_an_exam_question_teaches_something() -> None:
    for key, entry in pool("exam").items():
        if entry["type"] in ("single", "multiple"):
            assert entry["feedback"].keys() == entry["options"].keys(), key
            assert len(set(entry["feedback"].values())) == len(entry["options"]), key
        elif entry["type"] != "open":
            assert entry["feedback"], key
        assert entry["type"] == "open" or entry["why"], key


def test_every_exam_question_says_what_it_rests_on_and_none_rests_on_a_local_table() -> None:
    known = load(CONTENT / "facts.yaml")
    for key, entry in pool("exam").items():
        cited = entry.get("facts", [])
        assert cited or entry["own"] in ("care", "skill"), key
        assert set(cited) <= known.keys() - {"F13"}, key
        assert {known[each]["mark"] for each in cited} <= {"V", "W"}, key


def test_a_question_that_cites_nothing_names_no_law() -> None:
    entries = {key: entry for name in ("practice", "exam") for key, entry in pool(name).items() if not entry.get("facts")}
    assert len(entries) >= 40
    assert [key for key, entry in entries.items() if any(LAW.search(text) for text in read(entry))] == []


def test_what_the_question_itself_suffices_for_is_counting_ordering_or_wording() -> None:
    types = Counter(each["type"] for name in ("practice", "exam") for each in pool(name).values() if each.get("own") == "skill")
    assert types["numeric"] >= 10
    assert types.keys() <= {"numeric", "order", "single"}


def test_an_unforgivable_choice_is_never_right() -> None:
    for key, entry in pool("exam").items():
        right = entry.get("key")
        assert not set(entry.get("hard_fail", [])) & set([right] if isinstance(right, str) else right or []), key


def test_a_first_report_tells_the_known_from_the_unknown() -> None:
    for name in ("practice", "exam"):
        for entry in pool(name).values():
            if entry["type"] == "first_report":
                casualties = entry["elements"]["casualties"]
                assert casualties["unknown"]
                assert "待核" in casualties["choices"][casualties["key"]]


def test_the_open_notes_rows_make_its_points() -> None:
    notes = {key: entry for key, entry in pool("exam").items() if entry["type"] == "open"}
    slot = next(each for each in load(COURSE / "exam.yaml")["slots"] if "open-note" in each.get("question", ()))
    assert set(slot["question"]) == notes.keys()
    for entry in notes.values():
        assert [(row["points"], row["indicator"]) for row in entry["rubric"]] == [
            (4, "C5.2.c"), (3, "C5.2.b"), (2, "C4.3.b"), (1, "C1.3.c"),
        ]  # fmt: skip
        assert sum(row["points"] for row in entry["rubric"]) == slot["points"]


def test_the_practical_looks_at_all_four_indicators() -> None:
    practical = load(COURSE / "practical.yaml")
    assert [each["indicator"] for each in practical["ticks"]] == [f"C5.2.{letter}" for letter in "abcd"]
    assert sum(each["minutes"] for each in practical["script"]) == 90


def test_the_practical_has_a_card_and_a_strip_for_each_of_twelve() -> None:
    practical = load(COURSE / "practical.yaml")
    cards = practical["cards"]
    assert len(cards) == len({each["title"] for each in cards}) == 12
    assert all(len(each["seen"]) <= 130 and len(each["change"]) <= 75 for each in cards), "a card is read in half a minute"
    assert practical["duty"][1]["at"] == "第一个电话", "whether somebody rings the next number can only be seen if nobody answers"


def test_a_card_does_not_say_of_itself_what_is_to_be_checked() -> None:
    for card in load(COURSE / "practical.yaml")["cards"]:
        assert "待核" not in card["seen"] + card["change"], card["title"]
