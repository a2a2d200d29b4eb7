"""A portal on a port, over a small county: whose token is whose, without a hub."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import update

from banyan.courseware.build import build_course
from banyan.domain.calendar import county_day
from banyan.portal.app import create_app
from banyan.portal.house import utc_now
from banyan.records.bundles import Bundles
from banyan.records.engine import Sessions, reading, writing
from banyan.records.organisation import Unit
from banyan.records.people import ChargeRow, Person
from banyan.tracker.grade_task import TaskRoom
from banyan.tracker.people import Me, find_me
from tests import house as rules
from tests.county import LONG_AGO
from tests.portal.office import FrontDoor, open_office
from tests.portal.serving import serving

EXAMPLES = "lesson-parts"


@dataclass
class Portal:
    """`trainer` and `learner` are tokens of somebody who teaches and somebody who learns with them.

    Its courses are the shipped one and, unless they are left out, the examples, which have a notebook task.
    """

    url: str
    make: Sessions
    room: TaskRoom
    trainer: str
    learner: str

    @property
    def bundles(self) -> Bundles:
        return self.room.bundles

    def me(self, token: str) -> Me:
        with reading(self.make) as session:
            return find_me(session, token, county_day(utc_now()))

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
def portal(folder: Path, examples: bool = True) -> Iterator[Portal]:
    (folder / "gradebooks").mkdir()
    (folder / "office").mkdir()
    rulebook = rules.rulebook(folder / "releases")
    if examples:
        build_course(rules.ROOT / "content" / "examples", EXAMPLES, rules.ROOT / "content", folder / "releases", utc_now())
    office = open_office(folder / "office", rulebook, folder / "gradebooks")
    app = create_app(replace(office.house, clock=utc_now), FrontDoor())
    with serving(app) as url:
        numbers = {name: person.staff_number for name, person in office.people.items()}
        room = TaskRoom(rulebook.catalogue, office.house.gradebooks, office.house.bundles)
        yield Portal(url, office.house.make, room, numbers["黄老师"], numbers["陈晓明"])
