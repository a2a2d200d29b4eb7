"""A lesson is run once: what its cells show, where one failed, what its widgets are."""

from pathlib import Path

import pytest

from banyan.errors import TryLaterError
from tests.lessons.snapshots.talking import outcome_of, write

pytestmark = pytest.mark.timeout(240)


def test_running_a_lesson_tells_what_each_cell_shows(notebook: Path) -> None:
    outcome = outcome_of(notebook)
    assert outcome.outputs[0] == [{"output_type": "stream", "name": "stdout", "text": "ready 榕\n"}]
    shown = outcome.outputs[1][0]["data"]["application/vnd.jupyter.widget-view+json"]["model_id"]
    assert outcome.state["state"][shown]["model_name"] == "VBoxModel"
    assert outcome.outputs[3][0]["text"] == "after\n"


def test_a_cell_that_raises_is_told_with_its_line_and_the_rest_goes_on(notebook: Path) -> None:
    faults = outcome_of(notebook).faults
    assert list(faults) == [2]
    assert (faults[2].name, faults[2].line) == ("ZeroDivisionError", 1)


@pytest.mark.parametrize(
    ("cell", "name", "line"),
    [
        ("x = (", "SyntaxError", 1),
        ("a = 1\ndef f():\n    return a / 0\nf()", "ZeroDivisionError", 3),
        ("import json\n\njson.loads('{')", "JSONDecodeError", 3),
        ("x = 1\nraise SystemExit(3)", "SystemExit", 2),
    ],
)
def test_a_fault_has_the_line_it_came_from(cell: str, name: str, line: int, folder: Path) -> None:
    fault = outcome_of(write(folder / "wrong.ipynb", cell)).faults[0]
    assert (fault.name, fault.line) == (name, line)


CAUGHT = """
import ipywidgets as w
from IPython.display import HTML, clear_output, display
out = w.Output()
with out:
    print("one"); print("two")
    display(HTML("<b>three</b>"))
print("outside")
---
seen = w.Output()
with seen:
    print("gone"); clear_output(); print("stays"); clear_output(wait=True)
---
def double(x):
    print("x is", x)
    return x * 2
w.interact(double, x=w.IntSlider(value=3, max=9))
---
lost = w.Output()
with lost:
    1 / 0
"""


def test_what_an_output_catches_is_in_it_from_the_start(folder: Path) -> None:
    outcome = outcome_of(write(folder / "caught.ipynb", CAUGHT))
    caught = [each["state"].get("outputs", []) for each in outcome.state["state"].values() if each["model_name"] == "OutputModel"]
    texts = [[each.get("text") or each["data"].get("text/html") or each["data"]["text/plain"] for each in one] for one in caught]
    assert texts == [["one\ntwo\n", "<b>three</b>"], ["stays\n"], ["x is 3\n", "6"], []]
    assert [each["text"] for each in outcome.outputs[0]] == ["outside\n"]
    assert (outcome.faults[3].name, outcome.faults[3].line) == ("ZeroDivisionError", 3)


def test_widgets_have_the_same_names_in_every_run(notebook: Path) -> None:
    assert list(outcome_of(notebook).state["state"]) == list(outcome_of(notebook).state["state"])


def test_a_lesson_that_kills_its_process_is_said_not_to_open(folder: Path) -> None:
    with pytest.raises(TryLaterError):
        outcome_of(write(folder / "dead.ipynb", "import os\nos._exit(1)"))


def test_a_cell_that_prints_without_end_fills_nothing(folder: Path) -> None:
    lots = write(folder / "lots.ipynb", "for _ in range(20_000):\n    print('x' * 1000)\nprint('end')")
    outputs = outcome_of(lots).outputs[0]
    assert [len(each["text"]) for each in outputs] == [100_000]
