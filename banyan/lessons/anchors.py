"""Places within a step: the paragraph that first cites a fact has a name, so that the result of an exam can lead there.

They are put in as a lesson is shown, by the numbers that stand behind what is cited: a release of any age has them.
"""

import re

from banyan.courseware.release import StepOutline

NOTES = re.compile(r'<sup class="fact">.*?</sup>', re.DOTALL)
CODE = re.compile(r'href="#fact-([^"]+)"')
BLOCK = re.compile(r"<(?:p|li|td|th)((?:\s[^<>]*)?)>")


def anchored(html: str, step: StepOutline, seen: set[str]) -> str:
    """Return a stretch of a step with its places; `seen` holds the facts that have theirs already.

    A paragraph that cites several facts bears the name of the first; for each of the others an empty place stands in it.
    """
    blocks = list(BLOCK.finditer(html))
    wanted: dict[int, list[str]] = {}
    for note in NOTES.finditer(html):
        number = sum(each.end() <= note.start() for each in blocks) - 1
        for fact in CODE.findall(note[0]):
            if number >= 0 and fact in step.facts and fact not in seen:
                seen.add(fact)
                wanted.setdefault(number, []).append(step.place_of(fact))
    for number in sorted(wanted, reverse=True):
        html = _named(html, blocks[number], wanted[number])
    return html


def _named(html: str, block: re.Match[str], places: list[str]) -> str:
    own = not re.search(r"\sid=", block[1])
    named = f'{block[0][:-1]} id="{places[0]}">' if own else block[0]
    others = "".join(f'<span class="spot" id="{each}"></span>' for each in places[own:])
    return html[: block.start()] + named + others + html[block.end() :]
