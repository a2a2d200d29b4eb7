"""The practical on a trainer's phone: find the person, tick what was seen, save once, read what it led to."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated

from fastapi import Form
from fastapi.responses import Response
from sqlalchemy.orm import Session

from banyan.courseware.manifest import Practical
from banyan.courseware.release import Release
from banyan.domain.certification import Programme, missing
from banyan.domain.organisation import lies_within
from banyan.domain.permission import OBSERVERS, Action, subtrees
from banyan.domain.readiness import Stage
from banyan.errors import BadInputError, NotFoundError
from banyan.portal.desks.words import NEEDS, STAGES
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.records.competence import Practical as Recorded
from banyan.records.people import Person
from banyan.tracker.doubts import is_doubted
from banyan.tracker.holding import evidence_for, judged, past_of
from banyan.tracker.people import NOT_HERE, places, require, target_of, units_of
from banyan.tracker.practical_sessions import Announced, announced, waiting
from banyan.tracker.practicals import (
    BACKWARDS,
    TickList,
    latest,
    may_withdraw,
    observe,
    practical_for,
    practicals_by,
    practised,
    seen_before,
)
from banyan.tracker.registers import certificate_since
from banyan.tracker.reports import PersonLine, people
from banyan.tracker.search import meant_by

routes = Routes()
routes.entry(N_("演练"), "/practicals", Action.OBSERVE, daily=True)

SHOWN = 60


@routes.get("/practicals", needs=Action.OBSERVE)
def practicals(page: MyPage, q: str = "", course: str = "") -> Response:
    """Without a name: who waits for the practical; with one: whoever of my area is called so."""
    taught = courses_of(page)
    if not taught:
        return page.show("desks/no_course.html")
    chosen = course or taught[0]
    if chosen not in taught:
        raise NotFoundError(N_("没有找到这门课，请回到上一页重新选"))
    asked = q.strip()
    with page.reading() as session:
        lines = learners_of(session, page, chosen)
        recorded = practicals_by(session, page.me.person.id, chosen)
        coming = coming_up(session, page, chosen)
        meant = meant_by(session, asked) if asked else set()
    ready = [line for line in lines if line.stage is Stage.NO_PRACTICAL]
    found = [line for line in lines if line.person.id in meant] if asked else ready
    return page.show(
        "desks/practicals.html",
        courses=[(each, page.language.text(_release(page, each).title)) for each in taught],
        course=chosen,
        q=asked,
        waiting=len(ready),
        found=found[:SHOWN],
        more=max(0, len(found) - SHOWN),
        recorded=recorded,
        coming=coming,
        whole=len(_practical(page, chosen).ticks),
        words=STAGES,
    )


@routes.get("/practicals/{course}/{person_id}", needs=Action.OBSERVE)
def tick_list(page: MyPage, course: str, person_id: int) -> Response:
    with page.reading() as session:
        today = waiting(session, person_id, course, None, page.now).ahead
    place = today.row.place if today and today.day == page.today else ""
    return _form(page, TickList(person_id, course, frozenset(), page.today, place, secrets.token_hex(16)))


@routes.post("/practicals/{course}/{person_id}", needs=Action.OBSERVE)
def record(
    page: MyPage,
    course: str,
    person_id: int,
    seen: Annotated[Sequence[str], Form()] = (),
    held_on: Annotated[str, Form()] = "",
    place: Annotated[str, Form()] = "",
    form_key: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    ticks = TickList(person_id, course, frozenset(seen), page.today, place, form_key or secrets.token_hex(16))
    try:
        ticks = replace(ticks, held_on=day_of(held_on))
        with page.writing() as session:
            row = observe(session, ticks, page.me, page.house.rulebook, page.now)
    except BadInputError as fault:
        return _form(page, ticks, 422, page.say(fault.message, **fault.params))
    return page.go(f"/practicals/{row.course}/records/{row.id}")


@routes.get("/practicals/{course}/records/{practical_id}", needs=Action.OBSERVE)
def recorded(page: MyPage, course: str, practical_id: int) -> Response:
    """Say what a practical led to: a certificate, or what is still missing; one put right since leads to what is said now."""
    rulebook = page.house.rulebook
    with page.reading() as session:
        row = recorded_in(session, page, course, practical_id)
        newest = latest(session, row)
        if newest.id != row.id:
            return page.go(f"/practicals/{course}/records/{newest.id}")
        programme = _programme(page, row.course)
        certificate = certificate_since(session, row.person_id, programme.code, row.recorded_at)
        past = past_of(session, row.person_id, programme.code)
        evidence = evidence_for(session, row.person_id, programme, past, page.today)
        day = judged(session, row.person_id, programme, page.today)
        gaps = missing(programme, rulebook.framework, evidence, day)
        doubted = is_doubted(session, row.person_id, programme.code)
        mine = may_withdraw(session, row, page.me, page.today)
        _ = (row.person.name, row.assessor.name)
    practical = rulebook.catalogue.open(row.course, row.release).practical
    page.here = f"{PORTAL}/practicals"
    return page.show(
        "desks/practical.html",
        row=row,
        certificate=None if gaps else certificate,
        doubted=doubted,
        mine=mine,
        needs=[page.say(NEEDS[each]) for each in dict.fromkeys(gap.need for gap in gaps)],
        unseen=[tick.does for tick in (practical.ticks if practical else ()) if tick.indicator not in row.ticked],
    )


def courses_of(page: MyPage) -> list[str]:
    """Return the courses with a practical that somebody trains or assesses, in the order of names."""
    released = page.house.rulebook.catalogue.courses()
    mine = {charge.course for charge in page.me.actor.charges if charge.duty in OBSERVERS}
    return [each for each in released if each in mine and _release(page, each).practical]


def coming_up(session: Session, page: MyPage, course: str) -> list[tuple[Announced, bool]]:
    """Return the sessions to come that somebody's learners may go to, and whether each is theirs to call off."""
    mine = subtrees(page.me.actor, OBSERVERS, course)
    lines = [each for each in announced(session, [course], page.now) if each.day >= page.today]
    found = [(each, any(lies_within(each.unit.path, path) for path in mine)) for each in lines]
    return [(each, own) for each, own in found if own or each.concerns(mine)]


