"""`banyan exams replay`, `courses coverage`, `courses changes`: what an author and an auditor ask at the shell."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from banyan.cli import main
from banyan.courseware.build import build_course
from banyan.records import migrate
from banyan.records.engine import open_engine, sessions, writing
from banyan.records.examinations import Attempt
from banyan.settings import CONTENT, COURSES, Home, Settings
from banyan.wiring import load_content, open_rulebook
from tests.county import COURSE, NOW
from tests.tracker.hall import Hall, open_hall


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home.create(tmp_path_factory.mktemp("cli") / "home", demo=True)
    load_content(made, CONTENT)
    build_course(COURSES, COURSE, CONTENT, made.releases, NOW)
    migrate.upgrade(open_engine(made.records_url))
    return made


@pytest.fixture(scope="module")
def hall(home: Home) -> Hall:
    return open_hall(sessions(open_engine(home.records_url)), open_rulebook(home, Settings.of(home)), home.root / "gradebooks")


@pytest.fixture(scope="module")
def receipt(hall: Hall) -> str:
    """Of the one attempt there is, handed in."""
    return hall.sat().receipt


def banyan(home: Home, *arguments: object) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments), "--home", str(home.root)])


def test_an_attempt_is_replayed_by_its_number_or_its_receipt(home: Home, hall: Hall, receipt: str) -> None:
    for named in ("1", receipt):
        told = banyan(home, "exams", "replay", named)
        assert told.exit_code == 0, told.output
        assert told.output.count("对得上：") == 5
        assert "陈晓明" in told.output
        assert told.output.count("版本 ") == len(hall.exam.seats)
    night = hall.exam.items[hall.drill_of(_attempt(hall)).id]
    assert night.id in told.output


def _attempt(hall: Hall) -> Attempt:
    with writing(hall.make) as session:
        return session.query(Attempt).one()


def test_one_that_was_changed_says_so_and_ends_with_1(home: Home, hall: Hall, receipt: str) -> None:
    attempt = _attempt(hall)
    whole = attempt.form
    with writing(hall.make) as session:
        session.get_one(Attempt, attempt.id).form = whole | {"met": {whole["slots"][-1]["question"]: 1}}
    told = banyan(home, "exams", "replay", "1")
    assert told.exit_code == 1
    assert "对不上：照原来的种子再抽一遍" in told.output
    with writing(hall.make) as session:
        session.get_one(Attempt, attempt.id).form = whole


@pytest.mark.parametrize(("named", "says"), [("99", "没有找到"), ("x", "请写考试的号码"), ("B" * 60, "核对不上")])
def test_what_names_no_attempt_is_one_sentence(home: Home, receipt: str, named: str, says: str) -> None:
    told = banyan(home, "exams", "replay", named)
    assert told.exit_code == 1
    assert says in told.stderr


def test_coverage_is_a_line_an_indicator_and_a_line_a_question(home: Home, hall: Hall, receipt: str) -> None:
    told = banyan(home, "courses", "coverage", COURSE)
    assert told.exit_code == 0, told.output
    first, second = told.output.split("\n\n")
    assert len(first.splitlines()) == 1 + 12
    assert "遇到险情，马上打电话报" in first
    assert len(second.splitlines()) == 1 + len(hall.exam.items)
    assert sum(line.split()[2] == "1" for line in second.splitlines()[1:]) == len(hall.exam.seats)
    alone = CliRunner(env={"BANYAN_HOME": ""}).invoke(main, ["courses", "coverage", COURSE])
    assert alone.output.strip() == first.strip()
    assert "没有课程" in banyan(home, "courses", "coverage", "nothing").stderr


def test_changes_between_two_releases_are_told_by_name(home: Home, tmp_path: Path) -> None:
    assert "还没有两个版本" in banyan(home, "courses", "changes", COURSE).stderr
    shutil.copytree(COURSES / COURSE, tmp_path / COURSE)
    bank = tmp_path / COURSE / "questions" / "exam" / "signals.yaml"
    bank.write_text(bank.read_text(encoding="utf-8").replace("随口说", "随口提起", 1), encoding="utf-8")
    build_course(tmp_path, COURSE, CONTENT, home.releases, NOW)
    assert banyan(home, "courses", "changes", COURSE).output.splitlines() == [
        f"{COURSE}：第 1 版 → 第 2 版",
        "考试　改了　pharmacy-owner-says（题干）",
    ]
    assert "题目没有变化" in banyan(home, "courses", "changes", COURSE, 2, 2).output
