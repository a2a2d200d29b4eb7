"""The page for authors shows nothing that the course of examples does not do."""

import re

import pytest

from banyan.courseware.check import checked_course
from banyan.courseware.content import read_content
from banyan.courseware.faults import Faults
from banyan.settings import CONTENT, COURSES, HOUSE
from tests.widgets.house import COURSE, EXAMPLES
from widgets import HOMES

PAGE = (HOUSE / "docs" / "reference" / "widgets.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"^```(?:python|yaml)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SOURCES = [path.read_text(encoding="utf-8") for path in sorted((EXAMPLES / COURSE).rglob("*")) if path.suffix in (".md", ".yaml")]


def test_the_course_of_examples_has_no_fault() -> None:
    faults: Faults = []
    checked_course(EXAMPLES / COURSE, EXAMPLES, read_content(CONTENT, faults), faults)
    assert faults == []


@pytest.mark.parametrize("shown", SHOWN, ids=lambda text: text.strip().split("\n")[0])
def test_what_the_page_shows_stands_in_the_course(shown: str) -> None:
    assert any(shown in source for source in SOURCES)


def test_the_page_names_everything_an_author_may_use() -> None:
    assert [name for name in HOMES if name not in PAGE and name not in ("Bar", "bars")] == []


def test_the_examples_are_not_among_the_courses_that_are_published() -> None:
    assert not (COURSES / COURSE).exists()
