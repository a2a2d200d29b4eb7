"""In which language and size the hub's own pages speak: a Jinja extension, since the hub offers templates no request.

Templates write Chinese, `{{ _("登录") }}`; English comes from the same catalogues as the portal's. The one thing of the
handler a hub template can reach is `static_url`, a method bound to it; from there the request's cookies are read.
"""

import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from jinja2 import Environment, pass_context
from jinja2.ext import Extension
from jinja2.runtime import Context
from tornado.httputil import HTTPServerRequest

import banyan

LANGUAGE, SIZE = "banyan-lang", "banyan-size"  # cookies, shared with the portal
CHINESE, ENGLISH = "zh-Hans", "en"
LANGUAGES = (CHINESE, ENGLISH)
SIZES = ("normal", "elder")
CATALOGUES = Path(banyan.__file__).parent / "locale" / "en" / "LC_MESSAGES"


def language_of(request: HTTPServerRequest) -> str:
    return _chosen(request, LANGUAGE, LANGUAGES)


def size_of(request: HTTPServerRequest) -> str:
    return _chosen(request, SIZE, SIZES)


def say(language: str, message: str, params: Mapping[str, Any]) -> str:
    """Return a Chinese message in a language, its parameters filled in."""
    words = _english().get(message) or message if language == ENGLISH else message
    return words.format(**params) if params else words


class HubLanguage(Extension):
    """Gives templates `_()`, `language()`, `size()` and `here()`."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.globals.update(_=_say, language=_language, size=_size, here=_here)


def _request(context: Context) -> HTTPServerRequest:
    request: HTTPServerRequest = context["static_url"].__self__.request
    return request


@pass_context
def _say(context: Context, message: str, **params: Any) -> str:
    return say(language_of(_request(context)), message, params)


@pass_context
def _language(context: Context) -> str:
    return language_of(_request(context))


@pass_context
def _size(context: Context) -> str:
    return size_of(_request(context))


@pass_context
def _here(context: Context) -> str:
    """Return the page to come back to after a change of language; a form that was sent has none."""
    request = _request(context)
    return request.uri or "/" if request.method == "GET" else request.path


def _chosen(request: HTTPServerRequest, cookie: str, choices: tuple[str, ...]) -> str:
    kept = request.cookies.get(cookie)
    return kept.value if kept and kept.value in choices else choices[0]


@cache
def _english() -> dict[str, str]:
    read = [read_po(io.BytesIO(path.read_bytes())) for path in sorted(CATALOGUES.glob("*.po"))]
    return {str(message.id): str(message.string) for each in read for message in each if message.id and message.string}
