"""Whatever happens to a course's files, the check answers with faults that have a place, and never falls over."""

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banyan.courseware.check import check_courses
from tests.courseware.sample import FILES, write

LOCATED = re.compile(r"(?P<file>(?:content|courses)(?:/[^:]*)?):(?P<line>\d+): (?P<fault>.+)；(?P<remedy>.+)", re.DOTALL)
TEXTS = {name: text for name, text in FILES.items() if not name.endswith(".svg")}
MARKS = "- ; : ;{;};[;];#;&a ;*a;!!python/object:x ;>;|;';\";+++ {x;<b>;## ;# ;%;{fact}`F9`;{fact}``;```;![x](//[);![x](\x00)"
VALUES = "null;true;0;-1;1e999;2026-02-31;9999999999999999999999;C5.2.a;end;crack;import os.path as x;from . import y;ask("
BYTES = ["", "\n", "\t", "---\n", "\x00", "\ufeff", "\x85", "\u2028", "𠮷", "```{code-cell}\n", "(x)=\n", ":tags: [a\n"]
LISTS = ["[]", "[night, night]", "[night, {}]", "{night: [day]}"]
TOKENS = [*MARKS.split(";"), *VALUES.split(";"), *LISTS, *BYTES]


@st.composite
def mutations(draw):
    """One small accident in one file."""
    name = draw(st.sampled_from(sorted(TEXTS)))
    text = TEXTS[name]
    start = draw(st.integers(0, len(text)))
    end = min(len(text), start + draw(st.integers(0, 30)))
    new = draw(st.sampled_from(TOKENS) | st.just(text[start:end] * 2) | st.just(text[start:end][::-1]))
    return name, text[:start] + new + text[end:]


@st.composite
def lines_moved(draw):
    """A line lost, doubled, indented or moved."""
    name = draw(st.sampled_from(sorted(TEXTS)))
    lines = TEXTS[name].split("\n")
    line = draw(st.integers(0, len(lines) - 1))
    taken = lines.pop(line)
    at = draw(st.integers(0, len(lines)))
    lines[at:at] = draw(st.sampled_from([[], [taken, taken], ["  " + taken], [taken.lstrip()], [taken.upper()]]))
    return name, "\n".join(lines)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("mutated")


@settings(max_examples=100)
@given(broken=st.lists(mutations() | lines_moved(), min_size=1, max_size=3))
def test_any_accident_is_told_with_its_place(place: Path, broken):
    shutil.rmtree(place, ignore_errors=True)
    sample = write(place)
    for name, text in broken:
        (place / name).write_bytes(text.encode())
    for fault in check_courses(sample.courses, sample.content):
        found = LOCATED.fullmatch(fault)
        assert found, fault
        path = place / found["file"]
        assert int(found["line"]) >= 1
        if path.is_file():
            assert int(found["line"]) <= len(path.read_bytes().splitlines()) + 1, fault
