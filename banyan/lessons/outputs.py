"""What a cell shows, as HTML: widgets get a place that the page's script fills, all else is there at once."""

from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

from banyan.lessons.widget_words import as_read
from banyan.words.language import Language

WIDGET = "application/vnd.jupyter.widget-view+json"
PICTURES = ("image/png", "image/jpeg")


def drawn(outputs: Iterable[Mapping[str, Any]], speech: Language) -> Markup:
    """Return a cell's outputs (nbformat's) as a reader of this language sees them; HTML is the author's own."""
    return Markup("\n").join(_drawn(as_read(each, speech)) for each in outputs)


def _drawn(output: Mapping[str, Any]) -> Markup:
    if output["output_type"] == "stream":
        return Markup('<pre class="printed">{}</pre>').format(_text(output["text"]))
    data = output["data"]
    if WIDGET in data:
        return Markup('<div class="output" data-model="{}"></div>').format(data[WIDGET]["model_id"])
    for kind in ("text/html", "image/svg+xml"):
        if kind in data:
            return Markup('<div class="output">{}</div>').format(Markup(_text(data[kind])))  # noqa: S704 - a course's
    for kind in PICTURES:
        if kind in data:
            said = _text(data.get("text/plain", ""))
            return Markup('<div class="output"><img src="data:{};base64,{}" alt="{}"></div>').format(
                kind, _text(data[kind]).strip(), said
            )
    return Markup('<pre class="printed">{}</pre>').format(_text(data.get("text/plain", "")))


def _text(text: Any) -> str:
    return text if isinstance(text, str) else "".join(text)
