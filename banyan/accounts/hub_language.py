"""In which language and size the hub's own pages speak: a Jinja extension, since the hub offers templates no request.

Templates write Chinese, `{{ _("登录") }}`; the languages are those of the portal (banyan.words). The one thing of the
handler a hub template can reach is `static_url`, a method bound to it; from there the request's cookies are read.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, pass_context
from jinja2.ext import Extension
from jinja2.runtime import Context
from tornado.httputil import HTTPServerRequest
from tornado.web import RequestHandler

from banyan.words.choice import LANGUAGE, SIZE, YEAR, chosen_language, chosen_size
from banyan.words.language import LANGUAGES, Language, language

ENTER = "/hub/enter"


def speech_of(request: HTTPServerRequest) -> Language:
    """Return the language a request is answered in."""
    return language(chosen_language(None, _kept(request, LANGUAGE), request.headers.get("Accept-Language")))


def size_of(request: HTTPServerRequest) -> str:
    return chosen_size(None, _kept(request, SIZE))


def give(handler: RequestHandler, cookies: Mapping[str, str]) -> None:
    """Let a browser keep how somebody reads, for the whole house."""
    for cookie, value in cookies.items():
        handler.set_cookie(cookie, value, path="/", max_age=YEAR, samesite="lax")


class HubLanguage(Extension):
    """Gives templates `_()`, `language()`, `languages`, `size()` and `choice()`."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.globals.update(_=_say, language=_language, languages=LANGUAGES, size=_size, choice=_choice)


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
def _choice(context: Context, **asked: str) -> str:
    """Return the address that keeps a choice of language or size and comes back here; a form that was sent has no address.

    A slip's page keeps it by itself: its code must not travel inside another address, which the hub would log.
    """
    request = _request(context)
    if request.path == ENTER:
        code = request.arguments.get("code", [b""])[-1].decode(errors="replace")
        return f"{ENTER}?{urlencode({'code': code, **asked})}"
    back = request.uri or "/" if request.method == "GET" else request.path
    named = {"language" if name == "lang" else name: value for name, value in asked.items()}
    return "/hub/preference?" + urlencode({**named, "next": back})


def _kept(request: HTTPServerRequest, cookie: str) -> str | None:
    kept = request.cookies.get(cookie)
    return kept.value if kept else None
