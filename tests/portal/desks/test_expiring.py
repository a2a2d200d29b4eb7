"""The supervisor's lists: who lacks what, whose certificate runs out, and one tap to say they were reminded."""

import pytest

from banyan.domain.calendar import add_months
from banyan.records.competence import Certificate
from banyan.records.engine import writing
from tests.county import COURSE, TODAY
from tests.portal.desks.test_coverage import text
from tests.portal.office import Office, certify, learn, run_out

SUPERVISOR = "蔡明辉"


@pytest.fixture
def ending(office: Office) -> Office:
    """陈晓明's certificate ends in a month."""
    with writing(office.house.make) as session:
        row = certify(session, office.people["陈晓明"], office.house.rulebook)
        session.get_one(Certificate, row.id).expires_on = add_months(TODAY, 1)
    return office


def test_a_supervisor_sees_whose_certificate_ends_and_reminds_them_once(ending: Office) -> None:
    browser = ending.browser(SUPERVISOR)
    assert "陈晓明" in browser.open("/expiring").text
    path = f"/expiring/{ending.people['陈晓明'].id}/reminded"
    assert browser.submit(path).headers["location"].endswith(f"#person-{ending.people['陈晓明'].id}")
    assert SUPERVISOR in browser.open("/expiring").text.split("<main")[1].split("</main>")[0]
    assert "told=" in ending.browser("郑国平").submit(path).headers["location"]


def test_nobody_is_shown_whom_they_do_not_look_after(ending: Office) -> None:
    assert "陈晓明" not in ending.browser("吴美玲").open("/expiring").text
    assert ending.browser("吴美玲").submit(f"/expiring/{ending.people['陈晓明'].id}/reminded").status_code == 404
    assert ending.browser("黄老师").open("/expiring").status_code == 403


def test_an_unknown_programme_and_a_get_do_nothing(ending: Office) -> None:
    path = f"/expiring/{ending.people['陈晓明'].id}/reminded"
    assert ending.browser(SUPERVISOR).submit(path, programme="NO-1").status_code == 404
    assert ending.browser(SUPERVISOR).open(path).status_code in (404, 405)


def test_a_supervisor_comes_in_at_the_list_of_the_unfinished_and_is_offered_nothing_else(office: Office) -> None:
    with writing(office.house.make) as session:
        learn(session, office.people["陈晓明"], office.house.rulebook)
    browser = office.browser(SUPERVISOR)
    assert browser.open("/").headers["location"].endswith("/unfinished")
    page = browser.open("/unfinished").text
    assert "陈晓明" in page
    assert "/assignments" not in page
    assert "张远" not in browser.open("/unfinished.xlsx").text
    assert browser.open("/people").status_code == 403


def test_where_a_supervisor_comes_in_it_says_how_many_certificates_run_out_and_leads_there(ending: Office) -> None:
    said = ending.browser(SUPERVISOR).open("/unfinished")
    assert "没有人欠着培训" in said.text, "and it is said all the same"
    assert "1张证书90天内到期" in text(said)
    assert 'href="/services/portal/expiring">看是谁的</a>' in said.text
    assert "已经过期" not in text(said)
    with writing(ending.house.make) as session:
        learn(session, ending.people["林秀英"], ending.house.rulebook)
        run_out(session, session.query(Certificate).one())
    assert "1张证书要到期了，其中1张已经过期" in text(ending.browser(SUPERVISOR).open("/unfinished?late=1"))
    assert "张证书" not in text(ending.browser("吴美玲").open("/unfinished")), "nobody's in her own town"


def test_an_assessor_records_practicals_and_marks_nothing(office: Office) -> None:
    browser, learner = office.browser("许素芬"), office.people["陈晓明"].id
    assert browser.open(f"/practicals/{COURSE}/{learner}").status_code == 200
    assert browser.submit(f"/practicals/{COURSE}/{learner}", held_on=TODAY.isoformat()).status_code == 303
    assert browser.open(f"/practicals/{COURSE}/{office.people['张远'].id}").status_code == 404
    assert browser.open("/marking").status_code == 403


@pytest.mark.parametrize("duty", [f"assessor:{COURSE}", "supervisor", "certifier"])
def test_the_new_duties_are_given_on_a_persons_page(office: Office, duty: str) -> None:
    chen = office.people["陈晓明"]
    form = {"duty": duty, "unit": office.at.xikou.code}
    assert office.browser("郑国平").submit(f"/people/{chen.id}/duties", **form).status_code == 303
    (charge,) = office.me("陈晓明").actor.charges
    assert f"{charge.duty}:{charge.course}".rstrip(":") == duty
