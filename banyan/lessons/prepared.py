"""All of a lesson's page that is the same for every reader of a language, made once per release: text, questions, pictures.

Voilà's exporter turns the notebook's Markdown into HTML; what the cells show comes from the snapshot (banyan.lessons.snapshots).
"""

import asyncio
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat
from markupsafe import Markup
from nbformat import NotebookNode
from voila.exporter import VoilaExporter

import widgets
from banyan.courseware.release import LessonOutline, Release, StepOutline
from banyan.errors import TryLaterError
from banyan.lessons import figures
from banyan.lessons.anchors import anchored
from banyan.lessons.faults import CellFault, FaultLog, fault_in
from banyan.lessons.outputs import drawn
from banyan.lessons.snapshots import Fault, Outcome, Snapshots
from banyan.lessons.steps import asked, needs_kernel, steps_of
from banyan.lessons.widget_words import in_words_all, widget_words
from banyan.words.language import CHINESE, TRADITIONAL, Language
from banyan.words.practice import as_read

BREAK = re.compile(r"(?<=\S)\n(?=\S)")
KEPT = 100  # pages, each of some 100 kB
PROSE, QUESTION, SLOT = "prose", "question", "slot"


@dataclass(frozen=True)
class Version:
    """Which release of a course, under which version of the programs, a page was made from."""

    release: int
    house: str

    def __str__(self) -> str:
        return f"{self.release}-{self.house}"

    @classmethod
    def read(cls, text: str) -> "Version | None":
        """Return what a page says of itself, or nothing if it says nothing of the kind."""
        found = re.fullmatch(r"([1-9]\d{0,5})-([0-9a-f]{12})", text, re.ASCII)
        return cls(int(found[1]), found[2]) if found else None


@cache
def house_version() -> str:
    """Name the version of what pages and kernels must have in common: the widgets' Python and scripts."""
    found = hashlib.sha256(version("ipywidgets").encode() + version("anywidget").encode())
    for each in sorted(Path(widgets.__file__).parent.glob("*.*")):
        found.update(each.name.encode() + each.read_bytes())
    return found.hexdigest()[:12]


@dataclass(frozen=True)
class Part:
    """A stretch of a step. `name` is a question's; `fault` is what an author is told of a cell that failed."""

    kind: str
    html: Markup
    name: str = ""
    place: int = 0
    fault: CellFault | None = None


@dataclass(frozen=True)
class PreparedStep:
    name: str
    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Prepared:
    """A lesson in a language. `state` is the widgets', as JSON; `is_closed` if its cells could not be run."""

    opening: tuple[Part, ...]
    steps: tuple[PreparedStep, ...]
    practice: Mapping[str, Any]
    state: Mapping[str, Any]
    words: Mapping[str, str]
    types: frozenset[str]
    is_closed: bool = False

    @property
    def has_widgets(self) -> bool:
        return bool(self.state.get("state"))

    @cached_property
    def scripts(self) -> dict[str, Markup]:
        """Return what the page's scripts read, by name: what answers say, the widgets' state and words."""
        table = {name: each["answers"] for name, each in self.practice.items()}
        return {"table": embedded(table), "state": embedded(self.state), "words": embedded(self.words)}


class Prose:
    """Voilà's Markdown, with what a lesson of ours needs."""

    def __init__(self, exporter: VoilaExporter) -> None:
        self.exporter = exporter

    def html(self, cell: NotebookNode, speech: Language) -> Markup:
        """Return a Markdown cell as HTML, each line of its source a line of its own: a space has no place in Chinese.

        The build lets no HTML of an author's through but its own footnotes and the county's empty places.
        """
        lines = BREAK.sub("  \n", cell.source)
        return Markup(speech.written_html(self.exporter.markdown2html({"cell": cell}, lines)))  # noqa: S704


