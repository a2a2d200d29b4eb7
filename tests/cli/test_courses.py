"""`banyan courses build`: a new framework rules everybody's standing at once."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from banyan.cli.courses import renew_content
from banyan.courseware.content import open_framework
from banyan.domain.calendar import county_day
from banyan.records import migrate
from banyan.records.competence import EvidenceRow, StandingRow
from banyan.records.engine import open_engine, reading, sessions, writing
from banyan.settings import CONTENT, Home
from banyan.tracker.standing import differences, refresh
from tests.county import County, places

NOW = datetime.now(UTC)
TODAY = county_day(NOW)


def test_a_changed_framework_is_ruled_by_at_once_and_an_unchanged_one_costs_nothing(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "home", demo=True)
    engine = open_engine(home.records_url)
    migrate.upgrade(engine)
    make = sessions(engine)
    assert renew_content(home, make, CONTENT) is None, "the first one changes nothing"
    with writing(make) as session:
        county = County(session)
        person = county.person("林秀英", places(county).xikou_1)
        shown = [f"C1.3.{each}" for each in "abcd"]
        row = EvidenceRow(person_id=person.id, competency="C1.3", indicators=shown, kind="OA", level=1, observed_on=TODAY)
        row.expires_on, row.framework, row.source, row.digest, row.taken_at = TODAY, "2026.1", "test:1", "", NOW
        session.add(row)
        refresh(session, person.id, open_framework(CONTENT), TODAY)
    assert renew_content(home, make, CONTENT) is None
    newer = Path(shutil.copytree(CONTENT, tmp_path / "content"))
    text = (newer / "framework.yaml").read_text(encoding="utf-8")
    more = "          d: {zh: 泄露后立即上报补救"
    assert more in text
    changed = text.replace('version: "2026.1"', 'version: "2027.1"').replace(more, "          e: {zh: 新的, en: New}\n" + more)
    (newer / "framework.yaml").write_text(changed, encoding="utf-8")
    assert renew_content(home, make, newer) == 1
    with reading(make) as session:
        assert session.query(StandingRow).count() == 0, "one indicator more was never shown"
        assert differences(session, open_framework(newer), TODAY) == []
    engine.dispose()
