"""A house's rules for tests: the shipped framework, programmes and courses, with keys of its own."""

import shutil
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from banyan.certificates.issuer import Issuer
from banyan.courseware.build import build_course
from banyan.courseware.catalogue import Catalogue
from banyan.courseware.content import open_framework, open_planned, open_programmes
from banyan.courseware.intakes import open_intakes
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
    content = ROOT / "content"
    build_course(courses, COURSE, content, releases, NOW)
    return Rulebook(
        framework=open_framework(content),
        programmes=tuple(sorted(open_programmes(content), key=lambda each: each.courses != (COURSE,))),
        issuer=issuer(),
        attempt_key=bytes(32),
        catalogue=Catalogue(releases),
        intakes=open_intakes(content, open_framework(content)),
        planned={course: each.title.model_dump() for course, each in open_planned(content).items()},
    )
