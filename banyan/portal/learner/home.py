"""Home: what comes next, by when, and what one already holds."""

from collections.abc import Iterable
from datetime import date

from fastapi.responses import Response

from banyan.accounts.labs import lab_for
from banyan.certificates.statement import Statement
from banyan.domain.certification import Validity, validity
from banyan.domain.enrolment import Step
from banyan.domain.permission import Action
from banyan.domain.renewal import opens_on
from banyan.portal.i18n import N_
from banyan.portal.learner import words
from banyan.portal.learner.concerns import answer_words
from banyan.portal.learner.daily import waiting
from banyan.portal.learner.next_words import call, sentence
from banyan.portal.learner.results import course_title
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, SIGNED_IN, Routes
from banyan.records.competence import Certificate
from banyan.records.labs import Purpose
from banyan.tracker.aftermath import news_for
from banyan.tracker.awards import certificates_of
from banyan.tracker.concerns import answered_for
from banyan.tracker.daily import daily
from banyan.tracker.enrolment import Enrolment, enrolments, unopened
from banyan.tracker.holding import suspended
from banyan.tracker.notices import notices_for, put_away
from banyan.tracker.people import places

routes = Routes()
routes.entry(N_("学习"), "/learning", Action.LEARN)
SOON = 90  # days
WAITING = (Step.WAIT_FOR_MARK, Step.PRACTICAL, Step.WAIT_FOR_GRANT)  # for others: a day gone by is not theirs to answer for


@routes.get("/", needs=SIGNED_IN)
def front(page: MyPage) -> Response:
    """Lead whoever has a duty to its first page, others to what they have to learn."""
    return page.go(page.ways.desk.path) if page.ways.desk else learning(page)


@routes.post("/learning/notices/seen", needs=Action.LEARN)
def notices_seen(page: MyPage) -> Response:
    """Put away the word that one's certificates run out; the next one comes in its time."""
    with page.writing() as session:
        put_away(session, page.me.person.id, page.now)
    return page.go("/learning")


def is_open(enrolment: Enrolment) -> bool:
    return enrolment.step is not Step.DONE


@routes.get("/learning", needs=Action.LEARN)
def learning(page: MyPage) -> Response:
    page.here = f"{PORTAL}/learning"
    with page.reading() as session:
        asked = enrolments(session, page.me.person.id, page.house.rulebook, page.now)
        closed = unopened(session, page.me.person.id, page.house.rulebook)
        held = newest(certificates_of(session, page.me.person.id))
        paused = suspended(session, [each.id for each in held])
        ending = notices_for(session, page.me.person.id, page.today)
        named = places(session, page.me.units)
        answers = answered_for(session, page.me.person.id)
        news = news_for(session, page.me.person.id)
        three = daily(session, page.me.person.id, page.house.rulebook, page.today)
        lab = lab_for(session, page.me.person, page.today)
        calls = {each.programme.code: call(session, each, page) for each in asked}
    ahead = sorted(asked, key=lambda each: each.step is Step.DONE)  # what is open first, then by day
    return page.show(
        "learner/home.html",
        greeting=words.greeting(page.now),
        units=[" · ".join(named[unit.id]) for unit in page.me.units if named[unit.id]],
        asked=[told(each, page) | {"call": calls[each.programme.code]} for each in ahead],
        answers=[answer_words(page, each) for each in answers],
        news=[(each.id, course_title(page, each.course)) for each in news],
        closed=[each.title for each in closed],
        tasks=lab is not None and lab.purpose is Purpose.TASKS,
        three=len(three),
        three_left=waiting(three),
        held=[worth(each, page, paused=each.id in paused) for each in held],
        ending=[worth(each, page) | {"opens_on": _opens_on(each, page)} for each in ending],
    )


def told(enrolment: Enrolment, page: MyPage) -> dict[str, object]:
    """Return an enrolment in words, in the page's language."""
    return {
        "title": page.language.text(enrolment.programme.title),
        "headline": words.headline(enrolment, page.language),
        "sentence": sentence(enrolment, page.today, page.language),
        "stages": words.stages(enrolment, page.language),
        "button": words.button(enrolment, page.language),
        "due_on": None if enrolment.renewing else enrolment.due_on,
        "late": bool(enrolment.due_on and enrolment.due_on < page.today and not enrolment.renewing),
        "waits": enrolment.step in WAITING,
        "done": enrolment.step is Step.DONE,
        "withdrawn": enrolment.withdrawn,
        "course": enrolment.release.course,
        "code": enrolment.programme.code,
    }


def _opens_on(certificate: Certificate, page: MyPage) -> date | None:
    """Return from which day a certificate may be renewed, None if it already may."""
    programme = next((each for each in page.house.rulebook.programmes if each.code == certificate.programme), None)
    first = opens_on(programme, certificate.expires_on) if programme else page.today
    return first if first > page.today else None


def newest(certificates: Iterable[Certificate]) -> list[Certificate]:
    """Return the latest certificate of each programme."""
    seen: dict[str, Certificate] = {}
    for each in certificates:
        seen.setdefault(each.programme, each)
    return list(seen.values())


def worth(certificate: Certificate, page: MyPage, paused: bool = False) -> dict[str, object]:
    """Return what a certificate is worth today: valid, soon, expired, revoked or suspended (`paused`), and for how long."""
    statement = Statement.parse(certificate.payload)
    left = (certificate.expires_on - page.today).days
    state = validity(certificate.expires_on, certificate.revoked_at is not None, page.today)
    soon = state is Validity.VALID and left <= SOON
    return {
        "serial": certificate.serial,
        "title": statement.title,
        "programme": next((p.title for p in page.house.rulebook.programmes if p.code == certificate.programme), None),
        "name": statement.name,
        "issued_on": certificate.issued_on,
        "expires_on": certificate.expires_on,
        "state": "suspended" if paused and state is Validity.VALID else "soon" if soon else state.value,
        "left": left,
        "whole": (certificate.expires_on - certificate.issued_on).days,
    }
