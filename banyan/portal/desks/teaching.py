"""The trainer's first page: what waits for them today, and which learners need somebody to ring."""

from fastapi.responses import Response

from banyan.accounts.labs import lab_of
from banyan.domain.permission import Action
from banyan.portal.desks.practicals import coming_up, courses_of
from banyan.portal.desks.words import HALTS
from banyan.portal.i18n import N_
from banyan.portal.learner.home import is_open
from banyan.portal.learner.words import headline
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes
from banyan.records.labs import Purpose
from banyan.tracker.advance import released
from banyan.tracker.appeals import waiting_appeals
from banyan.tracker.concerns import open_heaps
from banyan.tracker.enrolment import enrolments
from banyan.tracker.marking_queue import desk
from banyan.tracker.registers import stuck_under
from banyan.tracker.standstill import Standstill, standstills

routes = Routes()
routes.entry(N_("教学"), "/teaching", Action.MARK, daily=True)


@routes.get("/teaching", needs=Action.MARK)
def teaching(page: MyPage) -> Response:
    with page.reading() as session:
        appeals = waiting_appeals(session, page.me, page.today)
        waiting = desk(session, page.me, page.house.rulebook, page.now).mine
        ungraded = len(stuck_under(session, page.me, page.today))
        courses = standstills(session, page.me, page.house.rulebook, page.now)
        concerns = open_heaps(session, page.me, page.today)
        coming = [each for course in courses_of(page) for each, _ in coming_up(session, page, course)]
        lab = lab_of(session, page.me.person.staff_number, page.today)
        asked = enrolments(session, page.me.person.id, page.house.rulebook, page.now)
    return page.show(
        "desks/teaching.html",
        waiting=waiting,
        first=next((each for each in waiting if not each.held_by), None),
        appeals=appeals,
        overdue=sum(each.overdue for each in waiting) + sum(each.overdue for each in appeals),
        ungraded=ungraded,
        concerns=concerns,
        courses=[(each, _lessons(page, each)) for each in courses],
        to_practise=sum(len(each.practical) for each in courses),
        coming=min(coming, key=lambda each: each.row.starts_at, default=None),
        words=HALTS,
        lab=lab is not None and lab.purpose is Purpose.GRADING,
        own=[(each.programme.title, headline(each, page.language), each.due_on) for each in filter(is_open, asked)],
    )


def _lessons(page: MyPage, course: Standstill) -> list[str]:
    """Return the titles of a programme's lessons, in the order in which they are counted."""
    releases = released(course.programme, page.house.rulebook)
    return [page.language.text(lesson.title.model_dump()) for each in releases for lesson in each.lessons]
