"""In which language and size the hub's own pages speak: a Jinja extension, since the hub offers templates no request.

Templates write Chinese, `{{ _("登录") }}`; the languages are those of the portal (banyan.words). The one thing of the
handler a hub template can reach is `static_url`, a method bound to it; from there the request's cookies are read.
"""

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, pass_context
from jinja2.ext import Extension
from jinja2.runtime import Context
from tornado.httputil import HTTPServerRequest
from tornado.web import RequestHandler

from banyan.words.choice import LANGUAGE, SIZE, YEAR, chosen_language, chosen_size
from banyan.words.language import LANGUAGES, Language, language


def speech_of(request: HTTPServerRequest) -> Language:
    """Return the language a request is answered in."""
    return language(chosen_language(None, _kept(request, LANGUAGE), request.headers.get("Accept-Language")))


def size_of(request: HTTPServerRequest) -> str:
    return chosen_size(None, _kept(request, SIZE))


def language_of(request: HTTPServerRequest) -> str:
    return speech_of(request).code


def say(code: str, message: str, params: Mapping[str, Any]) -> str:
    """Return a Chinese message in a language, its parameters filled in."""
    return language(code).say(message, **params)


def give(handler: RequestHandler, cookies: Mapping[str, str]) -> None:
    """Let a browser keep how somebody reads, for the whole house."""
    for cookie, value in cookies.items():
        handler.set_cookie(cookie, value, path="/", max_age=YEAR, samesite="lax")


class HubLanguage(Extension):
    """Gives templates `_()`, `language()`, `languages`, `size()` and `here()`."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.globals.update(_=_say, language=_language, languages=LANGUAGES, size=_size, here=_here)


def _request(context: Context) -> HTTPServerRequest:
    request: HTTPServerRequest = context["static_url"].__self__.request
    return request


@pass_context
def _say(context: Context, message: str, **params: Any) -> str:
    return speech_of(_request(context)).say(message, **params)


@pass_context
def _language(context: Context) -> str:
    return speech_of(_request(context)).code


@pass_context
def _size(context: Context) -> str:
    return size_of(_request(context))


@pass_context
def _here(context: Context) -> str:
    """Return the page to come back to after a change of language; a form that was sent has none."""
    request = _request(context)
    return request.uri or "/" if request.method == "GET" else request.path


def _kept(request: HTTPServerRequest, cookie: str) -> str | None:
    kept = request.cookies.get(cookie)
    return kept.value if kept else None
