"""What has outlived its period goes, day by day, each kind by the table that “我的资料” is read from (banyan.domain.retention).

Nothing that is still needed: no paper with a second look, a correction or a doubt that is open, nothing of whoever holds a
certificate today, nobody something of whom waits. It goes in portions, so that nobody who writes waits for all of it; what is
found is looked at once more as it goes. Killed and done again it is done once; the log says how much of what.
"""

import logging
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from banyan.domain.calendar import county_day
from banyan.domain.erasure import RETENTION
from banyan.domain.retention import Keep, Retention
from banyan.records import audit
from banyan.records.engine import Sessions, reading, writing
from banyan.records.erasure import Erasure
from banyan.records.examinations import Attempt
from banyan.records.people import Person
from banyan.tracker.erasing import Deed, erase
from banyan.tracker.erasing_log import mentions
from banyan.tracker.erasure_requests import hindrances
from banyan.tracker.overdue import Among, Matter, has_left, holds, matters
from banyan.tracker.rulebook import Rulebook
from grading.bridge.forgetting import Paper, forget_papers
from grading.bridge.gradebook import Course, assignment_name

ACTOR = "retention"
log = logging.getLogger(__name__)
Counts = Counter[Keep]
PORTION = 500  # papers, people or rows within one transaction
MOST_PEOPLE = 50  # erased at one go by the grader; it comes back


def overdue(session: Session, rulebook: Rulebook, now: datetime) -> Counts:
    """Return how much of each kind would go today; nothing is changed. People are counted for who they are, else rows."""
    today = county_day(now)
    found: Counts = Counter({Keep.IDENTITY: sum(1 for _ in _people_to_erase(session, rulebook.retention, today))})
    for matter in matters(rulebook.retention, today):
        counts = (select(func.count()).select_from(each.subquery()) for each in matter.rows())
        found[matter.keep] += sum(session.scalar(each) or 0 for each in counts)
    return +found


def clear(make: Sessions, rulebook: Rulebook, gradebooks: Path, now: datetime, most: int = MOST_PEOPLE) -> Counts:
    """Take away what is overdue, a portion in a transaction of its own, at most so many people; return how much of what went."""
    done: Counts = Counter()
    for matter in matters(rulebook.retention, county_day(now)):
        with reading(make) as session:
            owners = sorted({each for query in matter.owners() for each in session.scalars(query)})
        for first in range(0, len(owners), PORTION):
            done[matter.keep] += _clear_portion(make, matter, owners[first : first + PORTION], gradebooks, now)
    done[Keep.IDENTITY] = clear_people(make, rulebook, now, most)
    return +done


def clear_people(make: Sessions, rulebook: Rulebook, now: datetime, most: int = MOST_PEOPLE) -> int:
    """Erase whoever left long enough ago, each in a transaction of their own, at most so many; return how many."""
    today, done = county_day(now), 0
    with reading(make) as session:
        people = list(islice(_people_to_erase(session, rulebook.retention, today), most))
    for person_id in people:
        with reading(make) as session:
            seen = mentions(session, session.get_one(Person, person_id))
        with writing(make) as session:
            for still in _people_to_erase(session, rulebook.retention, today, [person_id]):
                erase(session, still, rulebook, Deed(ACTOR, RETENTION, now, seen))
                done += 1
    return done


def _clear_portion(make: Sessions, matter: Matter, owners: Sequence[int], gradebooks: Path, now: datetime) -> int:
    """Take away what some owners have. Gradebooks come first: killed in between, the rows lead here once more."""
    try:
        if matter.keep is Keep.ANSWERS:
            _leave_gradebooks(make, matter, owners, gradebooks)
    except (OSError, sqlite3.Error):
        log.exception("papers stay in the gradebooks, and their answers here, until those are mended")
        return 0
    with writing(make) as session:
        count = sum(session.execute(each).rowcount for each in matter.deeds(owners))  # type: ignore[attr-defined]
        if count:
            audit.append(session, now, ACTOR, "retention.clear", matter.keep.value, rows=count)
        return count


def _leave_gradebooks(make: Sessions, matter: Matter, attempts: Collection[int], gradebooks: Path) -> None:
    """Take papers out of the gradebooks: what was answered was frozen into them too."""
    query = select(Attempt.course, Attempt.release, Attempt.number, Person.handle).join(Person, Attempt.person_id == Person.id)
    with reading(make) as session:
        found = session.execute(query.where(Attempt.id.in_(matter.whose(attempts)))).all()
    papers: dict[str, list[Paper]] = {}
    for course, release, number, handle in found:
        papers.setdefault(course, []).append(Paper(handle, assignment_name(release, number)))
    for course, some in papers.items():
        if (gradebooks / course).is_dir():
            forget_papers(Course(gradebooks / course), some)


def _people_to_erase(session: Session, retention: Retention, today: date, among: Among = None) -> Iterator[int]:
    since = retention.of(Keep.IDENTITY).over_since(today)
    if since is None:
        return
    query = select(Person.id).where(has_left(since), ~holds(Person.id, today), Person.id.not_in(select(Erasure.person_id)))
    found = session.scalars((query if among is None else query.where(Person.id.in_(among))).order_by(Person.id)).all()
    yield from (each for each in found if not hindrances(session, each, today))
