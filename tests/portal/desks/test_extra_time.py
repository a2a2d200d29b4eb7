"""More time for one learner, at the desk: found by name, given with a reason, told to the learner, taken back."""

import pytest
from sqlalchemy import select

from banyan.records.engine import reading
from banyan.records.examinations import ExtraTime
from tests.county import COURSE
from tests.portal.office import Office

REASON = "眼睛不好，看字慢"


@pytest.fixture
def path(office: Office) -> str:
    return f"/extra-time/{COURSE}/{office.people['陈晓明'].id}"


def standing(office: Office) -> list[tuple[float, str]]:
    with reading(office.house.make) as session:
        rows = session.scalars(select(ExtraTime).where(ExtraTime.taken_back_at.is_(None)))
        return [(each.factor, each.reason) for each in rows]


def test_a_trainer_finds_a_learner_and_gives_more_time(office: Office, path: str) -> None:
    browser = office.browser("黄老师")
    assert "还没有人延长时间" in browser.open("/extra-time").text
    assert path in browser.open("/extra-time?q=晓明").text
    assert path in browser.open("/extra-time?q=cxm").text
    page = browser.open(path).text
    assert "50分钟（1.25倍）" in page
    assert "80分钟（2倍）" in page

    reply = browser.submit(path, factor="1.5", reason=REASON)
    assert reply.status_code == 303
    page = browser.get(reply.headers["location"]).text
    assert "已延长到60分钟" in page
    assert REASON in page
    assert "1.5倍时间" in browser.open("/extra-time").text
    assert standing(office) == [(1.5, REASON)]


def test_the_learner_reads_how_long_they_have_and_not_why(office: Office, path: str) -> None:
    office.browser("黄老师").submit(path, factor="1.5", reason=REASON)
    office.hall.learn()
    rules = office.browser("陈晓明").open(f"/courses/{COURSE}/exam").text
    assert "60分钟" in rules
    assert "黄老师给您延长了时间：别人40分钟，您60分钟" in rules
    assert REASON not in rules
    assert "延长了时间" not in office.browser("林秀英").open(f"/courses/{COURSE}/exam").text


def test_it_is_taken_back_before_the_exam(office: Office, path: str) -> None:
    browser = office.browser("黄老师")
    browser.submit(path, factor="2", reason=REASON)
    reply = browser.submit(f"{path}/take-back")
    assert reply.status_code == 303
    assert "延长陈晓明的考试时间" in browser.get(reply.headers["location"]).text
    assert standing(office) == []


def test_while_the_exam_runs_the_page_says_so_and_offers_nothing(office: Office, path: str) -> None:
    browser = office.browser("黄老师")
    browser.submit(path, factor="2", reason=REASON)
    office.hall.begin()
    page = browser.open(path).text
    assert "正在考试" in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]
    for reply in (browser.submit(path, factor="1.5", reason=REASON), browser.submit(f"{path}/take-back")):
        assert reply.status_code == 422
        assert "正在考试" in reply.text
    assert standing(office) == [(2.0, REASON)]


@pytest.mark.parametrize(
    "sent", [{"factor": "", "reason": REASON}, {"factor": "9", "reason": REASON}, {"factor": "2", "reason": " "}]
)
def test_what_does_not_fit_is_said_and_what_was_written_stays(office: Office, path: str, sent: dict[str, str]) -> None:
    reply = office.browser("黄老师").submit(path, **sent)
    assert reply.status_code == 422
    assert 'role="alert"' in reply.text
    assert sent["reason"].strip() in reply.text
    assert standing(office) == []


def test_an_administrator_comes_to_it_from_the_person_s_page(office: Office, path: str) -> None:
    browser = office.browser("郑国平")
    assert path in browser.open(f"/people/{office.people['陈晓明'].id}").text
    assert browser.submit(path, factor="1.25", reason=REASON).status_code == 303
    assert standing(office) == [(1.25, REASON)]


@pytest.mark.parametrize("name", ["陈晓明", "周老师", "王老师", "吴美玲", "何立新"])
def test_to_others_the_learner_is_not_there(office: Office, path: str, name: str) -> None:
    browser = office.browser(name)
    assert browser.open(path).status_code in (403, 404)
    assert browser.submit(path, factor="2", reason=REASON).status_code in (403, 404)
    assert browser.submit(f"{path}/take-back").status_code in (403, 404)
    assert path not in browser.open("/extra-time?q=晓明").text
    assert standing(office) == []
    assert browser.open(f"{path}/take-back").status_code == 405
