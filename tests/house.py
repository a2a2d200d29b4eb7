"""A house's rules for tests: the shipped framework, programmes and courses, with keys of its own."""

from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from banyan.certificates.issuer import Issuer
from banyan.courseware.build import build_course
from banyan.courseware.catalogue import Catalogue
from banyan.courseware.content import open_framework, open_programmes
from banyan.tracker.rulebook import Rulebook
from tests.county import COURSE, NOW

ROOT = Path(__file__).resolve().parents[1]


@cache
def issuer() -> Issuer:
    return Issuer("榕溪县", "榕溪县", "https://xuexi.example", demo=True, key=Ed25519PrivateKey.generate())


def rulebook(releases: Path) -> Rulebook:
    """Build the shipped course into a folder and return the rules that decide with it."""
    content = ROOT / "content"
    build_course(ROOT / "courses", COURSE, content, releases, NOW)
    return Rulebook(
        framework=open_framework(content),
        programmes=open_programmes(content),
        issuer=issuer(),
        attempt_key=bytes(32),
        catalogue=Catalogue(releases),
    )
