"""记录: what one has shown, where and until when, and what is still on its way to count."""

from collections.abc import Sequence
from typing import Any

from fastapi.responses import Response
from sqlalchemy.orm import Session

from banyan.domain.framework import Kind
from banyan.domain.permission import Action
from banyan.domain.service import star, to_next_star
from banyan.portal.desks.observations import LEVELS, MARKS
from banyan.portal.desks.piece_desk import OUTCOMES
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import Routes
from banyan.records.observations import Observation
from banyan.records.service import ServiceActivity
from banyan.tracker.observations import dispute, latest_of, marks_of
from banyan.tracker.own_record import Shown, shown_by
from banyan.tracker.pieces import decision, pieces_of
from banyan.tracker.practicals import Practised, practised
from banyan.tracker.service import LATER, minutes_of, served_by, shift_of
from banyan.tracker.training_rolls import trainings_with

routes = Routes()
routes.entry(N_("记录"), "/record", Action.LEARN)

HANDED_IN = (Kind.SP, Kind.PF, Kind.EC)
KINDS = {
    Kind.OA: N_("考试"),
    Kind.SIM: N_("情景模拟"),
    Kind.OS: N_("实训或演练"),
    Kind.SP: N_("跟岗实践"),
    Kind.SH: N_("服务时长"),
    Kind.AO: N_("考评员观察"),
    Kind.PF: N_("工作档案"),
    Kind.EC: N_("带来的证书"),
}


@routes.get("/record", needs=Action.LEARN)
def record(page: MyPage) -> Response:
    with page.reading() as session:
        trainings = trainings_with(session, page.me.person.id)
        pieces = {kind: [(each, decision(each)) for each in pieces_of(session, page.me.person.id, kind)] for kind in HANDED_IN}
        service = service_of(session, page)
        practicals = [_practical(page, each) for each in practised(session, page.me.person.id)]
        seen = [(each, marks_of(each)) for each in latest_of(session, page.me.person.id)]
        _ = [list(each.files) for rows in pieces.values() for each, _ in rows]
        _ = ([each.assessor.name for each, _ in seen], [each.addressee for each, _ in pieces[Kind.SP]])
        shown = shown_by(session, page.me.person.id, page.house.rulebook.framework)
    return page.show(
        "learner/record.html",
        trainings=trainings,
        practicals=practicals,
        observations=[(each, marks, _plain(page, each)) for each, marks in seen],
        differ=disputes([each for each, _ in seen]),
        practices=pieces[Kind.SP],
        service=service,
        portfolio=pieces[Kind.PF],
        documents=pieces[Kind.EC],
        papers={each.code: each.name for each in page.house.rulebook.intakes.documents},
        outcomes=OUTCOMES,
        marks=MARKS,
        levels=LEVELS,
        **told(page, shown),
    )


def service_of(session: Session, page: MyPage) -> dict[str, Any]:
    """Return one's hours of service: each activity, what they add up to, and the stars they earn."""
    rules, rows = page.house.rulebook.intakes.service, served_by(session, page.me.person.id)
    lines = [(each, session.get_one(ServiceActivity, each.activity_id), shift_of(each)) for each in rows]
    _ = [activity.leader.name for _, activity, _ in lines]
    minutes = minutes_of(rows)
    missing = to_next_star(minutes, rules.stars)
    return {
        "lines": sorted(lines, key=lambda each: each[1].starts_at, reverse=True),
        "hours": f"{minutes // 6 / 10:g}",
        "star": star(minutes, rules.stars),
        "missing": f"{-(-missing // 6) / 10:g}" if missing is not None else None,
        "by": rules.stars_by,
    }


def disputes(rows: Sequence[Observation]) -> frozenset[tuple[str, int]]:
    """Return about which competency and level two assessors of somebody differ."""
    matters = {(each.competency, each.level) for each in rows}
    same = {matter: [each for each in rows if (each.competency, each.level) == matter] for matter in matters}
    return frozenset(matter for matter, found in same.items() if dispute(found))


def _practical(page: MyPage, told: Practised) -> tuple[Practised, Any, list[tuple[str, Any]]]:
    """Return a practical with its course's title and what was looked for, in a learner's words."""
    release, framework = page.house.rulebook.catalogue.open(told.row.course, told.row.release), page.house.rulebook.framework
    practical = release.practical
    known = framework.competency(practical.competency).indicators if practical and practical.competency in framework else ()
    wanted = {each.indicator for each in practical.ticks} if practical else set()
    return told, release.title, [(each.code, each.plain) for each in known if each.code in wanted]


def _plain(page: MyPage, row: Observation) -> list[tuple[str, Any]]:
    framework = page.house.rulebook.framework
    known = framework.competency(row.competency).indicators if row.competency in framework else ()
    return [(each.code, each.plain) for each in known]


def told(page: MyPage, shown: list[Shown]) -> dict[str, Any]:
    """Return what was shown in words: what counts by competency, and what does not any more."""
    framework = page.house.rulebook.framework
    counts = [each for each in shown if each.counts(page.today)]
    codes = [each.code for each in framework if any(one.row.competency == each.code for one in counts)]
    groups = [(framework.competency(code).name, [each for each in counts if each.row.competency == code]) for code in codes]
    return {
        "groups": groups,
        "gone": [each for each in shown if not each.counts(page.today)],
        "kinds": {kind.value: words for kind, words in KINDS.items()},
        "names": {each.code: each.name for each in framework},
        "later": LATER,
    }
