"""Which files of Voilà's front end go out: a closed list of shapes, not a folder. Addresses carry versions and are kept."""

import re
from pathlib import Path
from typing import Any

import voila
from jupyter_core.paths import jupyter_path
from tornado.web import HTTPError, StaticFileHandler

EXTENSIONS = ("@voila-dashboards/widgets-manager8", "@jupyter-widgets/jupyterlab-manager", "anywidget")
"""What widgets need; with two of the three none appears. JupyterLab's others stay out."""

FILE = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.(js|css|woff2?|ttf|svg)")
VOILA = f"voila/{voila.__version__}/static"
YEAR = 365 * 24 * 3600


class FrontFile(StaticFileHandler):
    """One flat folder of code that is the same for everybody; maps, licences and folders are not served."""

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        if not FILE.fullmatch(Path(absolute_path).name) or Path(absolute_path).parent != Path(root):
            raise HTTPError(404)
        return super().validate_absolute_path(root, absolute_path)

    def set_extra_headers(self, path: str) -> None:
        self.set_header("Cache-Control", f"public, max-age={YEAR}, immutable")
        self.set_header("X-Content-Type-Options", "nosniff")


def front_handlers(base_url: str) -> list[Any]:
    """Return the routes of the front end: Voilà's own script and the three extensions."""
    found = [(VOILA, _folder("voila", "templates", "base", "static"))]
    for name in EXTENSIONS:
        own = "voila" if name.startswith("@voila") else ""
        found.append((f"voila/labextensions/{name}/static", _folder(own, "labextensions", *name.split("/"), "static")))
    return [(f"{base_url}{re.escape(url)}/([^/]+)", FrontFile, {"path": str(folder)}) for url, folder in found]


def _folder(*parts: str) -> Path:
    for root in jupyter_path():
        if (folder := Path(root, *parts)).is_dir():
            return folder
    raise FileNotFoundError(Path(*parts))
