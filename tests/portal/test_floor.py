"""What old webviews understand: the stylesheets and scripts keep to Chrome 66, the pages to their weight."""

import gzip
import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from banyan.settings import HOUSE
from tests.portal.conftest import World

ASSETS = HOUSE / "banyan" / "portal" / "assets"
ESBUILD = next((HOUSE / "node_modules" / "@esbuild").glob("*/bin/esbuild"))
STYLES = sorted(ASSETS.rglob("*.css"))
SCRIPTS = sorted(ASSETS.rglob("*.js"))
TOO_NEW = {  # what esbuild cannot lower, and the Chrome that brought it
    r":has\(": 105,
    r":is\(|:where\(": 88,
    r"aspect-ratio\s*:": 88,
    r"clip-path\s*:": 0,  # there, but cannot be relied upon for hiding
    r"(?<![-\w])(row-|column-)?gap\s*:": 84,  # in flex; a grid's is written grid-gap
    r"(?<![-\w])inset\s*:": 87,
    r"\b(min|max|clamp)\(": 79,
    r"@layer|@container|@property": 99,
    r"\d(dvh|svh|lvh|dvw)\b": 108,
    r"backdrop-filter": 76,
}
TOO_NEW_IN_SCRIPTS = {
    r"\.replaceAll\(|\.replaceChildren\(": 85,
    r"\.flat\(|\.flatMap\(|Object\.fromEntries": 69,
    r"\.at\(": 92,
    r"crypto\.randomUUID|structuredClone": 92,
    r"\bglobalThis\b": 71,
    r"Promise\.(allSettled|any)": 76,
    r"\bIntl\.(RelativeTimeFormat|ListFormat)": 71,
    r"\.matchAll\(": 73,
    r"https?://(?!www\.w3\.org)": 0,
}
WEIGHT = 100_000  # bytes, compressed, of a page with everything it loads
COMMENT = re.compile(r"/\*.*?\*/|(?m:^\s*//.*$)", re.DOTALL)


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.name)
def test_a_stylesheet_keeps_to_the_floor(style: Path) -> None:
    text = COMMENT.sub("", style.read_text(encoding="utf-8"))
    found = [pattern for pattern in TOO_NEW if re.search(pattern, text)]
    assert not found
    assert not re.search(r"url\((?!['\"]?(?:data:|#))|@import url", text), "nothing is fetched from anywhere"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_keeps_to_the_floor(script: Path) -> None:
    text = COMMENT.sub("", script.read_text(encoding="utf-8"))
    assert not [pattern for pattern in TOO_NEW_IN_SCRIPTS if re.search(pattern, text)]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("static")
    entries = [str(path) for path in sorted(ASSETS.iterdir()) if path.suffix in (".css", ".js")]
    options = ("--bundle", "--minify", "--target=chrome66", "--log-level=warning", f"--outdir={folder}")
    subprocess.run([str(ESBUILD), *entries, *options], check=True)
    return folder


def test_everything_builds_for_the_floor_without_a_warning(built: Path) -> None:
    assert {"app.css", "app.js", "exam.js", "questions.js"} <= {path.name for path in built.iterdir()}


def weight(page: bytes, built: Path) -> int:
    """Return the compressed bytes of a page and of all it links."""
    linked = set(re.findall(r"/static/([\w.]+)\?v=", page.decode()))
    assert linked
    return len(gzip.compress(page)) + sum(len(gzip.compress((built / each).read_bytes())) for each in linked)


def test_the_heaviest_page_is_light(world: World, built: Path) -> None:
    attempt = world.hall.begin()
    visit = world.as_(world.hall.learner.person)
    for path in ("/", "/courses", "/courses/x-1-reporter", f"/exams/{attempt.id}", "/password"):
        page = visit.get(path)
        assert page.status_code == 200
        assert weight(page.content, built) <= WEIGHT, path


def test_the_day_s_three_questions_are_light(world: World, built: Path) -> None:
    world.hall.learn()
    world.clock.now += timedelta(days=1)
    page = world.as_(world.hall.learner.person).get("/daily")
    assert page.text.count("data-daily=") == 3
    assert weight(page.content, built) <= WEIGHT
