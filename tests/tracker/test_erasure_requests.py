"""Asking to be erased: once, taken back while undecided, decided by who administers the person, never against what is open."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from banyan.domain.erasure import NAME, RETENTION, Hindrance, due_on, mac
from banyan.errors import BadInputError, NotAllowedError, NotFoundError
from banyan.records.certification import CertificateProposal
from banyan.records.classes import ClassText
from banyan.records.competence import Certificate
from banyan.records.corrections import CertificateDoubt
from banyan.records.county import CountySetting
from banyan.records.engine import writing
from banyan.records.examinations import Submission
from banyan.records.marking import Appeal
from banyan.records.people import Appointment, Person
from banyan.records.tasks import TaskSubmission
from banyan.records.training import TrainingSession
from banyan.tracker import erasure_requests as requests
from banyan.tracker.erasing import Deed, erase
from banyan.tracker.erasure_elsewhere import Mention, Paper, told_elsewhere
from banyan.tracker.people import Me, find_me
from banyan.tracker.roster.cells import CellError
from banyan.tracker.roster.erased import turned_away
from banyan.tracker.roster.identity import Group
from banyan.tracker.rulebook import Rulebook
from tests.county import NOW, TODAY, County, Places, places
from tests.portal.office import certify
from tests.tracker.hall import Hall


class Registry:
    """A town's administrator, the county's, a foreign one, and a volunteer who asks."""

    def __init__(self, session: Session, at: Places, county: County) -> None:
        self.session, self.at = session, at
        people = {"clerk": at.qingshi, "chief": at.county, "foreign": at.yunxi, "asks": at.xikou_1}
        made = {name: county.person(name, unit) for name, unit in people.items()}
        for name in ("clerk", "chief", "foreign"):
            county.trust(made[name], "administrator", people[name])
        self.people = {name: find_me(session, each.staff_number, TODAY) for name, each in made.items()}

    def __getitem__(self, name: str) -> Me:
        return self.people[name]


@pytest.fixture
def registry(session: Session, county: County) -> Registry:
    return Registry(session, places(county), county)


def test_asked_twice_it_is_asked_once_and_due_in_fifteen_working_days(session: Session, registry: Registry) -> None:
    row = requests.ask(session, registry["asks"], " 我 不做了 ", NOW)
    assert requests.ask(session, registry["asks"], "再说一次", NOW).id == row.id
    assert (row.words, row.due_on) == ("我 不做了", date(2026, 12, 14))


@given(st.dates(date(2024, 1, 1), date(2034, 1, 1)))
def test_the_last_day_is_a_working_day_three_weeks_on(day: date) -> None:
    assert due_on(day).weekday() < 5
    assert 19 <= (due_on(day) - day).days <= 21


def test_what_was_taken_back_is_decided_by_nobody_and_may_be_asked_again(
    session: Session, registry: Registry, rulebook: Rulebook
) -> None:
    row = requests.ask(session, registry["asks"], "", NOW)
    requests.withdraw(session, registry["asks"], NOW)
    with pytest.raises(BadInputError):
        requests.grant(session, row.id, registry["clerk"], rulebook, NOW)
    assert requests.ask(session, registry["asks"], "", NOW).id != row.id


@pytest.mark.parametrize("who", ["foreign", "asks"])
def test_to_whoever_does_not_administer_the_person_a_request_is_not_there(
    session: Session, registry: Registry, rulebook: Rulebook, who: str
) -> None:
    row = requests.ask(session, registry["asks"], "", NOW)
    assert requests.requests_for(session, registry[who], NOW) == []
    for act in (
        lambda: requests.request_for(session, row.id, registry[who], NOW),
        lambda: requests.grant(session, row.id, registry[who], rulebook, NOW),
        lambda: requests.refuse(session, row.id, "还在岗，考核要用", registry[who], NOW),
        lambda: requests.request_for(session, 99999, registry[who], NOW),
    ):
        with pytest.raises(NotFoundError):
            act()


def test_nobody_decides_on_themselves(session: Session, registry: Registry) -> None:
    row = requests.ask(session, registry["clerk"], "", NOW)
    assert requests.requests_for(session, registry["clerk"], NOW) == []
    assert [each.row.id for each in requests.requests_for(session, registry["chief"], NOW)] == [row.id]


def test_refused_for_a_reason_the_person_reads_and_may_ask_again(session: Session, registry: Registry) -> None:
    row = requests.ask(session, registry["asks"], "", NOW)
    with pytest.raises(BadInputError):
        requests.refuse(session, row.id, " 不 ", registry["clerk"], NOW)
    requests.refuse(session, row.id, "您还在岗，考核要用", registry["clerk"], NOW)
    last = requests.last_request(session, registry["asks"].person.id)
    assert last
    assert last.answer == "您还在岗，考核要用"
    assert requests.ask(session, registry["asks"], "", NOW).id != row.id


def test_granted_the_person_is_gone_and_cannot_be_decided_twice(session: Session, registry: Registry, rulebook: Rulebook) -> None:
    row = requests.ask(session, registry["asks"], "我不做了", NOW)
    requests.grant(session, row.id, registry["clerk"], rulebook, NOW)
    person = session.get_one(Person, registry["asks"].person.id)
    session.refresh(person)
    session.refresh(row)
    assert (person.name, person.phone, person.left_on, row.words) == (NAME, "", TODAY - timedelta(days=1), "")
    with pytest.raises(BadInputError):
        requests.grant(session, row.id, registry["clerk"], rulebook, NOW)


def test_a_late_one_is_said_to_be(session: Session, registry: Registry) -> None:
    requests.ask(session, registry["asks"], "", NOW)
    assert not requests.requests_for(session, registry["clerk"], NOW + timedelta(days=21))[0].late
    assert requests.requests_for(session, registry["clerk"], NOW + timedelta(days=22))[0].late


def test_whoever_has_left_is_in_the_hands_of_where_they_were_last(session: Session, registry: Registry) -> None:
    asks = registry["asks"].person
    for row in session.scalars(select(Appointment).where(Appointment.person_id == asks.id)):
        row.ends_on = TODAY - timedelta(days=400)
    asks.left_on = TODAY - timedelta(days=400)
    session.flush()
    with pytest.raises(BadInputError):
        requests.record(session, asks.staff_number, "本人来信，核对过", registry["foreign"], NOW)
    with pytest.raises(BadInputError):
        requests.record(session, asks.staff_number, "信", registry["clerk"], NOW)
    row = requests.record(session, f" {asks.staff_number} ", "本人来信，核对过", registry["clerk"], NOW)
    line = requests.request_for(session, row.id, registry["clerk"], NOW)
    assert not line.at_work
    assert [each.row.id for each in requests.requests_for(session, registry["clerk"], NOW)] == [row.id]


def test_who_wrote_a_request_down_does_not_grant_it(session: Session, registry: Registry, rulebook: Rulebook) -> None:
    row = requests.record(session, registry["asks"].person.staff_number, "本人来信，核对过", registry["clerk"], NOW)
    with pytest.raises(NotAllowedError, match="另一位管理员"):
        requests.grant(session, row.id, registry["clerk"], rulebook, NOW)
    assert session.get_one(Person, registry["asks"].person.id).name == "asks"
    requests.grant(session, row.id, registry["chief"], rulebook, NOW)


def test_a_duty_that_was_lent_decides_on_nobody(session: Session, registry: Registry, rulebook: Rulebook) -> None:
    row = requests.ask(session, registry["asks"], "", NOW)
    clerk = registry["clerk"]
    lent = replace(clerk, actor=replace(clerk.actor, charges=tuple(replace(each, lent=True) for each in clerk.actor.charges)))
    assert requests.requests_for(session, lent, NOW) == []
    with pytest.raises(NotFoundError):
        requests.grant(session, row.id, lent, rulebook, NOW)


def test_whoever_bears_only_a_duty_has_somebody_who_decides(session: Session, registry: Registry) -> None:
    county = County(session, people=600)
    bearer = county.person("只有职责", None)
    county.trust(bearer, "trainer", registry.at.xikou, "x-1-reporter")
    row = requests.ask(session, find_me(session, bearer.staff_number, TODAY), "", NOW)
    assert [each.row.id for each in requests.requests_for(session, registry["clerk"], NOW)] == [row.id]
    assert requests.requests_for(session, registry["foreign"], NOW) == []


def test_the_platforms_administrator_decides_where_nobody_else_may(
    session: Session, registry: Registry, rulebook: Rulebook
) -> None:
    county = County(session, people=700)
    platform = county.person("平台", registry.at.county)
    county.trust(platform, "platform", registry.at.county)
    me = find_me(session, platform.staff_number, TODAY)
    others = requests.ask(session, registry["asks"], "", NOW)
    top = requests.ask(session, registry["chief"], "", NOW)
    nobodys = requests.ask(session, find_me(session, county.person("没有岗位").staff_number, TODAY), "", NOW)
    assert [each.row.id for each in requests.requests_for(session, me, NOW)] == [top.id, nobodys.id]
    with pytest.raises(NotFoundError):
        requests.grant(session, others.id, me, rulebook, NOW)
    with pytest.raises(BadInputError):
        requests.grant(session, top.id, me, rulebook, NOW)  # still an administrator, but it is there
    requests.grant(session, nobodys.id, me, rulebook, NOW)


@pytest.mark.parametrize("number", ["", "nobody", "' OR 1=1 --", "1" * 300])
def test_a_number_nobody_has_is_refused_like_a_foreign_one(session: Session, registry: Registry, number: str) -> None:
    with pytest.raises(BadInputError, match="没有找到"):
        requests.record(session, number, "本人来信，核对过", registry["clerk"], NOW)


def _duty(session: Session, hall: Hall) -> None:
    county = County(session, people=500)
    unit = session.scalars(select(Appointment).where(Appointment.person_id == hall.learner.person.id)).one().unit
    county.trust(session.get_one(Person, hall.learner.person.id), "supervisor", unit)


def _appeal(session: Session, hall: Hall) -> None:
    submission = session.scalars(select(Submission)).one()
    submission.state = "graded"
    session.add(Appeal(submission_id=submission.id, reason="漏了", asked_at=NOW, due_on=TODAY, before={}, answer=""))


def _proposal(session: Session, hall: Hall) -> None:
    session.add(CertificateProposal(person_id=hall.learner.person.id, programme="ER-T1", proposed_at=NOW))


def _doubt(session: Session, hall: Hall) -> None:
    row: Certificate = certify(session, hall.learner.person, hall.rulebook)
    session.add(CertificateDoubt(certificate_id=row.id, raised_at=NOW))


@pytest.mark.parametrize(
    ("stands", "expected"),
    [
        pytest.param(_duty, Hindrance.DUTY, id="a duty"),
        pytest.param(lambda session, hall: None, Hindrance.GRADING, id="a paper that waits for its mark"),
        pytest.param(_appeal, Hindrance.APPEAL, id="a second look"),
        pytest.param(_proposal, Hindrance.PROPOSAL, id="a certificate that waits"),
        pytest.param(_doubt, Hindrance.DOUBT, id="a certificate in doubt"),
    ],
)
def test_what_is_open_stands_in_the_way(hall: Hall, stands, expected: Hindrance) -> None:  # type: ignore[no-untyped-def]
    hall.grade(hall.sat())
    with writing(hall.make) as session:
        stands(session, hall)
        session.flush()
        assert expected in requests.hindrances(session, hall.learner.person.id, TODAY)
        assert requests.hindrances(session, hall.neighbour.person.id, TODAY) == ()


@pytest.mark.parametrize(
    ("state", "stands"),
    [("submitted", True), ("unmarked", True), ("graded", False), ("replaced", False), ("stuck", False), ("handed_on", False)],
)
def test_a_task_being_graded_stands_in_the_way(session: Session, registry: Registry, state: str, stands: bool) -> None:
    person = registry["asks"].person.id
    work = TaskSubmission(person_id=person, course="c", task="t", number=1, digest="0" * 64, notebooks=[], submitted_at=NOW)
    work.late, work.state, work.remarks = False, state, []
    session.add(work)
    session.flush()
    assert requests.hindrances(session, person, TODAY) == ((Hindrance.TASK,) if stands else ())
    after = TaskSubmission(person_id=person, course="c", task="t", number=2, digest="1" * 64, notebooks=[], submitted_at=NOW)
    after.late, after.state, after.remarks = False, "graded", []
    session.add(after)
    session.flush()
    assert requests.hindrances(session, person, TODAY) == ()


def test_an_exam_under_way_stands_in_the_way(hall: Hall) -> None:
    hall.begin()
    with writing(hall.make) as session:
        assert requests.hindrances(session, hall.learner.person.id, TODAY) == (Hindrance.EXAM,)


class Row:
    """A row of a roster as far as turning it away goes."""

    def __init__(self, number: str, phone: str) -> None:
        self.staff_number, self.phone, self.name, self.row = number, phone, "陈晓明", 4
        self.line = self
        self.columns: dict[object, int] = {}


@pytest.fixture
def gone(session: Session, registry: Registry, rulebook: Rulebook) -> tuple[str, str]:
    person = registry["asks"].person
    known = (person.staff_number, person.phone)
    requests.grant(session, requests.ask(session, registry["asks"], "", NOW).id, registry["clerk"], rulebook, NOW)
    return known


@pytest.mark.parametrize("by", ["number", "phone"])
def test_a_roster_that_still_names_them_does_not_bring_them_back(
    session: Session, registry: Registry, rulebook: Rulebook, gone: tuple[str, str], by: str
) -> None:
    row = Row(gone[0], "") if by == "number" else Row("", gone[1])
    faults = turned_away(session, [Group(None, [row])], rulebook.attempt_key, TODAY)  # type: ignore[list-item]
    assert len(faults) == 1
    assert isinstance(faults[0].error, CellError)
    assert turned_away(session, [Group(None, [Row("7", "")])], rulebook.attempt_key, TODAY) == []  # type: ignore[list-item]
    with pytest.raises(BadInputError):
        requests.readmit(session, gone[0], registry["foreign"], rulebook, NOW)
    requests.readmit(session, gone[0], registry["clerk"], rulebook, NOW)
    assert turned_away(session, [Group(None, [row])], rulebook.attempt_key, TODAY) == []  # type: ignore[list-item]


def test_a_phone_that_is_somebody_elses_by_now_keeps_nobody_out(
    session: Session, registry: Registry, rulebook: Rulebook, gone: tuple[str, str]
) -> None:
    by_phone, by_number = [Group(None, [Row("", gone[1])])], [Group(None, [Row(gone[0], "")])]  # type: ignore[list-item]
    key = rulebook.attempt_key
    assert turned_away(session, by_phone, key, TODAY + timedelta(days=364))
    assert turned_away(session, by_phone, key, TODAY + timedelta(days=365)) == []
    assert turned_away(session, by_number, key, TODAY + timedelta(days=3650))
    requests.readmit(session, gone[1], registry["clerk"], rulebook, NOW)
    assert turned_away(session, by_number, key, TODAY) == []


def test_who_is_erased_otherwise_has_no_request_waiting_any_more(
    session: Session, registry: Registry, rulebook: Rulebook
) -> None:
    row = requests.ask(session, registry["asks"], "", NOW)
    erase(session, row.person_id, rulebook, Deed("retention", RETENTION, NOW))
    session.refresh(row)
    assert (row.granted, row.decided_at) == (True, NOW)
    assert requests.requests_for(session, registry["clerk"], NOW) == []


def test_without_the_key_what_is_kept_tells_no_number() -> None:
    assert mac(b"one", "10010001") != mac(b"other", "10010001")
    assert "10010001" not in mac(b"one", "10010001")
    assert mac(b"one", "") == ""


def test_papers_of_office_that_name_them_are_listed_to_who_reaches_them(session: Session, registry: Registry) -> None:
    asks, clerk = registry["asks"].person, registry["clerk"]
    for number, unit in enumerate((registry.at.qingshi, registry.at.yunxi)):
        row = TrainingSession(course="c", unit_id=unit.id, title=f"第{number}期", place="镇政府", capacity=9, shows={}, level=1)
        row.framework, row.planned_by, row.planned_at, row.form_key = "t", clerk.person.id, NOW, f"k{number}"
        session.add(row)
        session.flush()
        old = ClassText(session_id=row.id, kind="notice", body={"contact": f"{asks.name} {asks.phone}"}, written_at=NOW)
        old.written_by = clerk.person.id
        session.add(old)
    setting = CountySetting(
        key="duty_phone", unit_id=registry.at.qingshi.id, value=[{"phone": asks.phone}], source="文件", owner="x"
    )
    setting.dated_on, setting.set_at = TODAY, NOW
    session.add(setting)
    session.flush()
    assert told_elsewhere(session, asks, clerk) == [Mention(Paper.TEXT, "第0期"), Mention(Paper.SETTING, "duty_phone")]
    assert told_elsewhere(session, registry["chief"].person, clerk) == []
    fresh = ClassText(session_id=1, kind="notice", body={"contact": "办公室"}, written_by=clerk.person.id, written_at=NOW)
    session.add(fresh)
    session.flush()
    assert [each.paper for each in told_elsewhere(session, asks, clerk)] == [Paper.SETTING]
