"""`banyan upgrade` with another framework in the program: everybody's standing is ruled by it, whatever gets in between."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from banyan.courseware.content import open_framework
from banyan.domain.calendar import county_day
from banyan.records.competence import EvidenceRow, StandingRow
from banyan.records.engine import reading, writing
from banyan.records.people import Person
from banyan.settings import CONTENT, Home, Settings
from banyan.tracker.standing import differences, refresh
from banyan.wiring import open_records
from tests.conftest import Installed
from tests.keeping.test_upgrade import KILLED, age, killed, upgrade

NOW = datetime.now(UTC)
TODAY = county_day(NOW)
LAST = "          d: {zh: 泄露后立即上报补救"


@pytest.fixture(params=["this form", "the first form"])
def shorter(request: pytest.FixtureRequest, installed: Installed) -> Home:
    """A home whose framework lacks an indicator that the program's has, and somebody who showed all of the others."""
    home = installed.home
    kept = home.content / "framework.yaml"
    lines = kept.read_text(encoding="utf-8").splitlines(keepends=True)
    kept.write_text("".join(each for each in lines if not each.startswith(LAST)), encoding="utf-8")
    with writing(open_records(home, Settings.of(home))) as session:
        person, shown = session.query(Person).one(), [f"C1.3.{each}" for each in "abc"]
        row = EvidenceRow(person_id=person.id, competency="C1.3", indicators=shown, kind="OA", level=1, observed_on=TODAY)
        row.expires_on, row.framework, row.source, row.digest, row.taken_at = TODAY, "2026.1", "test:1", "", NOW
        session.add(row)
        assert refresh(session, person.id, open_framework(home.content), TODAY)
    return age(home) if request.param == "the first form" else home


def ruled(home: Home) -> bool:
    """Say whether everybody's standing is what the program's framework says."""
    with reading(open_records(home, Settings.of(home))) as session:
        return not differences(session, open_framework(CONTENT), TODAY) and not session.query(StandingRow).count()


def test_everybodys_standing_is_ruled_by_it(shorter: Home):
    result = upgrade(shorter)
    assert "能力框架改了，已重算 1 人" in result.stdout, result.output
    assert ruled(shorter)
    assert "已重算" not in upgrade(shorter).stdout


@pytest.mark.parametrize(
    ("step", "early"),
    [
        pytest.param("load_content", False, id="after the content"),
        pytest.param("rule_anew", True, id="before the standings"),
        pytest.param("rule_anew", False, id="after the standings"),
    ],
)
def test_killed_on_the_way_there_the_next_run_does_it(step: str, early: bool, shorter: Home):
    kill = "os.kill(os.getpid(), signal.SIGKILL)" if early else "pass"
    killed(KILLED.format(module="banyan.keeping.upgrade", name=step, early=kill), shorter)
    assert upgrade(shorter).exit_code == 0
    assert ruled(shorter)


@pytest.mark.parametrize("shorter", ["this form"], indirect=True)
def test_killed_there_and_then_failing_it_is_still_done_by_the_run_after(shorter: Home, monkeypatch: pytest.MonkeyPatch):
    kill = "os.kill(os.getpid(), signal.SIGKILL)"
    killed(KILLED.format(module="banyan.keeping.upgrade", name="rule_anew", early=kill), shorter)

    def full(_home: Home, _source: Path) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("banyan.keeping.upgrade.load_content", full)
        assert "请再运行一次 banyan upgrade" in upgrade(shorter).stderr
    assert upgrade(shorter).exit_code == 0
    assert ruled(shorter)
