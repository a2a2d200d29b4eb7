"""A portal on a port, over a small county: whose token is whose, without a hub."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import update

from banyan.portal.app import create_app
from banyan.portal.house import utc_now
from banyan.records.bundles import Bundles
from banyan.records.engine import Sessions, writing
from banyan.records.organisation import Unit
from banyan.records.people import ChargeRow, Person
from tests import house as rules
from tests.county import LONG_AGO
from tests.portal.office import FrontDoor, open_office
from tests.portal.serving import serving


@dataclass
class Portal:
    """`trainer` and `learner` are tokens of somebody who teaches and somebody who learns with them."""

    url: str
    make: Sessions
    bundles: Bundles
    trainer: str
    learner: str

    def trust(self, courses: Iterable[str]) -> None:
        """Let the trainer teach further courses where they teach already."""
        with writing(self.make) as session:
            person = session.query(Person).filter_by(staff_number=self.trainer).one()
            unit = session.query(Unit).join(ChargeRow).filter_by(person_id=person.id).first()
            for course in courses:
                session.add(ChargeRow(person_id=person.id, unit_id=unit.id, duty="trainer", course=course, starts_on=LONG_AGO))

    def name_learner(self, handle: str) -> None:
        """Let gradebooks know the learner under a handle."""
        with writing(self.make) as session:
            session.execute(update(Person).where(Person.staff_number == self.learner).values(handle=handle))


@contextmanager
def portal(folder: Path) -> Iterator[Portal]:
    (folder / "gradebooks").mkdir()
    (folder / "office").mkdir()
    office = open_office(folder / "office", rules.rulebook(folder / "releases"), folder / "gradebooks")
    app = create_app(replace(office.house, clock=utc_now), FrontDoor())
    with serving(app) as url:
        numbers = {name: person.staff_number for name, person in office.people.items()}
        yield Portal(url, office.house.make, office.house.bundles, numbers["黄老师"], numbers["陈晓明"])