@dataclass
class Shelf:
    """Prepares lessons when they are first wanted, and keeps them."""

    prose: Prose
    snapshots: Snapshots
    faults: FaultLog
    _made: dict[tuple[Path, str], Prepared] = field(default_factory=dict)
    _making: dict[tuple[Path, str], asyncio.Lock] = field(default_factory=dict)

    async def lesson(self, release: Release, about: LessonOutline, speech: Language) -> Prepared:
        """Return a lesson; where its cells cannot be run now, all but what they show, and only for this once."""
        key = release.notebook(about.name), speech.code
        async with self._making.setdefault(key, asyncio.Lock()):
            if key not in self._made:
                made = await self._prepare(release, about, speech)
                if made.is_closed:
                    return made
                self._keep(key, made)
        return self._made[key]

    def _keep(self, key: tuple[Path, str], made: Prepared) -> None:
        self._made[key] = made
        while len(self._made) > KEPT:
            oldest = next(iter(self._made))
            del self._made[oldest]
            self._making.pop(oldest, None)

    async def _prepare(self, release: Release, about: LessonOutline, speech: Language) -> Prepared:
        path = release.notebook(about.name)
        notebook = nbformat.read(path, nbformat.NO_CONVERT)
        outcome, is_closed = Outcome({}, {}, {}), False
        if computes(path):
            try:
                outcome = (await self.snapshots.of(path)).outcome
            except TryLaterError:
                is_closed = True
        faults = {place: _told(notebook, place, each) for place, each in outcome.faults.items()}
        for each in faults.values():
            figures.FAULTS.inc()
            self.faults.tell(release.course, release.number, about.name, each)
        maker = _Maker(self.prose, speech, outcome, faults)
        return await asyncio.to_thread(maker.prepare, release, about, notebook.cells, is_closed)


def _told(notebook: NotebookNode, place: int, fault: Fault) -> CellFault:
    return fault_in(notebook, place, f"{fault.trace}\n{fault.words}", fault.line)


@dataclass(frozen=True)
class _Maker:
    prose: Prose
    speech: Language
    outcome: Outcome
    faults: Mapping[int, CellFault]

    def prepare(self, release: Release, about: LessonOutline, cells: Sequence[NotebookNode], is_closed: bool) -> Prepared:
        opening, steps = steps_of(cells, about.steps)
        items = {name: item for name in about.questions if (item := release.practice_item(name))}
        practice = {name: as_read(item, self.speech, picture=release.picture) for name, item in items.items()}
        outlines = {each.name: each for each in about.steps}
        made = [
            PreparedStep(
                each.name, self.speech.written(each.title), _with_places(self._parts(each.cells, practice), outlines[each.name])
            )
            for each in steps
        ]
        state = in_words_all(self.speech.written_all(self.outcome.state), self.speech)
        types = frozenset(each["type"] for each in practice.values())
        opens = self._parts(opening, practice)
        return Prepared(opens, tuple(made), practice, state, widget_words(self.speech), types, is_closed)

    def _parts(self, cells: Sequence[NotebookNode], practice: Mapping[str, Any]) -> tuple[Part, ...]:
        return tuple(part for cell in cells if (part := self._part(cell, practice)))

    def _part(self, cell: NotebookNode, practice: Mapping[str, Any]) -> Part | None:
        if cell.cell_type == "markdown":
            return Part(PROSE, self.prose.html(cell, self.speech))
        if name := asked(cell):
            return Part(QUESTION, Markup(practice[name]["html"]), name)  # noqa: S704 - rendered by grading
        place = cell.metadata.place
        html = drawn(self.outcome.outputs.get(place, ()), self.speech)
        fault = self.faults.get(place)
        return Part(SLOT, html, place=place, fault=fault) if needs_kernel(cell) or html or fault else None


def _with_places(parts: Iterable[Part], step: StepOutline) -> tuple[Part, ...]:
    """Return a step's parts, the paragraphs that cite facts named."""
    seen: set[str] = set()
    return tuple(
        replace(each, html=Markup(anchored(str(each.html), step, seen))) if each.kind == PROSE else each  # noqa: S704 - our own again
        for each in parts
    )


@cache
def computes(notebook: Path) -> bool:
    """Say whether a built notebook, which never changes, has a cell that must be run."""
    return any(map(needs_kernel, nbformat.read(notebook, nbformat.NO_CONVERT).cells))


def text_language(speech: Language) -> str:
    """Return the language a course's own text is in for such a reader."""
    return TRADITIONAL if speech.code == TRADITIONAL else CHINESE


def embedded(value: Any) -> Markup:
    """Return JSON for a page's script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))  # noqa: S704
