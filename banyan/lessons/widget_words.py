"""What widgets say of themselves, which a kernel says in Chinese: the page brings the translation.

A widget's script looks its words up in what `widget_words` gives the page; a chart that comes as plain HTML marks them
with `data-word`, and `in_words` fills them in.
"""

import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Any

from banyan.words.language import N_, Language

WORDS = (
    N_("少一点"),
    N_("多一点"),
    N_("用表格看"),
    N_("练习，怎么选都不会报给任何人。"),
    N_("您"),
    N_("您怎么说？"),
    N_("试过"),
    N_("退回一步"),
    N_("换一种说法试试"),
    N_("从头再来"),
    N_("带走这几句"),
    N_("第{n}幕"),
    N_("接第{n}幕"),
    N_("到此结束"),
)
MARKED = re.compile(r'(data-word="([^"]*)">)[^<]*')


def widget_words(speech: Language) -> dict[str, str]:
    return {each: speech.say(each) for each in WORDS}


def in_words(html: str, speech: Language) -> str:
    """Return a chart's HTML with what it says of itself in the reader's language."""
    return MARKED.sub(lambda found: found[1] + escape(speech.say(unescape(found[2]))), html)


def as_read(output: Mapping[str, Any], speech: Language) -> Any:
    """Return a cell's output as a reader of this language reads it."""
    data = output.get("data", {})
    if "text/html" in data:
        html = "".join(data["text/html"])  # a notebook may keep it by lines
        output = {**output, "data": {**data, "text/html": in_words(html, speech)}}
    return speech.written_all(output)


def in_words_all(value: Any, speech: Language) -> Any:
    """Return widgets' state with the charts in it in the reader's words."""
    if isinstance(value, str):
        return in_words(value, speech) if 'data-word="' in value else value
    if isinstance(value, Mapping):
        return {name: in_words_all(each, speech) for name, each in value.items()}
    return [in_words_all(each, speech) for each in value] if isinstance(value, list) else value
