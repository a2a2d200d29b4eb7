"""A practice question in a lesson: its HTML and its table of answers, read from practice.json beside the notebook.

Nothing here knows who answers or keeps what was answered. The script tells the page by the event `banyan:practice`
(bubbling; detail.question, detail.value); the page may set detail.reply to a promise of {right, text}, which is shown
where the build could not list the answers. What counts is scored on the server.
"""

import json
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from banyan.errors import NotFoundError, TryLaterError

HERE = Path(__file__).parent
TABLE = "practice.json"
ELSEWHERE = "这里只能看题，请在课文页面里作答。"


class Ask(anywidget.AnyWidget):
    _esm = HERE / "practice.js"
    _css = HERE / "practice.css"
    question = traitlets.Unicode().tag(sync=True)
    html = traitlets.Unicode().tag(sync=True)
    answers = traitlets.Dict(allow_none=True).tag(sync=True)
    elsewhere = traitlets.Unicode(ELSEWHERE).tag(sync=True)


def ask(question: str) -> Ask:
    """Return the practice question of this name; `answers` is None where they cannot be listed."""
    entry = _table(Path(TABLE)).get(question)
    if entry is None:
        raise NotFoundError("这一课的练习里没有“{name}”这道题，请检查题名", name=question)
    return Ask(question=question, html=entry["html"], answers=entry["answers"])


def _table(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise TryLaterError("练习题没有随这一课放好（{file}），请重新生成课程", file=path.name) from error
