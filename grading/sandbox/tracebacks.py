"""What the shell makes anew for each traceback, made once and kept: a grammar of Python, a style, its colours.

A traceback looks the same; it takes a quarter of the time. Nothing a submission says goes into what is kept.
"""

from functools import cache
from typing import Any

import stack_data
from pygments.formatters.terminal256 import Terminal256Formatter
from pygments.lexer import RegexLexerMeta
from pygments.lexers.python import PythonLexer


def keep() -> None:
    """Let this process and its forks keep them; before the first traceback."""
    stack_data.style_with_executing_node = cache(stack_data.style_with_executing_node)
    _keep_grammar()
    _keep_colours()


def _keep_grammar() -> None:
    made = RegexLexerMeta.process_tokendef
    tokens = PythonLexer()._tokens

    def process_tokendef(lexer: Any, name: str, tokendefs: Any = None) -> Any:
        same = issubclass(lexer, PythonLexer) and not any("tokens" in vars(each) for each in _below(lexer))
        return tokens if same else made(lexer, name, tokendefs)

    RegexLexerMeta.process_tokendef = process_tokendef


def _below(lexer: type) -> list[type]:
    """Return what was derived from PythonLexer on the way to a lexer."""
    return list(lexer.__mro__[: lexer.__mro__.index(PythonLexer)])


def _keep_colours() -> None:
    made = Terminal256Formatter._setup_styles
    kept: dict[Any, Any] = {}

    def setup_styles(formatter: Any) -> None:
        if formatter.style in kept:
            formatter.style_string, formatter.best_match = kept[formatter.style]
        else:
            made(formatter)
            kept[formatter.style] = formatter.style_string, formatter.best_match

    Terminal256Formatter._setup_styles = setup_styles
