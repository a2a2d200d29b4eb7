"""Putting an observation right: marked or dated wrongly, it is said anew; somebody else, or none at all, and it is withdrawn."""

import secrets
from dataclasses import replace

from fastapi.responses import Response

from banyan.domain.framework import Competency
from banyan.domain.permission import Action
from banyan.errors import BadInputError
from banyan.portal.desks.form import SentForm
from banyan.portal.desks.observations import Wish, asked, sheet_of
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL, Routes
from banyan.records.observations import Observation
from banyan.tracker.amending import Amendment
from banyan.tracker.observations import Sheet, latest, marks_of, may_withdraw, observation_for, put_right, withdraw

routes = Routes()


@routes.get("/observations/{observation_id}/correct", needs=Action.ASSESS)
def before_putting_right(page: MyPage, observation_id: int) -> Response:
    with page.reading() as session:
        row = observation_for(session, observation_id, page.me, page.today)
        newest = latest(session, row)
        mine = may_withdraw(session, newest, page.me, page.today)
    if not mine or newest.id != row.id:
        return page.go(f"/observations/{newest.id}{'/correct' if mine else ''}")
    return _form(page, row, _told(row, secrets.token_hex(16)))


@routes.post("/observations/{observation_id}/correct", needs=Action.ASSESS)
def put_observation_right(page: MyPage, observation_id: int, form: SentForm) -> Response:
    wish, whole = Wish.read(form), bool(form.get("whole"))
    with page.reading() as session:
        old = observation_for(session, observation_id, page.me, page.today)
    try:
        row = _withdraw(page, old, wish) if whole else _put_right(page, old, wish)
    except BadInputError as fault:
        return _form(page, old, wish, 422, page.say(fault.message, **fault.params), whole)
    return page.go(f"/observations/{row.id}")


def _put_right(page: MyPage, old: Observation, wish: Wish) -> Observation:
    competency = _competency(page, old)
    if competency is None:
        raise BadInputError(N_("现在用的能力标准里没有这一项了，只能整次撤回"))
    about = Sheet(old.person_id, old.course, old.competency, old.level, marks_of(old), "", old.observed_on, "", "")
    with page.writing() as session:
        amendment = Amendment(page.me, wish.reason)
        return put_right(session, old.id, sheet_of(about, competency, wish), amendment, page.house.rulebook, page.now)


def _withdraw(page: MyPage, old: Observation, wish: Wish) -> Observation:
    key = wish.form_key[:64] or secrets.token_hex(16)
    with page.writing() as session:
        return withdraw(session, old.id, key, Amendment(page.me, wish.reason), page.house.rulebook, page.now)


def _form(page: MyPage, old: Observation, wish: Wish, status: int = 200, fault: str = "", whole: bool = False) -> Response:
    with page.reading() as session:
        row = observation_for(session, old.id, page.me, page.today)
        mine = may_withdraw(session, row, page.me, page.today)
        _ = (row.person.name, row.assessor.name)
    page.here = f"{PORTAL}/observations"
    given = replace(_told(row, wish.form_key), reason=wish.reason) if whole else wish
    return page.show(
        "desks/observation_correct.html",
        status,
        row=row,
        chosen=_competency(page, row),
        own=row.assessor_id == page.me.person.id,
        mine=mine,
        whole=whole,
        fault=fault,
        **asked(page, given),
    )


def _told(row: Observation, form_key: str) -> Wish:
    """Return the form filled in with what is on record."""
    return Wish(str(row.level), row.note, row.observed_on.isoformat(), row.place, "", form_key, dict(row.marks))


def _competency(page: MyPage, row: Observation) -> Competency | None:
    """Return what is to be looked at as the framework asks for it now, whatever the course teaches by now."""
    framework = page.house.rulebook.framework
    return framework.competency(row.competency) if row.competency in framework else None
