"""A server's terminal: commands typed and read, kept as they stood there, and drawn as a picture for the guide.

With BANYAN_PICTURES set to a folder, `look` keeps a picture; a test's own folders stand in it by the names the guide has
for them. Nothing else of what was said is changed.
"""

import html
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Page

from tests.house import ROOT

PICTURES = os.environ.get("BANYAN_PICTURES")
SHEET = """<!doctype html><meta charset="utf-8"><style>
body { margin: 0; background: #fff; }
pre { box-sizing: border-box; width: 1160px; margin: 0; padding: 24px 28px; background: #17231f; color: #e9efe9;
  white-space: pre-wrap; overflow-wrap: anywhere;
  font: 19px/1.65 "DejaVu Sans Mono", "Noto Sans Mono CJK SC", "Noto Sans CJK SC", monospace; }
b { color: #9fd8bd; font-weight: 400; }
</style><pre>"""


class Terminal:
    """`named` gives folders of the test the names they have in the guide."""

    def __init__(self, named: Mapping[Path, str]) -> None:
        self.named = named
        self.lines: list[tuple[str, str]] = []  # what was typed, what was said

    def types(self, *words: object, answers: str = "", ends: int = 0) -> str:
        """Run `banyan …`, answer its one question, and return what it says; it must end as foreseen."""
        command = [sys.executable, "-m", "banyan.cli", *map(str, words)]
        done = subprocess.run(
            command, cwd=ROOT, input=answers + "\n", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120
        )
        assert done.returncode == ends, done.stdout
        said = done.stdout.replace(": ", f": {answers}\n", 1) if answers else done.stdout
        self.lines.append((" ".join(("banyan", *map(str, words))), said))
        return done.stdout

    def look(self, page: Page, title: str) -> None:
        """Keep a picture of what was typed since the last one."""
        lines = [(html.escape(self._named(typed)), html.escape(self._named(said))) for typed, said in self.lines]
        shown = "\n".join(f"<b>$ {typed}</b>\n{said}" for typed, said in lines)
        self.lines = []
        if PICTURES:
            page.set_content(f"{SHEET}{shown}</pre>")
            page.locator("pre").screenshot(path=Path(PICTURES) / f"{title}.png")

    def _named(self, text: str) -> str:
        for folder, name in self.named.items():
            text = text.replace(str(folder), name)
        return text


def keep_picture(page: Page, title: str) -> None:
    """Keep what a browser shows without scrolling."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{title}.png")
