"""A branching dialogue in a lesson: one reads, says something, sees what comes of it, and may go back and try another way.

Everything is in the state the page arrives with: it works without a kernel, nothing is sent and nothing is kept.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from banyan.errors import NotFoundError, TryLaterError
from widgets.script import script

HERE = Path(__file__).parent
TABLE = "dialogues.json"
WORDS = {
    "note": "练习，怎么选都不会报给任何人。",
    "you": "您",
    "ask": "您怎么说？",
    "tried": "试过",
    "back": "退回一步",
    "other": "换一种说法试试",
    "again": "从头再来",
    "take": "带走这几句",
    "goes": "接第{n}幕",
    "scene": "第{n}幕",
    "ends": "到此结束",
}
"""What the script says of itself; the page may translate it (banyan/lessons/widget_words.py)."""


class TalkWidget(anywidget.AnyWidget):
    _esm = HERE / "dialogue.js"
    _css = HERE / "dialogue.css"
    script = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict(WORDS).tag(sync=True)


def talk(what: str | Mapping[str, Any]) -> TalkWidget:
    """Return a dialogue: by name, that of dialogues/<name>.yaml; else the one its data say (widgets/script.py)."""
    return TalkWidget(script=script(_named(what, Path(TABLE)) if isinstance(what, str) else what))


def _named(name: str, path: Path) -> Any:
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TryLaterError("对话没有随这一课放好（{file}），请重新生成课程", file=path.name) from error
    if name not in known:
        raise NotFoundError("这门课的 dialogues 里没有“{name}”这段对话，请检查名字", name=name)
    return known[name]
