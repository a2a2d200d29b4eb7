"""繁體 from 简体, at run time: OpenCC knows the characters, `locale/zh-Hant/glossary.yaml` what it gets wrong.

`phrases` come before OpenCC, longest first; `shapes` are characters exchanged after it. A phrase nobody has thought of
is converted as OpenCC would have it and blocks nothing. Names of people and units never come here: whoever builds a
sentence converts the message and fills in the names afterwards.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from opencc import OpenCC

import banyan

GLOSSARY = Path(banyan.__file__).parent / "locale" / "zh-Hant" / "glossary.yaml"
TAG = re.compile(r"(<[^>]*>)")
SPOKEN = re.compile(r'\b(alt|title|aria-label|placeholder)="([^"]*)"')
KEPT, SHORT = 20_000, 400  # texts, and characters of one; those of the whole interface and a course are a few thousand


class Glossary(NamedTuple):
    phrases: Mapping[str, str]
    shapes: Mapping[str, str]


@cache
def glossary() -> Glossary:
    read = yaml.safe_load(GLOSSARY.read_text(encoding="utf-8"))
    return Glossary(read["phrases"], read["shapes"])


def traditional(text: str) -> str:
    """Return a text in traditional characters."""
    if text.isascii():
        return text
    return _kept(text) if len(text) <= SHORT else _turned(text)


@lru_cache(maxsize=KEPT)
def _kept(text: str) -> str:
    return _turned(text)


def _turned(text: str) -> str:
    known = glossary()
    parts = _phrases().split(text)
    return "".join(known.phrases[each] if place % 2 else _plain(each) for place, each in enumerate(parts))


def traditional_html(html: str) -> str:
    """Return HTML with its text and what is read aloud of its tags converted, addresses and names left alone."""
    parts = TAG.split(html)
    return "".join(_tag(each) if place % 2 else traditional(each) for place, each in enumerate(parts))


def traditional_all(value: Any) -> Any:
    """Return JSON-like data with every text in it converted; keys stay."""
    if isinstance(value, str):
        return traditional(value)
    if isinstance(value, Mapping):
        return {key: traditional_all(each) for key, each in value.items()}
    return [traditional_all(each) for each in value] if isinstance(value, list | tuple) else value


def _tag(tag: str) -> str:
    return SPOKEN.sub(lambda found: f'{found[1]}="{traditional(found[2])}"', tag)


def _plain(text: str) -> str:
    return _opencc().convert(text).translate(_shapes()) if text else text


@cache
def _opencc() -> OpenCC:
    """Loaded when the first reader of 繁體 comes: 0.1 s and 28 MB."""
    return OpenCC("s2t")


@cache
def _phrases() -> re.Pattern[str]:
    longest_first = sorted(glossary().phrases, key=len, reverse=True)
    return re.compile(f"({'|'.join(map(re.escape, longest_first))})")


@cache
def _shapes() -> dict[int, str]:
    return str.maketrans(dict(glossary().shapes))
