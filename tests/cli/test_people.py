"""`banyan people`: a roster looked at, taken in and written out at the shell."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from banyan.cli import main
from banyan.records import migrate
from banyan.records.engine import open_engine, reading, sessions, writing
from banyan.records.people import Person
from banyan.settings import CONTENT, Home
from banyan.tracker.roster.workbook import read_workbook
from banyan.wiring import load_content
from tests.county import County, places
from tests.tracker.roster.registry import HEAD, xlsx

NEW = ("", "黄小燕", "13900000003", "青石镇", "溪口村", "第二网格", "网格员", "兼职", "")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home.create(tmp_path / "home", demo=True)
    load_content(made, CONTENT)
    engine = open_engine(made.records_url)
    migrate.upgrade(engine)
    with writing(sessions(engine)) as session:
        places(County(session))
    engine.dispose()
    return made


def people(home: Home, *arguments: object) -> Result:
    return CliRunner().invoke(main, ["people", *map(str, arguments), "--home", str(home.root)])


def names(home: Home) -> list[str]:
    with reading(sessions(open_engine(home.records_url))) as session:
        return [row.name for row in session.query(Person)]


def sheet(folder: Path, *rows: tuple[str, ...]) -> Path:
    path = folder / "名册.xlsx"
    path.write_bytes(xlsx([HEAD, *rows]))
    return path


def test_a_dry_run_says_the_difference_and_writes_nothing(home: Home, tmp_path: Path) -> None:
    told = people(home, "import", sheet(tmp_path, NEW), "--dry-run")
    assert told.exit_code == 0, told.output
    assert "新来  26000001 黄小燕  青石镇溪口村第二网格 网格员" in told.output
    assert names(home) == []


def test_a_roster_comes_in_once_and_goes_out_again(home: Home, tmp_path: Path) -> None:
    assert people(home, "import", sheet(tmp_path, NEW)).exit_code == 0
    assert names(home) == ["黄小燕"]
    assert "没有变化1人" in people(home, "import", sheet(tmp_path, NEW)).output
    assert people(home, "export", tmp_path / "out.xlsx").exit_code == 0
    assert "没有变化1人" in people(home, "import", tmp_path / "out.xlsx", "--dry-run").output


def test_faulty_rows_end_with_one_and_come_back_marked(home: Home, tmp_path: Path) -> None:
    bad = ("", "李四", "139", *NEW[3:])
    told = people(home, "import", sheet(tmp_path, NEW, bad), "--errors", tmp_path / "bad.xlsx")
    assert told.exit_code == 1
    assert "名册!C3  手机号“139”不对" in told.output
    assert names(home) == []
    assert "这里是3位" in str(read_workbook((tmp_path / "bad.xlsx").read_bytes()).sheets[0].rows[2][-1])

    assert people(home, "import", sheet(tmp_path, NEW, bad), "--only-good").exit_code == 1
    assert names(home) == ["黄小燕"]


def test_new_units_are_added_when_asked(home: Home, tmp_path: Path) -> None:
    file = sheet(tmp_path, ("", "李四", "13900000004", "新丰乡", "石坑村", "第一网格", "", "", ""))
    assert people(home, "import", file).exit_code == 1
    assert people(home, "import", file, "--new-units").exit_code == 0
    assert names(home) == ["李四"]


def test_what_cannot_be_read_is_one_sentence(home: Home, tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"PK broken")
    told = people(home, "import", tmp_path / "x.xlsx")
    assert told.exit_code == 1
    assert told.stderr.splitlines() == ["这个文件读不出来；请用表格软件打开，另存为 xlsx 再导入"]


def test_the_platform_is_entrusted_at_the_server_and_taken_back(home: Home, tmp_path: Path) -> None:
    assert people(home, "import", sheet(tmp_path, NEW)).exit_code == 0
    told = people(home, "duty", "26000001", "platform")
    assert told.exit_code == 0, told.output
    assert "已指定：26000001 黄小燕" in told.output
    assert "banyan people slip" in told.output
    assert people(home, "duty", "26000001", "platform", "--end").output.startswith("已收回")
    refused = people(home, "duty", "26000009", "platform")
    assert (refused.exit_code, "没有工号26000009" in refused.output) == (1, True)


def test_a_city_and_a_province_are_put_above_the_county_and_the_roster_still_comes_in(home: Home, tmp_path: Path) -> None:
    def above(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["units", "above", *arguments, "--home", str(home.root)])

    assert above("399900000000", "宁安市", "--dry-run").exit_code == 0
    assert above("390000000000", "闽东省").exit_code == 1, "the dry run wrote nothing, so a city comes first"
    assert above("399900000000", "宁安市").exit_code == 0
    assert above("390000000000", "闽东省").exit_code == 0
    told = people(home, "import", sheet(tmp_path, NEW))
    assert told.exit_code == 0, told.output
    assert "青石镇溪口村第二网格 网格员" in told.output
    assert "没有变化1人" in people(home, "import", sheet(tmp_path, NEW)).output