def practical_of(page: MyPage, course: str, taught: Sequence[str]) -> Practical:
    """Return the practical of one of the courses somebody trains; any other is not there."""
    practical = _release(page, course).practical if course in taught else None
    if practical is None:
        raise NotFoundError(NOT_HERE)
    return practical


def _release(page: MyPage, course: str) -> Release:
    return page.house.rulebook.catalogue.newest(course)


def _practical(page: MyPage, course: str) -> Practical:
    practical = _release(page, course).practical
    if practical is None:
        raise NotFoundError(N_("这门课没有现场演练"))
    return practical


def _programme(page: MyPage, course: str) -> Programme:
    """Return the programme a course's practical counts for."""
    programme = page.house.rulebook.programme_with(course)
    if programme is None:
        raise NotFoundError(N_("这门课不属于任何培训项目，请联系平台管理员"))
    return programme


def learners_of(session: Session, page: MyPage, course: str, below: str = "") -> list[PersonLine]:
    """Return whom somebody trains in a course, of one unit if it is named; never themselves."""
    paths = [below] if below else subtrees(page.me.actor, OBSERVERS, course)
    lines = people(session, paths, _programme(page, course), page.house.rulebook, page.today)
    return [line for line in lines if line.person.id != page.me.person.id]


def recorded_in(session: Session, page: MyPage, course: str, practical_id: int) -> Recorded:
    """Return a practical of a course to whoever may observe that person; of another course it is not there."""
    row = practical_for(session, practical_id, page.me, page.today)
    if row.course != course:
        raise NotFoundError(NOT_HERE)
    return row


def day_of(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadInputError(N_("请选演练的日期")) from None


def _form(page: MyPage, filled: TickList, status: int = 200, fault: str = "") -> Response:
    with page.reading() as session:
        target = target_of(session, filled.person_id, page.today, filled.course)
        require(page.me.actor, Action.OBSERVE, target)
        person = session.get_one(Person, filled.person_id)
        units = units_of(session, person.id, page.today)[:1]
        where = places(session, units)
        before = seen_before(session, person.id, filled.course)
        earlier = [each.row for each in practised(session, person.id) if each.row.course == filled.course]
    practical = _practical(page, filled.course)
    return page.show(
        "desks/tick_list.html",
        status,
        filled=filled,
        fault=fault,
        person=person,
        place=where[units[0].id],
        practical=practical,
        before=before,
        earlier=earlier,
        first=page.today - BACKWARDS,
    )
