"""A question as HTML, in one way for lessons and exams: accessible without a script where its type allows it.

Only what `public()` returned comes in, so nothing of the key can go out. Stems are Markdown without HTML, links and
pictures; options are plain text. `gettext` translates the few words of the interface; a question's own words stay as written.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from jinja2 import ChoiceLoader, Environment, FunctionLoader, PackageLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from grading.questions import DRILLS, REGISTRY
from grading.questions.item import Say, untranslated

MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(
    ["html_block", "html_inline", "link", "image", "autolink", "reference", "heading", "lheading"]
)


Picture = Callable[[str], str]
"""From the name of a file in the course's figures/ to the address its picture is found at."""


def no_picture(_name: str) -> str:
    return "data:,"


def html(
    public: Mapping[str, Any],
    name_prefix: str = "",
    locale: str = "zh-Hans",
    gettext: Say = untranslated,
    picture: Picture = no_picture,
) -> Markup:
    """Return the HTML of a question's public view; `name_prefix` keeps names and ids apart on a page with several.

    `locale` is the language around the question: where it is not Chinese, the question says that it is.
    """
    first, rest = stem(public.get("stem", public.get("title", "")))
    words = {"q": public, "prefix": name_prefix, "stem_html": first, "more_html": rest, "_": gettext, "picture": picture}
    lang = Markup("") if locale.lower().startswith("zh") else Markup(' lang="zh-Hans"')
    return Markup(_templates().get_template(f"{public['type']}.html").render(**words, lang=lang, drill=public["type"] in DRILLS))  # noqa: S704


def stem(text: str) -> tuple[Markup, Markup]:
    """Return the first paragraph, fit to stand in a legend, and what follows it."""
    tokens = MARKDOWN.parse(text)
    if [each.type for each in tokens[:3]] != ["paragraph_open", "inline", "paragraph_close"]:
        return Markup(), Markup(MARKDOWN.renderer.render(tokens, MARKDOWN.options, {}))  # noqa: S704
    first = MARKDOWN.renderInline(tokens[1].content)
    return Markup(first), Markup(MARKDOWN.renderer.render(tokens[3:], MARKDOWN.options, {}))  # noqa: S704


@cache
def _templates() -> Environment:
    loader = ChoiceLoader([PackageLoader("grading.questions", "templates"), FunctionLoader(_brought)])
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _brought(name: str) -> str | None:
    """Return the template that a type of another package brings in its own file."""
    return getattr(REGISTRY.get(name.removesuffix(".html")), "template", None)
