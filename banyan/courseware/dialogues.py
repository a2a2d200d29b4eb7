"""The dialogues of a course, a file each in dialogues/; a lesson shows one with talk("name").

What a dialogue may say is `widgets.script`'s to decide, which judges data in a cell by the same rules.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from banyan.courseware.faults import Fault, Faults
from banyan.courseware.lesson import Block, Lesson
from banyan.courseware.yaml_source import Source, read
from widgets.script import misfits


def read_dialogues(folder: Path, file: str, faults: Faults) -> dict[str, Source]:
    read_all = {path.stem: read(path, f"{file}/{path.name}", faults) for path in sorted(folder.glob("*.yaml"))}
    return {name: source for name, source in read_all.items() if source}


def dialogue_faults(dialogues: Mapping[str, Source], lessons: Mapping[str, Lesson]) -> Iterator[Fault]:
    for source in dialogues.values():
        yield from (source.fault(*each) for each in misfits(source.data))
    for lesson in lessons.values():
        for block in lesson.code():
            for name, line in talked(block):
                if name not in dialogues:
                    yield Fault(lesson.file, line, f'dialogues/ 里没有 "{name}" 这段对话', "补上文件，或改名字")


def talked(block: Block) -> Iterator[tuple[str, int]]:
    """Yield the dialogues that a cell names, and the lines."""
    try:
        tree = ast.parse(block.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        match node:
            case ast.Call(ast.Name("talk"), [ast.Constant(str(name))], []):
                yield name, block.line + node.lineno - 1
