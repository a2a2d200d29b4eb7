"""content/facts.yaml: what courses may state as fact, each with where it was read and when it was last looked at."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple

from banyan.courseware.faults import Faults
from banyan.courseware.fit import fit
from banyan.courseware.yaml_source import Source, read
from grading.questions.item import Fitting, Words


class FactText(Fitting):
    zh: Words
    en: Words | None = None


class Fact(Fitting):
    """`mark` V: read in the primary text, W: on a secondary page only, K: from memory, never to be published."""

    text: FactText
    mark: Literal["V", "W", "K"]
    source: Words
    in_force_from: date | None
    reviewed_on: date
    superseded_by: str | None = None


Facts = Mapping[str, Fact]


class Flaw(NamedTuple):
    fault: str
    remedy: str


def load_facts(path: Path, file: str, faults: Faults) -> dict[str, Fact]:
    """Return the facts that can be used; what is wrong with the others goes to `faults`."""
    source = read(path, file, faults)
    if source is None:
        return {}
    found = {each: fit(Fact, source, faults, (each,)) for each in source.data}
    _follow(source, found, faults)
    return {each: fact for each, fact in found.items() if fact is not None}


def _follow(source: Source, found: Mapping[str, Fact | None], faults: Faults) -> None:
    for each, fact in found.items():
        if fact and fact.superseded_by and fact.superseded_by not in found:
            text = f'"superseded_by" 写了 {fact.superseded_by}，没有这一条'
            faults.append(source.fault((each, "superseded_by"), text, "改成已有的一条"))


def flaws(cited: Iterable[str], facts: Facts) -> Iterator[tuple[str, Flaw]]:
    """Yield each fact that may not be cited, and why."""
    for each in cited:
        fact = facts.get(each)
        if fact is None:
            yield each, Flaw(f'事实 "{each}" 在 facts.yaml 里没有（或写错了）', "补上它和出处，或改成已有的一条")
        elif fact.mark == "K":
            yield each, Flaw(f'事实 "{each}" 只凭记忆（标记 K），不能发布', "查到原文，改好标记和出处")
        elif fact.superseded_by:
            yield each, Flaw(f'事实 "{each}" 已被 {fact.superseded_by} 取代', f"改引 {fact.superseded_by}，并改正文字")
