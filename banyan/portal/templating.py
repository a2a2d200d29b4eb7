"""Templates in each language, and the address of each static file with its digest, so that it may be kept for a year."""

import hashlib
from collections.abc import Callable, Hashable, Iterator, MutableMapping
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup

from banyan.domain.county_values import tel
from banyan.portal import i18n
from banyan.words.kept import Kept
from grading.questions import script

HERE = Path(__file__).parent
STATIC = HERE / "static"
PORTAL = "/services/portal"


def translating(say: Callable[[str], str]) -> type[Extension]:
    """Return what puts a message without parameters, `_("…")`, into a template as it is read: it is then text like any other."""

    class Translating(Extension):
        def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
            for token in stream:
                if token.test("name:_") and stream.current.type == "lparen":
                    brace = next(stream)
                    message = next(stream)
                    if message.type == "string" and stream.current.type == "rparen":
                        next(stream)
                        yield Token(message.lineno, "string", say(message.value))
                    else:
                        yield from (token, brace, message)
                else:
                    yield token

    return Translating


class Sheets(Environment):
    """The templates of one language. They share one set of globals, so no map of several is looked through for each word."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> dict[str, Any]:
        return {**self.globals, **(d or {})}


class Shelf:
    """All templates, in all languages."""

    def __init__(self, static: Path = STATIC) -> None:
        self.static = static
        self.part = lru_cache(maxsize=2048)(self._part)
        self.digests: dict[str, str] = {}

    @cached_property
    def environments(self) -> dict[str, Sheets]:
        return {code: self._environment(code) for code in i18n.LANGUAGES}

    def render(self, name: str, language: str, **values: Any) -> str:
        return self.environments[language].get_template(name).render(**values)

    def _part(self, name: str, language: str, **values: Hashable) -> Markup:
        return Markup(self.render(name, language, **values))  # noqa: S704 - the template escapes what it is given

    def asset(self, name: str) -> str:
        """Return the address of a built file; its digest changes when it does."""
        if name not in self.digests:
            path = self.static / name
            content = script.joined(path) if name == script.NAME else path.read_bytes() if path.is_file() else b""
            self.digests[name] = hashlib.sha256(content).hexdigest()[:12] if content else "0"
        return f"{PORTAL}/static/{name}?v={self.digests[name]}"

    def _environment(self, code: str) -> Sheets:
        made = Sheets(
            loader=FileSystemLoader(HERE / "templates"),
            auto_reload=False,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        words = i18n.language(code)
        made.add_extension(translating(words.say))
        made.globals.update(_=words.say, _n=words.count, asset=self.asset, portal=PORTAL)
        made.globals.update(language=code, languages=i18n.LANGUAGES)
        made.globals.update(text_language=i18n.TRADITIONAL if code == i18n.TRADITIONAL else i18n.CHINESE)
        made.filters.update(day=words.day, short_day=words.short_day, moment=words.moment, clock=words.clock)
        made.filters.update(words=words.text, written=words.written, tel=tel, date=date.fromisoformat)
        made.filters.update(told=lambda kept: Kept.read(kept).said(words))
        return made
