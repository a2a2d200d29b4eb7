"""A county whose course can be published again with another key: releases of one test alone, and a corrected one beside them."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from banyan.courseware.catalogue import Catalogue
from tests.county import COURSE
from tests.tracker.hall import Hall


def of_its_own(hall: Hall, folder: Path) -> Hall:
    """Return the hall with releases that nobody else reads."""
    here = hall.rulebook.catalogue.releases
    shutil.copytree(here / COURSE / "1", folder / COURSE / "1")
    return replace(hall, rulebook=replace(hall.rulebook, catalogue=Catalogue(folder)))


def publish_again(hall: Hall, changes: Mapping[str, Mapping[str, Any]], number: int = 2, **other: Any) -> int:
    """Publish another release: the first one with some of its exam's items changed, and `other` things of the course."""
    course = hall.rulebook.catalogue.releases / COURSE
    shutil.copytree(course / "1", course / f"{number}.new")
    for name, change in (
        ("release.json", lambda data: {**data, "number": number, **other}),
        ("private/exam.json", lambda data: _changed(data, number, changes)),
    ):
        path = course / f"{number}.new" / name
        path.chmod(0o600)
        path.write_text(json.dumps(change(json.loads(path.read_text(encoding="utf-8")))), encoding="utf-8")
    (course / f"{number}.new").rename(course / str(number))
    return number


def _changed(data: dict[str, Any], number: int, changes: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    items = {name: {**item, **changes.get(name, {})} for name, item in data["items"].items()}
    return {**data, "release": number, "items": items}
