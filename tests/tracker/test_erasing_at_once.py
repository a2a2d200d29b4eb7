"""On both databases: two administrators who grant at once erase once, and what is overdue is found and cleared."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

from sqlalchemy import Engine, select

from banyan.domain.erasure import NAME
from banyan.domain.retention import Keep
from banyan.errors import BadInputError
from banyan.records import audit, migrate
from banyan.records.audit import AuditRow
from banyan.records.engine import reading, sessions, writing
from banyan.records.entry import Device
from banyan.records.erasure import Erasure
from banyan.records.people import Person
from banyan.tracker.erasure_requests import ask, grant
from banyan.tracker.people import find_me
from banyan.tracker.retention import clear, overdue
from banyan.tracker.rulebook import Rulebook
from tests.county import NOW, TODAY, County, places
from tests.records.conftest import engine, postgres, url  # noqa: F401

WORKERS = 3


def test_granted_at_once_it_is_erased_once_and_the_log_holds(engine: Engine, rulebook: Rulebook) -> None:  # noqa: F811
    migrate.upgrade(engine)
    make = sessions(engine)
    with writing(make) as session:
        county = County(session)
        at = places(county)
        person, clerk = county.person("林秀英", at.xikou_1), county.person("郑国平", at.qingshi)
        county.trust(clerk, "administrator", at.qingshi)
        audit.append(session, NOW, person.staff_number, "sign_in", person.staff_number, address="10.0.0.1")
        me, by = (find_me(session, each.staff_number, TODAY) for each in (person, clerk))
        session.add(Device(person_id=person.id, token_mac="m", created_at=NOW, last_seen_at=NOW, ended_at=NOW))
        number = ask(session, me, f"我是{person.name}", NOW).id
        phone, known = person.phone, person.staff_number
    together = Barrier(WORKERS)

    def work(_: int) -> bool:
        together.wait()
        try:
            with writing(make) as session:
                grant(session, number, by, rulebook, NOW)
        except BadInputError:
            return False
        return True

    with ThreadPoolExecutor(WORKERS) as pool:
        assert sorted(pool.map(work, range(WORKERS))) == [False, False, True]
    with reading(make) as session:
        assert session.get_one(Person, person.id).name == NAME
        assert len(session.scalars(select(Erasure)).all()) == 1
        assert audit.verify(session) > 3
        told = [f"{row.actor} {row.subject} {row.detail}" for row in session.scalars(select(AuditRow))]
    assert not [each for each in told if known in each or phone in each]


def test_what_is_overdue_is_counted_and_cleared(engine: Engine, rulebook: Rulebook, tmp_path: Path) -> None:  # noqa: F811
    migrate.upgrade(engine)
    make, far = sessions(engine), NOW + timedelta(days=37 * 31)
    with writing(make) as session:
        county = County(session)
        person = county.person("林秀英")
        county.appoint(person, places(county).xikou_1, until=TODAY)
        session.add(Device(person_id=person.id, token_mac="m", created_at=NOW, last_seen_at=NOW, ended_at=NOW))
        person.left_on = TODAY
    with reading(make) as session:
        assert overdue(session, rulebook, far) == {Keep.ACCESS: 1, Keep.IDENTITY: 1}
    assert clear(make, rulebook, tmp_path, far) == {Keep.ACCESS: 1, Keep.IDENTITY: 1}
    assert clear(make, rulebook, tmp_path, far) == {}
