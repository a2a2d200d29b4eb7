"""A new framework rules everybody's standing at once, and is not taken in without."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from banyan.courseware.content import open_framework
from banyan.domain.calendar import county_day
from banyan.errors import CourseError
from banyan.keeping.content import renew_content
from banyan.records.competence import EvidenceRow, StandingRow
from banyan.records.engine import Sessions, reading, sessions, writing
from banyan.settings import CONTENT, Home
from banyan.tracker.standing import differences, refresh
from tests.blank import blank_records
from tests.county import County, places

NOW = datetime.now(UTC)
TODAY = county_day(NOW)


@pytest.fixture
def make(home: Home) -> Iterator[Sessions]:
    """Records in which somebody has shown all of C1.3; the home has the content that says so."""
    engine = blank_records(home.records)
    make = sessions(engine)
    assert renew_content(home, make, CONTENT) is None, "the first one changes nothing"
    with writing(make) as session:
        county = County(session)
        person = county.person("林秀英", places(county).xikou_1)
        shown = [f"C1.3.{each}" for each in "abcd"]
        row = EvidenceRow(person_id=person.id, competency="C1.3", indicators=shown, kind="OA", level=1, observed_on=TODAY)
        row.expires_on, row.framework, row.source, row.digest, row.taken_at = TODAY, "2026.1", "test:1", "", NOW
        session.add(row)
        assert refresh(session, person.id, open_framework(CONTENT), TODAY)
    yield make
    engine.dispose()


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """Content with one indicator more, which nobody has shown."""
    folder = Path(shutil.copytree(CONTENT, tmp_path / "content"))
    text = (folder / "framework.yaml").read_text(encoding="utf-8")
    more = "          d: {zh: 泄露后立即上报补救"
    assert more in text
    changed = text.replace('version: "2026.1"', 'version: "2027.1"').replace(more, "          e: {zh: 新的, en: New}\n" + more)
    (folder / "framework.yaml").write_text(changed, encoding="utf-8")
    return folder


def ruled_by(make: Sessions, folder: Path) -> bool:
    with reading(make) as session:
        return differences(session, open_framework(folder), TODAY) == []


def test_a_changed_framework_is_ruled_by_at_once_and_an_unchanged_one_costs_nothing(
    home: Home, make: Sessions, newer: Path
) -> None:
    assert renew_content(home, make, CONTENT) is None
    assert renew_content(home, make, newer) == 1
    with reading(make) as session:
        assert session.query(StandingRow).count() == 0
    assert ruled_by(make, newer)


@pytest.mark.parametrize("step", ["rebuild_in_turns", "load_content"])
def test_stopped_half_way_the_next_run_does_it(
    step: str, home: Home, make: Sessions, newer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(f"banyan.keeping.content.{step}", stopped)
        with pytest.raises(KeyboardInterrupt):
            renew_content(home, make, newer)
    renew_content(home, make, newer)
    assert ruled_by(make, newer)
    assert open_framework(home.content) == open_framework(newer)


def test_content_with_a_fault_rules_nobody(home: Home, make: Sessions, newer: Path) -> None:
    (newer / "retention.yaml").write_text("nonsense: 1\n", encoding="utf-8")
    with pytest.raises(CourseError):
        renew_content(home, make, newer)
    assert ruled_by(make, CONTENT)


def test_after_a_framework_that_this_version_cannot_read_everybody_is_ruled_anew(home: Home, make: Sessions) -> None:
    (home.content / "framework.yaml").write_text("of: another version\n", encoding="utf-8")
    assert renew_content(home, make, CONTENT) == 1
