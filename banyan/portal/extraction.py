"""Which messages there are to translate, found in Python and templates; `babel.cfg` of pybabel names these functions.

In Python a message is the first Chinese text given to `_`, `_n`, `N_`, `.say`, `.count`, or to an error a person reads:
written there, as a constant of the module, or in one of its tables. In templates it is the first text given to `_` or
`_n`, also where they are the page's (`page._`).
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from jinja2 import Environment, nodes

HOUSE = Path(__file__).parents[2]
PLACES = ("banyan", "grading/bridge", "grading/pictures", "grading/questions", "grading/sandbox", "hub_config/templates")
SPOKEN = {"_", "N_", "say", "Refusal", "TaskRemark", "_told"}
COUNTED = {"_n", "count"}
NOT_READ = {"HomeError", "CourseError", "FormulaError"}  # for whoever installs or writes courses, in Chinese
CHINESE = re.compile(r"[\u3400-\u9fff]")
JINJA = Environment(autoescape=True, extensions=["jinja2.ext.loopcontrols"])


@dataclass(frozen=True)
class Message:
    """`counted` messages have a plural in languages that need one."""

    words: str
    counted: bool
    place: str


def messages(house: Path = HOUSE) -> Iterator[Message]:
    """Yield every message of the house with its place."""
    for folder in PLACES:
        for path in sorted((house / folder).rglob("*")):
            read = {".py": _python, ".html": _template, ".j2": _template}.get(path.suffix)
            if read and "static" not in path.parts:
                for line, words, counted in read(path):
                    yield Message(words, counted, f"{path.relative_to(house)}:{line}")


def extract_python(file: BinaryIO, _keywords: Any, _tags: Any, _options: Any) -> Iterator[tuple[int, str, Any, list[str]]]:
    """Read a module for pybabel."""
    for line, words, counted in _spoken(ast.parse(file.read())):
        yield line, "ngettext" if counted else "gettext", (words, words) if counted else words, []


def _python(path: Path) -> Iterator[tuple[int, str, bool]]:
    return _spoken(ast.parse(path.read_bytes()))


def extract_template(file: BinaryIO, _keywords: Any, _tags: Any, _options: Any) -> Iterator[tuple[int, str, Any, list[str]]]:
    """Read a template for pybabel."""
    for line, words, counted in _called(file.read().decode("utf-8")):
        yield line, "ngettext" if counted else "gettext", (words, words) if counted else words, []


def _template(path: Path) -> Iterator[tuple[int, str, bool]]:
    return _called(path.read_text(encoding="utf-8"))


def _called(template: str) -> Iterator[tuple[int, str, bool]]:
    for call in JINJA.parse(template).find_all(nodes.Call):
        name = getattr(call.node, "attr", None) or getattr(call.node, "name", "")
        if name in ("_", "_n") and call.args and isinstance(call.args[0], nodes.Const):
            yield call.lineno, str(call.args[0].value), name == "_n"


def _spoken(module: ast.Module) -> Iterator[tuple[int, str, bool]]:
    tables: dict[str, ast.AST] = {}
    for statement in module.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value:
            tables |= {name.id: statement.value for name in _targets(statement)}
    for call in ast.walk(module):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        counted = name in COUNTED and len(call.args) > 1
        if counted or name in SPOKEN or (name.endswith("Error") and name not in NOT_READ):
            found = next((each for argument in call.args if (each := list(_texts(argument, tables)))), [])
            yield from ((call.lineno, words, counted) for words in found)


def _targets(statement: ast.Assign | ast.AnnAssign) -> list[ast.Name]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return [each for each in targets if isinstance(each, ast.Name)]


def _texts(node: ast.AST, tables: Mapping[str, ast.AST]) -> Iterator[str]:
    """Yield the Chinese texts an argument may stand for."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from [node.value] if CHINESE.search(node.value) else []
    elif isinstance(node, ast.IfExp):
        yield from (*_texts(node.body, tables), *_texts(node.orelse, tables))
    elif isinstance(node, ast.Name) and node.id in tables:
        yield from _texts(tables[node.id], {})
    elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id in tables:
        for each in ast.walk(tables[node.value.id]):
            yield from _texts(each, {}) if isinstance(each, ast.Constant) else ()
