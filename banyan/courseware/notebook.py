"""From a lesson to the notebook that Voilà shows: one cell per stretch of prose or code, the same for the same source.

Each cell says in `metadata.banyan` which `step` it belongs to (null before the first) and on which `line` of its file
its source begins (none for the set-up cell): an author is told of a fault by the line of the Markdown. Cited facts
become numbered links to `#fact-<code>`, where the page lists the lesson's facts; words of the glossary links to
`#term-<n>` (banyan.courseware.glossary); what each county says for itself is
left as an empty place (banyan.courseware.county); pictures travel inside the notebook as attachments.
"""

import re
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from banyan.courseware.cell import asked
from banyan.courseware.county import places
from banyan.courseware.glossary import Glossary, Marker, marked_terms
from banyan.courseware.lesson import FACT, Block, Lesson, as_json, code_lines, pictures
from banyan.courseware.lesson_check import picture_path
from banyan.courseware.pictures import FORMATS, encoded

TOGETHER = "\u2060"  # no line begins with a footnote's number
SETUP = "from widgets import ask, show"
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def lesson_notebook(lesson: Lesson, folder: Path, glossary: Glossary) -> NotebookNode:
    """Return the notebook of a lesson whose course lies in `folder`."""
    marker = Marker(lesson, glossary, marked_terms(lesson, glossary))
    cells = [new_code_cell(SETUP, metadata={"banyan": {"step": None, "setup": True}})]
    for block in lesson.blocks:
        cells.append(_code(block) if block.kind == "code" else _prose(block, lesson, folder, marker))
    for number, cell in enumerate(cells, start=1):
        cell.id = f"cell-{number:03d}"
    about = as_json(lesson) | {"facts": list(lesson.facts)}
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL, "language_info": {"name": "python"}, "banyan": about})


def _code(block: Block) -> NotebookNode:
    about: dict[str, Any] = {"step": block.step, "line": block.line}
    question = asked(block)
    if question:
        about["ask"] = question
    metadata: dict[str, Any] = {"banyan": about}
    if block.tags:
        metadata["tags"] = list(block.tags)
    return new_code_cell(block.text, metadata=metadata)


def _prose(block: Block, lesson: Lesson, folder: Path, marker: Marker) -> NotebookNode:
    text = places(_with_footnotes(marker.mark(block), lesson.facts))
    attachments = {}
    for picture in pictures(block):
        path = picture_path(lesson, picture, folder)
        if path is not None:
            name = path.relative_to(folder.resolve()).as_posix().replace("/", "-")
            text = text.replace(f"]({picture.src}", f"](attachment:{name}")
            attachments[name] = {FORMATS[path.suffix.lower()]: encoded(path)}
    cell = new_markdown_cell(text, metadata={"banyan": {"step": block.step, "line": block.line}})
    if attachments:
        cell.attachments = attachments
    return cell


def _with_footnotes(text: str, facts: tuple[str, ...]) -> str:
    """Return the prose with each citation as a raised number; code blocks stay as they are."""
    code = code_lines(text)
    lines = text.split("\n")
    return "\n".join(
        line if number in code else FACT.sub(lambda found: _notes(found, facts), line) for number, line in enumerate(lines)
    )


def _notes(found: re.Match[str], facts: tuple[str, ...]) -> str:
    codes = re.split(r"[,，、\s]+", found[1].strip())
    links = (f'<a href="#fact-{each}" title="出处{facts.index(each) + 1}">{facts.index(each) + 1}</a>' for each in codes)
    return f'{TOGETHER}<sup class="fact">{" ".join(links)}</sup>'
