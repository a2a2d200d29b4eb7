"""A widget in a page without a kernel: its script in the browser, its Python here, joined as a comm would join them."""

import json
from pathlib import Path
from typing import Any

import anywidget
from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
QUESTIONS = ROOT / "banyan/portal/assets/questions.js"
JOIN = """
async ([script, state]) => {
  const url = URL.createObjectURL(new Blob([script], {type: "text/javascript"}));
  const widget = (await import(url)).default;
  const heard = {};
  const model = {
    get: (name) => state[name],
    set: (name, value) => { state[name] = value; },
    on: (event, call) => { heard[event] = call; },
    off: (event) => { delete heard[event]; },
    save_changes: () => window.kernel(JSON.stringify(state)).then((fresh) => {
      Object.assign(state, JSON.parse(fresh));
      Object.keys(heard).forEach((event) => heard[event]());
    }),
  };
  const el = document.querySelector("main");
  window.heard = [];
  document.addEventListener("banyan:practice", (event) => {
    window.heard.push([event.detail.question, event.detail.value]);
    if (window.reply) event.detail.reply = Promise.resolve(window.reply);
  });
  window.leave = widget.render({model, el});
}
"""


def open_widget(page: Page, widget: anywidget.AnyWidget, *, questions: bool = True) -> list[dict[str, Any]]:
    """Show a widget on an otherwise empty page; returns the list of states its script sends, filled as they come."""
    sent: list[dict[str, Any]] = []
    set_by_hand = list(getattr(widget, "settings", ()))

    def kernel(state: str) -> str:
        sent.append(json.loads(state))
        for name in set_by_hand:
            setattr(widget, name, sent[-1][name])
        return json.dumps({name: getattr(widget, name) for name in (*set_by_hand, "view")})

    page.expose_function("kernel", kernel)
    page.set_content(f'<!doctype html><html lang="zh-Hans"><title>课文</title><style>{widget._css}</style><main></main></html>')
    if questions:
        page.add_script_tag(path=str(QUESTIONS))
    state = {name: getattr(widget, name) for name in widget.keys if not name.startswith("_") and name != "layout"}
    page.evaluate(JOIN, [str(widget._esm), state])
    return sent
