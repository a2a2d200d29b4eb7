"""A question type of another package, read in a shape of its own: stars to be tapped, with a script beside the module."""

from pathlib import Path

STARS = '''
"""So many stars: one row of buttons, none of which is a field that a page knows."""
from typing import Annotated, Literal

from banyan.errors import InvalidAnswerError
from grading.questions import answer
from grading.questions.item import BLANK, Credit, Feedback, Item as BaseItem, Score, untranslated
from pydantic import Field

name = "stars"
brief = True
drill = by_hand = stepped = False
credit = Credit.WHOLE
script = "stars_question.js"
template = """{% extends "_question.html" %}{% set reads = "stars" %}
{% block body %}<fieldset><legend{{ lang }}>{{ stem_html }}</legend>
{% for n in (1, 2, 3) %}<button type="button" data-star="{{ n }}" aria-pressed="false">{{ n }}★</button>{% endfor %}
</fieldset>{% endblock %}"""


class Item(BaseItem):
    type: Literal["stars"] = "stars"
    key: Annotated[int, Field(ge=1, le=3)]
    feedback: dict[str, str] = {}


def public(item, order=None):
    return {"id": item.id, "type": name, "stem": item.stem}


def parse(item, raw):
    return None if answer.is_blank(raw) else answer.one_of(raw, ["1", "2", "3"])


def key(item):
    return str(item.key)


def score(item, value):
    return BLANK if value is None else Score(float(value == key(item)))


def feedback(item, value, say=untranslated):
    right = value == key(item)
    return Feedback(right, item.feedback.get("right" if right else "wrong", ""))


def spelled(item, value):
    return [value + "★"]


def answers(item):
    return ["1", "2", "3"]
'''
SCRIPT = """
function show(el, value) {
  el.querySelectorAll("[data-star]").forEach(function (star) {
    star.setAttribute("aria-pressed", String(star.getAttribute("data-star") === value));
  });
}
BanyanQuestions.shape("stars", {
  read: function (el) {
    var star = el.querySelector("[data-star][aria-pressed=true]");
    return star ? star.getAttribute("data-star") : null;
  },
  write: show,
  enhance: function (el) {
    el.addEventListener("click", function (event) {
      var star = event.target.closest("[data-star]");
      if (!star) return;
      show(el, star.getAttribute("data-star"));
      BanyanQuestions.tell(el);
    });
  }
});
"""


def install(folder: Path) -> Path:
    """Put the package where Python finds it, as an installer would."""
    (folder / "stars_question.py").write_text(STARS, encoding="utf-8")
    (folder / "stars_question.js").write_text(SCRIPT, encoding="utf-8")
    about = folder / "stars_question-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: stars-question\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[banyan.question_types]\nstars = stars_question\n")
    return folder
