"""What code in a lesson may do: import our widgets, the course's models and the standard library, and ask one question a cell."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from banyan.courseware.lesson import Block

FREE = frozenset(sys.stdlib_module_names) | {"widgets", "models", "ipywidgets"}
PLAIN = frozenset(sys.stdlib_module_names) | {"models"}
"""What a model may import: nothing that is not there on every machine."""


class Remark(NamedTuple):
    line: int
    fault: str
    remedy: str


def asked(block: Block) -> str | None:
    """Return the question a cell asks, None if it asks none."""
    tree = _tree(block.text)
    return _only_question(tree) if tree else None


def remarks(block: Block, models: frozenset[str]) -> Iterator[Remark]:
    """Yield what is wrong with a code cell; `models` are the modules of the course."""
    for line, fault, remedy in code_remarks(block.text, FREE, models):
        yield Remark(block.line + line - 1, fault, remedy)
    tree = _tree(block.text)
    if tree and _mentions_ask(tree) and _only_question(tree) is None:
        yield Remark(block.line, "出练习题的代码格写得不对", '整格只写 ask("题名")')


def code_remarks(text: str, allowed: frozenset[str], models: frozenset[str]) -> Iterator[Remark]:
    """Yield what is wrong with a piece of Python, lines counted from 1."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        yield Remark(
            getattr(error, "lineno", None) or 1, "这段 Python 代码有语法错误", "改好再试；课文里不能用 % 和 ! 开头的命令"
        )
        return
    for node in ast.walk(tree):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        for name in _imported(node):
            if name.split(".")[0] not in allowed:
                others = "、".join(sorted(allowed - sys.stdlib_module_names))
                yield Remark(node.lineno, f'代码用了 "{name}"', f"只能用标准库和 {others}" if others else "只能用标准库")
            elif name.startswith("models.") and name.split(".")[1] not in models:
                yield Remark(node.lineno, f'代码用了 "{name}"，models/ 里没有这个文件', "补上它，或改名字")


def model_remarks(path: Path, text: str, models: frozenset[str]) -> Iterator[Remark]:
    """Yield what is wrong with a model: it must be plain Python, so that it runs the same everywhere."""
    if not path.stem.isidentifier():
        yield Remark(1, f'文件名 "{path.name}" 不能当模块名', "只用字母、数字和 _")
    yield from code_remarks(text, PLAIN, models)


def _tree(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    """Return the modules an import names; a relative one can only stand in a model, and names a model."""
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    module = node.module or "" if node.level == 0 else ".".join(filter(None, ("models", node.module)))
    return [f"models.{each.name}" for each in node.names] if module == "models" else [module]


def _mentions_ask(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.Name) and node.id == "ask" for node in ast.walk(tree))


def _only_question(tree: ast.Module) -> str | None:
    """Return the id in a cell that is exactly ask("id")."""
    match tree.body:
        case [ast.Expr(ast.Call(ast.Name("ask"), [ast.Constant(str(name))], []))]:
            return name
    return None
