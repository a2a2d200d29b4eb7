"""Asking the portal, with the standard library alone: a refusal comes back as the portal's own sentence."""

import json
import os
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from banyan.errors import BanyanError, HomeError, TryLaterError
from grading.bundle import HEAVIEST

SERVICE = "/services/portal"
PATIENCE = 60  # seconds
MOST_ANSWERED = 2 * HEAVIEST  # bytes
SILENT = "现在连不上培训平台，什么也没有交出去；请过一会儿再试"


class RefusedError(BanyanError):
    """The portal said no; the sentence is its own."""


@dataclass(frozen=True)
class Portal:
    """Where the portal answers, and the token a person's server was given by the hub."""

    url: str
    token: str

    @classmethod
    def here(cls) -> "Portal":
        """Return the portal of the house whose hub started this server, or raise HomeError outside of one."""
        url, token = os.environ.get("BANYAN_PORTAL_URL", ""), os.environ.get("JUPYTERHUB_API_TOKEN", "")
        if not url or not token:
            raise HomeError("这里不是从培训平台打开的 JupyterLab，不能领作业、交作业")
        return cls(url.rstrip("/"), token)

    def get(self, *path: str, **query: Any) -> Any:
        return json.loads(self._ask("GET", path, query, None))

    def folder(self, *path: str) -> bytes:
        return self._ask("GET", path, {}, None)

    def post(self, *path: str, data: bytes = b"", **query: Any) -> Any:
        return json.loads(self._ask("POST", path, query, data))

    def _ask(self, method: str, path: tuple[str, ...], query: Mapping[str, Any], data: bytes | None) -> bytes:
        address = f"{self.url}{SERVICE}/exchange/{'/'.join(quote(each, safe='') for each in path)}"
        told = {name: value for name, value in query.items() if value not in ("", None, False)}
        request = urllib.request.Request(f"{address}?{urlencode(told)}" if told else address, data, method=method)  # noqa: S310
        request.add_header("authorization", f"token {self.token}")
        request.add_header("accept", "application/json")
        request.add_header("content-type", "application/zip")
        try:
            with OPENER.open(request, timeout=PATIENCE) as reply:
                answer: bytes = reply.read(MOST_ANSWERED)
        except urllib.error.HTTPError as refusal:
            raise RefusedError("{sentence}", sentence=_sentence(refusal)) from None
        except OSError as fault:
            raise TryLaterError(SILENT) from fault
        return answer


class _Stay(urllib.request.HTTPRedirectHandler):
    """A portal that sends a program on is none of ours: the token goes nowhere else."""

    def redirect_request(self, *_args: Any, **_how: Any) -> None:
        return None


OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay)


def _sentence(refusal: urllib.error.HTTPError) -> str:
    try:
        return str(json.loads(refusal.read(100_000))["message"])
    except (ValueError, KeyError, TypeError, OSError):
        return f"{SILENT} (HTTP {refusal.code})"
