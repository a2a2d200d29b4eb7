"""The laws, on every question that is shipped, and on a type that came from elsewhere."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from grading import questions
from tests.courseware.sample import write
from tests.every_type import practice
from tests.grading.questions import laws

HOUSE = Path(__file__).parents[3]
TYPE = '''
"""A number of taps: the nearer, the better."""
from typing import Annotated, Literal

from banyan.errors import InvalidAnswerError
from grading.questions import answer
from grading.questions.item import BLANK, Credit, Feedback, Item as BaseItem, Score, untranslated
from pydantic import Field

name = "taps"
brief = True
drill = by_hand = stepped = False
credit = Credit.OWN
template = """{% extends "_question.html" %}{% set reads = "text" %}
{% block body %}<fieldset><legend{{ lang }}>{{ stem_html }}</legend>
<label for="{{ base }}">0–10</label><input type="text" id="{{ base }}"></fieldset>{% endblock %}"""


class Item(BaseItem):
    type: Literal["taps"] = "taps"
    key: Annotated[int, Field(ge=0, le=10)]
    feedback: dict[str, str] = {}


def public(item, order=None):
    return {"id": item.id, "type": name, "stem": item.stem}


def parse(item, raw):
    return None if answer.is_blank(raw) else answer.one_of(raw, [str(each) for each in range(11)])


def key(item):
    return str(item.key)


def score(item, value):
    return BLANK if value is None else Score(1 - abs(int(value) - item.key) / 10)


def feedback(item, value, say=untranslated):
    return Feedback(value == key(item), "")


def spelled(item, value):
    return [value]


def answers(item):
    return map(str, range(11))
'''
WALK = """
import json, sys
from datetime import datetime, timezone
from pathlib import Path
from banyan.courseware.build import build_course, digest_of
from grading import questions
from grading.bridge.cell import earned
from tests.grading.questions import laws

root = Path(sys.argv[1])
now = datetime.now(timezone.utc)
release = build_course(root / "courses", "x-1", root / "content", root / "releases", now)
item = release.exam.items["tapped"]
print(json.dumps({
    "read": laws.check(item),
    "drawn": [each.name for each in release.exam.seats],
    "practice": json.loads((root / "releases/x-1/1/lessons/practice.json").read_text())["try-taps"],
    "half": earned({"form": {"slots": [{"name": "s01", "question": "tapped", "points": 20}]}, "answers": {"s01": "3"}},
                   str(release.exam_path), "s01"),
    "digest": release.digest,
}))
"""


def shipped() -> list[tuple[str, dict[str, object]]]:
    files = [*HOUSE.glob("courses/*/questions/*/*.yaml"), *HOUSE.glob("content/examples/*/questions/*/*.yaml")]
    return [each for file in sorted(files) for each in yaml.safe_load(file.read_text(encoding="utf-8")).items()]


@pytest.mark.parametrize(("name", "data"), [pytest.param(*each, id=each[0]) for each in shipped()])
def test_every_shipped_question_keeps_the_laws(name: str, data: dict[str, object]) -> None:
    item = questions.load({"id": name, **data})
    assert laws.check(item, floods=name in practice()) or questions.type_of(item).by_hand, "some made-up answer is one"


def test_the_examples_ask_every_type_of_ours_so_that_each_is_held_to_the_laws() -> None:
    asked = {each["type"] for each in practice().values()}
    assert asked == {each.name for each in questions.OURS} - {"case"}, "a case has a file of its own, and laws in test_laws.py"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A package that somebody installed: one file, and an entry point."""
    (tmp_path / "taps_question.py").write_text(TYPE, encoding="utf-8")
    about = tmp_path / "taps_question-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: taps-question\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[banyan.question_types]\ntaps = taps_question\n")
    return tmp_path


def python(elsewhere: Path, *command: str) -> subprocess.CompletedProcess[str]:
    told = {**os.environ, "PYTHONPATH": f"{elsewhere}:{HOUSE}"}
    return subprocess.run([sys.executable, *command], env=told, cwd=HOUSE, capture_output=True, text=True, check=False)


