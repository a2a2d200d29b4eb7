"""How the texts are set: full-width punctuation, whole sentences, steps one can take in three minutes."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbconvert.filters.markdown_mistune import markdown2html_mistune

from tests.courses.pools import CONTENT, COURSE

HAN = r"[\u3400-\u9fff]"
FAULTS = {
    "a half-width mark after a Chinese character": re.compile(rf"{HAN}[,;!?]"),
    "a half-width colon between Chinese characters": re.compile(rf"{HAN}:\s?{HAN}"),
    "a half-width bracket round Chinese": re.compile(rf"\({HAN}|{HAN}\)"),
    "a space inside a Chinese sentence": re.compile(rf"(?:{HAN}|[，。；：]) +(?:{HAN}|[，。；：])"),
    "straight quotes round Chinese": re.compile(rf'{HAN}"{HAN}'),
    "three dots": re.compile(rf"{HAN}\.\.\."),
}
SHARED = [CONTENT / "facts.yaml", CONTENT / "glossary.yaml", *CONTENT.glob("programmes/*.yaml")]
FILES = [*COURSE.rglob("*.yaml"), *COURSE.rglob("*.md"), *SHARED]
LESSONS = sorted((COURSE / "lessons").glob("*.md"))


def prose(path: Path) -> Iterator[tuple[int, str]]:
    """Yield what a reader reads, by line: no comments, no code, no YAML punctuation of lists."""
    code = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        code ^= line.startswith("```")
        if code or (line.lstrip().startswith("#") and path.suffix == ".yaml"):
            continue
        flow = re.search(r"(?<![\w}])[{\[].*[}\]]\s*$", line) if path.suffix == ".yaml" or line.startswith("title:") else None
        parts = re.split(r"[{}\[\]]|, (?=[A-Za-z])|: ", line) if flow else [re.sub(r"^\s*(- )?[\w-]+: ", "", line)]
        yield from ((number, part) for part in parts)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_chinese_is_set_as_chinese(path: Path) -> None:
    found = [
        f"{path.name}:{number}: {what}" for number, text in prose(path) for what, mark in FAULTS.items() if mark.search(text)
    ]
    assert found == []


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_step_takes_at_most_three_minutes(path: Path) -> None:
    steps = re.split(r"(?m)^## ", re.sub(r"(?s)```.*?```", "", path.read_text(encoding="utf-8")))[1:]
    assert 6 <= len(steps) <= 10
    for step in steps:
        assert len(re.findall(HAN, step)) <= 600, step.splitlines()[0]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_the_number_of_a_note_does_not_follow_a_telephone_number(path: Path) -> None:
    """Raised after 110 a three reads as one more digit, at night and with weak eyes."""
    note = re.compile(r"\d\**\{fact\}")
    assert note.search("**马上打110**{fact}`F16`")
    assert [line for line in path.read_text(encoding="utf-8").splitlines() if note.search(line)] == []


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_learner_reads_no_codes(path: Path) -> None:
    text = re.sub(r"\{fact\}`[^`]*`", "", path.read_text(encoding="utf-8"))
    assert not re.search(r"\bC\d\.\d|\bL[1-4]\b|\bF\d{1,2}\b|\bER\b|\bT[1-3]\b", text)


def loose(text: str) -> list[str]:
    """Return the asterisks a reader would see: a bold that ends in a full-width mark ends nowhere if a word follows at once."""
    shown = re.sub(r"<[^>]+>", "", markdown2html_mistune(re.sub(r"(?s)```.*?```", "", text)))
    return re.findall(r".{0,12}\*.{0,12}", shown)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_what_is_bold_is_shown_bold_and_not_with_asterisks(path: Path) -> None:
    assert loose("**这是谁？**是那个人") != []
    assert loose(path.read_text(encoding="utf-8")) == []
