"""From a home to the values that the verbs decide by; entry points ask once and hand them down.

The home keeps its own copy of framework, facts and programmes, taken when it was last fed: a checkout that changes
under a running house changes none of its rules.
"""

import shutil
from pathlib import Path

from banyan.certificates.issuer import Issuer
from banyan.certificates.keyring import read_past
from banyan.certificates.press import Press
from banyan.courseware.catalogue import Catalogue
from banyan.courseware.content import open_content, open_framework, open_planned, open_programmes
from banyan.courseware.intakes import FILE as INTAKES
from banyan.courseware.intakes import open_intakes
from banyan.courseware.outline import FILE as OUTLINE
from banyan.courseware.outline import open_outline
from banyan.courseware.retention import FILE as RETENTION
from banyan.courseware.retention import open_retention
from banyan.domain.wording import check_words
from banyan.errors import HomeError
from banyan.keys import PAST, SIGNING
from banyan.records import present
from banyan.records.engine import Sessions, open_engine, sessions
from banyan.settings import HOUSE, Home, Settings
from banyan.tracker.rulebook import Rulebook


def check_content(source: Path) -> None:
    """Raise CourseError unless what courses share is sound."""
    open_content(source)
    open_intakes(source, open_framework(source))
    open_retention(source)


def load_content(home: Home, source: Path) -> None:
    """Replace the home's copy of what courses share by a sound one, or raise CourseError and change nothing."""
    check_content(source)
    fresh, kept, old = (home.root / name for name in ("content.new", "content", "content.old"))
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    for name in ("framework.yaml", "facts.yaml", INTAKES):
        shutil.copyfile(source / name, fresh / name)
    for name in (OUTLINE, RETENTION, "planned.yaml"):
        if (source / name).exists():
            shutil.copyfile(source / name, fresh / name)
    shutil.copytree(source / "programmes", fresh / "programmes")
    if kept.exists():
        kept.rename(old)
    fresh.rename(kept)
    shutil.rmtree(old, ignore_errors=True)


def open_records(home: Home, settings: Settings) -> Sessions:
    """Open the records that a home has, or raise HomeError if their file is gone."""
    if not settings.records_url:
        present.require(home.records)
    return sessions(open_engine(settings.records_url or home.records_url))


def open_press() -> Press:
    """Open the press with this version's templates and fonts; it reads 30 MB."""
    return Press(HOUSE / "content" / "certificate", HOUSE / "node_modules" / "@expo-google-fonts")


def open_issuer(home: Home, settings: Settings) -> Issuer:
    return Issuer.load(
        home.key(SIGNING),
        name=settings.county,
        county=settings.county,
        public_url=settings.origin,
        demo=settings.demo,
        past=read_past(home.key(PAST).decode()) if (home.keys / PAST).exists() else (),
    )


def open_rulebook(home: Home, settings: Settings) -> Rulebook:
    content = home.root / "content"
    if not content.is_dir():
        raise HomeError("{path} 里还没有能力框架和培训项目；请先运行 banyan courses build", path=home.root)
    issuer, programmes = open_issuer(home, settings), open_programmes(content)
    check_words(issuer.name, *(text for each in programmes for text in (each.certificate_title, each.title["zh"])))
    framework = open_framework(content)
    return Rulebook(
        framework=framework,
        intakes=open_intakes(content, framework),
        programmes=programmes,
        issuer=issuer,
        attempt_key=bytes.fromhex(home.key("attempt").decode()),
        catalogue=Catalogue(home.releases),
        outline=open_outline(content),
        retention=open_retention(content),
        planned={course: each.title.model_dump() for course, each in open_planned(content).items()},
    )
