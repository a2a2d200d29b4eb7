"""我的职责: handing a duty on and calling it back, each in one form."""

from datetime import timedelta

from banyan.domain.permission import Duty
from tests.county import COURSE, TODAY
from tests.portal.office import Office

TRAINER, BORROWER = "黄老师", "林秀英"


def hand_on(office: Office, by: str = TRAINER, **form: str):
    to = office.people[BORROWER]
    said = {"number": to.staff_number, "name": to.name, "from_day": TODAY.isoformat(), "reason": "外出培训十天"}
    said["until"] = (TODAY + timedelta(days=9)).isoformat()
    return office.browser(by).submit("/duties/lend", **{**said, "charge": str(charge(office)), **form})


def charge(office: Office, name: str = TRAINER) -> int:
    """Return the number the page offers for somebody's duty."""
    page = office.browser(name).open("/duties").text
    return int(page.split('<option value="')[1].split('"')[0])


def test_it_is_handed_on_shown_to_all_three_and_called_back_in_one_tap(office: Office) -> None:
    assert hand_on(office).status_code == 303
    (held,) = office.me(BORROWER).actor.charges
    assert (held.duty, held.course, held.lent) == (Duty.TRAINER, COURSE, True)
    mine = office.browser(TRAINER).open("/duties").text
    assert BORROWER in mine
    assert "外出培训十天" in office.browser("郑国平").open(f"/people/{office.people[BORROWER].id}").text
    assert BORROWER in office.browser("郑国平").open(f"/people/{office.people[TRAINER].id}").text
    loan = mine.split('name="loan" value="')[1].split('"')[0]
    assert office.browser("周老师").submit("/duties/call-back", loan=loan).status_code == 404
    assert office.browser(TRAINER).submit("/duties/call-back", loan=loan).status_code == 303
    assert office.me(BORROWER).actor.charges == ()


def test_what_is_wrong_is_said_and_what_was_typed_stays(office: Office) -> None:
    reply = hand_on(office, name="林秀云")
    assert reply.status_code == 422
    assert "没有找到这个人" in reply.text
    assert "外出培训十天" in reply.text
    assert hand_on(office, until="soon").status_code == 422
    assert hand_on(office, charge="x").status_code == 422
    assert hand_on(office, by="周老师").status_code == 404
    assert office.me(BORROWER).actor.charges == ()


def test_who_has_no_duty_has_no_such_page(office: Office) -> None:
    assert office.browser("陈晓明").open("/duties").status_code == 403
    assert hand_on(office, by="陈晓明").status_code == 403


def test_who_looks_after_the_platform_is_offered_nothing_to_hand_on(office: Office) -> None:
    assert "<option" not in office.browser("何立新").open("/duties").text.split("<main")[1]