def test_a_type_of_another_package_is_built_shown_drawn_scored_and_held_to_the_laws(elsewhere: Path, sample: Path) -> None:
    done = python(elsewhere, "-c", WALK, str(sample))
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["read"] >= 11
    assert said["half"] == 16.0
    assert said["practice"]["type"] == "taps"
    assert "0–10" in said["practice"]["html"]
    assert said["practice"]["answers"]['"5"']["right"] is True
    with (elsewhere / "taps_question.py").open("a", encoding="utf-8") as file:
        file.write("# mended\n")
    again = json.loads(python(elsewhere, "-c", WALK, str(sample)).stdout)
    assert again["digest"] != said["digest"], "another version of the type makes another release"


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """The small whole course, with the new type in both pools."""
    course = write(tmp_path / "house")
    asked = "  type: taps\n  stem: {}几下？\n  key: 5\n  indicators: [C5.2.a]\n  own: skill\n"
    course.add("questions/exam/report.yaml", "tapped:\n" + asked.format("考。"))
    course.add("questions/practice/first.yaml", "try-taps:\n" + asked.format("练。") + "  feedback: {right: 对, wrong: 错}\n")
    course.change("exam.yaml", "{indicator: C5.2.a, points: 20}", "{question: tapped, points: 20}")
    return course.root


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param('reads = "text"', 'reads = "dial"', 'reads answers as "dial", which no page can', id="no such shape"),
        pytest.param('name = "taps"', 'name = "taps"\nscript = "taps.js"', "is not there: taps.js", id="no such script"),
    ],
)
def test_a_type_that_no_page_could_read_is_refused_at_the_start(elsewhere: Path, old: str, new: str, said: str) -> None:
    (elsewhere / "taps_question.py").write_text(TYPE.replace(old, new), encoding="utf-8")
    done = python(elsewhere, "-c", "import grading.questions")
    assert done.returncode != 0
    assert said in done.stderr


SERVED = """
from fastapi import FastAPI
from fastapi.testclient import TestClient
from banyan.portal.built import Static
from banyan.portal.templating import STATIC, Shelf
from banyan.lessons.page import asset

app = FastAPI()
app.mount("/services/portal/static", Static(directory=STATIC, check_dir=False))
reply = TestClient(app).get(Shelf().asset("questions.js"))
assert Shelf().asset("questions.js") == asset("questions.js")
print(asset("questions.js"), reply.headers["cache-control"], reply.headers["content-type"], reply.text.endswith("})();\\n"))
print(reply.text[-120:])
"""


def test_the_portal_serves_a_types_own_script_behind_ours_under_an_address_of_its_own(elsewhere: Path) -> None:
    plain = python(elsewhere, "-c", SERVED).stdout
    mended = TYPE.replace('reads = "text"', 'reads = "dial"').replace('name = "taps"', 'name = "taps"\nscript = "var dial = 1;"')
    (elsewhere / "taps_question.py").write_text(mended, encoding="utf-8")
    done = python(elsewhere, "-c", SERVED)
    assert done.returncode == 0, done.stderr
    assert "var dial = 1;" in done.stdout
    assert "max-age=31536000, immutable text/javascript" in done.stdout
    assert plain.split()[0] != done.stdout.split()[0]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        pytest.param("single = taps_question", "takes a name that is taken", id="a name of ours"),
        pytest.param("other = taps_question", "is no question type", id="another name"),
        pytest.param("json = json", "is no question type", id="no type at all"),
    ],
)
def test_an_entry_point_at_fault_is_named_at_the_start(elsewhere: Path, entry: str, said: str) -> None:
    (elsewhere / "taps_question-1.0.dist-info" / "entry_points.txt").write_text(f"[banyan.question_types]\n{entry}\n")
    done = python(elsewhere, "-c", "import grading.questions")
    assert done.returncode != 0
    assert said in done.stderr
    assert entry.split(" = ")[0] in done.stderr
