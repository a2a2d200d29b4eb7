"""In a person's JupyterLab: one link that fetches a task, if it is not there yet, and opens it.

`/banyan/task/<course>/<task>`, which the portal's page of a task leads to. What somebody has written is never written over.
"""

from asyncio import to_thread
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import tornado.web
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join

from banyan.errors import BanyanError
from grading.exchange.base import unfolded
from grading.exchange.wire import Portal

NAME = r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}"
PAGE = """<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>没有打开作业</title><body style="font:17px/1.7 sans-serif;max-width:34em;margin:3em auto;padding:0 1em">
<h1 style="font-size:1.3em">没有打开作业</h1><p>{sentence}</p><p><a href="{back}">回到作业页</a></p></body></html>"""


class OpenTask(JupyterHandler):
    """Fetches and opens; asked twice it fetches only what is missing."""

    auth_resource = "contents"

    @tornado.web.authenticated
    async def get(self, course: str, task: str) -> None:
        try:
            await self._fetch(course, task)
        except (BanyanError, OSError) as fault:
            self.set_status(503)
            back = f"/services/portal/courses/{quote(course)}/tasks/{quote(task)}"
            self.finish(PAGE.format(sentence=escape(str(fault)), back=back))
            return
        self.redirect(url_path_join(self.base_url, "lab", "tree", quote(course), quote(task), f"{quote(task)}.ipynb"))

    async def _fetch(self, course: str, task: str) -> None:
        data = await to_thread(Portal.here().folder, "courses", course, "tasks", task, "folder")
        unfolded(data, Path(self.settings["server_root_dir"]).expanduser() / course / task)


def _load_jupyter_server_extension(app: Any) -> None:
    place = url_path_join(app.web_app.settings["base_url"], rf"/banyan/task/({NAME})/({NAME})")
    app.web_app.add_handlers(".*$", [(place, OpenTask)])
