"""Two workers who find the same certificate due issue it once, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import Engine, func, select

from banyan.domain.calendar import county_day
from banyan.records import audit
from banyan.records.competence import Certificate
from banyan.records.engine import reading, sessions, writing
from banyan.records.learning import Assignment
from banyan.records.people import Person
from banyan.tracker.awards import award_due
from banyan.tracker.rulebook import Rulebook
from tests.county import NOW, County, places
from tests.records.conftest import blank, pattern, postgres  # noqa: F401
from tests.tracker.test_awards import show

WORKERS = 4


def test_workers_at_once_issue_one(blank: Engine, rulebook: Rulebook) -> None:  # noqa: F811
    make = sessions(blank)
    with writing(make) as session:
        county = County(session)
        person: Person = county.person("林秀英", places(county).xikou_1, "GS")
        show(session, person, rulebook)
        session.add(Assignment(person_id=person.id, programme="ER-T1", due_on=county_day(NOW), assigned_at=NOW))
    together = Barrier(WORKERS)

    def work(_: int) -> int:
        together.wait()
        with writing(make) as session:
            return len(award_due(session, person.id, rulebook, NOW))

    with ThreadPoolExecutor(WORKERS) as pool:
        assert sorted(pool.map(work, range(WORKERS))) == [0] * (WORKERS - 1) + [1]
    with reading(make) as session:
        assert session.scalar(select(func.count()).select_from(Certificate)) == 1
        assert audit.verify(session) > 0
