"""题库 and the exam replayed: what a course's trainer and the auditor read, and nobody else."""

import re

import pytest

from banyan.records import audit
from banyan.records.engine import writing
from banyan.records.examinations import Attempt
from banyan.tracker.exposure import TELLING, Tally
from tests.county import COURSE, NOW
from tests.portal.desks.test_coverage import queries, text
from tests.portal.office import Office


def sat(office: Office) -> Attempt:
    submission = office.hall.sat()
    office.hall.grade(submission)
    return submission.attempt


def test_it_says_for_each_ability_how_many_questions_there_are(office: Office) -> None:
    page = office.browser("黄老师").open("/bank").text
    first, second = re.findall(r"<table.*?</table>", page, re.DOTALL)
    release = office.house.rulebook.catalogue.newest(COURSE)
    indicators = {each for code in release.teaches for each in office.house.rulebook.framework.competency(code).indicator_codes}
    assert len(re.findall(r'<th scope="row">', first)) == len(indicators)
    assert "遇到险情，马上打电话报" in first
    assert not re.search(r"C\d\.\d", page), "in words, not codes"
    assert "还没有批好的卷子" in page
    assert len(re.findall(r'<th scope="row">', second)) == 40
    every = office.browser("黄老师").open(f"/bank?course={COURSE}&every_line=true").text
    assert every.count('<th scope="row">') == len(indicators) + len(release.exam.items)


def test_once_somebody_has_sat_it_says_what_was_met(office: Office) -> None:
    sat(office)
    page = text(office.browser("黄老师").open("/bank"))
    assert "还没有批好的卷子" in page, "a paper whose note waits for its mark is not graded"


@pytest.mark.parametrize(
    ("tally", "says"),
    [
        pytest.param(Tally(met=40, n=40, x=4, xx=4, y=20, yy=12, xy=3), "答对的人很少", id="hard"),
        pytest.param(Tally(met=40, n=40, x=40, xx=40, y=20, yy=12, xy=20), "人人都答对", id="easy"),
        pytest.param(Tally(met=40, n=40, x=20, xx=20, y=20, yy=14, xy=10), "会的和不会的答得差不多", id="blind"),
        pytest.param(Tally(met=40, n=TELLING - 1, x=1, xx=1, y=9, yy=9, xy=0), "", id="too few to say"),
        pytest.param(Tally(met=40, n=40, x=20, xx=20, y=20, yy=14, xy=14), "", id="it tells them apart"),
    ],
)
def test_what_an_author_should_look_at_is_said(office: Office, monkeypatch: pytest.MonkeyPatch, tally: Tally, says: str) -> None:
    exam = office.house.rulebook.catalogue.newest(COURSE).exam
    name = next(iter(exam.items))
    monkeypatch.setattr("banyan.portal.desks.bank.exposure", lambda session, course: {(name, exam.versions[name]): tally})
    page = text(office.browser("黄老师").open("/bank"))
    for each in ("答对的人很少", "人人都答对", "会的和不会的答得差不多"):
        assert (each in page) == (each == says)


def test_it_asks_the_records_as_often_however_many_have_sat(office: Office) -> None:
    before = queries(office, "/bank", "黄老师")
    sat(office)
    assert queries(office, "/bank", "黄老师") == before


def test_it_is_for_who_trains_the_course(office: Office) -> None:
    assert office.browser("郑国平").open("/bank").status_code in (403, 404)
    assert office.browser("王老师").open(f"/bank?course={COURSE}").status_code in (200, 404)
    assert "遇到险情" not in office.browser("王老师").open(f"/bank?course={COURSE}").text
    assert 'href="/services/portal/bank"' in office.browser("黄老师").open("/teaching").text


def test_an_exam_is_replayed_from_the_audit_log_in_words(office: Office) -> None:
    attempt = sat(office)
    browser = office.browser("何立新")
    assert f'href="/services/portal/audit/exams/{attempt.id}"' in browser.open("/audit").text
    page = text(browser.open(f"/audit/exams/{attempt.id}"))
    assert page.count("对得上") >= 5
    assert "对不上" not in page
    assert "陈晓明" in page
    night = office.hall.drill_of(attempt)
    assert night.title in page
    assert not [each for each in (inject.choices["A"].says for inject in night.injects.values()) if each and each in page]


def test_one_that_was_changed_afterwards_says_so(office: Office) -> None:
    attempt = sat(office)
    with writing(office.house.make) as session:
        row = session.get_one(Attempt, attempt.id)
        row.form = row.form | {"met": {"rainy-night": 2}}
    page = text(office.browser("何立新").open(f"/audit/exams/{attempt.id}"))
    assert "有一处对不上" in page


def test_nobody_else_reads_an_exam_there(office: Office) -> None:
    attempt = sat(office)
    for name in ("陈晓明", "黄老师", "周建国"):
        assert office.browser(name).open(f"/audit/exams/{attempt.id}").status_code in (403, 404), name
    assert office.browser("何立新").open("/audit/exams/99999").status_code == 404


def test_an_audit_row_about_nothing_that_can_be_replayed_leads_nowhere(office: Office) -> None:
    with writing(office.house.make) as session:
        audit.append(session, NOW, "setup", "home.backup", "")
    assert office.browser("何立新").open("/audit").status_code == 200
