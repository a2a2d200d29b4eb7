"""Pieces of work for a portfolio, and the teaching log of who coaches others: reviewed by the course's trainers."""

from datetime import date

from sqlalchemy.orm import Session

from banyan.courseware.release import Release
from banyan.domain.calendar import county_day
from banyan.domain.framework import Competency, Framework, Kind
from banyan.domain.permission import Action
from banyan.errors import BadInputError
from banyan.records.pieces import Piece, PieceDecision
from banyan.tracker.intake import Claim
from banyan.tracker.people import Me
from banyan.tracker.pieces import Draft, Intake, Verdict
from banyan.tracker.rulebook import Rulebook

LEVEL, COACHING = 2, 4
LEAST, MOST = 20, 2000  # characters of a piece


def collectable(release: Release, framework: Framework) -> list[Competency]:
    """Return what pieces may be handed in for in a course: all that it teaches, since coaching asks it of each."""
    return [framework.competency(code) for code in release.teaches if code in framework]


def _check(session: Session, draft: Draft, me: Me, rulebook: Rulebook, today: date) -> None:
    title, words = draft.details["title"], draft.details["words"]
    catalogue = rulebook.catalogue
    fit = collectable(catalogue.newest(draft.course), rulebook.framework) if catalogue.has(draft.course) else []
    competency = next((each for each in fit if each.code == draft.competency), None)
    if competency is None:
        raise BadInputError("请选这一份是为哪一项能力")
    if Kind.PF not in competency.evidence and not draft.details["teaching_log"]:
        raise BadInputError("这一项能力不看工作档案；只有带教记录可以交")
    if not 2 <= len(title) <= 80:
        raise BadInputError("请给这一份起个名字，2到{most}个字", most=80)
    if not LEAST <= len(words) <= MOST:
        raise BadInputError("请写清楚做了什么、怎么做的，{least}到{most}个字", least=LEAST, most=MOST)


def _decide(piece: Piece, verdict: Verdict, by: Me, rulebook: Rulebook) -> None:
    if not verdict.indicators or piece.competency not in rulebook.framework:
        raise BadInputError("认可的话，请勾上看得出他做到的，至少一项")
    if not verdict.indicators <= rulebook.framework.competency(piece.competency).indicator_codes:
        raise BadInputError("有的项目不在这里，请重新打开页面再勾")
    if verdict.level not in (LEVEL, COACHING) or (verdict.level == COACHING) is not bool(piece.details["teaching_log"]):
        raise BadInputError("带教记录按带教记录认，别的按作品认")


def _claim(piece: Piece, row: PieceDecision, source: str, rulebook: Rulebook) -> Claim:
    day, shown = county_day(piece.handed_in_at), frozenset(row.indicators)
    log = row.level == COACHING
    who = row.decided_by
    return Claim(piece.person_id, piece.competency, shown, Kind.PF, row.level, day, source, assessor_id=who, teaching_log=log)


PORTFOLIO = Intake(Kind.PF, Action.REVIEW, _check, _decide, _claim)
