"""The paragraph that first cites a fact has a name; a page of any age gets it."""

import pytest

from banyan.courseware.release import StepOutline
from banyan.lessons.anchors import anchored

STEP = StepOutline(name="call", title="打电话", facts=("F1", "F2", "F3"))


def note(*codes: str) -> str:
    links = " ".join(f'<a href="#fact-{each}" title="出处1">1</a>' for each in codes)
    return f'<sup class="fact">{links}</sup>'


@pytest.mark.parametrize(
    ("html", "named"),
    [
        pytest.param(f"<p>先打{note('F1')}。</p>", f'<p id="call.F1">先打{note("F1")}。</p>', id="a paragraph"),
        pytest.param(
            f"<p>先打{note('F1', 'F2')}。</p>",
            f'<p id="call.F1"><span class="spot" id="call.F2"></span>先打{note("F1", "F2")}。</p>',
            id="two facts in one",
        ),
        pytest.param(
            f"<ul><li>甲</li><li>乙{note('F3')}</li></ul>",
            f'<ul><li>甲</li><li id="call.F3">乙{note("F3")}</li></ul>',
            id="a line of a list",
        ),
        pytest.param(
            f'<p id="own">先打{note("F1")}。</p>',
            f'<p id="own"><span class="spot" id="call.F1"></span>先打{note("F1")}。</p>',
            id="one that has a name",
        ),
        pytest.param(
            f"<p>一{note('F1')}</p><p>二{note('F1')}</p>",
            f'<p id="call.F1">一{note("F1")}</p><p>二{note("F1")}</p>',
            id="the first",
        ),
        pytest.param(f"<p>一{note('F9')}</p>", f"<p>一{note('F9')}</p>", id="one the release does not know to be cited here"),
        pytest.param("<p>一</p>", "<p>一</p>", id="nothing cited"),
    ],
)
def test_a_paragraph_is_named_by_what_it_cites(html: str, named: str) -> None:
    assert anchored(html, STEP, set()) == named


def test_in_a_step_of_several_stretches_a_fact_has_one_place() -> None:
    seen: set[str] = set()
    assert "id=" in anchored(f"<p>{note('F1')}</p>", STEP, seen)
    assert "id=" not in anchored(f"<p>{note('F1')}</p>", STEP, seen)


def test_a_release_from_before_facts_were_kept_leads_to_the_step() -> None:
    old = StepOutline(name="call", title="打电话")
    assert anchored(f"<p>{note('F1')}</p>", old, set()) == f"<p>{note('F1')}</p>"
    assert old.place_of("F1") == "call"
    assert old.place_of(None) == "call"
