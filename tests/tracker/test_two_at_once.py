"""Two who write about the same people at once, on both databases: the second waits and sees what the first did."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from time import sleep

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from banyan.domain.attendance import Span
from banyan.domain.lending import Loan
from banyan.domain.observation import Mark
from banyan.domain.permission import Duty
from banyan.errors import BadInputError
from banyan.records import audit
from banyan.records.engine import Sessions, reading, sessions, writing
from banyan.records.learning import Assignment, AssignmentRule
from banyan.records.observations import Observation
from banyan.records.people import Appointment, ChargeRow, Person
from banyan.records.training import TrainingSession
from banyan.tracker.duties import Wish, give
from banyan.tracker.enrolment import Order, assign
from banyan.tracker.lending import Borrower, lend
from banyan.tracker.observations import Sheet, record
from banyan.tracker.people import Me, find_me, hold
from banyan.tracker.person_card import mend
from banyan.tracker.posts import Wanted, appoint
from banyan.tracker.rulebook import Rulebook
from banyan.tracker.settling import close
from banyan.tracker.standing_orders import apply_rules, make_rule
from banyan.tracker.trainings import TrainingPlan, plan, seat
from tests.county import COURSE, NOW, TODAY, County, Places, places
from tests.records.conftest import blank, pattern, postgres  # noqa: F401
from tests.tracker.roster.registry import open_registry
from tests.tracker.roster.test_difference import CHEN, LIN, but, sheet

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
SHOWN = {f"C5.2.{each}": Mark.YES for each in "abcd"}


@dataclass(frozen=True)
class Town:
    """Records of which anybody may open another session; `boss` administers, `trainer` trains and assesses."""

    make: Sessions
    places: Places
    boss: Me
    trainer: Me
    chen: Person
    lin: Person

    def write(self, work: Callable[[Session], object]) -> object:
        with writing(self.make) as session:
            return work(session)

    def second_waits(self, first: Callable[[Session], object], second: Callable[[Session], object]) -> "Future[object]":
        """Do one thing, begin the other before it is committed, and return what became of that."""

        with ThreadPoolExecutor(1) as pool:
            with writing(self.make) as session:
                first(session)
                other = pool.submit(self.write, second)
                _until_it_waits(other, self.make, session)
            other.exception()
        return other

    def count(self, table: type[object]) -> int:
        with reading(self.make) as session:
            audit.verify(session)
            return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def town(blank: Engine) -> Town:  # noqa: F811
    make = sessions(blank)
    with writing(make) as session:
        county = County(session)
        where = places(county)
        lead, boss, trainer = (county.person(name, where.qingshi, "CW", "专职工作者") for name in ("王建", "郑国平", "许文"))
        county.trust(boss, "administrator", where.qingshi)
        for duty in ("trainer", "assessor"):
            county.trust(trainer, duty, where.qingshi, COURSE)
        chen, lin = county.person("陈晓明", where.xikou_1), county.person("林秀英", where.xikou_1)
        assert lead.id < chen.id < lin.id
        acting = [find_me(session, each.staff_number, TODAY) for each in (boss, trainer)]
        return Town(make, where, acting[0], acting[1], chen, lin)


def test_of_two_who_give_a_duty_from_different_days_one_does(town: Town) -> None:
    wish = Wish(Duty.TRAINER, town.places.xikou.code, COURSE, TODAY)

    def giving(wanted: Wish) -> Callable[[Session], object]:
        return lambda session: give(session, town.boss, town.chen.id, wanted, NOW)

    before = town.count(ChargeRow)
    other = town.second_waits(giving(wish), giving(replace(wish, starts_on=TODAY + DAY)))
    assert isinstance(other.exception(), BadInputError)
    assert town.count(ChargeRow) == before + 1


def test_of_two_loans_of_one_duty_one_is_made(town: Town) -> None:
    with reading(town.make) as session:
        own = session.scalars(select(ChargeRow).where(ChargeRow.duty == "trainer")).one()
    borrower = Borrower(town.chen.staff_number, town.chen.name)

    def lending(first: int) -> Callable[[Session], object]:
        loan = Loan(TODAY + first * DAY, TODAY + 9 * DAY, "外出培训")
        return lambda session: lend(session, town.trainer, own.id, borrower, loan, NOW)

    before = town.count(ChargeRow)
    assert isinstance(town.second_waits(lending(0), lending(1)).exception(), BadInputError)
    assert town.count(ChargeRow) == before + 1


def test_of_two_who_appoint_to_one_post_one_does(town: Town, rulebook: Rulebook) -> None:
    wanted = Wanted(town.places.xikou.code, "第二网格", "GS", "网格员", None, True, TODAY)

    def appointing(job: Wanted) -> Callable[[Session], object]:
        return lambda session: appoint(session, town.boss, town.chen.id, job, rulebook, NOW)

    before = town.count(Appointment)
    other = town.second_waits(appointing(wanted), appointing(replace(wanted, starts_on=TODAY + DAY)))
    assert isinstance(other.exception(), BadInputError)
    assert town.count(Appointment) == before + 1


def test_two_who_ask_the_same_ask_once(town: Town, rulebook: Rulebook) -> None:
    def asking(path: str) -> Callable[[Session], object]:
        return lambda session: assign(session, Order("ER-T1", path, "GS", TODAY + 30 * DAY), town.boss, rulebook, NOW)

    other = town.second_waits(asking(town.places.xikou.path), asking(town.places.qingshi.path))
    assert other.result() == 2
    assert town.count(Assignment) == 2


def test_a_rule_and_a_person_who_ask_the_same_ask_once(town: Town, rulebook: Rulebook) -> None:
    order = Order("ER-T1", town.places.qingshi.path, "GS", TODAY + 30 * DAY)
    with writing(town.make) as session:
        make_rule(session, order, 30, town.boss, rulebook, NOW)
    other = town.second_waits(
        lambda session: assign(session, order, town.boss, rulebook, NOW),
        lambda session: apply_rules(session, None, rulebook, NOW),
    )
    assert other.result() == 0
    assert town.count(Assignment) == 2


def test_two_who_make_one_rule_make_one(town: Town, rulebook: Rulebook) -> None:
    order = Order("ER-T1", town.places.qingshi.path, "GS", TODAY + 30 * DAY)

    def ruling(session: Session) -> object:
        return make_rule(session, order, 30, town.boss, rulebook, NOW)

    assert town.second_waits(ruling, ruling).exception() is None
    assert town.count(AssignmentRule) == 1


def test_a_sheet_sent_by_a_double_tap_is_recorded_once(town: Town, rulebook: Rulebook) -> None:
    sheet = Sheet(town.chen.id, COURSE, "C5.2", 2, SHOWN, "", TODAY, "溪口村", "form")

    def sending(session: Session) -> object:
        return record(session, sheet, town.trainer, rulebook, NOW).id

    assert isinstance(town.second_waits(sending, sending).result(), int)
    assert town.count(Observation) == 1


def test_whoever_settles_a_session_waits_for_people_before_the_log(town: Town, rulebook: Rulebook) -> None:
    training = _over(town, rulebook)

    def settling(session: Session) -> object:
        return close(session, training, town.trainer, rulebook, NOW + 3 * HOUR).closed_at

    assert _log_is_free(town.make, town.chen.id, lambda: town.write(settling)).result()


def test_whoever_mends_a_name_waits_for_the_person_before_the_log(town: Town) -> None:
    def mending(session: Session) -> object:
        return mend(session, town.boss, town.chen.id, "陈小明", "", NOW).name

    assert _log_is_free(town.make, town.chen.id, lambda: town.write(mending)).result() == "陈小明"


def test_whoever_takes_a_roster_in_waits_for_people_before_the_log(blank: Engine, rulebook: Rulebook) -> None:  # noqa: F811
    registry = open_registry(sessions(blank), rulebook)
    content = sheet(but(CHEN, phone="13900000001"), but(LIN, phone="13900000002"))
    assert len(registry.look(content).of("changed")) == 2
    other = _log_is_free(registry.make, registry.people["林秀英"].id, lambda: registry.take(content).counts["changed"])
    assert other.result() == 2


def _over(town: Town, rulebook: Rulebook) -> int:
    spans = (Span(NOW, NOW + 2 * HOUR),)
    wish = TrainingPlan(COURSE, town.places.qingshi.path, "实训", "县基地", 9, {"C5.2": frozenset(SHOWN)}, 2, spans, "form")
    with writing(town.make) as session:
        row: TrainingSession = plan(session, wish, town.trainer, rulebook, NOW)
        seat(session, row.id, [town.chen.id, town.lin.id], town.trainer, NOW)
        return row.id


def _log_is_free(make: Sessions, person_id: int, work: Callable[[], object]) -> "Future[object]":
    """Hold somebody, begin a work on them, and write to the log, as whoever holds somebody does in the end."""
    with ThreadPoolExecutor(1) as pool:
        with writing(make) as session:
            hold(session, [person_id])
            other = pool.submit(work)
            _until_it_waits(other, make, session)
            audit.append(session, NOW, "test", "test", "test")
        other.exception()
    return other


def _until_it_waits(other: "Future[object]", make: Sessions, session: Session) -> None:
    """Wait until the other can go no further for what this transaction holds."""
    while not (make.turn.queued if make.turn else session.scalar(WAITING)):
        assert not other.done(), other.exception()
        sleep(0.02)
