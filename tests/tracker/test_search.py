"""People are found by how their name begins, however it is typed, and only where one looks after them."""

from datetime import timedelta

import pytest
from sqlalchemy import event, insert, select, text
from sqlalchemy.orm import Session

from banyan.records.people import Appointment, Person
from banyan.tracker.people import people_under
from banyan.tracker.search import answering_to, answers_to, find_people, meant_by
from banyan.words.pinyin import spelt
from tests.county import LONG_AGO, NOW, TODAY, County, Places


@pytest.fixture
def people(county: County, places: Places) -> dict[str, Person]:
    at = {
        "陈晓明": places.xikou_1,
        "陈小美": places.xikou_2,
        "曾国庆": places.xikou_1,
        "吕布": places.xikou_2,
        "陈晓东": places.shangping_1,
    }
    return {name: county.person(name, unit) for name, unit in at.items()}


def names(session: Session, places: Places, asked: str) -> list[str]:
    return [each.name for each in find_people(session, [places.qingshi.path], asked, TODAY)]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param("陈", {"陈晓明", "陈小美"}, id="a surname"),
        pytest.param("陈晓明", {"陈晓明"}, id="a name"),
        pytest.param(" 陈 晓 明 ", {"陈晓明"}, id="with blanks"),
        pytest.param("chenxiao", {"陈晓明", "陈小美"}, id="the beginning in letters"),
        pytest.param("Chen Xiaoming", {"陈晓明"}, id="in letters, as one writes them"),
        pytest.param("cxm", {"陈晓明", "陈小美"}, id="initials"),
        pytest.param("zgq", {"曾国庆"}, id="a surname read as surnames are"),
        pytest.param("ceng", set(), id="and not otherwise"),
        pytest.param("lvbu", {"吕布"}, id="ü as v"),
        pytest.param("lübu", set(), id="ü that no keyboard has"),
        pytest.param("陈晓东", set(), id="somebody of another town"),
        pytest.param("cxd", set(), id="nor by initials"),
        pytest.param("", set(), id="nothing"),
        pytest.param("%", set(), id="a sign that means anything elsewhere"),
        pytest.param("_", set(), id="another"),
        pytest.param("'; drop table person", set(), id="hostile"),
    ],
)
def test_whom_a_text_means(session: Session, places: Places, people: dict[str, Person], asked: str, found: set[str]) -> None:
    assert set(names(session, places, asked)) == found


CHOSEN = [
    pytest.param("晓明", {"陈晓明"}, id="a given name"),
    pytest.param("陈晓明", {"陈晓明"}, id="a name"),
    pytest.param(" 陈 晓 明 ", {"陈晓明"}, id="with blanks"),
    pytest.param("Chen Xiaoming", {"陈晓明"}, id="in letters"),
    pytest.param("cxm", {"陈晓明", "陈小美"}, id="initials"),
    pytest.param("lvbu", {"吕布"}, id="ü as v"),
    pytest.param("10010001", {"陈晓明"}, id="a staff number"),
    pytest.param("1001000", {"陈晓明", "陈小美", "曾国庆", "吕布"}, id="how staff numbers begin"),
    pytest.param("13800000001", set(), id="no phone: who chooses from a list need not know it"),
    pytest.param("%", set(), id="a sign that means anything elsewhere"),
    pytest.param("_", set(), id="another"),
    pytest.param("", {"陈晓明", "陈小美", "曾国庆", "吕布"}, id="nothing: the whole list"),
]


@pytest.mark.parametrize(("asked", "found"), CHOSEN)
def test_who_of_a_list_answers_to_a_text(
    session: Session, places: Places, people: dict[str, Person], asked: str, found: set[str]
) -> None:
    here = people_under([places.qingshi.path], TODAY)
    assert {each.name for each in session.scalars(here.where(answering_to(asked)))} == found
    assert {each.name for each in session.scalars(here) if answers_to(each, asked)} == found, "read already, it is the same"
    assert {each.name for each in session.scalars(here) if each.id in meant_by(session, asked)} == found, "and by number"


def test_by_number_and_by_phone(session: Session, places: Places, people: dict[str, Person]) -> None:
    chen = people["陈晓明"]
    assert names(session, places, chen.staff_number) == ["陈晓明"]
    assert names(session, places, chen.phone) == ["陈晓明"]
    assert names(session, places, people["陈晓东"].staff_number) == []


def test_who_left_or_was_moved_away_is_not_found(session: Session, county: County, places: Places) -> None:
    gone, moved = county.person("林秀英", places.xikou_1), county.person("林秀云")
    gone.left_on = TODAY - timedelta(days=1)
    county.appoint(moved, places.xikou_1, until=TODAY - timedelta(days=1))
    assert names(session, places, "林") == []


def test_the_letters_follow_a_name_that_is_put_right(session: Session, places: Places, people: dict[str, Person]) -> None:
    people["陈晓明"].name = "程晓明"
    session.flush()
    assert names(session, places, "chengxm") == []
    assert names(session, places, "chengxiao") == ["程晓明"]


def test_rows_written_without_an_object_have_their_letters(session: Session, places: Places) -> None:
    row = {"staff_number": "7", "handle": "h", "name": "黄丽", "phone": "", "created_at": NOW, "must_change_password": True}
    session.execute(insert(Person), [row, {**row, "staff_number": "8", "handle": "i", "name": "单红"}])
    found = session.execute(select(Person.pinyin, Person.initials).where(Person.staff_number.in_(["7", "8"])).order_by(Person.id))
    assert [tuple(each) for each in found] == [("huangli", "hl"), ("shanhong", "sh")]


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("尉迟恭", ("yuchigong", "ycg")),
        ("阿依古丽·买买提", ("ayigulimaimaiti", "ayglmmt")),
        ("Ann Lee", ("annlee", "annlee")),
        ("", ("", "")),
    ],
)
def test_how_a_name_is_spelt(name: str, letters: tuple[str, str]) -> None:
    assert spelt(name) == letters


def test_every_way_is_a_look_at_an_index(session: Session, places: Places, people: dict[str, Person]) -> None:
    """Whatever is asked, no query walks through everybody: what it costs does not grow with them."""
    seen: list[tuple[str, object]] = []
    watch = lambda *given: seen.append((given[2], given[3]))  # noqa: E731
    event.listen(session.get_bind(), "before_cursor_execute", watch)
    for asked in ("陈", "cxm", "1001"):
        names(session, places, asked)
    event.remove(session.get_bind(), "before_cursor_execute", watch)
    assert len(seen) == 7
    for statement, given in seen:
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all()
        told = " | ".join(str(row[-1]) for row in plan)
        assert "SEARCH person USING" in told, told
        assert "SCAN" not in told, told


def test_a_thousand_of_one_name_cost_a_page_of_them(session: Session, places: Places) -> None:
    rows = [
        {
            "staff_number": f"8{n:05}",
            "handle": f"x{n}",
            "name": "陈晓明",
            "phone": "",
            "created_at": NOW,
            "must_change_password": False,
        }
        for n in range(1000)
    ]
    ids = list(session.scalars(insert(Person).returning(Person.id), rows))
    job = {"unit_id": places.xikou_1.id, "role": "GS", "post": "网格员", "full_time": True, "starts_on": LONG_AGO}
    session.execute(insert(Appointment), [{**job, "person_id": each} for each in ids])
    assert len(names(session, places, "cxm")) == 50
    assert session.execute(text("select count(*) from person")).scalar() == 1000
