"""What the desks for handed-in pieces share: the list of what waits, one piece, and the form that decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Form
from fastapi.responses import Response

from banyan.errors import BadInputError
from banyan.portal.i18n import N_
from banyan.portal.pages import MyPage
from banyan.portal.registry import PORTAL
from banyan.tracker.amending import Amendment
from banyan.tracker.pieces import Intake, Outcome, Verdict, decide, decision, file_of, may_return, piece_for, pieces_under
from grading.pictures import MEDIA

OUTCOMES = {Outcome.ACCEPTED: N_("认可"), Outcome.RETURNED: N_("退回"), Outcome.TAKEN_BACK: N_("本人撤回了")}
SHOWN = 80


@dataclass(frozen=True)
class Decided:
    """What a decision's form says beside what is ticked; where a piece is taken back whole its reason is all there is to say."""

    outcome: str
    words: str
    reason: str
    known: int


def _given(
    outcome: Annotated[str, Form()] = "",
    words: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
    known: Annotated[int, Form()] = 0,
    whole: Annotated[str, Form()] = "",
) -> Decided:
    return Decided(outcome, reason if whole else words, reason, known)


Given = Annotated[Decided, Depends(_given)]


def show_list(page: MyPage, intake: Intake, paths: Iterable[str], template: str, **values: Any) -> Response:
    with page.reading() as session:
        rows = pieces_under(session, intake, page.me, paths, page.now)
        lines = [(each, decision(each)) for each in rows]
    return page.show(
        template,
        waiting=[each for each, last in lines if last is None],
        decided=[(each, last) for each, last in lines if last is not None][:SHOWN],
        names=names_of(page),
        outcomes=OUTCOMES,
        **values,
    )


def show_piece(
    page: MyPage, intake: Intake, piece_id: int, template: str, status: int = 200, fault: str = "", **values: Any
) -> Response:
    with page.reading() as session:
        row = piece_for(session, intake, piece_id, page.me, page.today)
        last = decision(row)
        files = [(each.position, file_of(row, each.position, page.house.answer_files)[1] != MEDIA) for each in row.files]
        returnable = may_return(session, intake, row, page.me, page.today)
        _ = (row.person.name, row.addressee and row.addressee.name, last and last.decider.name)
    framework = page.house.rulebook.framework
    page.here = PORTAL + template_path(template)
    return page.show(
        template,
        status,
        row=row,
        last=last,
        own=row.addressed_to == page.me.person.id,
        returnable=returnable,
        files=files,
        competency=framework.competency(row.competency) if row.competency in framework else None,
        outcomes=OUTCOMES,
        fault=fault,
        kept="kept" in page.request.query_params,
        **values,
    )


def deciding(page: MyPage, intake: Intake, piece_id: int, given: Decided, shown: frozenset[str], level: int) -> None:
    """Decide about a piece as a form says; BadInputError in words for who sent it."""
    try:
        outcome = Outcome(given.outcome)
    except ValueError:
        with page.reading() as session:
            piece_for(session, intake, piece_id, page.me, page.today)
        raise BadInputError(N_("请选认可还是退回")) from None
    accepted = outcome is Outcome.ACCEPTED
    verdict = Verdict(outcome, shown if accepted else frozenset(), level, given.words, given.known)
    with page.writing() as session:
        decide(session, intake, piece_id, verdict, Amendment(page.me, given.reason), page.house.rulebook, page.now)


def names_of(page: MyPage) -> dict[str, object]:
    return {each.code: each.name for each in page.house.rulebook.framework}


def template_path(template: str) -> str:
    """Return the list a piece's page belongs to: desks/practice.html to /practices."""
    return "/" + template.removeprefix("desks/").removesuffix(".html") + "s"
