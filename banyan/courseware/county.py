"""The role {county}`key`: where a lesson says what each county says for itself.

A release holds the empty place alone; whoever serves a page fills it for its reader (`filled`). A phone number or the
drill clocks stand within a sentence; a table or a list of numbers takes a paragraph of its own.
"""

import re
from collections.abc import Callable, Iterator

from markupsafe import Markup, escape

from banyan.courseware.faults import Fault
from banyan.courseware.lesson import Block, Lesson, code_lines, roles
from banyan.domain.county import BY_KEY, SHOWN, TOLD

ROLE = re.compile(r"\{county\}`([^`\n]*)`")
ALONE = re.compile(r"\s{0,3}\{county\}`([^`\n]*)`\s*")
PLACE = re.compile(r'<(span|div) class="county" data-county="([a-z_]+)"></\1>')


def places(text: str) -> str:
    """Return Markdown with an empty place for each role; code blocks stay as they are."""
    code = code_lines(text)
    return "\n".join(line if number in code else _place(line) for number, line in enumerate(text.split("\n")))


def _place(line: str) -> str:
    alone = ALONE.fullmatch(line)
    if alone and _takes_a_paragraph(alone[1].strip()):
        return f'<div class="county" data-county="{alone[1].strip()}"></div>'
    return ROLE.sub(lambda found: f'<span class="county" data-county="{found[1].strip()}"></span>', line)


def filled(html: str, fill: Callable[[str], str]) -> str:
    """Return a page's HTML with what `fill` says for each key in its place; `fill` answers in HTML."""
    return PLACE.sub(lambda found: f'<{found[1]} class="county">{fill(found[2])}</{found[1]}>', html)


def spoken(text: str, fill: Callable[[str], str]) -> Markup:
    """Return a plain sentence as HTML with what `fill` says for each role in it."""
    parts = ROLE.split(text)
    return Markup("").join(Markup(fill(each.strip())) if place % 2 else escape(each) for place, each in enumerate(parts))  # noqa: S704


def sentence_faults(text: str, needs: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the roles of a sentence outside a lesson."""
    for key in (found.strip() for found in ROLE.findall(text)):
        yield from key_faults(key, needs)
        if _takes_a_paragraph(key):
            yield f"{{county}}`{key}` 不能写在一句话里", "这里只能写电话和演练掐表"


def county_faults(lesson: Lesson, block: Block, needs: tuple[str, ...]) -> Iterator[Fault]:
    """Yield what is wrong with the roles of one block of prose."""
    for role, line in roles(block):
        if role["name"] == "county":
            key = role["content"].strip()
            yield from (Fault(lesson.file, line, *fault) for fault in key_faults(key, needs))
            if _takes_a_paragraph(key) and not _stands_alone(block, line - block.line):
                yield Fault(lesson.file, line, f"{{county}}`{key}` 不能写在一句话里", "让它自成一段，前后各空一行")


def key_faults(key: str, needs: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if key not in TOLD:
        yield f'本县设置里没有 "{key}"', f"只能写 {'、'.join(TOLD)}"
    elif key not in needs:
        yield f'用了本县设置 "{key}"，course.yaml 的 needs 里没有它', f"在 needs 里加上 {key}"


def _takes_a_paragraph(key: str) -> bool:
    return key in BY_KEY and BY_KEY[key].kind in SHOWN


def _stands_alone(block: Block, number: int) -> bool:
    lines = ["", *block.text.split("\n"), ""]
    before, line, after = lines[number : number + 3]
    return bool(ALONE.fullmatch(line)) and not before.strip() and not after.strip()
