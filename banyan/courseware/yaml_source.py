"""YAML as people mean it, with the line of every value.

Only `true`/`false`, plain numbers, `null` and dates are anything but text: `no`, `+8`, `12:30` and `0571` stay as written.
Lists become tuples. Anchors, aliases, tags and merged keys are refused: a file says what it means, and cannot explode.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from banyan.courseware.faults import Fault, Faults

Place = tuple[str | int, ...]
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LARGEST = 1_000_000
DEEPEST = 20
CONSTANTS = {"": None, "~": None, "null": None, "true": True, "false": False}
WHOLE = re.compile(r"-?(0|[1-9]\d{0,17})", re.ASCII)
BROKEN = re.compile(r"-?(0|[1-9]\d{0,14})\.\d{1,15}", re.ASCII)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
ODD_BREAKS = {0x85: " ", 0x2028: " ", 0x2029: " "}
"""Line breaks to YAML 1.1, but to no editor: they would put every later line number off."""
SPELLING = "冒号后面留一个空格；含冒号、#、引号的文字整句加引号；缩进用空格、同级对齐"


@dataclass
class Source:
    """A file's data and where each part of it stands; `place` is the path of keys and numbers that leads to a part."""

    file: str
    data: Any = None
    lines: dict[Place, int] = field(default_factory=dict)

    def line(self, place: Place) -> int:
        """Return the line of a part, or of the nearest part around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def fault(self, place: Place, text: str, remedy: str) -> Fault:
        return Fault(self.file, self.line(place), text, remedy)


def read_text(path: Path, file: str, faults: Faults) -> str | None:
    """Return a text file's content, None with a fault if it cannot be read as text."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        faults.append(Fault(file, 1, "没有这个文件", "补上它，或改掉提到它的地方"))
        return None
    except OSError as error:
        faults.append(Fault(file, 1, f"这个文件打不开（{error.strerror}）", "看看它是不是一个普通文件、有没有读的权限"))
        return None
    if len(raw) > LARGEST:
        faults.append(Fault(file, 1, f"文件太大，超过 {LARGEST:,} 字节", "拆成几个文件"))
        return None
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        faults.append(Fault(file, line, "这里不是 UTF-8 文字", "用 UTF-8 编码另存"))
        return None


def read(path: Path, file: str, faults: Faults) -> Source | None:
    """Return a YAML file's mapping with its places, or None where it cannot be read at all."""
    text = read_text(path, file, faults)
    return None if text is None else parse(text, file, faults)


def parse(text: str, file: str, faults: Faults, first_line: int = 1) -> Source | None:
    """Return the mapping a YAML text holds; `first_line` is where the text stands in its file."""
    source = Source(file, lines={(): first_line})
    try:
        source.data = _Reader(text.translate(ODD_BREAKS), source, faults, first_line).document()
    except yaml.YAMLError as error:
        faults.append(Fault(file, _line_of(error, text) + first_line - 1, "YAML 的写法读不懂", SPELLING))
        return None
    if not isinstance(source.data, dict):
        faults.append(Fault(file, first_line, "这里应当是一组 “名字: 内容”", "照同类文件的样子写"))
        return None
    return source


def _line_of(error: yaml.YAMLError, text: str) -> int:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        return int(mark.line) + 1
    return text[: getattr(error, "position", 0) or 0].count("\n") + 1


class _TooDeepError(yaml.YAMLError):
    def __init__(self, mark: Any) -> None:
        self.problem_mark = mark


class _Reader:
    """Builds data straight from parser events, so that nothing is expanded or executed on the way."""

    def __init__(self, text: str, source: Source, faults: Faults, first_line: int) -> None:
        self.events: Iterator[Any] = iter(yaml.parse(text, Loader=LOADER))
        self.source = source
        self.faults = faults
        self.first_line = first_line

    def document(self) -> Any:
        data = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if data is not None:
                    self.complain(event, "一个文件里写了两份文档（---）", "拆成两个文件")
                data = self.value(next(self.events), ())
        return data

    def line(self, event: Any) -> int:
        return int(event.start_mark.line) + self.first_line

    def complain(self, event: Any, text: str, remedy: str) -> None:
        self.faults.append(Fault(self.source.file, self.line(event), text, remedy))

    def value(self, event: Any, place: Place) -> Any:
        if len(place) > DEEPEST:
            raise _TooDeepError(event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            self.complain(event, "这里用了引用（*）", "把内容原样写出来")
            return None
        if event.anchor or event.tag:
            self.complain(event, "这里用了锚点（&）或标签（!）", "去掉它，直接写内容")
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(place)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(place)
        return self.scalar(event)

    def mapping(self, place: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self.complain(event, "名字的位置写了别的东西", SPELLING)
                self.value(event, (*place, "?"))
                self.value(next(self.events), (*place, "?"))
                continue
            key, within = event.value, (*place, event.value)
            if key in found:
                self.complain(event, f'"{key}" 写了两次', "只留一个")
                self.value(next(self.events), (*place, "?"))
                continue
            self.source.lines[within] = self.line(event)
            found[key] = self.value(next(self.events), within)
        return found

    def sequence(self, place: Place) -> tuple[Any, ...]:
        found: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            within = (*place, len(found))
            self.source.lines[within] = self.line(event)
            found.append(self.value(event, within))
        return tuple(found)

    def scalar(self, event: Any) -> Any:
        text: str = event.value
        if event.style:
            return text
        if text in CONSTANTS:
            return CONSTANTS[text]
        if WHOLE.fullmatch(text):
            return int(text)
        if BROKEN.fullmatch(text):
            return float(text)
        if DAY.fullmatch(text):
            return self.day(event)
        return text

    def day(self, event: Any) -> date | None:
        try:
            return date.fromisoformat(event.value)
        except ValueError:
            self.complain(event, f"没有 {event.value} 这一天", "写成真有的日期，例如 2026-01-31")
            return None
