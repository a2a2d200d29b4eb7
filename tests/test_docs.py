"""The documentation is held to the code: links lead somewhere, commands exist, tables and examples are the real ones."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import click
import pytest
from packaging.requirements import Requirement

from banyan.cli import main
from banyan.courseware.check import check_courses
from banyan.domain.permission import MAY
from banyan.keys import KEYS
from banyan.portal import desks, door, learner, preferences
from banyan.portal.desks.words import ACTS
from banyan.settings import CONTENT, HOUSE, Settings

DOCS = HOUSE / "docs"
PAGES = sorted([*HOUSE.glob("README*.md"), HOUSE / "CHANGELOG.md", HOUSE / "LICENSES.md", *DOCS.rglob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(?P<fence>`{3,})(?P<kind>[^\n`]*)\n(?P<text>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL)
EXAMPLE = re.compile(r"^文件 `(?P<path>[^`]+)`：\n\n(?P<fence>`{3,})[^\n]*\n(?P<text>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\|(.+)\|$", re.MULTILINE)
FIRST_CELL = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)


def named(path: Path) -> str:
    return str(path.relative_to(HOUSE))


def rows(page: Path) -> list[list[str]]:
    """Return the cells of every table row of a page, without code marks."""
    found = ROW.findall(page.read_text(encoding="utf-8"))
    return [[cell.strip().strip("`") for cell in row.split("|")] for row in found if not re.fullmatch(r"[\s|:-]+", row)]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_leads_somewhere(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    inside = [each.split("#")[0] for each in LINK.findall(text) if not re.match(r"[a-z]+:|#", each)]
    lost = [each for each in inside if not (page.parent / unquote(each)).exists()]
    assert not lost


def commands() -> Iterator[tuple[Path, str]]:
    for page in PAGES:
        for block in FENCE.finditer(page.read_text(encoding="utf-8")):
            yield from ((page, line.strip()) for line in block["text"].splitlines() if line.strip().startswith("banyan "))


def test_every_command_shown_exists_with_its_options() -> None:
    shown = list(commands())
    assert shown
    for page, line in shown:
        words, found = line.split("#")[0].split()[1:], main
        while words and isinstance(found, click.Group):
            assert words[0] in found.commands, f"{named(page)}: {line}"
            found = found.commands[words.pop(0)]
        known = {option for parameter in found.params for option in parameter.opts}
        assert {each.split("=")[0] for each in words if each.startswith("--")} <= known, f"{named(page)}: {line}"


def test_the_permission_table_is_the_one_in_force() -> None:
    told = {
        row[0]: row[1].replace("`", "").split("、") for row in rows(DOCS / "reference" / "permissions.md") if row[0] in list(MAY)
    }
    assert told == {action.value: [rule.__name__ for rule in rules] for action, rules in MAY.items()}


def test_the_routes_told_are_the_routes_there_are() -> None:
    told = {(row[0], row[1], row[2]) for row in rows(DOCS / "reference" / "routes.md") if row[0] in ("GET", "POST", "PUT")}
    parts = (*door.ROUTES, *preferences.ROUTES, *learner.ROUTES, *desks.ROUTES)
    assert told == {(each.method, each.path, str(each.needs)) for part in parts for each in part.declared}


def test_the_audit_actions_told_are_those_the_desk_can_name() -> None:
    told = {row[0]: row[1] for row in rows(DOCS / "reference" / "audit.md")}
    assert {action: told.get(action) for action in ACTS} == dict(ACTS)


def test_every_setting_and_every_key_is_told() -> None:
    told = {row[0] for row in rows(DOCS / "reference" / "settings.md")}
    assert {*Settings.model_fields, *KEYS} <= told


def dependencies() -> set[str]:
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))
    extras = [each for extra in project["project"]["optional-dependencies"].values() for each in extra]
    python = {Requirement(each).name for each in [*project["project"]["dependencies"], *extras]}
    package = json.loads((HOUSE / "package.json").read_text(encoding="utf-8"))
    return python | set(package["dependencies"]) | set(package["devDependencies"])


@pytest.mark.parametrize("page", [DOCS / "decisions" / "0011-dependencies.md", HOUSE / "LICENSES.md"], ids=named)
def test_every_direct_dependency_has_its_line_and_no_line_is_left_over(page: Path) -> None:
    told = set(FIRST_CELL.findall(page.read_text(encoding="utf-8")))
    assert told == dependencies()


@pytest.mark.parametrize("page", ["reference/course-files.md", "tutorials/first-course.md"])
def test_the_course_a_reader_is_shown_passes_the_check(page: str, tmp_path: Path) -> None:
    for example in EXAMPLE.finditer((DOCS / page).read_text(encoding="utf-8")):
        path = tmp_path / example["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(example["text"], encoding="utf-8")
    content = tmp_path / "content"
    if not content.exists():
        content.mkdir()
        for name in ("framework.yaml", "facts.yaml"):
            (content / name).write_text((CONTENT / name).read_text(encoding="utf-8"), encoding="utf-8")
    assert check_courses(tmp_path / "courses", content) == []
