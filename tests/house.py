"""A house's rules for tests: the shipped framework, programmes and courses, with keys of its own."""

import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from banyan.certificates.issuer import Issuer
from banyan.courseware.build import build_course
from banyan.courseware.catalogue import Catalogue
from banyan.courseware.content import open_framework, open_planned, open_programmes
from banyan.courseware.intakes import open_intakes
from banyan.tracker.grade import ensure_assignment_of
from banyan.tracker.rulebook import Rulebook
from tests.county import COURSE, NOW

ROOT = Path(__file__).resolve().parents[1]


@cache
def issuer() -> Issuer:
    return Issuer("榕溪县", "榕溪县", "https://xuexi.example", demo=True, key=Ed25519PrivateKey.generate())


def under_conditions(folder: Path, *conditions: str) -> Path:
    """Copy the shipped course into a folder, its exam under further conditions, and return that folder."""
    shutil.copytree(ROOT / "courses" / COURSE, folder / COURSE)
    exam = folder / COURSE / "exam.yaml"
    exam.write_text("\n".join((*conditions, exam.read_text(encoding="utf-8"))), encoding="utf-8")
    return folder


def rulebook(releases: Path, courses: Path = ROOT / "courses") -> Rulebook:
    """Build the shipped course into a folder and return the rules that decide with it, the programme it completes first."""
    if courses == ROOT / "courses":
        shutil.copytree(_built().name, releases, dirs_exist_ok=True)
    else:
        build_course(courses, COURSE, ROOT / "content", releases, NOW)
    return replace(_rules(), catalogue=Catalogue(releases))


@cache
def _built() -> TemporaryDirectory[str]:
    """The shipped course, built once in a process of tests: it takes a second."""
    folder = TemporaryDirectory()
    build_course(ROOT / "courses", COURSE, ROOT / "content", Path(folder.name), NOW)
    return folder


@cache
def _rules() -> Rulebook:
    content = ROOT / "content"
    return Rulebook(
        framework=open_framework(content),
        programmes=tuple(sorted(open_programmes(content), key=lambda each: each.courses != (COURSE,))),
        issuer=issuer(),
        attempt_key=bytes(32),
        catalogue=Catalogue(content),
        intakes=open_intakes(content, open_framework(content)),
        planned={course: each.title.model_dump() for course, each in open_planned(content).items()},
    )


def copy_gradebooks(place: Path) -> Path:
    """Put gradebooks in a folder in which the assignment of the shipped course's first attempts is made."""
    return Path(shutil.copytree(Path(_graded().name) / "gradebooks", place, dirs_exist_ok=True))


@cache
def _graded() -> TemporaryDirectory[str]:
    """Made once in a process of tests: it takes seconds."""
    folder = TemporaryDirectory()
    release = rulebook(Path(folder.name) / "releases").catalogue.newest(COURSE)
    ensure_assignment_of(release, 1, Path(folder.name) / "gradebooks")
    return folder
