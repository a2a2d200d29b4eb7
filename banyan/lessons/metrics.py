"""How the service is doing, for whoever looks after it: Prometheus asks with the token that lies in the home."""

import hmac
import secrets
from pathlib import Path

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from tornado.web import HTTPError, RequestHandler

from banyan.keys import write
from banyan.lessons.figures import FIGURES

TOKEN = "metrics.token"  # noqa: S105 - a file's name


class Metrics(RequestHandler):
    """Figures about kernels, nothing about people."""

    def get(self) -> None:
        told = self.request.headers.get("Authorization", "")
        if not hmac.compare_digest(told.encode(), f"Bearer {self.settings['metrics_token']}".encode()):
            raise HTTPError(403)
        self.set_header("Content-Type", CONTENT_TYPE_LATEST)
        self.finish(generate_latest(FIGURES))


def draw_token(run: Path) -> str:
    """Return the token of this home; Prometheus reads it as `credentials_file`."""
    path = run / TOKEN
    if not path.exists():
        write(path, secrets.token_hex(32))
    return path.read_text(encoding="ascii").strip()
