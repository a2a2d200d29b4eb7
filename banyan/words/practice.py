"""A practice question as its reader gets it: the words around it in their language, its own as the course wrote them."""

from typing import Any

from banyan.words.language import ENGLISH, Language
from grading import questions
from grading.questions.item import Feedback, untranslated
from grading.questions.render import Picture, html, no_picture


def as_read(item: questions.Item, speech: Language, prefix: str = "practice-", picture: Picture = no_picture) -> dict[str, Any]:
    """Return {type, html, answers} for the page; `answers` is None where they cannot be listed."""
    shown = html(speech.written_all(questions.public(item)), prefix, speech.code, speech.say, picture)
    table = questions.tabulated(item, _around(speech))
    return {"type": item.type, "html": shown, "answers": speech.written_all(table)}


def scene(item: questions.Item, path: tuple[str, ...], speech: Language, picture: Picture = no_picture) -> str:
    """Return a question that is walked as its reader sees it after these choices."""
    kind = questions.stepped_type_of(item)
    assert kind is not None
    return html(speech.written_all(kind.public(item, None, path)), "practice-", speech.code, speech.say, picture)


def told(item: questions.Item, value: Any, speech: Language) -> Feedback:
    """Return what an answer teaches."""
    said = questions.type_of(item).feedback(item, value, _around(speech))
    return Feedback(said.right, speech.written(said.text))


def _around(speech: Language) -> Any:
    """Return who translates the words around: 繁體 is made of the whole afterwards, once."""
    return speech.say if speech.code == ENGLISH else untranslated
