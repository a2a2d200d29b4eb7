"""The catalogue, and a course: what it is for, what has been done of it, what comes next."""

from fastapi.responses import Response
from sqlalchemy.orm import Session

from banyan.courseware.release import Release
from banyan.domain.certification import Programme
from banyan.domain.county import Place
from banyan.domain.enrolment import Step
from banyan.domain.framework import Text
from banyan.domain.permission import Action
from banyan.portal.i18n import N_
from banyan.portal.learner import words
from banyan.portal.learner.next_words import call, sentence
from banyan.portal.learner.tasks import STATES
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes
from banyan.tracker.admission import admission
from banyan.tracker.county import settings_of
from banyan.tracker.enrolment import enrolment
from banyan.tracker.progress import lesson_progress
from banyan.tracker.tasks import latest_of, offers, submissions_of

routes = Routes()
routes.entry(N_("课程"), "/courses", Action.LEARN)


@routes.get("/courses", needs=Action.LEARN)
def catalogue(page: MyPage) -> Response:
    releases = page.house.rulebook.catalogue.all()
    with page.reading() as session:
        lessons = {each.course: lesson_progress(session, page.me.person.id, each) for each in releases}
    done = {course: sum(each.finished for each in progress) for course, progress in lessons.items()}
    return page.show("learner/catalogue.html", releases=releases, done=done)


@routes.get("/courses/{course}", needs=Action.LEARN)
def course(page: MyPage, course: str) -> Response:
    release = page.house.rulebook.catalogue.newest(course)
    programme, now = programme_of(course, page), page.now
    with page.reading() as session:
        place = place_of(session, page)
        door = admission(session, page.me.person.id, release, page.house.rulebook, now)
        standing = enrolment(session, page.me.person.id, programme, page.house.rulebook, now) if programme else None
        ring = call(session, standing, page) if standing else None
        handed_in = latest_of(submissions_of(session, page.me, course))
        given = offers(session, page.me, page.house.rulebook.catalogue, course)
        tasks = [(each, handed_in.get((course, each.task))) for each in given]
    return page.show(
        "learner/course.html",
        release=release,
        lessons=door.lessons,
        next_lesson=door.next_lesson,
        stages=words.stages(standing, page.language) if standing else words.stages_alone(door, page.language),
        button=words.button(standing, page.language) if standing else words.button_alone(door, release.course, page.language),
        sentence=sentence(standing, page.today, page.language) if standing else "",
        call=ring,
        base=f"{words.LESSONS}/{release.course}",
        practising=standing is not None and standing.step is Step.PRACTICAL,
        practised=practised(release, page),
        desk=place.desk,
        tasks=tasks,
        task_states=STATES,
    )


def practised(release: Release, page: MyPage) -> list[Text]:
    """Return what a trainer looks for in the practical, in a learner's words."""
    wanted = {each.indicator for each in release.practical.ticks} if release.practical else set()
    competency = page.house.rulebook.framework.competency(release.practical.competency) if release.practical else None
    return [each.plain for each in (competency.indicators if competency else ()) if each.code in wanted]


def programme_of(course: str, page: MyPage) -> Programme | None:
    """Return the programme a course belongs to, None if it stands alone."""
    return page.house.rulebook.programme_with(course)


def place_of(session: Session, page: MyPage) -> Place:
    """Return what the county says for where somebody works."""
    return settings_of(session).for_units(unit.path for unit in page.me.units)
